// Symbolic dimensions in a normal form: equal dims have equal keys.

/**
 * A named unknown integer. Two symbols are the same only if they are the same object, whatever
 * their names. `name` is null while the code has not named it.
 */
export class Sym {
  static #next = 1
  readonly kind = 'symbol'
  readonly id = Sym.#next++
  /** The id of the newest one. */
  static get newest(): number {
    return Sym.#next - 1
  }
  readonly key: string
  constructor(
    readonly name: string | null,
    /** The least value it can have: 0 for sizes, -Infinity for integers of unknown sign. */
    readonly least: number = 0,
    /** How strongly the name speaks: a name given by unpacking a shape beats an attribute's. */
    readonly nameWeight: number = 0,
    /** The greatest value it can have, for elements of a known range. */
    readonly greatest: number = Infinity,
    /** True where it is 1 unless somebody gives another: the default of a parameter. */
    readonly isUsuallyOne: boolean = false,
  ) {
    this.key = `s${this.id}`
  }
}

/** The quotient ⌊a / b⌋ where it is not known that b divides a, or an extremum of two dims. */
export interface Compound {
  kind: 'floordiv' | 'min' | 'max'
  left: Dim
  right: Dim
  key: string
  /** It is never less than this. */
  least: number
  /** It is never greater than this. */
  greatest: number
}

export type Atom = Sym | Compound

/** `atom ** power`; a negative power is an exact quotient. */
export interface Factor {
  atom: Atom
  power: number
}

/** `num/den` times the product of the factors, which are sorted by key. */
export interface Term {
  num: number
  den: number
  factors: readonly Factor[]
  key: string
}

/** A sum of terms, sorted by key; no two have the same factors and none is zero. */
export class Dim {
  readonly key: string
  constructor(readonly terms: readonly Term[]) {
    let key = ''
    for (const term of terms) key += `${term.den === 1 ? term.num : `${term.num}/${term.den}`}${term.key}+`
    this.key = key
    const [only] = terms
    this.#value =
      terms.length === 0
        ? 0
        : terms.length === 1 && only?.factors.length === 0 && only.den === 1
          ? only.num
          : null
  }
  /** The number that this is, or null. */
  get value(): number | null {
    return this.#value
  }
  readonly #value: number | null
  #symbols: readonly Sym[] | null = null
  /** The symbols in it, those inside quotients and extrema too. */
  get symbols(): readonly Sym[] {
    if (this.#symbols) return this.#symbols
    const found = new Set<Sym>()
    for (const t of this.terms)
      for (const { atom } of t.factors)
        if (atom.kind === 'symbol') found.add(atom)
        else for (const side of [atom.left, atom.right]) for (const symbol of side.symbols) found.add(symbol)
    this.#symbols = [...found]
    return this.#symbols
  }
  /** True if it is a sum of products of symbols, with no quotient or extremum in it. */
  get isPlain(): boolean {
    this.#isPlain ??= this.terms.every((t) => t.factors.every((f) => f.atom.kind === 'symbol'))
    return this.#isPlain
  }
  #isPlain: boolean | null = null
  /** The lone symbol that this is, or null. */
  get symbol(): Sym | null {
    const [only] = this.terms
    if (this.terms.length !== 1 || !only || only.num !== 1 || only.den !== 1) return null
    const [factor] = only.factors
    return only.factors.length === 1 && factor?.power === 1 && factor.atom.kind === 'symbol'
      ? factor.atom
      : null
  }
}

/** The greatest common divisor. */
export const gcd = (a: number, b: number): number => {
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y) [x, y] = [y, x % y]
  return x
}

const factorsKey = (factors: readonly Factor[]): string => {
  let key = ''
  for (const { atom, power } of factors) key += `*${atom.key}${power === 1 ? '' : `^${power}`}`
  return key
}

/** `num/den` times factors that are sorted by key, in lowest terms. */
export const term = (
  num: number,
  den: number,
  factors: readonly Factor[],
  key = factorsKey(factors),
): Term => {
  const divisor = den === 1 ? 1 : gcd(num, den)
  const sign = den < 0 ? -1 : 1
  return { num: (sign * num) / divisor, den: (sign * den) / divisor, factors, key }
}

const sortTerms = (terms: Term[]): Term[] => terms.sort((a, b) => (a.key < b.key ? -1 : 1))

const small: Dim[] = []
/** The dimension of a known number. */
export function constant(value: number): Dim {
  if (value === 0) return zero
  if (value > 0 && value < 8192) return (small[value] ??= new Dim([term(value, 1, [])]))
  return new Dim([term(value, 1, [])])
}
export const zero = new Dim([])
export const one = constant(1)

