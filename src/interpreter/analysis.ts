// Analysing a file: its body as a program, and each of its functions and methods on its own.

import type { Sym } from '../dims/dim'
import type { FunctionDef, ModuleTree } from '../syntax/tree'
import type { AssumptionEvent, Gap, Place, Problem, TraceEvent } from '../trace/trace'
import type { Value } from '../trace/values'
import { genericInstance } from './classes'
import { genericArgument, runFunction } from './functions'
import { Interpreter, OutOfBudget, PythonRaise } from './interpreter'
import { fingerprint, Reads } from './dependencies'
import { moduleNameOf, ModuleLoader, type SharedModules, type SourceFiles } from './modules'
import { BoundMethod, ClassObject, Descriptor, FunctionObject, InstanceObject } from './objects'

/** One run: the program itself, or one function with nothing known of its callers. */
export interface Run {
  readonly kind: 'program' | 'generic'
  readonly name: string
  /** The path of the file that is analysed. */
  readonly module: string
  readonly definition: Place | null
  readonly events: readonly TraceEvent[]
  readonly problems: readonly Problem[]
  readonly assumptions: readonly AssumptionEvent[]
  readonly gaps: readonly Gap[]
  /** The names of symbols, and of dims that turned out to be products, as this run knows them. */
  readonly names: ReadonlyMap<Sym, string>
  readonly aliases: ReadonlyMap<string, string>
  /** Where each symbol first got its name. */
  readonly origins: ReadonlyMap<Sym, { readonly module: string; readonly place: Place }>
  readonly reads: Reads
  /** True if the counted work was used up before the end. */
  readonly isCut: boolean
}

/** What an analysis needs besides the file itself. */
export interface Surroundings {
  readonly files: SourceFiles
  readonly searchPaths: readonly string[]
  /** Imported modules that earlier analyses have run. */
  readonly shared?: SharedModules
}

const programBudget = 3_000_000
const genericBudget = 150_000

/** Follows a file from its first line, as `python FILE` does. */
export function analyseProgram(path: string, tree: ModuleTree, around: Surroundings): Run {
  const { interp, module } = start(path, around, '__main__')
  interp.isConcrete = true
  const mark = interp.trail.mark()
  const run = runOf(interp, 'program', '<module>', null, programBudget, () => interp.runModule(module, tree.body))
  interp.trail.undo(mark)
  return run
}

/** True if running the file as a program does more than importing it. */
export const hasEntry = (tree: ModuleTree): boolean => tree.text.includes('__name__')

/**
 * Each function and method of a file on its own, after its body has run as on import; each `next()`
 * gives one finished run. With a cache, runs of the last analysis that nothing changed for are
 * taken from it.
 */
export function* analyseDefinitions(path: string, tree: ModuleTree, around: Surroundings, cache?: RunCache): Generator<Run> {
  const { interp, module, loader } = start(path, around, '')
  interp.isConcrete = true
  yield runOf(interp, 'program', '<module>', null, programBudget, () => interp.runModule(module, tree.body))
  interp.isConcrete = false
  const byPath = new Map([...loader.modules.values()].map(m => [m.path, m]))
  const current = (run: Run): boolean => run.reads.areCurrent(p => byPath.get(p) ?? null)
  for (const value of new Set(module.globals.values())) {
    const target = unwrap(value)
    const isOwn = (target instanceof FunctionObject && target.scope.module === module) || (target instanceof ClassObject && target.module === module)
    if (!isOwn) continue
    const key = target instanceof ClassObject ? fingerprint(target) : target instanceof FunctionObject ? target.definition : null
    const cached = key === null ? undefined : cache?.old.get(key)
    const runs: Run[] = []
    if (cached?.every(current)) {
      runs.push(...cached)
      yield* cached
    } else {
      const made = target instanceof ClassObject ? genericClass(interp, target) : [genericFunction(interp, target as FunctionObject, null)]
      for (const run of made) {
        runs.push(run)
        yield run
      }
    }
    if (key !== null) cache?.next.set(key, runs)
  }
  cache?.turn()
}

