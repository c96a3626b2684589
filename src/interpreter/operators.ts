// Binary operators on any values, and those that a class defines itself: `__add__`, `__neg__`, `__eq__` and their kin.

import type { Expression } from '../syntax/tree'
import type { Tensor } from '../tensors/tensor'
import { bool, isLikelyNumber, Unknown, type Value } from '../trace/values'
import { arithmetic, sameFields } from './arithmetic'
import { callMethod } from './attributes'
import { truthOf } from './conditions'
import { bitsOf, combineFlags, otherFlags } from './enums'
import type { Interpreter } from './interpreter'
import { InstanceObject, isArray, plainValue } from './objects'
import { forEachOption, isDistributed, likeOthers } from './options'

const methods: Record<string, string> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lshift',
  '>>': 'rshift',
}
const comparisons: Record<string, readonly [own: string, reflected: string]> = {
  '==': ['__eq__', '__eq__'],
  '!=': ['__ne__', '__ne__'],
  '<': ['__lt__', '__gt__'],
  '>': ['__gt__', '__lt__'],
  '<=': ['__le__', '__ge__'],
  '>=': ['__ge__', '__le__'],
}
const unaries: Record<string, string> = { '-': '__neg__', '+': '__pos__', '~': '__invert__' }

const has = (value: Value, method: string): value is InstanceObject =>
  value instanceof InstanceObject && value.cls.find(method) !== undefined

/** What is not known and read as an attribute, such as `self.eps`, is a setting: a number rather than a tensor. */
export function asSetting(interp: Interpreter, node: Expression, value: Value): Value {
  if (node.kind !== 'Attribute' || value.kind !== 'unknown' || value.isAttribute) return value
  const settled = interp.settle(value)
  return settled.kind === 'unknown' && !settled.deferred && settled.slots.size === 0
    ? new Unknown(settled.name, settled.reason, { isAttribute: true })
    : value
}

/** A comparison that was not decided, where only a tensor will do: what is compared with a number is one then. */
export function comparedTensor(interp: Interpreter, value: Unknown): Tensor | null {
  const { op, left, right } = value.deferred ?? {}
  if (!op || !left || !right || !(op in comparisons)) return null
  const open = [left, right].filter((side) => interp.settle(side).kind === 'unknown' && !isLikelyNumber(side))
  const [only] = open
  if (!only || open.length > 1 || !interp.asTensor(only)) return null
  const settled = interp.settle(value)
  return settled.kind === 'tensor' ? settled : null
}

/** `left op right`, by the classes' own methods where they have them. */
export function applyBinary(
  interp: Interpreter,
  op: string,
  left: Value,
  right: Value,
  inPlace = false,
): Value {
  const [a, b] = [interp.settle(left), interp.settle(right)]
  for (const [side, value] of [a, b].entries())
    if (value.kind === 'union' && isDistributed(value)) {
      const fitting = value.options.filter((option) => !areRefused(op, option, side === 0 ? b : a))
      const options = fitting.length > 0 ? fitting : value.options
      const withOption = (option: Value): Value =>
        side === 0 ? applyBinary(interp, op, option, b, inPlace) : applyBinary(interp, op, a, option, inPlace)
      return forEachOption(interp, likeOthers(interp, { ...value, options }), withOption, false)
    }
  const byClass = binaryMethods(interp, op, a, b, inPlace) ?? combineFlags(op, a, b)
  return byClass ?? arithmetic(interp, op, plainValue(a), plainValue(b))
}

const containers = ['list', 'tuple', 'dict']
const numbers = ['int', 'float', 'bool']
/** True for a container and a number, of which Python makes nothing but a container that is repeated. */
const areRefused = (op: string, a: Value, b: Value): boolean =>
  op !== '*' &&
  ((containers.includes(a.kind) && numbers.includes(b.kind)) ||
    (numbers.includes(a.kind) && containers.includes(b.kind)))

/** The result of a class's own operator, or undefined where neither operand has one. */
function binaryMethods(
  interp: Interpreter,
  op: string,
  left: Value,
  right: Value,
  inPlace = false,
): Value | undefined {
  const name = methods[op]
  // A tensor takes an array of NumPy's as a tensor.
  if (!name || (left.kind === 'tensor' && right instanceof InstanceObject && isArray(right))) return undefined
  if (inPlace && has(left, `__i${name}__`)) return callMethod(interp, left, `__i${name}__`, [right])
  if (has(left, `__${name}__`)) return callMethod(interp, left, `__${name}__`, [right])
  if (has(right, `__r${name}__`)) return callMethod(interp, right, `__r${name}__`, [left])
  return undefined
}

export function unaryMethod(interp: Interpreter, op: string, operand: Value): Value | undefined {
  const name = unaries[op]
  if (name && has(operand, name)) return callMethod(interp, operand, name, [])
  return op === '~' ? otherFlags(operand) : undefined
}

/** A comparison by a class's own methods, or undefined where neither side has one. */
export function comparisonMethods(
  interp: Interpreter,
  op: string,
  left: Value,
  right: Value,
): Value | undefined {
  if (op === 'in' || op === 'not in') {
    const [part, whole] = [bitsOf(left), bitsOf(right)]
    if (part !== null && whole !== null) return bool(((part & whole) === part) === (op === 'in'))
    if (!has(right, '__contains__')) return undefined
    const truth = truthOf(interp, callMethod(interp, right, '__contains__', [left]))
    return bool(truth === null ? null : truth === (op === 'in'))
  }
  const [own, reflected] = comparisons[op] ?? []
  if (own && has(left, own)) return callMethod(interp, left, own, [right])
  if (reflected && has(right, reflected)) return callMethod(interp, right, reflected, [left])
  if (op === '!=' && (has(left, '__eq__') || has(right, '__eq__'))) {
    const equal = comparisonMethods(interp, '==', left, right)
    const truth = equal && truthOf(interp, equal)
    return bool(truth === undefined || truth === null ? null : !truth)
  }
  const equal = op === '==' || op === '!=' ? sameFields(interp, left, right) : null
  return equal === null ? undefined : bool(equal === (op === '=='))
}
