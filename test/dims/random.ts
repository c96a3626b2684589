// Seeded random dims, and their values for given sizes of the names.

import {
  type Atom,
  add,
  ceilDivide,
  constant,
  type Dim,
  floorDivide,
  maximum,
  minimum,
  modulo,
  multiply,
  ofAtom,
  Sym,
  subtract,
} from '../../src/dims/dim'

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export class Random {
  readonly #next: () => number
  constructor(seed: number) {
    this.#next = randomFrom(seed)
  }
  integer(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1))
  }
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.integer(0, items.length - 1)] ?? items[0]
  }
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items]
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(0, i)
      const [a, b] = [copy[i], copy[j]]
      if (a !== undefined && b !== undefined) [copy[i], copy[j]] = [b, a]
    }
    return copy
  }
}

export const names = ['a', 'b', 'c', 'd'].map((name) => new Sym(name))
export type Witness = ReadonlyMap<Sym, number>

export const witness = (random: Random, low = 1, high = 9): Witness =>
  new Map(names.map((s) => [s, random.integer(low, high)]))

/** A whole number over another that is more than 0. */
export type Fraction = readonly [above: bigint, below: bigint]

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))
function fraction(above: bigint, below: bigint): Fraction {
  const divisor = gcd(above, below) * (below < 0n ? -1n : 1n)
  return divisor === 0n ? [0n, 1n] : [above / divisor, below / divisor]
}
const floor = ([above, below]: Fraction): bigint => {
  const quotient = above / below
  return above % below < 0n ? quotient - 1n : quotient
}
const isLess = (a: Fraction, b: Fraction): boolean => a[0] * b[1] < b[0] * a[1]

/** The value of a dim; null where it divides by 0. */
export function valueFor(d: Dim, sizes: Witness): Fraction | null {
  let sum: Fraction = [0n, 1n]
  for (const t of d.terms) {
    let value = fraction(BigInt(t.num), BigInt(t.den))
    for (const { atom, power } of t.factors) {
      const base = valueOfAtom(atom, sizes)
      if (!base || (power < 0 && base[0] === 0n)) return null
      for (let i = 0; i < Math.abs(power); i++)
        value =
          power > 0
            ? fraction(value[0] * base[0], value[1] * base[1])
            : fraction(value[0] * base[1], value[1] * base[0])
    }
    sum = fraction(sum[0] * value[1] + value[0] * sum[1], sum[1] * value[1])
  }
  return sum
}

function valueOfAtom(atom: Atom, sizes: Witness): Fraction | null {
  if (atom.kind === 'symbol') return [BigInt(sizes.get(atom) ?? 0), 1n]
  const [left, right] = [valueFor(atom.left, sizes), valueFor(atom.right, sizes)]
  if (!left || !right) return null
  if (atom.kind === 'floordiv')
    return right[0] === 0n ? null : [floor(fraction(left[0] * right[1], left[1] * right[0])), 1n]
  return isLess(left, right) === (atom.kind === 'min') ? left : right
}

/** A whole value as a number, else null. */
export function wholeValue(d: Dim, sizes: Witness): number | null {
  const value = valueFor(d, sizes)
  return value && value[1] === 1n ? Number(value[0]) : null
}

/** A dim together with what it must be, computed as Python does; null where Python would divide by 0. */
export interface Made {
  dim: Dim
  value: (sizes: Witness) => number | null
}

type Operator = readonly [make: (a: Dim, b: Dim) => Dim, value: (a: number, b: number) => number | null]
const quotient = (a: number, b: number): number | null => (b === 0 ? null : Math.floor(a / b))
const operators: readonly [Operator, ...Operator[]] = [
  [add, (a, b) => a + b],
  [subtract, (a, b) => a - b],
  [multiply, (a, b) => a * b],
  [minimum, Math.min],
  [maximum, Math.max],
]
const divisions: readonly [Operator, ...Operator[]] = [
  [floorDivide, quotient],
  [modulo, (a, b) => (b === 0 ? null : a - b * Math.floor(a / b))],
  [ceilDivide, (a, b) => (b === 0 ? null : -Math.floor(-a / b))],
]

/** A random expression. Divisors are names and numbers that are not 0, as sizes are. */
export function expression(random: Random, depth: number, withDivisions = true): Made {
  const kind = random.integer(0, 9)
  if (depth === 0 || kind < 2) return leaf(random)
  if (kind < 4 && withDivisions) {
    const left = expression(random, depth - 1)
    const right = random.integer(0, 1)
      ? leafOf(random.pick(names as [Sym, ...Sym[]]))
      : number(random.integer(1, 5))
    return combined(random.pick(divisions), left, right)
  }
  const [left, right] = [
    expression(random, depth - 1, withDivisions),
    expression(random, depth - 1, withDivisions),
  ]
  return combined(random.pick(operators), left, right)
}

/** A random sum of products of names. */
export function polynomial(random: Random, terms = 3): Made {
  let sum = number(random.integer(-2, 3))
  for (let i = random.integer(1, terms); i > 0; i--) {
    let term = number(random.integer(-2, 3))
    for (let j = random.integer(1, 2); j > 0; j--)
      term = combined([multiply, (a, b) => a * b], term, leafOf(random.pick(names as [Sym, ...Sym[]])))
    sum = combined([add, (a, b) => a + b], sum, term)
  }
  return sum
}

const number = (n: number): Made => ({ dim: constant(n), value: () => n })
const leafOf = (symbol: Sym): Made => ({ dim: ofAtom(symbol), value: (sizes) => sizes.get(symbol) ?? 0 })
const leaf = (random: Random): Made =>
  random.integer(0, 2) === 0 ? number(random.integer(-3, 12)) : leafOf(random.pick(names as [Sym, ...Sym[]]))

function combined([make, value]: Operator, left: Made, right: Made): Made {
  return {
    dim: make(left.dim, right.dim),
    value: (sizes) => {
      const [a, b] = [left.value(sizes), right.value(sizes)]
      const result = a === null || b === null ? null : value(a, b)
      // Python has no negative zero.
      return result === null ? null : result + 0
    },
  }
}
