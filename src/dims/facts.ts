// What is known about dims at a point of the program: equalities, divisibility, order; and verdicts.

import {
  type Atom,
  constant,
  Dim,
  exactQuotient,
  gcd,
  isWhole,
  least,
  occursOnce,
  ofAtom,
  one,
  type Sym,
  scale,
  subtract,
  type Term,
} from './dim'
import { isProduct, orderOfProducts, signFrom } from './order'
import { substitute } from './substitution'
import type { Trail } from './trail'

/** Something taken to be true that the code needs but does not say. */
export interface Assumption {
  kind: 'divides' | 'at-most' | 'equal'
  left: Dim
  right: Dim
}

/**
 * The answer to «is a equal to b?».
 * - `proven`: for all values.
 * - `learnt`: the two were made equal by giving a symbol its value.
 * - `assumed`: equal if `assumption` holds, which is now taken as a fact.
 * - `suspicious`: equal only if a size that the code leaves open is 1 or 0.
 * - `apart`: equal only if two sizes are the same that the code unpacks from one shape under two names.
 * - `refuted`: for no values.
 * - `unknown`: cannot be told.
 */
export type Verdict =
  | { kind: 'proven' | 'learnt' | 'suspicious' | 'apart' | 'refuted' | 'unknown' }
  | { kind: 'assumed'; assumption: Assumption }

/** Loops that count compare thousands of sizes, of which the first tell as much as all. */
const mostOrders = 200
/** A loop that unpacks shapes tells the same apart in each turn. */
const mostApart = 1000

const proven: Verdict = { kind: 'proven' }
const refuted: Verdict = { kind: 'refuted' }
const unknown: Verdict = { kind: 'unknown' }

/** The name of a symbol and how strongly it speaks. */
export interface Naming {
  readonly name: string | null
  readonly weight: number
}

export class Facts {
  readonly #bindings: Map<Sym, Dim>
  /** Key `b | a` to whether it is proven (true) or assumed. */
  readonly #divides: Map<string, boolean>
  /** Dims known to be at least 0. */
  readonly #nonNegative: Map<string, Dim>
  readonly #names: Map<Sym, Naming>
  /** Names that a run gave, those of branches that are over too, for dims that only a branch knows. */
  readonly #given = new Map<Sym, Naming>()
  /** The last symbol that got each name in this run. */
  readonly #bearers = new Map<string, Sym>()
  readonly #assumptions: Map<string, Assumption>
  readonly #wholes: Map<string, { d: Dim; name: string }>
  readonly #apart: Map<string, readonly Dim[]>

  constructor(readonly trail: Trail) {
    this.#bindings = trail.factMap(new Map())
    this.#divides = trail.factMap(new Map())
    this.#nonNegative = trail.factMap(new Map())
    this.#names = trail.factMap(new Map())
    this.#assumptions = trail.factMap(new Map())
    this.#wholes = trail.factMap(new Map())
    this.#apart = trail.factMap(new Map())
  }

