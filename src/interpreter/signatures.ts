// Calls whose arguments do not fit the function that they are for: Python's TypeError.

import type { Arguments } from '../ops/op'
import type { Expression } from '../syntax/tree'
import type { Value } from '../trace/values'
import { lastName } from './decorators'
import { raiseIfCaught } from './exceptions'
import type { Interpreter } from './interpreter'
import { BoundMethod, ClassObject, FunctionObject, InstanceObject } from './objects'

/** Decorators that leave the parameters as they are written. */
const plainDecorators = new Set([
  'staticmethod',
  'classmethod',
  'abstractmethod',
  'no_grad',
  'inference_mode',
])

/** The function that a call runs, and how many of its parameters are bound already. */
interface Target {
  readonly fn: FunctionObject
  readonly bound: number
  /** What the call is of, for the message. */
  readonly name: string
}

function targetOf(callee: Value): Target | null {
  if (callee instanceof FunctionObject) return { fn: callee, bound: 0, name: callee.name }
  if (callee instanceof BoundMethod)
    return callee.callable instanceof FunctionObject && !mayBeHidden(callee.callable, callee.self)
      ? { fn: callee.callable, bound: 1, name: callee.callable.name }
      : null
  if (callee instanceof ClassObject) return constructorOf(callee)
  return callee instanceof InstanceObject ? callOf(callee) : null
}

/** True if a base that is not known may come before the class that a method was found in. */
function mayBeHidden({ owner }: FunctionObject, self: Value): boolean {
  const order = self instanceof InstanceObject ? self.cls.mro : self instanceof ClassObject ? self.mro : []
  const before = owner ? order.slice(0, Math.max(order.indexOf(owner), 0)) : []
  return before.some((c) => c.namesUnknownBase)
}

const isClear = (cls: ClassObject): boolean =>
  !cls.hasUnknownBase && cls.role === 'plain' && cls.mro.every((c) => c.definition.decorators.length === 0)

/** True for a class with a method that subclasses have to write: `cls(…)` in its own methods makes one of them. */
const isAbstract = ({ mro }: ClassObject): boolean => {
  const written = new Set<string>()
  return mro.some(({ definition: { body } }) => {
    const methods = body.filter((s) => s.kind === 'FunctionDef')
    const asks = methods.some((m) => !written.has(m.name) && m.decorators.some(isAbstractMethod))
    for (const { name } of methods) written.add(name)
    return asks
  })
}

const isAbstractMethod = (decorator: Expression): boolean => lastName(decorator) === 'abstractmethod'

function constructorOf(cls: ClassObject): Target | null {
  const init = cls.find('__init__')
  const hasMetaclass = cls.mro.some((c) => c.definition.keywords.some((k) => k.arg === 'metaclass'))
  const isMade = init instanceof FunctionObject && isClear(cls) && !hasMetaclass && !cls.find('__new__')
  return isMade && !isAbstract(cls) ? { fn: init, bound: 1, name: cls.name } : null
}

/** `module(…)` runs `forward`, unless a hook may change the arguments. */
function callOf(instance: InstanceObject): Target | null {
  const { cls, attributes } = instance
  const call = cls.find('__call__')
  if (!(call instanceof FunctionObject) || !isClear(cls) || instance.isOpen) return null
  if (!call.scope.module.isPrelude) return { fn: call, bound: 1, name: cls.name }
  const hooks = attributes.get('_forward_pre_hooks')
  const isHooked = hooks?.kind === 'dict' && hooks.entries.size > 0
  const forward = cls.find('forward')
  return forward instanceof FunctionObject && !isHooked && !attributes.has('forward')
    ? { fn: forward, bound: 1, name: cls.name }
    : null
}

/** Reports arguments that Python refuses for certain; true if it did. */
export function refuseArguments(interp: Interpreter, callee: Value, args: Arguments): boolean {
  if (args.isOpen || interp.forks > 0) return false
  const refusal = refusalOf(callee, args)
  if (refusal === null) {
    if (args.keywords.size > 0 && isLayerWithout(callee, args)) raiseIfCaught(interp, 'TypeError')
    return false
  }
  raiseIfCaught(interp, 'TypeError')
  interp.report('error', 'call-mismatch', refusal)
  return true
}