/** The runs of an analysis by function or class, for the next analysis of the same file. */
export class RunCache {
  old = new Map<unknown, readonly Run[]>()
  next = new Map<unknown, readonly Run[]>()
  turn(): void {
    this.old = this.next
    this.next = new Map()
  }
}

function start(path: string, around: Surroundings, runAs: string) {
  const loader = new ModuleLoader(around.files, around.searchPaths, around.shared)
  const interp = new Interpreter(loader)
  loader.interp = interp
  interp.mainPath = path
  return { interp, loader, module: loader.add(moduleNameOf(path, around.files), path, runAs) }
}

/** All runs of a file: its functions on their own, then the program. */
export function* analyse(path: string, tree: ModuleTree, around: Surroundings): Generator<Run> {
  yield* analyseDefinitions(path, tree, around)
  if (hasEntry(tree)) yield analyseProgram(path, tree, around)
}

const unwrap = (value: Value): Value => (value instanceof Descriptor || value instanceof BoundMethod ? value.callable : value)

/** A class's constructor on unknown arguments, then each method on that instance. */
function* genericClass(interp: Interpreter, cls: ClassObject): Generator<Run> {
  const mark = interp.trail.mark()
  let instance: InstanceObject = new InstanceObject(cls)
  const init = cls.attributes.get('__init__')
  const definition = init instanceof FunctionObject ? init.definition : cls.definition
  yield runOf(interp, 'generic', `${cls.name}.__init__`, definition, genericBudget, () => {
    instance = genericInstance(interp, cls)
  })
  for (const [name, value] of cls.attributes) {
    const fn = unwrap(value)
    if (name === '__init__' || !(fn instanceof FunctionObject) || fn.definition.kind === 'Lambda') continue
    const self = value instanceof Descriptor && value.role === 'static' ? null : value instanceof Descriptor && value.role === 'class' ? cls : instance
    yield genericFunction(interp, fn, self)
  }
  interp.trail.undo(mark)
}

function genericFunction(interp: Interpreter, fn: FunctionObject, self: Value | null): Run {
  const mark = interp.trail.mark()
  const run = runOf(interp, 'generic', fn.name, fn.definition, genericBudget, () => runGeneric(interp, fn, self))
  interp.trail.undo(mark)
  return run
}

function runGeneric(interp: Interpreter, fn: FunctionObject, self: Value | null): void {
  const bound = new Map<string, Value>()
  fn.definition.params.forEach((parameter, i) => {
    const isSelf = i === 0 && self !== null
    bound.set(parameter.name, isSelf ? self : genericArgument(interp, fn, parameter))
  })
  const defined = interp.definedFunctions.length
  interp.startedDefinitions.clear()
  runFunction(interp, fn, bound, null)
  // Inner functions that nothing called are looked at on their own.
  for (const inner of interp.definedFunctions.slice(defined))
    if (!interp.startedDefinitions.has(inner.definition)) runGeneric(interp, inner, null)
}

/** Does one run and takes what it left in the trace. */
function runOf(
  interp: Interpreter,
  kind: Run['kind'],
  name: string,
  definition: Place | FunctionDef | null,
  budget: number,
  body: () => void,
): Run {
  interp.events = []
  interp.problems = []
  interp.assumptions = []
  interp.gaps = []
  interp.steps = 0
  interp.budget = budget
  interp.definedFunctions = []
  interp.reads = new Reads()
  const depth = interp.depth
  const stack = interp.stack.length
  let isCut = false
  try {
    body()
  } catch (error) {
    // A stack that is too deep is cut like work that is too much.
    if (error instanceof OutOfBudget || error instanceof RangeError) isCut = true
    else if (!(error instanceof PythonRaise)) throw error
    interp.activation = null
    interp.depth = depth
    interp.stack.length = stack
  }
  interp.resolveEvents(0)
  const { names, aliases } = interp.dims.namesNow()
  return {
    kind, name, module: interp.mainPath, definition, isCut, names, aliases,
    origins: interp.origins,
    reads: interp.reads,
    events: interp.events,
    problems: interp.problems,
    assumptions: interp.assumptions,
    gaps: interp.gaps,
  }
}
