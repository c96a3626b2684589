// Operators that a class defines itself: `__add__`, `__neg__`, `__eq__`, `__contains__` and their kin.

import { bool, type Value } from '../trace/values'
import { compareValues } from './arithmetic'
import { callMethod } from './attributes'
import { truthOf } from './conditions'
import type { Interpreter } from './interpreter'
import { InstanceObject, isArray } from './objects'

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

/** The result of a class's own operator, or undefined where neither operand has one. */
export function binaryMethods(
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
  return name && has(operand, name) ? callMethod(interp, operand, name, []) : undefined
}

/** A comparison by a class's own methods, or undefined where neither side has one. */
export function comparisonMethods(
  interp: Interpreter,
  op: string,
  left: Value,
  right: Value,
): Value | undefined {
  if (op === 'in' || op === 'not in') {
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

/** Dataclasses are equal if they are of one class and their fields are equal; null where that is not known. */
function sameFields(interp: Interpreter, left: Value, right: Value): boolean | null {
  if (!(left instanceof InstanceObject) || !(right instanceof InstanceObject)) return null
  if (left.cls !== right.cls || left.cls.role !== 'dataclass') return null
  const answers = left.cls.fields.map((f) => {
    const [a, b] = [left.attributes.get(f), right.attributes.get(f)]
    return a && b ? compareValues(interp, '==', interp.settle(a), interp.settle(b)) : null
  })
  return answers.includes(false) ? false : answers.includes(null) ? null : true
}
