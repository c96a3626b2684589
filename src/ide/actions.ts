// Code actions: edits that mend a diagnostic, each tried on a copy of the text before it is offered.

import { analysePart, type Run, type Surroundings } from '../interpreter/analysis'
import { parseModule } from '../syntax/parse'
import type { ModuleTree } from '../syntax/tree'
import type { Action, Diagnostic, Edit } from './api'
import { type Candidate, candidatesFor } from './candidates'
import { diagnosticsOf } from './diagnostics'

/** An analysed file. */
interface Analysed {
  readonly tree: ModuleTree
  readonly runs: readonly Run[]
}

/** What was found to mend each diagnostic of an analysis, by the diagnostic's key. */
const tried = new WeakMap<Analysed, Map<string, Action[]>>()

/** What mends the diagnostics between two offsets, the best first. */
export function actionsOf(
  analysis: Analysed,
  path: string,
  around: Surroundings,
  start: number,
  end: number,
): Action[] {
  const known = tried.get(analysis) ?? new Map<string, Action[]>()
  tried.set(analysis, known)
  return diagnosticsOf(analysis.runs, analysis.tree, path)
    .filter((diagnostic) => diagnostic.start <= end && start <= diagnostic.end)
    .flatMap((diagnostic) => {
      const key = keyOf(diagnostic)
      const actions = known.get(key) ?? mending(analysis, path, around, diagnostic)
      known.set(key, actions)
      return actions
    })
}

function mending(analysis: Analysed, path: string, around: Surroundings, diagnostic: Diagnostic): Action[] {
  const attached = diagnostic.fixes.map((fix, i): Candidate => ({ ...fix, isPreferred: i === 0 }))
  const trial = new Trial(analysis, path, around, diagnostic)
  const actions = [...attached, ...candidatesFor(analysis.tree, diagnostic)]
    .filter(({ edits }) => trial.isMendedBy(edits))
    .map(({ title, edits, isPreferred }): Action => ({ title, edits: [...edits], diagnostic, isPreferred }))
  // of several that an editor might take by itself none is sure
  const preferred = actions.find((action) => action.isPreferred)
  return actions.map((action) => ({ ...action, isPreferred: action === preferred }))
}

/** Past so many runs that have the problem, a trial takes the first ones. */
const mostRuns = 12

/** Edits tried on a copy of the text, in the runs that had the problem. */
class Trial {
  readonly #runs: readonly Run[]
  readonly #before: readonly Diagnostic[]

  constructor(
    analysis: Analysed,
    readonly path: string,
    readonly around: Surroundings,
    readonly diagnostic: Diagnostic,
  ) {
    this.tree = analysis.tree
    this.#runs = analysis.runs
      .filter(({ problems }) =>
        problems.some(
          ({ place, code, frame }) =>
            frame.module === path && code === diagnostic.code && place.start === diagnostic.start,
        ),
      )
      .slice(0, mostRuns)
    this.#before = diagnosticsOf(analysis.runs, analysis.tree, path)
  }
  readonly tree: ModuleTree

  /** True if the problem is gone in the edited text, and no other has come. */
  isMendedBy(edits: readonly Edit[]): boolean {
    const tree = parseModule(edited(this.tree.text, edits))
    const wanted = new Set(this.#runs.map(({ definition }) => moved(definition?.start ?? -1, edits)))
    const runs = analysePart(
      this.path,
      tree,
      this.around,
      ({ start }) => wanted.has(start),
      this.#runs.some(({ kind }) => kind === 'program'),
    )
    const old = new Set(
      this.#before
        .filter(
          (diagnostic) =>
            diagnostic.start !== this.diagnostic.start || diagnostic.code !== this.diagnostic.code,
        )
        .map(({ start, code }) => `${moved(start, edits)} ${code}`),
    )
    return diagnosticsOf(runs, tree, this.path).every(({ start, code }) => old.has(`${start} ${code}`))
  }
}

const keyOf = ({ start, end, code }: Diagnostic): string => `${start} ${end} ${code}`

/** A text with edits made; their offsets are those of the text before. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((whole, { start, end, newText }) => whole.slice(0, start) + newText + whole.slice(end), text)
}

/** Where an offset stands after edits; what is inserted at it comes before it. */
function moved(offset: number, edits: readonly Edit[]): number {
  return edits
    .filter(({ end }) => end <= offset)
    .reduce((at, { start, end, newText }) => at + newText.length - (end - start), offset)
}

/** The edits of all stale comments. */
export function commentEdits(diagnostics: readonly Diagnostic[]): Edit[] {
  return diagnostics.flatMap(({ code, fixes }) => (code === 'stale-comment' ? (fixes[0]?.edits ?? []) : []))
}