/** True for a layer of torch's whose `forward` has no argument of a name that is given: no error hangs on that. */
function isLayerWithout(callee: Value, args: Arguments): boolean {
  const { fn } = (callee instanceof InstanceObject && targetOf(callee)) || {}
  if (!fn?.scope.module.isPrelude) return false
  const { params } = fn.definition
  const takesAny = params.some((p) => p.category === 'var-keyword')
  return !takesAny && [...args.keywords.keys()].some((keyword) => !params.some((p) => p.name === keyword))
}

/** Of several that a callee may be, those that take the arguments: the others are not meant. */
export function takersOf(interp: Interpreter, callee: Value, args: Arguments): Value {
  const value = interp.settle(callee)
  if (args.isOpen || value.kind !== 'union') return callee
  const options = value.options.filter((option) => refusalOf(interp.settle(option), args) === null)
  return options.some((o) => o.kind !== 'none') ? { ...value, options } : callee
}

/** Why Python refuses arguments for certain, with whose they are. */
function refusalOf(callee: Value, args: Arguments): string | null {
  const target = targetOf(callee)
  const reason = target && isAsWritten(target.fn) && !isStub(target.fn) ? misfitOf(target, args) : null
  return target && reason !== null ? `${target.name}: ${reason}` : null
}

/** True if no decorator may have changed what the function takes. */
const isAsWritten = ({ definition, attributes }: FunctionObject): boolean =>
  !attributes.has('__wrapped__') &&
  (definition.kind === 'Lambda' ||
    definition.decorators.every((d) => {
      const named = d.kind === 'Call' ? d.func : d
      const name = named.kind === 'Attribute' ? named.attr : named.kind === 'Name' ? named.id : ''
      return plainDecorators.has(name)
    }))

/** True for a body that does nothing or only raises: subclasses write it anew, perhaps with other parameters. */
const isStub = ({ definition }: FunctionObject): boolean =>
  definition.kind !== 'Lambda' &&
  definition.body.every((s) => s.kind === 'Raise' || s.kind === 'Pass' || s.kind === 'Expr')

/** Why the arguments do not fit, with what to do; null where they do or may. */
function misfitOf({ fn, bound }: Target, args: Arguments): string | null {
  const { params } = fn.definition
  const isPrelude = fn.scope.module.isPrelude
  const byPosition = params.filter((p) => p.category === 'normal' || p.category === 'positional-only')
  const open = byPosition.slice(bound)
  const given = args.positional.length
  const takesMore = params.some((p) => p.category === 'var-positional')
  const takesAny = params.some((p) => p.category === 'var-keyword')
  // What torch's own layers take besides is not all in the prelude.
  if (!isPrelude && !takesMore && given > open.length)
    return `${given} arguments are given by position, and it takes ${open.length === 0 ? 'none' : `at most ${open.length} (${names(open)})`}`
  const keyed = params.filter((p) => p.category === 'normal' || p.category === 'keyword-only')
  for (const keyword of isPrelude ? [] : args.keywords.keys()) {
    if (open.slice(0, given).some((p) => p.name === keyword && p.category === 'normal'))
      return `${keyword} is given by position and by name; leave one out`
    if (!takesAny && !keyed.some((p) => p.name === keyword))
      return `it takes no argument ${keyword}; there are ${names(keyed.slice(bound)) || 'none'}`
  }
  const missing = params.filter(
    (p) =>
      (open.indexOf(p) >= given || p.category === 'keyword-only') &&
      p.default === null &&
      !args.keywords.has(p.name),
  )
  return missing.length > 0 ? `${names(missing)} ${missing.length > 1 ? 'are' : 'is'} not given` : null
}

const names = (params: readonly { readonly name: string }[]): string => params.map((p) => p.name).join(', ')
