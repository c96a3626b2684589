// What other modules do, which may reach far: configuration and set-up, and whole models or generation.

import { StateMap, type Write } from '../dims/trail'
import { documents } from '../syntax/documenting'
import { str, type Value } from '../trace/values'
import { isOpenText } from './default-texts'
import { Reads } from './dependencies'
import { runFunction } from './functions'
import type { Interpreter } from './interpreter'
import { BoundMethod, ClassObject, FunctionObject, InstanceObject, type ModuleObject } from './objects'
import { PythonRaise } from './signals'
import { leaveUnfollowed } from './unfollowed'

/** What is known of the functions of other modules. */
export class ForeignCalls {
  /** Functions that took too many steps, with as many as they were given. */
  readonly costly = new Map<object, number>()
  /** What functions gave back for constants, by definition and arguments; null for no constant. */
  readonly constants = new WeakMap<object, Map<string, Value | null>>()
  /** The budget around the outermost function that is followed for few steps as it has no tensors; null outside of one. */
  around: number | null = null
  readonly #made = new Map<ClassObject, MadeInstance>()
  /** The classes of which there is an instance in the state as it is now. */
  readonly #present = new StateMap<ClassObject, true>()

  /** The one instance of a class of another module that stands for any: made once, then written again. */
  instanceOf(interp: Interpreter, cls: ClassObject, make: () => InstanceObject): InstanceObject {
    const made = this.#made.get(cls)
    if (made) {
      if (!this.#present.has(cls)) interp.trail.redo(made.writes)
      interp.reads.absorb(made.reads)
      return made.instance
    }
    const { reads } = interp
    const mark = interp.trail.mark()
    interp.reads = new Reads(interp.mainPath)
    try {
      const instance = make()
      interp.trail.write(this.#present, cls, true)
      this.#made.set(cls, { instance, writes: interp.trail.since(mark), reads: interp.reads })
      return instance
    } finally {
      reads.absorb(interp.reads)
      interp.reads = reads
    }
  }
}

/** An instance with all that was written and read when it was made. */
interface MadeInstance {
  readonly instance: InstanceObject
  readonly writes: readonly Write[]
  readonly reads: Reads
}

/**
 * What an imported function may cost, in steps: one that is given no tensor where it is followed exactly or not, and
 * one that is given tensors, or lies where they are in a program, where it is not followed exactly.
 */
const foreignSteps = { exact: 1_200_000, generic: 3_000, tensors: 20_000, apart: 20_000 }
/** A table costs as much more as it has entries. */
const entrySteps = 200
/** Fewer steps say nothing of the function. */
const leastSteps = 300

/**
 * Calls a function of another module as long as it does not cost too much: configuration and set-up
 * reach far into libraries and seldom tell a shape. What is not followed is unknown, and may have
 * changed the instances that it was given. In a program all that is given tensors is followed.
 */
export function callForeign(interp: Interpreter, fn: FunctionObject, bound: Map<string, Value>): Value {
  const documented = documentedBy(interp, fn, bound)
  if (documented) return documented
  const isGivenTensors = [...bound.values()].some(holdsTensor)
  if (isGivenTensors && interp.isConcrete) return runFunction(interp, fn, bound, null)
  const { around } = interp.foreign
  if (around !== null && mayHaveTensors(interp, fn.scope.module))
    return besides(interp, around, () => callForeign(interp, fn, bound))
  const constant = interp.isConcrete ? null : constantResult(interp, fn, bound)
  if (constant) return constant
  const { exact, apart, generic, tensors } = foreignSteps
  const isExact =
    interp.isConcrete && (interp.modules.isOwn(fn.scope.module) || isOfTorch(bound) || !isUndecided(interp))
  const isNear = isGivenTensors || (interp.isConcrete && mayHaveTensors(interp, fn.scope.module))
  const most = isExact ? exact : isNear ? tensors : generic
  const few = apart + entrySteps * entriesIn(bound)
  const isFew = most > few && isApart(interp, fn, bound)
  const cap = isFew ? few : most
  // Something is left for the caller, which goes on without what is not followed.
  const left = (interp.budget - interp.steps) * (interp.isConcrete ? 0.9 : 0.5)
  const limit = Math.min(cap, Math.floor(left))
  if (limit < leastSteps) return runFunction(interp, fn, bound, null)
  const knownCost = interp.foreign.costly.get(fn.definition) ?? 0
  const follow = (): Value | null => interp.inSteps(limit, () => runFunction(interp, fn, bound, null))
  const value = knownCost >= limit ? null : isFew && around === null ? inFewSteps(interp, follow) : follow()
  if (value) return value
  interp.foreign.costly.set(fn.definition, Math.max(limit, knownCost))
  for (const argument of bound.values()) if (argument instanceof InstanceObject) argument.isOpen = true
  leaveUnfollowed(interp, fn, bound)
  return interp.unknown(`${fn.name} of ${fn.scope.module.name} takes too many steps to follow`)
}

/** What a function gives back that only writes a docstring for it, which reaches far and tells no shape; null for others. */
function documentedBy(
  interp: Interpreter,
  { definition }: FunctionObject,
  bound: ReadonlyMap<string, Value>,
): Value | null {
  const [given] = bound.values()
  const isDefinition = given instanceof FunctionObject || given instanceof ClassObject
  if (!isDefinition || definition.kind !== 'FunctionDef' || !documents(definition)) return null
  interp.trail.write(given.attributes, '__doc__', str(null))
  return given
}

/** Follows a function that has no tensors, of which `besides` may count for more than its few steps. */
function inFewSteps<T>(interp: Interpreter, body: () => T): T {
  const { budget, uncounted } = interp
  interp.foreign.around = budget
  try {
    return body()
  } finally {
    interp.foreign.around = null
    interp.budget = budget
    interp.uncounted = uncounted
  }
}

/**
 * What a function without tensors calls where they are, such as a model of another module: it counts for the budget
 * around that function, not for its few steps.
 */
function besides<T>(interp: Interpreter, around: number, body: () => T): T {
  const { budget, steps, uncounted } = interp
  interp.foreign.around = null
  interp.budget = around
  try {
    return body()
  } finally {
    const taken = interp.steps - steps
    interp.foreign.around = around
    interp.budget = budget + taken
    interp.uncounted = uncounted + taken
  }
}

/** True on a path of a library's function that need not be taken: downloads, caches and their failures. */
function isUndecided({ stack, forks, modules }: Interpreter): boolean {
  const reached = stack.slice(stack.findLastIndex((a) => modules.isOwn(a.scope.module)) + 1)
  return forks > (reached[0]?.forks ?? forks) || reached.some((a) => a.exits.length > 0)
}

/** True for a method of what is made of torch's own classes, as all models are. */
function isOfTorch(bound: ReadonlyMap<string, Value>): boolean {
  const [self] = bound.values()
  return self instanceof InstanceObject && self.cls.mro.some((cls) => cls.module.isPrelude)
}

const namingTensors = new WeakMap<ModuleObject, boolean>()
/** True for the source of a library that names torch or NumPy. */
function namesTensors(module: ModuleObject): boolean {
  let names = namingTensors.get(module)
  if (names === undefined) namingTensors.set(module, (names = /\b(?:torch|numpy)\b/.test(module.text ?? '')))
  return names
}

/** Where tensors are: in the prelude, in libraries that name them, and in all that a user wrote. */
const mayHaveTensors = (interp: Interpreter, module: ModuleObject): boolean =>
  module.text === null || interp.modules.isOwn(module) || namesTensors(module)

/** True for a function of a library without tensors that is given nothing from where they are: the network, the log. */
function isApart(interp: Interpreter, fn: FunctionObject, bound: ReadonlyMap<string, Value>): boolean {
  const reaches = (value: Value): boolean => {
    if (value.kind === 'tuple') return value.items.some(reaches)
    if (value.kind === 'dict') return [...value.entries.values()].some((entry) => reaches(entry.value))
    if (value instanceof FunctionObject) return mayHaveTensors(interp, value.scope.module)
    if (value instanceof BoundMethod) return reaches(value.self)
    if (value instanceof InstanceObject) return reaches(value.cls)
    return value instanceof ClassObject && value.mro.some((cls) => mayHaveTensors(interp, cls.module))
  }
  return !mayHaveTensors(interp, fn.scope.module) && ![...bound.values()].some(reaches)
}

const entriesIn = (bound: ReadonlyMap<string, Value>): number =>
  [...bound.values()].reduce((sum, value) => sum + (value.kind === 'dict' ? value.entries.size : 0), 0)

/** What a function may cost that is given constants alone. */
const constantSteps = 20_000

/**
 * What an imported function gives back for constants, such as whether a package is installed: it is followed
 * as in a program, once. Null where that is no constant either.
 */
function constantResult(interp: Interpreter, fn: FunctionObject, bound: Map<string, Value>): Value | null {
  const keys = [...bound.values()].map((value) => (isOpenText(interp, value) ? null : constantKey(value)))
  if (keys.includes(null)) return null
  const key = keys.join()
  const known = interp.foreign.constants.get(fn.definition)?.get(key)
  if (known !== undefined) return known
  const [mark, problems] = [interp.trail.mark(), interp.problems.length]
  let value: Value | null = null
  interp.isConcrete = true
  try {
    value = interp.inSteps(constantSteps, () => runFunction(interp, fn, bound, null))
  } catch (error) {
    if (!(error instanceof PythonRaise)) throw error
  } finally {
    interp.isConcrete = false
    interp.problems.length = problems
  }
  const result = value && constantKey(interp.settle(value)) !== null ? interp.settle(value) : null
  if (!result) interp.trail.undo(mark)
  let results = interp.foreign.constants.get(fn.definition)
  if (!results) interp.foreign.constants.set(fn.definition, (results = new Map()))
  results.set(key, result)
  return result
}

/** A text for a constant that is known; null for any other value. */
function constantKey(value: Value): string | null {
  if (value.kind === 'none') return 'None'
  if (value.kind === 'int') return value.dim.value === null ? null : `i${value.dim.value}`
  if (value.kind === 'bool' || value.kind === 'str')
    return value.value === null ? null : `${value.kind} ${value.value}`
  return null
}

/** True for a tensor, and for a tuple or a dict of keyword arguments that one is in. */
function holdsTensor(value: Value): boolean {
  if (value.kind === 'tuple') return value.items.some(holdsTensor)
  if (value.kind === 'union') return value.options.some(holdsTensor)
  if (value.kind === 'dict') return [...value.entries.values()].some((entry) => entry.value.kind === 'tensor')
  return value.kind === 'tensor'
}
