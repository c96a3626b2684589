// Python's `math` module.

import { constant } from '../dims/dim'
import { bool, float, int, numberOf, someFloat, tuple, type Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { NativeFunction } from './objects'

const constants: Record<string, number> = {
  pi: Math.PI,
  e: Math.E,
  inf: Infinity,
  nan: Number.NaN,
  tau: 2 * Math.PI,
}

const functions: Record<string, (...x: number[]) => number> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  atan: Math.atan,
  atan2: Math.atan2,
  pow: Math.pow,
  fabs: Math.abs,
  hypot: Math.hypot,
  log: (x, base) =>
    base === undefined ? Math.log(x ?? Number.NaN) : Math.log(x ?? Number.NaN) / Math.log(base),
  asin: Math.asin,
  acos: Math.acos,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  exp2: (x = 0) => 2 ** x,
  expm1: Math.expm1,
  fmod: (x = 0, y = 0) => x % y,
  copysign: (x = 0, y = 0) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
  erf: () => Number.NaN,
  erfc: () => Number.NaN,
  gamma: () => Number.NaN,
  lgamma: () => Number.NaN,
  radians: (x = 0) => (x * Math.PI) / 180,
  degrees: (x = 0) => (x * 180) / Math.PI,
}
const toInt: Record<string, (x: number) => number> = { floor: Math.floor, ceil: Math.ceil, trunc: Math.trunc }

export function mathFunction(interp: Interpreter, name: string): Value | undefined {
  const value = constants[name]
  if (value !== undefined) return float(value)
  const numbers = (positional: readonly Value[]): (number | null)[] =>
    positional.map((a) => numberOf(interp.settle(a)))
  const whole = toInt[name]
  if (whole)
    return new NativeFunction(name, ({ positional }, interp) => {
      const [x] = numbers(positional)
      const [first] = positional.map((a) => interp.settle(a))
      if (first?.kind === 'int') return first
      return int(x === null || x === undefined ? interp.freshSize() : constant(whole(x)))
    })
  const fn = functions[name]
  if (fn)
    return new NativeFunction(name, ({ positional }) => {
      const known = numbers(positional)
      if (known.some((n) => n === null)) return someFloat
      const result = fn(...(known as number[]))
      return Number.isNaN(result) ? someFloat : float(result)
    })
  switch (name) {
    case 'prod':
      return new NativeFunction(name, ({ positional, keywords }, interp) => {
        const shape = interp.asSize(positional[0] ?? tuple([]))
        const start = interp.asInt(keywords.get('start') ?? int(1))
        return shape && !shape.gap && start
          ? int(interp.productOf([start, ...shape.lead]))
          : int(interp.freshSize())
      })
    case 'fsum':
    case 'dist':
    case 'sumprod':
      return new NativeFunction(name, () => someFloat)
    case 'isnan':
    case 'isinf':
    case 'isclose':
    case 'isfinite':
      return new NativeFunction(name, () => bool(null))
    case 'isqrt':
    case 'gcd':
    case 'lcm':
    case 'comb':
    case 'perm':
    case 'factorial':
      return new NativeFunction(name, ({ positional }, interp) => {
        const known = numbers(positional)
        const [x] = known
        if (name === 'isqrt' && typeof x === 'number') return int(Math.floor(Math.sqrt(x)))
        const all = known.filter((v) => typeof v === 'number')
        if (all.length === known.length && name === 'gcd') return int(all.reduce(gcd, 0))
        if (all.length === known.length && name === 'lcm') return int(all.reduce(lcm, 1))
        const [n, k = n] = all
        if (all.length === known.length && n !== undefined && k !== undefined && known.length > 0)
          return int(constant(arrangements(n, k, name === 'comb')))
        return int(interp.freshSize())
      })
    default:
      return undefined
  }
}

/** In how many ways k of n things can be chosen, in any order or each order on its own. */
function arrangements(n: number, k: number, inAnyOrder: boolean): number {
  let count = 1
  for (let i = 0; i < k; i++) count = inAnyOrder ? (count * (n - i)) / (i + 1) : count * (n - i)
  return count
}

const lcm = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : Math.abs(a * b) / gcd(a, b))
const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b))
