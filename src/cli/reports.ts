// What an analysis says of each file, merged over all runs that came through it.

import type { Cause, Diagnostic, Severity } from '../ide/api'
import { assumptionsOf, diagnosticsOf } from '../ide/diagnostics'
import { type NodeText, nodesOf } from '../ide/nodes'
import { unknownsOf } from '../ide/unknowns'
import type { Run } from '../interpreter/analysis'
import { LineIndex } from '../syntax/lines'
import type { ModuleTree } from '../syntax/tree'
import type { Frame } from '../trace/trace'

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2, hint: 3 }

/** One file's nodes and diagnostics; several analyses may add to it. */
export class FileReport {
  readonly lines: LineIndex
  readonly #nodes = new Map<string, NodeText>()
  readonly #diagnostics = new Map<string, Diagnostic>()

  constructor(
    /** The path as the report writes it. */
    readonly shown: string,
    readonly path: string,
    readonly tree: ModuleTree,
  ) {
    this.lines = new LineIndex(tree.text)
  }

  addNodes(runs: readonly Run[]): void {
    for (const node of nodesOf(runs, this.path)) {
      const key = `${node.place.start} ${node.place.end} ${node.kind}`
      const known = this.#nodes.get(key)
      if (!known) this.#nodes.set(key, { ...node, tensors: [...node.tensors] })
      else {
        const texts = new Set(known.tensors.map((tensor) => JSON.stringify(tensor)))
        known.tensors.push(...node.tensors.filter((tensor) => !texts.has(JSON.stringify(tensor))))
      }
    }
  }

  addProblems(runs: readonly Run[]): void {
    for (const diagnostic of diagnosticsOf(runs, this.tree, this.path)) this.add(diagnostic)
  }

  addAssumptions(runs: readonly Run[]): void {
    for (const diagnostic of assumptionsOf(runs, this.path)) this.add(diagnostic)
  }

  /** The same code at the same place is said once, as severely as any run says it. */
  add(diagnostic: Diagnostic): void {
    const isAssumption = diagnostic.severity === 'hint'
    const key = `${diagnostic.start} ${diagnostic.end} ${diagnostic.code} ${isAssumption ? diagnostic.message : ''}`
    const known = this.#diagnostics.get(key)
    if (!known || rank[diagnostic.severity] < rank[known.severity]) this.#diagnostics.set(key, diagnostic)
  }

  addUnknowns(runs: readonly Run[]): void {
    this.unknowns = unknownsOf(runs, this.path)
  }
  /** Where values stopped being known; empty unless it was asked for. */
  unknowns: readonly Cause[] = []

  get nodes(): NodeText[] {
    return [...this.#nodes.values()].sort(inOrder((node) => node.place))
  }

  get diagnostics(): Diagnostic[] {
    return [...this.#diagnostics.values()].sort(inOrder((diagnostic) => diagnostic))
  }
}

function inOrder<T>(placeOf: (item: T) => { start: number; end: number }): (a: T, b: T) => number {
  return (a, b) => placeOf(a).start - placeOf(b).start || placeOf(a).end - placeOf(b).end
}

/** The reports of the files of a `check`, by path. */
export class CheckReports {
  readonly byPath = new Map<string, FileReport>()

  /** `treeOf` gives files that are imported too. */
  constructor(private readonly treeOf: (path: string) => ModuleTree | null) {}

  add(report: FileReport): void {
    this.byPath.set(report.path, report)
  }

  /** Takes what the runs of one file say of it and of the other files. */
  take(path: string, runs: readonly Run[]): void {
    const programs = runs.filter((run) => run.kind === 'program')
    for (const entered of modulesOf(runs)) {
      const report = this.byPath.get(entered)
      if (!report) continue
      report.addNodes(entered === path ? runs : programs)
      report.addProblems(runs)
      if (entered === path) report.addAssumptions(runs)
    }
    // A file without events has its syntax errors still.
    this.byPath.get(path)?.addProblems(runs)
    for (const run of runs) this.#lift(run)
  }

  /** An error inside a file that is not checked is told where a checked file calls into it. */
  #lift(run: Run): void {
    for (const problem of run.problems) {
      if (problem.severity !== 'error' || this.byPath.has(problem.frame.module)) continue
      const call = this.#callInto(problem.frame)
      if (!call) continue
      const { code, message, severity, place } = problem
      const path = problem.frame.module
      const line = new LineIndex(this.treeOf(path)?.text ?? '').lineAt(place.start) + 1
      const inner = { path, start: place.start, end: place.end, message: `refused in ${path}, line ${line}` }
      call.report.add({ ...call.place, severity, code, message, related: [inner], fixes: [] })
    }
  }

  #callInto(inner: Frame): { report: FileReport; place: { start: number; end: number } } | null {
    for (let frame: Frame = inner; frame.caller && frame.callPlace; frame = frame.caller) {
      const report = this.byPath.get(frame.caller.module)
      if (report) return { report, place: { start: frame.callPlace.start, end: frame.callPlace.end } }
    }
    return null
  }
}

/** The paths of all modules that runs left something in. */
export function modulesOf(runs: readonly Run[]): Set<string> {
  const modules = new Set<string>()
  for (const run of runs) {
    for (const { frame } of run.events) modules.add(frame.module)
    for (const { frame } of run.problems) modules.add(frame.module)
    for (const { frame } of run.assumptions) modules.add(frame.module)
  }
  return modules
}
