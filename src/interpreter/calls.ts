// Calls: evaluating arguments and calling whatever the callee is.

import { type Arguments, callOp, type Op } from '../ops/op'
import type { Call, Expression, ListComp } from '../syntax/tree'
import { none, tuple, Unknown, type Value } from '../trace/values'
import { noteInPlace } from './aliases'
import { callMethod, getAttribute, isTensorMethod } from './attributes'
import { instantiate } from './classes'
import { type Enough, generate } from './comprehensions'
import { truthOf } from './conditions'
import { iterableItems } from './containers'
import { mappingOf } from './dict-making'
import { evaluate, extendSize } from './expressions'
import { callFunction } from './functions'
import { habitualResult } from './habitual-calls'
import type { Interpreter } from './interpreter'
import {
  BoundMethod,
  ClassObject,
  Descriptor,
  ExtendFunction,
  FunctionObject,
  InstanceObject,
  NativeFunction,
  NativeType,
  OpFunction,
  PartialObject,
  plainValue,
  SuperObject,
} from './objects'
import { forEachOption, forgive, isDistributed } from './options'
import { readName } from './scopes'
import { refuseArguments, takersOf } from './signatures'
import { leaveToUnknown } from './unfollowed'
import { type Around, calledForOne, runsAround } from './yields'

/** A call; of a generator `around` runs where it first yields for certain. */
export function evaluateCall(interp: Interpreter, node: Call, around: Around | null = null): Value {
  const parent = superCall(interp, node)
  if (parent) return parent
  const named = evaluateCallee(interp, node.func)
  const args = evaluateArguments(interp, node, named)
  const callee = takersOf(interp, named, args)
  interp.at(node)
  const problems = interp.problems.length
  const settled = interp.settle(callee)
  if (around) runsAround(interp, settled, around)
  const called = refuseArguments(interp, settled, args)
    ? interp.unknown('the arguments do not fit')
    : callValueWith(interp, callee, args)
  if (around && interp.activation) interp.activation.entering = null
  const value = settled.kind === 'unknown' ? habitualResult(interp, node, args, called) : called
  if (args.isTentative) forgive(interp, problems)
  if (callee instanceof OpFunction) noteInPlace(interp, callee, args, value)
  const name =
    node.func.kind === 'Attribute' ? node.func.attr : node.func.kind === 'Name' ? node.func.id : null
  const self = callee instanceof OpFunction && callee.self ? [callee.self] : []
  interp.emit('call', node, name, value, {
    name: name ?? 'call',
    inputs: [...self, ...args.positional, ...args.keywords.values()],
  })
  return value
}

/** How far a built-in function reads the generator that it is given: to the first item, or to the one that decides. */
function readerOf(interp: Interpreter, callee: Value | null): Enough | undefined {
  if (callee === interp.builtin('next')) return () => true
  if (callee === interp.builtin('any')) return (value) => truthOf(interp, value) === true
  if (callee === interp.builtin('all')) return (value) => truthOf(interp, value) === false
  return undefined
}

/** The callee, without a trace of the method itself: `x.view` is no tensor. */
function evaluateCallee(interp: Interpreter, node: Expression): Value {
  if (node.kind !== 'Attribute') return evaluate(interp, node)
  const owner = evaluate(interp, node.value)
  interp.at(node)
  const settled = interp.settle(owner)
  // Called, `size` or `dim` is a tensor's; as an attribute it need not be.
  const isTensors = node.attr === 'size' || isTensorMethod(node.attr)
  if (settled.kind === 'unknown' && isTensors && !settled.deferred && !settled.slots.has(node.attr)) {
    const tensor = interp.asTensor(settled)
    if (tensor) return getAttribute(interp, tensor, node.attr)
  }
  if (settled.kind === 'unknown' && passThrough.has(node.attr) && !settled.slots.has(node.attr))
    return new NativeFunction(node.attr, () => settled)
  return getAttribute(interp, owner, node.attr)
}

/** Methods of tensors and modules alike that give back the same shapes. */
const passThrough = new Set([
  'to',
  'cuda',
  'cpu',
  'float',
  'half',
  'bfloat16',
  'double',
  'eval',
  'train',
  'requires_grad_',
])

