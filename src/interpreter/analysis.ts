// Analysing a file: its body as a program, and each of its functions and methods on its own.

import type { ModuleTree } from '../syntax/tree'
import { runModule } from './bodies'
import { openTextsOf, withoutTextErrors } from './default-texts'
import { Definitions } from './definitions'
import { Interpreter } from './interpreter'
import { ModuleLoader, moduleNameOf, SharedModules, type SourceFiles } from './modules'
import type { ClassObject, FunctionObject, ModuleObject } from './objects'
import { type Run, runOf } from './run'
import { LeftOff } from './signals'
import { editedBodies, type Skeleton, skeletonOf } from './skeleton'

export type { Run } from './run'

/** What an analysis needs besides the file itself. */
export interface Surroundings {
  readonly files: SourceFiles
  readonly searchPaths: readonly string[]
  /** True for the files whose nodes are wanted; all if not given. */
  readonly records?: (path: string) => boolean
  /** Imported modules that earlier analyses have run. */
  readonly shared?: SharedModules
  /** True where a program that has done so many steps gives way to something else. */
  readonly givesWay?: (steps: number) => boolean
}

const programBudget = 1_500_000

/** Follows a file from its first line, as `python FILE` does. */
export function analyseProgram(path: string, tree: ModuleTree, around: Surroundings): Run {
  const { run, interp } = followProgram(path, tree, around, null)
  return withoutTextErrors(interp, run, () => followProgram(path, tree, around, interp).run)
}

/** The same, or null where it gave way. */
export function analyseProgramUnless(
  givesWay: (steps: number) => boolean,
  path: string,
  tree: ModuleTree,
  around: Surroundings,
): Run | null {
  try {
    return analyseProgram(path, tree, { ...around, givesWay })
  } catch (signal) {
    if (signal instanceof LeftOff) return null
    throw signal
  }
}

/** `first` is the run whose default texts are open in this one. */
function followProgram(path: string, tree: ModuleTree, around: Surroundings, first: Interpreter | null) {
  const { interp, module } = start(path, around, '__main__', true)
  if (first) openTextsOf(interp, first)
  interp.isConcrete = true
  interp.isTakenBack = true
  interp.commandLine = [path]
  const mark = interp.trail.mark()
  try {
    const run = runOf(interp, 'program', '<module>', null, programBudget, () =>
      runModule(interp, module, tree.body),
    )
    return { run, interp }
  } finally {
    interp.trail.undo(mark)
  }
}

/** True if running the file as a program does more than importing it. */
export const hasEntry = ({ text }: ModuleTree): boolean =>
  text.includes('__name__') && /\b__name__\s*==|==\s*__name__\b/.test(text)

/** A file's body as it was run, for the definitions in it and for the next edit. */
export interface BodyRun {
  readonly run: Run
  readonly interp: Interpreter
  readonly module: ModuleObject
  readonly loader: ModuleLoader
  readonly skeleton: Skeleton
  /** The functions and classes that it made. */
  readonly made: readonly (FunctionObject | ClassObject)[]
  /** How often edits were taken in without running it again. */
  readonly age: number
}

/** A body is run again after so many edits, since what its interpreter remembers grows. */
const oldestBody = 200

/** A file's body run as on import, and its definitions, to be run on their own. */
export function startDefinitions(
  path: string,
  tree: ModuleTree,
  around: Surroundings,
  previous: { readonly body: BodyRun | null; readonly definitions: Definitions } | null = null,
): { body: BodyRun; definitions: Definitions } {
  const skeleton = skeletonOf(tree)
  const body = (previous?.body && keptBody(previous.body, skeleton)) ?? runBody(path, tree, around, skeleton)
  const { interp, module, loader } = body
  return { body, definitions: new Definitions(interp, module, tree, loader, previous?.definitions ?? null) }
}

function runBody(path: string, tree: ModuleTree, around: Surroundings, skeleton: Skeleton): BodyRun {
  const { interp, module, loader } = start(path, around, '', false)
  interp.isConcrete = true
  // A file without an entry of its own is a program as it stands.
  if (!hasEntry(tree)) interp.commandLine = [path]
  const run = runOf(interp, 'program', '<module>', null, programBudget, () =>
    runModule(interp, module, tree.body),
  )
  interp.isConcrete = false
  interp.commandLine = null
  const made = [...interp.definedFunctions, ...interp.definedClasses]
  return { run, interp, module, loader, skeleton, made, age: 0 }
}

/** The body as it was run before, with the functions as they are now, if only their bodies were edited. */
function keptBody(body: BodyRun, skeleton: Skeleton): BodyRun | null {
  const edited = editedBodies(body.skeleton, skeleton)
  if (!edited || body.age >= oldestBody || !body.loader.renew()) return null
  if (!body.run.reads.data.areCurrent(body.loader.files)) return null
  for (const definition of edited.keys()) if (body.run.started.has(definition)) return null
  for (const object of body.made) {
    const definition = edited.get(object.definition)
    if (definition) object.definition = definition as typeof object.definition
  }
  body.interp.foreign.costly.clear()
  return { ...body, skeleton, age: body.age + 1 }
}

function start(path: string, around: Surroundings, runAs: string, runsOwnModules: boolean) {
  const { files, searchPaths, shared = new SharedModules() } = around
  const loader = new ModuleLoader(files, searchPaths, shared, runsOwnModules)
  const interp = new Interpreter(loader)
  interp.mainPath = path
  interp.isProgram = runsOwnModules
  if (runsOwnModules && around.givesWay) interp.givesWay = around.givesWay
  if (around.records) interp.records = around.records
  return { interp, loader, module: loader.addMain(moduleNameOf(path, files), path, runAs) }
}

/** All runs of a file: its body, its functions on their own, then the program. */
export function analyse(path: string, tree: ModuleTree, around: Surroundings): Run[] {
  const { body, definitions } = startDefinitions(path, tree, around)
  for (const _ of definitions.runEdited());
  const runs = [body.run, ...definitions.runs.fresh]
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
  const runs = [body.run, ...definitions.runs.fresh]
  if (withProgram && hasEntry(tree)) runs.push(analyseProgram(path, tree, around))
  return runs
}
