// Python's arithmetic and comparisons on known values.

import type { BinaryOperator, CompareOperator } from '../syntax/tree'

/** Undefined where a value is not known, or is no number. */
export function binary(op: BinaryOperator, a: unknown, b: unknown): number | undefined {
  if (op === '**' && a === 1) return 1
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '//':
      return Math.floor(a / b)
    case '%':
      return a - b * Math.floor(a / b)
    case '**':
      return a ** b
    default:
      return undefined
  }
}

export function compare(op: CompareOperator, a: unknown, b: unknown): boolean | undefined {
  if (a === undefined || b === undefined) return undefined
  switch (op) {
    case '==':
    case 'is':
      return a === b
    case '!=':
    case 'is not':
      return a !== b
  }
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  switch (op) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      return undefined
  }
}

/** By their last name: `math.log`, `np.sqrt`, `int`. */
export const mathFunctions: Readonly<Record<string, (...numbers: number[]) => number | undefined>> = {
  int: (x = Number.NaN) => Math.trunc(x),
  float: (x) => x,
  tensor: (x) => x,
  abs: (x = Number.NaN) => Math.abs(x),
  max: (...all) => Math.max(...all),
  min: (...all) => Math.min(...all),
  floor: (x = Number.NaN) => Math.floor(x),
  ceil: (x = Number.NaN) => Math.ceil(x),
  sqrt: (x = Number.NaN) => Math.sqrt(x),
  exp: (x = Number.NaN) => Math.exp(x),
  log: (x = Number.NaN, base = Math.E) => (base === Math.E ? Math.log(x) : Math.log(x) / Math.log(base)),
  pow: (x = Number.NaN, y = Number.NaN) => x ** y,
}