/** Zero-argument `super()` and `super(Class, self)`. */
function superCall(interp: Interpreter, node: Call): Value | null {
  if (
    node.func.kind !== 'Name' ||
    node.func.id !== 'super' ||
    readName(interp, 'super') instanceof FunctionObject
  )
    return null
  const running = [...interp.stack].reverse().find((a) => a.callable?.owner)
  const [cls, self] = node.args.map((a) => evaluate(interp, a))
  const owner = cls instanceof ClassObject ? cls : running?.callable?.owner
  const instance = self ?? running?.self
  return owner && instance ? new SuperObject(owner, instance) : interp.unknown('super() outside of a class')
}

/** The first argument, of which a built-in function may read a part alone. */
function firstArgument(interp: Interpreter, callee: Value | null, node: Expression): Value {
  if (node.kind === 'GeneratorExp') return generatorFor(interp, callee, node)
  return node.kind === 'Call' && callee === interp.builtin('next')
    ? calledForOne(interp, node)
    : evaluate(interp, node)
}

/** A generator as the function reads it that is called with it. */
function generatorFor(interp: Interpreter, callee: Value | null, node: ListComp): Value {
  const isEnough = readerOf(interp, callee)
  if (isEnough) return generate(interp, node, isEnough)
  if (!(callee instanceof ExtendFunction)) return evaluate(interp, node)
  const { list } = callee
  const before = list.slots.get('items') ?? []
  const made = generate(interp, node, undefined, (item) => {
    callMethod(interp, list, 'append', [item])
    return item
  })
  // What was appended item by item is there already.
  if (made.kind === 'tuple') return tuple([])
  interp.trail.write(list.slots, 'items', before)
  return made
}

export function evaluateArguments(
  interp: Interpreter,
  node: { args: readonly Expression[]; keywords: Call['keywords'] },
  callee: Value | null = null,
): Arguments {
  const positional: Value[] = []
  let open: Value | null = null
  let isOpen = false
  let isGuess = false
  for (const arg of node.args) {
    if (arg.kind !== 'Starred') {
      const value = positional.length === 0 ? firstArgument(interp, callee, arg) : evaluate(interp, arg)
      if (open) open = extendSize(interp, open, tuple([value]))
      else positional.push(value)
      continue
    }
    const value = interp.settle(evaluate(interp, arg.value))
    const items = iterableItems(interp, value)
    if (value.kind === 'tuple' && value.isSize && (value.isGuess ?? value.isOfGuess)) isGuess = true
    if (items && !open) positional.push(...items)
    else open = extendSize(interp, open ?? tuple(positional), value)
  }
  if (open?.kind === 'size') positional.splice(0, positional.length, open)
  else if (open?.kind === 'tuple') positional.splice(0, positional.length, ...open.items)
  else if (open) isOpen = true
  const hasAllPositional = !isOpen && open === null
  const keywords = new Map<string, Value>()
  let isTentative = false
  for (const keyword of node.keywords) {
    const value = evaluate(interp, keyword.value)
    if (keyword.arg !== null) {
      keywords.set(keyword.arg, value)
      continue
    }
    const spread = mappingOf(interp, value)
    if (spread.kind === 'dict') {
      for (const entry of spread.entries.values()) {
        if (entry.key.kind === 'str' && entry.key.value !== null) keywords.set(entry.key.value, entry.value)
        isTentative ||= entry.isOptional === true
      }
      if (spread.state.get('isOpen')) isOpen = true
    } else isOpen = true
  }
  return { positional, keywords, isOpen, hasAllPositional, isTentative, isGuess }
}

/** Calls a value with positional arguments. */
export const callValue = (interp: Interpreter, callee: Value, positional: readonly Value[]): Value =>
  callValueWith(interp, callee, { positional, keywords: new Map(), isOpen: false })

/** Of more functions that may be meant, none is followed. */
const mostCallees = 4