/** The dimension that is one atom. */
export function ofAtom(atom: Atom): Dim {
  return new Dim([term(1, 1, [{ atom, power: 1 }])])
}

/** An integer from `least` to `greatest`, of which no more is known. */
export function between(least: number, greatest: number): Dim {
  return least === greatest ? constant(least) : ofAtom(new Sym(null, least, 0, greatest))
}

/** An index of which nothing is known; 0 is one like the others. */
export const someIndex = (): Dim => between(0, Number.MAX_SAFE_INTEGER)

/** A dimension of a new symbol. */
export function fresh(name: string | null = null, least = 0, weight = 0): Dim {
  return ofAtom(new Sym(name, least, weight))
}

export function add(a: Dim, b: Dim): Dim {
  if (a.terms.length === 0) return b
  if (b.terms.length === 0) return a
  const [x, y] = [a.value, b.value]
  if (x !== null && y !== null) return constant(x + y)
  const sums = new Map<string, Term>()
  for (const t of a.terms) sums.set(t.key, t)
  for (const t of b.terms) {
    const other = sums.get(t.key)
    if (!other) sums.set(t.key, t)
    else {
      const sum = term(other.num * t.den + t.num * other.den, other.den * t.den, t.factors, t.key)
      if (sum.num === 0) sums.delete(t.key)
      else sums.set(t.key, sum)
    }
  }
  return tame(new Dim(sortTerms([...sums.values()])))
}

export function scale(a: Dim, num: number, den = 1): Dim {
  if (num === 0) return zero
  if (num === 1 && den === 1) return a
  return new Dim(a.terms.map((t) => term(t.num * num, t.den * den, t.factors, t.key)))
}

export const negate = (a: Dim): Dim => scale(a, -1)
export const subtract = (a: Dim, b: Dim): Dim => (a.key === b.key ? zero : add(a, negate(b)))

/** Longer forms than people write come from loops, which let them grow without end. */
const longestKey = 2000
const tame = (d: Dim): Dim => (d.key.length > longestKey ? fresh(null, -Infinity) : d)

const multiplyTerms = (a: Term, b: Term): Term => {
  if (a.factors.length === 0) return term(a.num * b.num, a.den * b.den, b.factors, b.key)
  if (b.factors.length === 0) return term(a.num * b.num, a.den * b.den, a.factors, a.key)
  const factors: Factor[] = []
  let [i, j] = [0, 0]
  while (i < a.factors.length || j < b.factors.length) {
    const [x, y] = [a.factors[i], b.factors[j]]
    if (x && y && x.atom.key === y.atom.key) {
      const power = x.power + y.power
      if (power !== 0) factors.push({ atom: x.atom, power })
      i++
      j++
    } else if (x && (!y || x.atom.key < y.atom.key)) {
      factors.push(x)
      i++
    } else if (y) {
      factors.push(y)
      j++
    }
  }
  return term(a.num * b.num, a.den * b.den, factors)
}

export function multiply(a: Dim, b: Dim): Dim {
  const [x, y] = [a.value, b.value]
  if (x !== null && y !== null) return constant(x * y)
  if (x !== null) return scale(b, x)
  if (y !== null) return scale(a, y)
  let product = zero
  for (const t of a.terms) product = add(product, new Dim(sortTerms(b.terms.map((u) => multiplyTerms(t, u)))))
  return product
}

export const product = (dims: readonly Dim[]): Dim => dims.reduce(multiply, one)

const invertTerm = (t: Term): Term =>
  term(
    t.den,
    t.num,
    t.factors.map((f) => ({ atom: f.atom, power: -f.power })),
  )

/**
 * The exact quotient a / b as a normal form: `D/H * H` is `D` again. Null where no normal form
 * holds it (a divisor of several terms that does not go into `a`), or when b is 0.
 */
export function exactQuotient(a: Dim, b: Dim): Dim | null {
  const [divisor, ...others] = b.terms
  if (!divisor) return null
  if (others.length === 0) {
    const inverse = invertTerm(divisor)
    return new Dim(sortTerms(a.terms.map((t) => multiplyTerms(t, inverse))))
  }
  if (a.terms.length === 0) return zero
  const isPossible = powersOfQuotient(a, b)
  if (!isPossible) return null
  // Long division by the leading term; the result counts only if nothing remains.
  let [rest, quotient] = [a, zero]
  const inverse = invertTerm(others.reduce(leading, divisor))
  for (let steps = 0; steps < 32 && rest.terms.length > 0; steps++) {
    const [first, ...more] = rest.terms
    if (!first) break
    const lead = more.reduce(leading, first)
    const part = multiplyTerms(lead, inverse)
    if (!isPossible(part)) return null
    const next = new Dim([part])
    quotient = add(quotient, next)
    rest = subtract(rest, multiply(next, b))
  }
  return rest.terms.length === 0 ? quotient : null
}