  /** The assumptions made so far, in order. */
  get assumptions(): Assumption[] {
    return [...this.#assumptions.values()]
  }

  #learnt = 0
  readonly #resolved = new WeakMap<Dim, { version: number; value: Dim }>()

  /** The dim in its present normal form: symbols with a value replaced, exact quotients exact. */
  resolve(d: Dim): Dim {
    if (d.value !== null || !this.#mayChange(d)) return d
    const version = this.#learnt + this.trail.undone
    const known = this.#resolved.get(d)
    if (known?.version === version) return known.value
    let current = d
    for (let round = 0; round < 8; round++) {
      const next = substitute(current, (atom) => this.#replacement(atom))
      if (next === current || next.key === current.key) break
      current = next
    }
    this.#resolved.set(d, { version, value: current })
    return current
  }

  #mayChange(d: Dim): boolean {
    if (!d.isPlain && (this.#divides.size > 0 || this.#nonNegative.size > 0)) return true
    for (const symbol of d.symbols) if (this.#bindings.has(symbol)) return true
    return false
  }

  #replacement(atom: Atom): Dim | null {
    if (atom.kind === 'symbol') return this.#bindings.get(atom) ?? null
    if (atom.kind === 'floordiv') {
      if (this.#divides.size === 0) return null
      const [left, right] = [this.resolve(atom.left), this.resolve(atom.right)]
      return this.#divides.has(dividesKey(right, left)) ? exactQuotient(left, right) : null
    }
    if (this.#nonNegative.size === 0) return null
    const [left, right] = [this.resolve(atom.left), this.resolve(atom.right)]
    if (this.isAtMost(left, right)) return atom.kind === 'min' ? left : right
    if (this.isAtMost(right, left)) return atom.kind === 'min' ? right : left
    return null
  }

  /** Gives a symbol its value. The caller has checked that the symbol does not occur in it. */
  bind(symbol: Sym, value: Dim): void {
    this.#learnt++
    this.trail.write(this.#bindings, symbol, value)
    const target = value.symbol
    const { name, weight } = this.naming(symbol)
    if (target && name !== null) this.name(target, name, weight)
  }

  /** Begins a run: names that earlier ones gave and took back are not shown in it. */
  forgetNames(): void {
    this.#given.clear()
    this.#bearers.clear()
  }

  /** The name of a symbol and how strongly it speaks. */
  naming(symbol: Sym): Naming {
    return this.#names.get(symbol) ?? { name: symbol.name, weight: symbol.nameWeight }
  }

  /**
   * The names of all symbols as they are now, and names for whole dims: `d` for `h*k` where the two
   * turned out to be equal.
   */
  namesNow(): { names: Map<Sym, Naming>; aliases: Map<string, string> } {
    const names = new Map(this.#given)
    for (const [symbol, naming] of this.#names) if (naming.name !== null) names.set(symbol, naming)
    const aliases = new Map<string, string>()
    for (const [symbol] of this.#bindings) {
      const { name, weight } = this.naming(symbol)
      const value = this.resolve(ofAtom(symbol))
      if (name !== null && weight > 1 && value.value === null && !value.symbol) aliases.set(value.key, name)
    }
    for (const [key, { d, name }] of this.#wholes)
      if (!aliases.has(key) && d.symbols.some((s) => this.naming(s).name === null)) aliases.set(key, name)
    return { names, aliases }
  }

  /** Names a dim as a whole, which counts where one of its symbols has no name: `H` for what a convolution leaves. */
  nameWhole(d: Dim, name: string): void {
    this.trail.write(this.#wholes, d.key, { d, name })
  }

  /** Names a symbol, unless it has a name that speaks as strongly. */
  name(symbol: Sym, name: string, weight: number): void {
    const old = this.naming(symbol)
    if (old.name === null || weight > old.weight) {
      this.#bearers.set(name, symbol)
      this.trail.write(this.#names, symbol, { name, weight })
      if (weight > (this.#given.get(symbol)?.weight ?? -1)) this.#given.set(symbol, { name, weight })
    }
  }

  /** True if another size, which need not be equal, goes by this name, which speaks more strongly there. */
  isTaken(name: string, symbol: Sym, weight: number): boolean {
    const bearer = this.#bearers.get(name)
    if (!bearer || bearer === symbol) return false
    const own = this.naming(bearer)
    return own.name === name && own.weight > weight && this.resolve(ofAtom(bearer)).symbol === bearer
  }

  /** Facts that were gone through since this was last set to 0. */
  work = 0

  /** True if a ≤ b for all values allowed by the facts. */
  isAtMost(a: Dim, b: Dim): boolean {
    const difference = subtract(b, a)
    if (least(difference) >= 0) return true
    this.work += this.#nonNegative.size
    for (const known of this.#nonNegative.values())
      if (haveCommonSymbol(known, difference) && least(subtract(difference, known)) >= 0) return true
    return false
  }

  /** Takes a ≤ b as a fact. */
  learnAtMost(a: Dim, b: Dim): void {
    if (this.#nonNegative.size >= mostOrders) return
    const difference = subtract(this.resolve(b), this.resolve(a))
    if (least(difference) >= 0) return
    this.#learnt++
    this.trail.write(this.#nonNegative, difference.key, difference)
  }

  /** `a` compared with `b`: -1, 0, 1, or null if it cannot be told. */
  compare(a: Dim, b: Dim): -1 | 0 | 1 | null {
    const [x, y] = [this.resolve(a), this.resolve(b)]
    if (x.key === y.key) return 0
    if (this.isAtMost(subtract(x, constant(-1)), y)) return -1
    if (this.isAtMost(subtract(y, constant(-1)), x)) return 1
    return null
  }

  /** True if a ≤ b, false if a > b, null if it cannot be told. */
  atMost(a: Dim, b: Dim): boolean | null {
    const [x, y] = [this.resolve(a), this.resolve(b)]
    if (this.isAtMost(x, y)) return true
    return this.isAtMost(subtract(y, constant(-1)), x) ? false : null
  }

  /** Equality without learning anything. `suspicious` means: only with sizes of 0 or 1. */
  equal(a: Dim, b: Dim): Verdict {
    if (a.value !== null && b.value !== null) return a.value === b.value ? proven : refuted
    const difference = subtract(this.resolve(a), this.resolve(b))
    const value = difference.value
    if (value !== null) return value === 0 ? proven : refuted
    return this.#isNonZero(difference) ? refuted : unknown
  }

  /** Compares two sizes as PyTorch does with symbols, all of which it takes to be at least 2. */
  order(a: Dim, b: Dim): -1 | 0 | 1 | null {
    if (a.key === b.key) return 0
    if (a.value !== null && b.value !== null) return a.value < b.value ? -1 : 1
    const [x, y] = [this.resolve(a), this.resolve(b)]
    if (isProduct(x) && isProduct(y)) return orderOfProducts(x, y)
    const difference = subtract(x, y)
    if (difference.terms.length === 0) return 0
    return signFrom(difference, 2)
  }

  #isNonZero(difference: Dim): boolean {
    return signFrom(difference, 1) !== null
  }

  /** True if b divides a by what is known; false if it certainly does not; null otherwise. */
  divides(b: Dim, a: Dim): boolean | null {
    const [x, y] = [this.resolve(a), this.resolve(b)]
    const [m, n] = [x.value, y.value]
    if (m !== null && n) return m % n === 0
    if (this.#divides.has(dividesKey(y, x))) return true
    const quotient = exactQuotient(x, y)
    return quotient && isWhole(quotient) ? true : null
  }

  /** Takes «b divides a» as a fact; `isProven` tells whether the code checks it. */
  learnDivides(b: Dim, a: Dim, isProven: boolean): Assumption | null {
    const [x, y] = [this.resolve(a), this.resolve(b)]
    if (this.divides(y, x) !== null) return null
    this.#learnt++
    this.trail.write(this.#divides, dividesKey(y, x), isProven)
    return isProven ? null : this.assume({ kind: 'divides', left: y, right: x })
  }

  assume(assumption: Assumption): Assumption {
    const key = `${assumption.kind} ${assumption.left.key} ${assumption.right.key}`
    this.trail.write(this.#assumptions, key, assumption)
    return assumption
  }

  /**
   * Makes a and b equal if that can be: by a symbol's value, or by an assumption. Common factors are
   * cancelled first, since sizes are not 0 where they matter.
   */
  unify(a: Dim, b: Dim, isSaid = false): Verdict {
    const [x, y] = [this.resolve(a), this.resolve(b)]
    if (x.key === y.key) return proven
    if (x.value !== null && y.value !== null) return refuted
    const full = subtract(x, y)
    if (full.terms.length === 1) {
      // One term that would have to be 0.
      return full.value !== null || this.#isNonZero(full) ? refuted : unknown
    }
    const difference = lowestTerms(cancelCommonFactors(full))
    if (difference.value !== null) return refuted
    const exact = this.#byExactness(difference)
    if (exact) return exact
    if (this.#isNonZero(difference)) return refuted
    const solved = this.#solve(difference, isSaid)
    return solved ?? unknown
  }

  /** Equal once a quotient in it is exact, or an extremum decided. */
  #byExactness(difference: Dim): Verdict | null {
    for (const t of difference.terms)
      for (const { atom } of t.factors) {
        if (atom.kind === 'symbol') continue
        const candidates =
          atom.kind === 'floordiv' ? [exactQuotient(atom.left, atom.right)] : [atom.left, atom.right]
        for (const candidate of candidates) {
          if (!candidate) continue
          const rest = substitute(difference, (other) => (other.key === atom.key ? candidate : null))
          if (rest.terms.length > 0) continue
          if (atom.kind === 'floordiv') {
            const assumption = this.learnDivides(atom.right, atom.left, false)
            return assumption ? { kind: 'assumed', assumption } : proven
          }
          const other = candidate === atom.left ? atom.right : atom.left
          const [low, high] = atom.kind === 'min' ? [candidate, other] : [other, candidate]
          this.learnAtMost(low, high)
          return { kind: 'assumed', assumption: this.assume({ kind: 'at-most', left: low, right: high }) }
        }
      }
    return null
  }

  #solve(difference: Dim, isSaid: boolean): Verdict | null {
    let best: { symbol: Sym; t: Term } | null = null
    for (const t of difference.terms) {
      const [factor] = t.factors
      if (t.factors.length !== 1 || !factor || factor.power !== 1 || factor.atom.kind !== 'symbol') continue
      if (t.den !== 1 || Math.abs(t.num) !== 1) continue
      const symbol = factor.atom
      if (occursOnce(difference, symbol) && (!best || this.#precedes(symbol, best.symbol)))
        best = { symbol, t }
    }
    // A name is not given up for a product with an unnamed size: that size is the quotient.
    if (!best || this.naming(best.symbol).name !== null) {
      const quotient = this.#solveFactor(difference)
      if (quotient) return quotient
    }
    if (!best) return null
    const self = ofAtom(best.symbol)
    // difference = ±symbol + rest, so symbol = ∓rest.
    const value =
      best.t.num > 0 ? subtract(self, difference) : subtract(difference, subtract(constant(0), self))
    if (!isSaid && this.#isToldApart(best.symbol, value)) return { kind: 'apart' }
    const number = value.value
    if (number !== null && (number < best.symbol.least || number > best.symbol.greatest)) return refuted
    if (number !== null && number <= 1 && this.naming(best.symbol).weight > 1) return { kind: 'suspicious' }
    this.bind(best.symbol, value)
    return { kind: 'learnt' }
  }

  /** Takes sizes as meant to be different, since the code unpacks them from one shape under names of their own. */
  tellApart(symbols: readonly Sym[]): void {
    if (this.#apart.size < mostApart)
      this.trail.write(this.#apart, symbols.map((s) => s.key).join(), symbols.map(ofAtom))
  }

  /** True for two sizes that the code unpacks from one shape under two names. */
  areApart(a: Dim, b: Dim): boolean {
    const { symbol } = this.resolve(a)
    return symbol !== null && this.resolve(b).symbol !== null && this.#isToldApart(symbol, this.resolve(b))
  }

  /** True if a symbol would get a value made of another that the code tells apart from it. */
  #isToldApart(symbol: Sym, value: Dim): boolean {
    this.work += this.#apart.size
    for (const told of this.#apart.values()) {
      const dims = told.map((d) => this.resolve(d))
      const at = dims.findIndex((d) => d.symbol === symbol)
      if (at >= 0 && dims.some((d, i) => i !== at && d.symbols.some((s) => value.symbols.includes(s))))
        return true
    }
    return false
  }

  /** Solves `a − h·k` for an unnamed `k` as the exact quotient of `a` by `h`, which then divides `a`. */
  #solveFactor(difference: Dim): Verdict | null {
    const [first, second] = difference.terms
    if (difference.terms.length !== 2 || !first || !second) return null
    for (const [t, other] of [
      [first, second],
      [second, first],
    ] as const) {
      if (t.num * other.num >= 0) continue
      for (const { atom, power } of t.factors) {
        const isUnnamed = atom.kind === 'symbol' && power === 1 && this.naming(atom).name === null
        if (!isUnnamed || t.factors.length < 2) continue
        if (!occursOnce(difference, atom)) continue
        const cofactor = exactQuotient(new Dim([t]), ofAtom(atom))
        const whole = subtract(constant(0), new Dim([other]))
        const value = cofactor && exactQuotient(whole, cofactor)
        if (!value) continue
        this.learnDivides(cofactor, whole, true)
        this.bind(atom, value)
        return { kind: 'learnt' }
      }
    }
    return null
  }

  /** Of two symbols, the one to give up first: unnamed, then weakly named, then the newer. */
  #precedes(a: Sym, b: Sym): boolean {
    const [x, y] = [this.naming(a), this.naming(b)].map((n) => (n.name === null ? -1 : n.weight))
    return x !== y && x !== undefined && y !== undefined ? x < y : a.id > b.id
  }
}

const haveCommonSymbol = (a: Dim, b: Dim): boolean => a.symbols.some((s) => b.symbols.includes(s))

const dividesKey = (b: Dim, a: Dim): string => `${b.key} | ${a.key}`

/** The dim over the factors that all its terms share, so that `B·S·D − B·S·H·K` becomes `D − H·K`. */
function cancelCommonFactors(d: Dim): Dim {
  const [first, ...others] = d.terms
  if (!first || first.factors.length === 0) return d
  let quotient = d
  for (const { atom } of first.factors) {
    const powers = d.terms.map((t) => t.factors.find((f) => f.atom.key === atom.key)?.power ?? 0)
    const shared = Math.min(...powers)
    const deepest = powers.some((p) => p < 0) ? shared : Math.max(shared, 0)
    if (deepest === 0 || others.length === 0) continue
    let divisor = one
    const base = ofAtom(atom)
    for (let i = 0; i < Math.abs(deepest); i++) divisor = divide(divisor, base, deepest > 0)
    quotient = exactQuotient(quotient, divisor) ?? quotient
  }
  // Terms of later factors may still have negative powers; clear them.
  for (const t of quotient.terms)
    for (const { atom, power } of t.factors)
      if (power < 0) {
        const cleared = exactQuotient(quotient, exactQuotient(one, ofAtom(atom)) ?? one)
        if (cleared) return cancelCommonFactors(cleared)
      }
  return quotient
}

/** The dim over the number that goes into all its terms: `256·n − 768` becomes `n − 3`. */
function lowestTerms(d: Dim): Dim {
  const shared = d.terms.reduce((n, t) => gcd(n, t.num), 0)
  return shared > 1 ? scale(d, 1, shared) : d
}

const divide = (d: Dim, base: Dim, multiplyInstead: boolean): Dim =>
  multiplyInstead ? (exactQuotient(d, exactQuotient(one, base) ?? one) ?? d) : (exactQuotient(d, base) ?? d)
