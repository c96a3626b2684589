// Analysing a file: its body as a program, and each of its functions and methods on its own.

import type { ModuleTree } from '../syntax/tree'
import { runModule } from './bodies'
import { Definitions, type RunCache } from './definitions'
import { Interpreter } from './interpreter'
import { ModuleLoader, moduleNameOf, SharedModules, type SourceFiles } from './modules'
import { type Run, runOf } from './run'

export type { Run } from './run'

/** What an analysis needs besides the file itself. */
export interface Surroundings {
  readonly files: SourceFiles
  readonly searchPaths: readonly string[]
  /** True for the files whose nodes are wanted; all if not given. */
  readonly records?: (path: string) => boolean
  /** Imported modules that earlier analyses have run. */
  readonly shared?: SharedModules
}

const programBudget = 1_000_000

/** Follows a file from its first line, as `python FILE` does. */
export function analyseProgram(path: string, tree: ModuleTree, around: Surroundings): Run {
  const { interp, module } = start(path, around, '__main__', true)
  interp.isConcrete = true
  const mark = interp.trail.mark()
  const run = runOf(interp, 'program', '<module>', null, programBudget, () =>
    runModule(interp, module, tree.body),
  )
  interp.trail.undo(mark)
  return run
}

/** True if running the file as a program does more than importing it. */
export const hasEntry = (tree: ModuleTree): boolean => /\b__name__\s*==|==\s*__name__\b/.test(tree.text)

/** A file's body run as on import, and its definitions, to be run on their own. */
export function startDefinitions(
  path: string,
  tree: ModuleTree,
  around: Surroundings,
  cache: RunCache = new Map(),
): { body: Run; definitions: Definitions } {
  const { interp, module, loader } = start(path, around, '', false)
  interp.isConcrete = true
  const body = runOf(interp, 'program', '<module>', null, programBudget, () =>
    runModule(interp, module, tree.body),
  )
  interp.isConcrete = false
  return { body, definitions: new Definitions(interp, module, tree, loader, cache) }
}

function start(path: string, around: Surroundings, runAs: string, runsOwnModules: boolean) {
  const { files, searchPaths, shared = new SharedModules() } = around
  const loader = new ModuleLoader(files, searchPaths, shared, runsOwnModules)
  const interp = new Interpreter(loader)
  interp.mainPath = path
  if (around.records) interp.records = around.records
  return { interp, loader, module: loader.addMain(moduleNameOf(path, files), path, runAs) }
}

/** All runs of a file: its body, its functions on their own, then the program. */
export function analyse(path: string, tree: ModuleTree, around: Surroundings): Run[] {
  const { body, definitions } = startDefinitions(path, tree, around)
  for (const _ of definitions.runEdited());
  const runs = [body, ...definitions.runs.fresh]
  if (hasEntry(tree)) runs.push(analyseProgram(path, tree, around))
  return runs
}

/** The runs of some definitions of a file, and of the file itself, as a trial of an edited text needs them. */
export function analysePart(
  path: string,
  tree: ModuleTree,
  around: Surroundings,
  isWanted: (definition: { readonly start: number }) => boolean,
  withProgram: boolean,
): Run[] {
  const { body, definitions } = startDefinitions(path, tree, around)
  for (const _ of definitions.runSome(isWanted));
  const runs = [body, ...definitions.runs.fresh]
  if (withProgram && hasEntry(tree)) runs.push(analyseProgram(path, tree, around))
  return runs
}
