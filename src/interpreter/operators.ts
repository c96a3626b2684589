// Operators that a class defines itself: `__add__`, `__matmul__`, …

import type { Value } from '../trace/values'
import { callMethod } from './attributes'
import type { Interpreter } from './interpreter'
import { InstanceObject } from './objects'

const methods: Record<string, string> = {
  '+': 'add', '-': 'sub', '*': 'mul', '/': 'truediv', '//': 'floordiv', '%': 'mod', '**': 'pow',
  '@': 'matmul', '&': 'and', '|': 'or', '^': 'xor', '<<': 'lshift', '>>': 'rshift',
}

/** The result of a class's own operator, or undefined where neither operand has one. */
export function binaryMethods(interp: Interpreter, op: string, left: Value, right: Value): Value | undefined {
  const name = methods[op]
  if (!name) return undefined
  if (left instanceof InstanceObject && left.cls.find(`__${name}__`)) return callMethod(interp, left, `__${name}__`, [right])
  if (right instanceof InstanceObject && right.cls.find(`__r${name}__`)) return callMethod(interp, right, `__r${name}__`, [left])
  return undefined
}