/** The powers that an atom has in the terms of a dim, from the least to the greatest. */
type Powers = Map<string, { low: number; high: number }>

function powersOf({ terms: [first, ...others] }: Dim): Powers {
  const powers: Powers = new Map()
  for (const { atom, power } of first?.factors ?? []) powers.set(atom.key, { low: power, high: power })
  for (const { factors } of others) {
    for (const { atom, power } of factors) {
      const known = powers.get(atom.key)
      // Terms before this one do not have it.
      if (!known) powers.set(atom.key, { low: Math.min(power, 0), high: Math.max(power, 0) })
      else {
        known.low = Math.min(known.low, power)
        known.high = Math.max(known.high, power)
      }
    }
    for (const [key, known] of powers)
      if (!factors.some(({ atom }) => atom.key === key)) {
        known.low = Math.min(known.low, 0)
        known.high = Math.max(known.high, 0)
      }
  }
  return powers
}

/**
 * Whether a term can be one of a / b: the greatest power of an atom in a product is the sum of the greatest in its
 * factors, and the least that of the least. Null where no term can.
 */
function powersOfQuotient(a: Dim, b: Dim): ((t: Term) => boolean) | null {
  const [dividend, divisor] = [powersOf(a), powersOf(b)]
  const none = { low: 0, high: 0 }
  const powers: Powers = new Map()
  for (const key of [...dividend.keys(), ...divisor.keys()]) {
    const [x, y] = [dividend.get(key) ?? none, divisor.get(key) ?? none]
    const [low, high] = [x.low - y.low, x.high - y.high]
    if (low > high) return null
    powers.set(key, { low, high })
  }
  return ({ factors }) =>
    factors.every(({ atom, power }) => {
      const { low, high } = powers.get(atom.key) ?? none
      return low <= power && power <= high
    })
}

/** Of two terms the one with the higher power of the first atom in which they differ, so that products keep the order. */
function leading(a: Term, b: Term): Term {
  let [i, j] = [0, 0]
  for (;;) {
    const [x, y] = [a.factors[i], b.factors[j]]
    if (!x && !y) return a
    if (x && y && x.atom.key === y.atom.key) {
      if (x.power !== y.power) return x.power > y.power ? a : b
      i++
      j++
    } else if (x && (!y || x.atom.key < y.atom.key)) return x.power > 0 ? a : b
    else if (y) return y.power > 0 ? b : a
  }
}

/** True if the dim is a whole number for all values of its names, as far as its form shows. */
export const isWhole = (d: Dim): boolean => d.terms.every(isIntegral)

/** A dim as numerator and denominator, both without quotients: `S·D/H + 1` as `S·D + H` and `H`. */
export function fractionOf(d: Dim): [numerator: Dim, denominator: Dim] {
  let den = 1
  const powers = new Map<string, Factor>()
  for (const t of d.terms) {
    den = (den * t.den) / gcd(den, t.den)
    for (const f of t.factors) if (f.power < (powers.get(f.atom.key)?.power ?? 0)) powers.set(f.atom.key, f)
  }
  const factors = [...powers.values()].map((f) => ({ atom: f.atom, power: -f.power }))
  factors.sort((a, b) => (a.atom.key < b.atom.key ? -1 : 1))
  const denominator = new Dim([term(den, 1, factors)])
  return [multiply(d, denominator), denominator]
}

export const isIntegral = (t: Term): boolean => t.den === 1 && t.factors.every((f) => f.power > 0)

const compound = (kind: Compound['kind'], left: Dim, right: Dim): Dim =>
  tame(ofAtom({ kind, left, right, key: `${kind}(${left.key},${right.key})`, ...rangeOf(kind, left, right) }))

function rangeOf(kind: Compound['kind'], left: Dim, right: Dim): Pick<Compound, 'least' | 'greatest'> {
  const lower = [least(left), least(right)] as const
  if (kind === 'floordiv')
    return { least: lower[0] >= 0 && lower[1] >= 0 ? 0 : -Infinity, greatest: Infinity }
  const upper = [greatest(left), greatest(right)] as const
  const extreme = kind === 'min' ? Math.min : Math.max
  return { least: extreme(...lower), greatest: extreme(...upper) }
}

