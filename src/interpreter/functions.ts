// Functions: making them, binding arguments to parameters, and running their bodies.

import { birthsNow, StateMap } from '../dims/trail'
import type { Arguments } from '../ops/op'
import type { Expression, FunctionDef, Lambda, Node, Parameter, Statement } from '../syntax/tree'
import { childrenOf } from '../syntax/walk'
import type { Frame } from '../trace/trace'
import { dict, none, sequence, str, tuple, Unknown, type Value } from '../trace/values'
import { joinExits, recordExit } from './branch'
import { noteDefaultText } from './default-texts'
import { evaluate } from './expressions'
import { callForeign } from './foreign'
import type { Activation, Interpreter } from './interpreter'
import { keptOr } from './kept-results'
import { applyParameters } from './notation/annotated'
import { noteParameters, noteResult } from './notation/notebook'
import {
  ClassObject,
  FunctionObject,
  InstanceObject,
  IteratorObject,
  RuntimeException,
  type Scope,
} from './objects'
import { forgive } from './options'
import { PythonRaise } from './signals'
import { runBlock } from './statements'
import { resolveTrace } from './trace-marks'
import { leaveUnfollowed } from './unfollowed'

const depthLimit = 90

/** The function that a `def` or `lambda` makes here, with its defaults evaluated. */
export function makeFunction(interp: Interpreter, node: FunctionDef | Lambda, name: string): Value {
  const { activation } = interp
  if (!activation) return none
  const defaults = new Map<string, Value>()
  for (const parameter of node.params)
    if (parameter.default) defaults.set(parameter.name, evaluate(interp, parameter.default))
  return new FunctionObject(name, node, activation.scope, defaults)
}

/** The arguments of a call by parameter name; parameters without one get an unknown value. */
export function bindParameters(
  interp: Interpreter,
  fn: FunctionObject,
  args: Arguments,
  missing: (parameter: Parameter) => Value,
): Map<string, Value> {
  const bound = new Map<string, Value>()
  const keywords = new Map(args.keywords)
  let next = 0
  for (const parameter of fn.definition.params) {
    const { name, category } = parameter
    if (category === 'var-positional') {
      const rest = args.positional.slice(next)
      next = args.positional.length
      const [only] = rest
      if (args.isOpen && !args.hasAllPositional)
        bound.set(name, sequence(interp.unknown('arguments of unknown number', name), null))
      else bound.set(name, rest.length === 1 && only?.kind === 'size' ? only : tuple(rest))
      continue
    }
    if (category === 'var-keyword') {
      const rest = dict([...keywords].map(([key, value]) => [`s:${key}`, { key: str(key), value }]))
      if (args.isOpen) rest.state.set('isOpen', true)
      bound.set(name, rest)
      continue
    }
    const keyword = category === 'positional-only' ? undefined : keywords.get(name)
    if (category !== 'keyword-only' && next < args.positional.length)
      bound.set(name, args.positional[next++] ?? none)
    else if (keyword !== undefined) {
      bound.set(name, keyword)
      keywords.delete(name)
    } else bound.set(name, (args.isOpen ? undefined : fn.defaults.get(name)) ?? missing(parameter))
  }
  return bound
}

/** Calls a function written in Python, unless it has kept what it gives. */
export const callFunction = (interp: Interpreter, fn: FunctionObject, args: Arguments): Value =>
  fn.keeps > 0 ? keptOr(interp, fn, args, () => callRunning(interp, fn, args)) : callRunning(interp, fn, args)

/** Calls a function written in Python: a new frame, its parameters bound, its body run. */
function callRunning(interp: Interpreter, fn: FunctionObject, args: Arguments): Value {
  const wrapped = fn.attributes.get('__wrapped__')
  if (wrapped && isSeenThrough(interp, fn)) {
    const problems = interp.problems.length
    const value = interp.callValue(wrapped, args)
    // The wrapper may have changed the arguments.
    forgive(interp, problems, 'call-mismatch')
    return value
  }
  const bound = bindParameters(interp, fn, args, (p) =>
    interp.unknown(`no argument is given for ${p.name}`, p.name),
  )
  if (interp.depth >= depthLimit || isRecursing(interp, fn)) {
    leaveUnfollowed(interp, fn, bound)
    return interp.unknown(`${fn.name} calls itself without end`)
  }
  const { module } = fn.scope
  return module.pending && !module.isPrelude
    ? callForeign(interp, fn, bound)
    : runFunction(interp, fn, bound, null)
}

/**
 * True for another module's wrapper, which says by `functools.wraps` that it stands for a function: with
 * nothing known of configuration, what it does besides calling that one can seldom be followed.
 */
const isSeenThrough = (interp: Interpreter, { scope: { module } }: FunctionObject): boolean =>
  !interp.isConcrete && !module.isPrelude && module.path !== interp.mainPath

