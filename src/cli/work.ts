// The work behind the two commands: the files analysed, and a report of each.

import { analyse, analyseProgram, type Run } from '../interpreter/analysis'
import { SharedModules } from '../interpreter/modules'
import { ParsedFiles, searchPathsFor } from './files'
import type { Input } from './inputs'
import { CheckReports, FileReport } from './reports'

/** What a command found. */
export interface Findings {
  readonly reports: readonly FileReport[]
  /** The runs that a listing shows, by path; only of a single checked file, or of a trace. */
  readonly runs: ReadonlyMap<string, readonly Run[]>
  /** Faults of ShapeScope itself, one line each. */
  readonly faults: readonly string[]
}

/** Each file's functions and classes on their own, and as the files call them. */
export function check(
  inputs: readonly Input[],
  wantedPaths: readonly string[],
  explainUnknown: boolean,
): Findings {
  const files = new ParsedFiles(inputs)
  const shared = new SharedModules()
  const reports = new CheckReports((path) => files.tree(path))
  const runs = new Map<string, readonly Run[]>()
  const faults: string[] = []
  const given = new Set(inputs.map(({ path }) => path))
  const records = (path: string): boolean => given.has(path)
  for (const { shown, path } of inputs) {
    const tree = files.tree(path)
    if (tree) reports.add(new FileReport(shown, path, tree))
  }
  for (const { shown, path } of inputs) {
    guarded(shown, faults, () => {
      const tree = files.tree(path)
      if (!tree) return
      const searchPaths = searchPathsFor(path, wantedPaths)
      const found = analyse(path, tree, { files, searchPaths, shared, records })
      reports.take(path, found)
      if (explainUnknown) reports.byPath.get(path)?.addUnknowns(found)
      if (inputs.length === 1) runs.set(path, found)
    })
  }
  return { reports: [...reports.byPath.values()], runs, faults }
}

/** One program, and every file that it enters. */
export function trace(input: Input, wantedPaths: readonly string[]): Findings {
  const { shown, path } = input
  const files = new ParsedFiles([input])
  const reports: FileReport[] = []
  const runs = new Map<string, readonly Run[]>()
  const faults: string[] = []
  guarded(shown, faults, () => {
    const tree = files.tree(path)
    if (!tree) return
    const run = analyseProgram(path, tree, { files, searchPaths: searchPathsFor(path, wantedPaths) })
    for (const other of new Set([path, ...run.events.map((e) => e.frame.module)])) {
      const parsed = files.tree(other)
      if (!parsed) continue
      const report = new FileReport(other === path ? shown : other, other, parsed)
      report.addNodes([run])
      report.addProblems([run])
      report.addAssumptions([run])
      reports.push(report)
      runs.set(other, [run])
    }
  })
  return { reports, runs, faults }
}

function guarded(shown: string, faults: string[], work: () => void): void {
  try {
    work()
  } catch (problem) {
    const [first] = (problem instanceof Error ? problem.message : String(problem)).split('\n')
    const at = problem instanceof Error ? (/\n\s+at (\S+)/.exec(problem.stack ?? '')?.[1] ?? '') : ''
    faults.push(`shapescope: failed on ${shown}: ${first}${at ? ` (in ${at})` : ''}; please report it`)
  }
}