export function callValueWith(interp: Interpreter, callee: Value, args: Arguments): Value {
  interp.step()
  const value = interp.settle(callee)
  if (value.kind === 'union') {
    const options = value.options.filter((o) => o.kind !== 'none')
    if (options.filter((o) => o.kind !== 'unknown').length > mostCallees) {
      leaveToUnknown(interp, args)
      return interp.unknown('one of many functions')
    }
    return forEachOption(interp, value, (option) => callValueWith(interp, option, args))
  }
  if (value instanceof OpFunction) {
    const positional = (value.self ? [value.self, ...args.positional] : args.positional).map(plainValue)
    return callOpOfEach(interp, value.op, { ...args, positional })
  }
  if (value instanceof FunctionObject) return callFunction(interp, value, args)
  if (value instanceof BoundMethod)
    return callValueWith(interp, value.callable, { ...args, positional: [value.self, ...args.positional] })
  if (value instanceof ClassObject) return instantiate(interp, value, args)
  if (value instanceof NativeFunction) return value.call(args, interp)
  if (value instanceof NativeType)
    return value.construct?.(args, interp) ?? interp.unknown(`${value.name}(…)`)
  if (value instanceof PartialObject) return callPartial(interp, value, args)
  if (value instanceof Descriptor) return callValueWith(interp, value.callable, args)
  if (value instanceof InstanceObject) return callInstance(interp, value, args)
  // `np.float32(0.5)`: NumPy's dtypes make numbers.
  const asNumber = value.kind === 'dtype' && interp.prelude('numpy')?.lookup('as_number', interp)
  if (asNumber) return callValueWith(interp, asNumber, { ...args, positional: [value, ...args.positional] })
  leaveToUnknown(interp, args)
  return interp.unknown(
    value instanceof Unknown ? `what is called is not known: ${value.reason}` : `a ${value.kind} is called`,
  )
}

const isOneOfTensors = (value: Value): boolean =>
  value.kind === 'union' && isDistributed(value) && value.options.some((o) => o.kind === 'tensor')

/** Where the arguments of an operation may be chosen in more ways than these, none is. */
const mostChoices = 64

/** What an argument consists of where an operation takes it apart. */
function partsOf(interp: Interpreter, argument: Value): readonly Value[] | null {
  const value = interp.settle(argument)
  return value.kind === 'list' || value.kind === 'tuple' ? interp.itemsOf(value) : null
}

/** In how many ways those among the values can be chosen that are one of several tensors. */
const choicesOf = (interp: Interpreter, values: readonly Value[]): number =>
  values.reduce((ways: number, given) => {
    const value = interp.settle(given)
    return value.kind === 'union' && isOneOfTensors(value) ? ways * value.options.length : ways
  }, 1)

/** Calls an operation; an argument, or an item of one, that is one of several tensors is tried with each. */
function callOpOfEach(interp: Interpreter, op: Op, args: Arguments, from = 0): Value {
  for (let i = from; i < args.positional.length; i++) {
    const value = interp.settle(args.positional[i] ?? none)
    const items = partsOf(interp, value)
    const at = items?.findIndex((item) => isOneOfTensors(interp.settle(item))) ?? -1
    const one = items ? interp.settle(items[at] ?? none) : value
    if (one.kind !== 'union' || !isOneOfTensors(one)) continue
    const all = args.positional.flatMap((v) => partsOf(interp, v) ?? [v])
    if (choicesOf(interp, all) > mostChoices) break
    const withOption = (option: Value): Value => {
      interp.step()
      const chosen = items ? tuple(items.with(at, option)) : option
      return callOpOfEach(
        interp,
        op,
        { ...args, positional: args.positional.with(i, chosen) },
        items ? i : i + 1,
      )
    }
    return forEachOption(interp, one, withOption, false)
  }
  return callOp(op, args, interp)
}

function callPartial(interp: Interpreter, value: PartialObject, args: Arguments): Value {
  // What `object` has for every class takes anything and does nothing.
  if (value.callable.kind === 'str') return none
  return callValueWith(interp, value.callable, value.with(args))
}

/** An instance is called by its class's `__call__`, which for a module without hooks is its `forward`. */
function callInstance(interp: Interpreter, value: InstanceObject, args: Arguments): Value {
  const call = value.cls.find('__call__')
  const isModules = call instanceof FunctionObject && call.scope.module.name === 'prelude.module'
  if (call && (!isModules || hookNames.some((name) => hasItems(value.attributes.get(name)))))
    return callValueWith(interp, call, { ...args, positional: [value, ...args.positional] })
  const forward = getAttribute(interp, value, 'forward')
  return callValueWith(interp, forward, args)
}

const hookNames = ['_forward_hooks', '_forward_pre_hooks']

const hasItems = (value: Value | undefined): boolean => value?.kind === 'dict' && value.entries.size > 0
