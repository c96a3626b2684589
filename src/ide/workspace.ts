// The editor's files and their analyses, brought up to date piece by piece.

import {
  analyseProgram,
  hasEntry,
  type Run,
  type Surroundings,
  startDefinitions,
} from '../interpreter/analysis'
import type { Definitions } from '../interpreter/definitions'
import { SharedModules, type SourceFiles } from '../interpreter/modules'
import { parseModule } from '../syntax/parse'
import type { ModuleTree } from '../syntax/tree'
import type { Frame } from '../trace/trace'
import { actionsOf, commentEdits } from './actions'
import type { Action, Diagnostic, Edit, FileSystem, Hint, HintOptions, Hover, Workspace } from './api'
import { EventIndex } from './contexts'
import { diagnosticsOf } from './diagnostics'
import { hintsOf } from './hints'
import { hoverOf } from './hover'

interface Analysis {
  readonly tree: ModuleTree
  readonly body: Run
  readonly definitions: Definitions
  /** The file as a program; after an edit the last one, until the new one is there. */
  readonly program: Run | null
  /** All that the views show. */
  readonly runs: readonly Run[]
  /** True once nothing in it is older than the text. */
  readonly isSettled: boolean
  readonly index: EventIndex
}

export function createWorkspace(files: FileSystem, options: { searchPaths: readonly string[] }): Workspace {
  return new AnalysedWorkspace(files, options.searchPaths)
}

class AnalysedWorkspace implements Workspace, SourceFiles {
  readonly #open = new Map<string, string>()
  readonly #trees = new Map<string, ModuleTree>()
  readonly #analyses = new Map<string, Analysis>()
  /** Files whose text, or the text of a file that they may import, changed since their analysis. */
  readonly #stale = new Set<string>()
  readonly #shared = new SharedModules()

  constructor(
    readonly files: FileSystem,
    private searchPaths: readonly string[],
  ) {}

  setText(path: string, text: string): void {
    this.#open.set(path, text)
    this.#changed()
  }
  close(path: string): void {
    this.#open.delete(path)
    this.#analyses.delete(path)
    this.#trees.delete(path)
    this.#changed()
  }
  invalidate(path: string): void {
    if (!this.#open.has(path)) this.#trees.delete(path)
    this.#changed()
  }
  setSearchPaths(paths: readonly string[]): void {
    this.searchPaths = paths
    this.#changed()
  }
  #changed(): void {
    for (const path of this.#analyses.keys()) this.#stale.add(path)
  }

  // ---- the files as the analyser reads them ----

  tree(path: string): ModuleTree | null {
    const text = this.#open.get(path)
    const known = this.#trees.get(path)
    if (known && (text === undefined || known.text === text)) return known
    const source = text ?? this.files.read(path)
    if (source === null) return null
    const tree = parseModule(source, known)
    this.#trees.set(path, tree)
    return tree
  }
  text(path: string): string | null {
    return this.#open.get(path) ?? this.files.read(path)
  }
  isFile(path: string): boolean {
    return this.#open.has(path) || this.files.isFile(path)
  }
  isFolder(path: string): boolean {
    return this.files.isFolder(path)
  }

  *update(path: string): Generator<void> {
    const tree = this.tree(path)
    if (!tree) return
    const old = this.#analyses.get(path)
    const { body, definitions } = startDefinitions(path, tree, this.#around(path), old?.definitions.cache)
    yield
    for (const _ of definitions.runEdited()) yield
    const { fresh, stale } = definitions.runs
    const program = old?.program ?? null
    const runs = [body, ...fresh, ...withoutEdited([...stale, ...(program ? [program] : [])], definitions)]
    const isSettled = stale.length === 0 && !hasEntry(tree)
    this.#keep(path, { tree, body, definitions, program, runs, isSettled })
    this.#stale.delete(path)
  }

  isSettled(path: string): boolean {
    return !this.#stale.has(path) && this.#analyses.get(path)?.isSettled === true
  }

  *settle(path: string): Generator<void> {
    const analysis = this.#fresh(path)
    if (!analysis || analysis.isSettled) return
    const { tree, body, definitions } = analysis
    for (const _ of definitions.runStale()) yield
    const program = hasEntry(tree) ? analyseProgram(path, tree, this.#around(path)) : null
    const runs = [body, ...definitions.runs.fresh, ...(program ? [program] : [])]
    this.#keep(path, { tree, body, definitions, program, runs, isSettled: true })
  }

  #keep(path: string, analysis: Omit<Analysis, 'index'>): void {
    this.#analyses.set(path, { ...analysis, index: new EventIndex(analysis.runs, path) })
  }

  #around(path: string): Surroundings {
    const records = (other: string): boolean => other === path
    return { files: this, searchPaths: this.searchPaths, shared: this.#shared, records }
  }

  #fresh(path: string): Analysis | null {
    if (!this.#analyses.has(path) || this.#stale.has(path)) for (const _ of this.update(path));
    return this.#analyses.get(path) ?? null
  }

  hints(path: string, start: number, end: number, options: HintOptions): Hint[] {
    const analysis = this.#fresh(path)
    return analysis ? hintsOf(analysis.index, analysis.tree.text, start, end, options) : []
  }
  hover(path: string, offset: number): Hover | null {
    const analysis = this.#fresh(path)
    return analysis ? hoverOf(analysis.index, analysis.tree.text, offset) : null
  }
  diagnostics(path: string): Diagnostic[] {
    const analysis = this.#fresh(path)
    return analysis ? diagnosticsOf(analysis.runs, analysis.tree, path) : []
  }
  actions(path: string, start: number, end: number): Action[] {
    const analysis = this.#fresh(path)
    return analysis ? actionsOf(analysis, path, this.#around(path), start, end) : []
  }
  fixAll(path: string): Edit[] {
    return commentEdits(this.diagnostics(path))
  }
}

/** Runs from before an edit, without what they say of the edited functions, whose text has changed. */
function withoutEdited(runs: readonly Run[], definitions: Definitions): Run[] {
  return runs.map((run) => {
    const isCurrent = (frame: Frame): boolean =>
      frame.definition !== null && definitions.isAlive(frame.definition)
    return {
      ...run,
      events: run.events.filter((e) => isCurrent(e.frame)),
      problems: run.problems.filter((p) => isCurrent(p.frame)),
      assumptions: run.assumptions.filter((a) => isCurrent(a.frame)),
    }
  })
}