/** A function that calls itself on conditions that cannot be decided would never end. */
function isRecursing(interp: Interpreter, fn: FunctionObject): boolean {
  let count = 0
  let undecided = 0
  for (const running of interp.stack)
    if (running.callable?.definition === fn.definition) {
      count++
      if (interp.forks > running.forks) undecided++
    }
  return undecided > 2 || count > (interp.isConcrete ? 40 : 2)
}

/** Runs a function's body on bound parameters. `frameName` overrides the name shown. */
export function runFunction(
  interp: Interpreter,
  fn: FunctionObject,
  bound: ReadonlyMap<string, Value>,
  frameName: string | null,
): Value {
  const caller = interp.activation
  const { definition } = fn
  const isUser = !fn.scope.module.isPrelude
  const frame: Frame = isUser
    ? {
        module: fn.scope.module.path,
        name: frameName ?? (fn.owner ? `${fn.owner.name}.${fn.name}` : fn.name),
        definition,
        caller: interp.placeFrame,
        callPlace: interp.place,
      }
    : (interp.placeFrame ?? {
        module: fn.scope.module.path,
        name: fn.name,
        definition,
        caller: null,
        callPlace: null,
      })
  const scope: Scope = {
    variables: new StateMap(bound),
    parent: fn.scope,
    module: fn.scope.module,
    isClass: false,
    within: fn,
    redirected: redirections(definition) ? new Map() : null,
  }
  const [first] = bound.values()
  const activation: Activation = {
    birth: birthsNow(),
    frame,
    scope,
    callable: fn,
    self: first ?? null,
    mark: interp.trail.mark(),
    exits: [],
    splitAt: null,
    returnValue: null,
    yields: [],
    isYieldOpen: false,
    isRefuted: false,
    around: caller?.entering?.definition === definition ? caller.entering.run : null,
    entering: null,
    loop: null,
    forks: interp.forks,
    hasForked: false,
  }
  const [place, placeFrame] = [interp.place, interp.placeFrame]
  if (caller) caller.entering = null
  interp.activation = activation
  interp.stack.push(activation)
  interp.depth++
  interp.startedDefinitions.add(definition)
  try {
    for (const parameter of definition.params)
      interp.emit('parameter', parameter, parameter.name, bound.get(parameter.name) ?? none)
    if (definition.kind === 'Lambda') return evaluate(interp, definition.body)
    if (!isUser) return finish(interp, activation, definition)
    const isFit = applyParameters(interp, activation, bound)
    noteParameters(interp, definition, bound)
    const problems = interp.problems.length
    const value = finish(interp, activation, definition)
    if (!isFit) interp.problems.length = problems
    noteResult(interp, definition, value)
    return value
  } catch (error) {
    // A layer that refuses its input for certain: the user's call is what is wrong.
    const isCalledByUser = !isUser && caller && !caller.scope.module.isPrelude
    if (!(error instanceof PythonRaise) || !isCalledByUser || !(error.exception instanceof RuntimeException))
      throw error
    if (!error.exception.isOfLayer || !isRefusal(error.exception) || interp.tries.length > 0) throw error
    const isGuess = [...bound.values()].some((v) => v.kind === 'tensor' && v.assumed)
    const layer = fn.owner?.name ?? fn.name
    if (!isGuess)
      interp.report(
        'error',
        'layer-input',
        messageOf(interp, error.exception) ?? `${layer} refuses what it is given here`,
      )
    return interp.unknown('the layer refuses its input')
  } finally {
    interp.depth--
    interp.stack.pop()
    interp.activation = caller
    interp.place = place
    interp.placeFrame = placeFrame
  }
}

/** True for the exceptions by which layers refuse values. */
const isRefusal = ({ type }: RuntimeException): boolean =>
  ['ValueError', 'RuntimeError', 'AssertionError', 'IndexError'].includes(type)

function messageOf(interp: Interpreter, exception: RuntimeException): string | null {
  const args = exception.attributes.get('args')
  const first = args?.kind === 'tuple' ? args.items[0] : undefined
  const text = first && interp.settle(first)
  return text?.kind === 'str' ? text.value : null
}

function finish(interp: Interpreter, activation: Activation, definition: FunctionDef): Value {
  const outcome = runBlock(interp, definition.body)
  if (activation.exits.length === 0) {
    if (outcome === 'raise') throw new PythonRaise(interp.raised)
    return isGenerator(definition)
      ? generated(interp, activation, definition)
      : (activation.returnValue ?? none)
  }
  // Other paths left earlier: what was learnt since then holds on the last one only.
  if (outcome === 'next' || outcome === 'return') {
    activation.returnValue ??= none
    recordExit(interp, activation, 'return')
  }
  if (activation.splitAt !== null) resolveTrace(interp, activation.splitAt)
  const value = joinExits(interp, activation.mark, activation.exits, activation.birth)
  return isGenerator(definition) ? generated(interp, activation, definition) : value
}

