// Diagnostics of a file: the problems of all its runs, each once, and its syntax errors.

import type { Run } from '../interpreter/analysis'
import type { ModuleTree } from '../syntax/tree'
import type { Frame, Place, Problem, Severity } from '../trace/trace'
import type { Diagnostic, RelatedPlace } from './api'
import { assumptionText } from './hover'
import { namesOf } from './nodes'

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2, hint: 3 }

/** The problems of a file in source order; the same code at the same place is said once. */
export function diagnosticsOf(runs: readonly Run[], tree: ModuleTree, path: string): Diagnostic[] {
  const found = new Map<string, Diagnostic>()
  for (const { start, end, message } of tree.problems)
    found.set(`${start} syntax`, {
      start,
      end,
      severity: 'error',
      code: 'syntax-error',
      message,
      related: [],
      fixes: [],
    })
  for (const run of runs) {
    for (const problem of run.problems) {
      if (problem.frame.module !== path || isBorneOut(runs, problem)) continue
      const { start, end } = problem.place
      const key = `${start} ${end} ${problem.code}`
      const old = found.get(key)
      if (old && rank[old.severity] <= rank[problem.severity]) continue
      const related = problem.related.map((r) => ({
        path: r.module,
        start: r.place.start,
        end: r.place.end,
        message: r.message,
      }))
      related.push(...callsTo(problem.frame))
      found.set(key, {
        start,
        end,
        severity: problem.severity,
        code: problem.code,
        message: problem.message,
        related,
        fixes: (problem.fixes ?? []).map(({ title, edits }) => ({
          title,
          edits: edits.map(({ start, end, newText }) => ({ start, end, newText })),
        })),
      })
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end)
}

/** True for a comment that another run of the function bears out: it holds for those callers. */
const isBorneOut = (runs: readonly Run[], { code, place }: Problem): boolean =>
  code === 'stale-comment' && runs.some((r) => r.confirmed.has(place))

const mostCalls = 3

/** The calls that led to a frame, the nearest first. */
function callsTo(inner: Frame): RelatedPlace[] {
  const calls: RelatedPlace[] = []
  for (let frame = inner; frame.caller && frame.callPlace && calls.length < mostCalls; frame = frame.caller) {
    const { start, end } = frame.callPlace
    calls.push({ path: frame.caller.module, start, end, message: 'called from here' })
  }
  return calls
}

/** What the code needs to be true and does not say, as diagnostics of severity hint. */
export function assumptionsOf(runs: readonly Run[], path: string): Diagnostic[] {
  const found = new Map<string, Diagnostic>()
  // What a function needs by itself its callers need too, under the names that they have.
  const own = new Set<Place>()
  for (const { assumptions } of runs)
    for (const { place, frame } of assumptions) if (!frame.caller) own.add(place)
  for (const run of runs) {
    const names = namesOf(run)
    for (const { place, frame, assumption } of run.assumptions) {
      if (frame.module !== path || (frame.caller && own.has(place))) continue
      const message = `assumes that ${assumptionText(assumption, names)}`
      if (message.includes('?')) continue
      found.set(`${place.start} ${message}`, {
        start: place.start,
        end: place.end,
        severity: 'hint',
        code: 'assumption',
        message,
        related: [],
        fixes: [],
      })
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end)
}
