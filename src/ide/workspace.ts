// The editor's files and their analyses, brought up to date piece by piece.

import { analyseDefinitions, analyseProgram, hasEntry, type Run, RunCache } from '../interpreter/analysis'
import { SharedModules, type SourceFiles } from '../interpreter/modules'
import { parseModule } from '../syntax/parse'
import type { ModuleTree } from '../syntax/tree'
import type { Diagnostic, FileSystem, Hint, HintOptions, Hover, Workspace } from './api'
import { EventIndex } from './contexts'
import { diagnosticsOf } from './diagnostics'
import { hintsOf } from './hints'
import { hoverOf } from './hover'

interface Analysis {
  readonly tree: ModuleTree
  /** Each function on its own. */
  readonly definitions: readonly Run[]
  /** The file as a program; after an edit the last one, until the new one is there. */
  readonly program: Run | null
  readonly runs: readonly Run[]
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
  /** Files whose program has not been run since their last analysis. */
  readonly #withoutProgram = new Set<string>()
  readonly #caches = new Map<string, RunCache>()
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
  isFile(path: string): boolean {
    return this.#open.has(path) || this.files.isFile(path)
  }
  isFolder(path: string): boolean {
    return this.files.isFolder(path)
  }

  *update(path: string): Generator<void> {
    const tree = this.tree(path)
    if (!tree) return
    const around = { files: this, searchPaths: this.searchPaths, shared: this.#shared }
    let cache = this.#caches.get(path)
    if (!cache) this.#caches.set(path, (cache = new RunCache()))
    const runs: Run[] = []
    for (const run of analyseDefinitions(path, tree, around, cache)) {
      runs.push(run)
      yield
    }
    const program = this.#analyses.get(path)?.program ?? null
    this.#set(path, tree, runs, program)
    this.#stale.delete(path)
    if (hasEntry(tree)) this.#withoutProgram.add(path)
  }

  isSettled(path: string): boolean {
    return !this.#withoutProgram.has(path)
  }

  settle(path: string): void {
    const analysis = this.#fresh(path)
    if (!analysis || this.isSettled(path)) return
    const around = { files: this, searchPaths: this.searchPaths, shared: this.#shared }
    this.#set(path, analysis.tree, analysis.definitions, analyseProgram(path, analysis.tree, around))
    this.#withoutProgram.delete(path)
  }

  #set(path: string, tree: ModuleTree, definitions: readonly Run[], program: Run | null): void {
    const runs = program ? [...definitions, program] : definitions
    this.#analyses.set(path, { tree, definitions, program, runs, index: new EventIndex(runs, path) })
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
}