const generated = (interp: Interpreter, activation: Activation, { body }: FunctionDef): Value =>
  activation.isYieldOpen
    ? new IteratorObject(sequence(interp.joinAll(activation.yields), null), isEndless(body))
    : new IteratorObject(tuple(activation.yields))

/** True for what ends in a `while True` that nothing leaves. */
function isEndless(body: readonly Statement[]): boolean {
  const last = body.at(-1)
  return (
    last?.kind === 'While' &&
    last.test.kind === 'Constant' &&
    last.test.value === true &&
    !body.some((s) => contains(s, (n) => n.kind === 'Break' || n.kind === 'Return'))
  )
}

const generatorCache = new WeakMap<FunctionDef, boolean>()
/** True if a function's own body has a `yield`. */
export function isGenerator(definition: FunctionDef): boolean {
  let known = generatorCache.get(definition)
  if (known === undefined)
    generatorCache.set(
      definition,
      (known = definition.body.some((s) => contains(s, (n) => n.kind === 'Yield' || n.kind === 'YieldFrom'))),
    )
  return known
}

const redirectionCache = new WeakMap<object, boolean>()
function redirections(definition: FunctionDef | Lambda): boolean {
  if (definition.kind === 'Lambda') return false
  let known = redirectionCache.get(definition)
  if (known === undefined)
    redirectionCache.set(
      definition,
      (known = definition.body.some((s) => contains(s, (n) => n.kind === 'Global' || n.kind === 'Nonlocal'))),
    )
  return known
}

export function contains(node: Node | Statement, test: (n: Node) => boolean): boolean {
  if (test(node)) return true
  if (node.kind === 'FunctionDef' || node.kind === 'Lambda' || node.kind === 'ClassDef') return false
  return childrenOf(node).some((child) => contains(child, test))
}

/** What a parameter is when nothing is known of its caller: from its annotation and its default. */
export function genericArgument(interp: Interpreter, fn: FunctionObject, parameter: Parameter): Value {
  if (parameter.category === 'var-positional')
    return sequence(new Unknown(parameter.name, 'arguments of the caller'), null)
  if (parameter.category === 'var-keyword') {
    const rest = dict()
    rest.state.set('isOpen', true)
    return rest
  }
  const { name, annotation } = parameter
  const fallback = fn.defaults.get(name)
  return (
    (annotation || fallback ? null : elsewhereAnnotated(interp, fn, name)) ??
    genericValue(interp, fn.scope, annotation, fallback, name)
  )
}

/** Names with more types say nothing. */
const mostTypes = 3

/** An instance of the class that the file gives the name in other places; of several, the one that is all of them. */
function elsewhereAnnotated(interp: Interpreter, fn: FunctionObject, name: string): Value | null {
  const types = fn.scope.module.path === interp.mainPath ? interp.typedNames.get(name) : undefined
  if (!types || types.length > mostTypes) return null
  const values = types.map((type) => interp.fromAnnotation(fn.scope, type, name))
  const instances = values.filter((v) => v instanceof InstanceObject)
  if (instances.length < values.length) return null
  return instances.find(({ cls }) => instances.every((other) => cls.mro.includes(other.cls))) ?? null
}

/** A parameter or field of which its annotation and its default alone are known. */
export function genericValue(
  interp: Interpreter,
  scope: Scope | null,
  annotation: Expression | null,
  fallback: Value | undefined,
  name: string,
): Value {
  const annotated = scope && annotation ? interp.fromAnnotation(scope, annotation, name) : null
  // Where the default is a class, an annotation that names one means the class, too.
  const isOfClass = annotated instanceof InstanceObject && fallback instanceof ClassObject
  if (annotated && !isOfClass) {
    // What is chosen by a text is mostly what the default chooses.
    if (annotated.kind === 'str' && fallback?.kind === 'str') return { ...annotated, usual: fallback.value }
    if (annotated.kind === 'int' && fallback?.kind === 'int' && fallback.dim.value === 1)
      return interp.namedInt(name, interp.place, true)
    return fallback?.kind === 'none' && annotated.kind !== 'union'
      ? { kind: 'union', options: [annotated, none] }
      : annotated
  }
  if (fallback?.kind === 'none') return new Unknown(name, 'an optional parameter', { couldBeNone: true })
  if (fallback) return generalised(interp, fallback, name)
  return new Unknown(name, 'a parameter')
}

/** A value of the same type as a default: the caller may give another. */
export function generalised(interp: Interpreter, value: Value, name: string): Value {
  switch (value.kind) {
    case 'int':
      // Small and negative defaults are mostly dims, axes and counts that callers leave alone.
      if (value.dim.value !== null && value.dim.value < 2) return value
      return interp.namedInt(name)
    case 'bool':
      return { kind: 'bool', value: null }
    case 'float':
      return { kind: 'float', value: null }
    case 'str':
      if (value.value !== null) noteDefaultText(interp, value.value)
      return value
    case 'dtype':
    case 'object':
      return value
    default:
      return new Unknown(name, 'a parameter with a default')
  }
}