/**
 * ⌊a / b⌋ in Python's sense: the part of `a` that `b` certainly divides is taken out
 * (law: ⌊(q·b + r) / b⌋ = q + ⌊r / b⌋ for whole q), the rest stays as one quotient.
 */
export function floorDivide(a: Dim, b: Dim): Dim {
  const [x, y] = [a.value, b.value]
  if (y === 0) return fresh(null, -Infinity)
  if (y === 1) return a
  if (x !== null && y !== null) return constant(Math.floor(x / y))
  if (a.key === b.key) return one
  const [divisor, ...others] = b.terms
  if (!divisor) return a
  if (others.length > 0) {
    const whole = exactQuotient(a, b)
    return whole?.terms.every(isIntegral) ? whole : compound('floordiv', a, b)
  }
  const inverse = invertTerm(divisor)
  let [taken, rest] = [zero, zero]
  for (const t of a.terms) {
    const quotient = multiplyTerms(t, inverse)
    if (isIntegral(quotient)) taken = add(taken, new Dim([quotient]))
    else if (t.factors.length === 0 && y !== null && t.den === 1) {
      taken = add(taken, constant(Math.floor(t.num / y)))
      rest = add(rest, constant(t.num - y * Math.floor(t.num / y)))
    } else rest = add(rest, new Dim([t]))
  }
  if (rest.terms.length === 0) return taken
  const left = rest.value
  if (left !== null && y !== null) return add(taken, constant(Math.floor(left / y)))
  // Law: ⌊⌊a / b⌋ / c⌋ = ⌊a / (b·c)⌋.
  const atom = soleAtom(rest)
  if (atom?.kind === 'floordiv') return add(taken, floorDivide(atom.left, multiply(atom.right, b)))
  return add(taken, compound('floordiv', rest, b))
}

/** The atom that a dim consists of, or null. */
export function soleAtom(d: Dim): Atom | null {
  const [only] = d.terms
  const factor = only?.factors[0]
  return d.terms.length === 1 &&
    only?.num === 1 &&
    only.den === 1 &&
    only.factors.length === 1 &&
    factor?.power === 1
    ? factor.atom
    : null
}

/** a mod b in Python's sense, as a − b·⌊a / b⌋. */
export const modulo = (a: Dim, b: Dim): Dim => subtract(a, multiply(b, floorDivide(a, b)))

/** ⌈a / b⌉. */
export const ceilDivide = (a: Dim, b: Dim): Dim => {
  const [x, y] = [a.value, b.value]
  if (x !== null && y) return constant(Math.ceil(x / y))
  return floorDivide(add(a, subtract(b, one)), b)
}

export function minimum(a: Dim, b: Dim): Dim {
  return extremum('min', a, b)
}
export function maximum(a: Dim, b: Dim): Dim {
  return extremum('max', a, b)
}
function extremum(kind: 'min' | 'max', a: Dim, b: Dim): Dim {
  const difference = subtract(a, b)
  const aIsLess = greatest(difference) <= 0
  if (aIsLess || least(difference) >= 0) return (kind === 'min') === aIsLess ? a : b
  return a.key < b.key ? compound(kind, a, b) : compound(kind, b, a)
}

const bound = (d: Dim, low: boolean): number => {
  let sum = 0
  for (const t of d.terms) {
    const upper = t.num > 0 !== low
    let value = Math.abs(t.num) / t.den
    for (const { atom, power } of t.factors) {
      if (atom.least < 0) return low ? -Infinity : Infinity
      const edge = upper === power > 0 ? atom.greatest : atom.least
      value *= edge === 0 && power < 0 ? Infinity : edge === Infinity && power < 0 ? 0 : edge ** power
      if (Number.isNaN(value)) return low ? -Infinity : Infinity
    }
    sum += t.num > 0 ? value : -value
    if (Number.isNaN(sum)) return low ? -Infinity : Infinity
  }
  return sum
}
/** A number that the dim is never less than. */
export const least = (d: Dim): number => bound(d, true)
/** A number that the dim is never greater than. */
export const greatest = (d: Dim): number => bound(d, false)

/** True if a symbol stands in a dim once: as a factor, and in no quotient or extremum. */
export function occursOnce(d: Dim, symbol: Sym): boolean {
  let count = 0
  for (const t of d.terms)
    for (const { atom } of t.factors)
      if (atom === symbol) count++
      else if (
        atom.kind !== 'symbol' &&
        [atom.left, atom.right].some((side) => side.symbols.includes(symbol))
      )
        return false
  return count === 1
}
