// Dims as people write them: `B*S`, `D//H`, `2*S - 1`, and `?` for what has no name.

import { type Atom, Dim, type Factor, fractionOf, isIntegral, type Sym, type Term } from './dim'

export interface NameSource {
  /** The name of a symbol, or null where it has none. */
  nameOf(symbol: Sym): string | null
  /** True where the name is what a comment says of several sizes, `[B, N, N]`. */
  isShared?(symbol: Sym): boolean
  /** A name for a whole dim (`d` for what turned out to be `h * hd`), or null. */
  aliasOf?(d: Dim): string | null
}

export const plainNames: NameSource = { nameOf: (symbol) => symbol.name }

/** A dim in text; `?` if any part of it has no name. */
export function printDim(d: Dim, names: NameSource = plainNames): string {
  return print(d, names) ?? '?'
}

/** The dims of one shape in text; where two sizes go by one name, the second is told apart: `n, n2`. */
export function printDims(dims: readonly Dim[], names: NameSource): string[] {
  /** The symbol that goes by each name, or the key of a whole dim that does. */
  const bearers = new Map<string, Sym | string>()
  const distinct: NameSource = {
    nameOf(symbol) {
      const name = names.nameOf(symbol)
      if (name === null) return null
      for (let text = name, count = 2; ; text = `${name}${count++}`) {
        const bearer = bearers.get(text) ?? symbol
        bearers.set(text, bearer)
        if (bearer === symbol) return text
        if (typeof bearer !== 'string' && names.isShared?.(symbol) && names.isShared(bearer)) return text
      }
    },
    aliasOf(d) {
      const alias = names.aliasOf?.(d) ?? null
      if (alias === null || (bearers.get(alias) ?? d.key) !== d.key) return null
      bearers.set(alias, d.key)
      return alias
    },
  }
  return dims.map((d) => printDim(d, distinct))
}

function print(d: Dim, names: NameSource): string | null {
  if (d.value !== null) return String(d.value)
  const alias = names.aliasOf?.(d)
  if (alias) return alias
  const number = names.aliasOf && d.terms.find((t) => t.factors.length === 0 && t.den === 1)
  const named = number && names.aliasOf?.(new Dim(d.terms.filter((t) => t !== number)))
  if (number && named) return `${named} ${number.num < 0 ? '-' : '+'} ${Math.abs(number.num)}`
  // Only together are several fractions a whole number.
  const fractions = d.terms.filter((t) => !isIntegral(t))
  let text = ''
  if (fractions.length > 1) {
    const sides = fractionOf(new Dim(fractions)).map((side) => print(side, names))
    const [above = null, below = null] = sides
    if (above === null || below === null) return null
    text = `${bracket(above)}//${bracket(below, true)}`
  }
  const terms = fractions.length > 1 ? d.terms.filter(isIntegral) : [...d.terms]
  for (const t of terms.sort(readingOrder)) {
    const part = printTerm(t, names)
    if (part === null) return null
    // `-(a//b)` is not `-a//b`.
    if (text === '') text = t.num < 0 ? `-${isLoneFloor(t) ? `(${part})` : part}` : part
    else text += t.num < 0 ? ` - ${part}` : ` + ${part}`
  }
  return text
}

const isLoneFloor = ({ num, den, factors }: Term): boolean =>
  num === -1 && den === 1 && factors.length === 1 && factors[0]?.atom.kind === 'floordiv'

/** Positive terms first, longer products before shorter ones, numbers last. */
function readingOrder(a: Term, b: Term): number {
  if (a.num > 0 !== b.num > 0) return a.num > 0 ? -1 : 1
  if (a.factors.length !== b.factors.length) return b.factors.length - a.factors.length
  return asMade(a.key, b.key)
}

function quotientsFirst({ atom: a }: Factor, { atom: b }: Factor): number {
  if ((a.kind === 'symbol') !== (b.kind === 'symbol')) return a.kind === 'symbol' ? 1 : -1
  return asMade(a.key, b.key)
}

/** Older symbols first: their keys count up. */
const asMade = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1)

function printTerm(t: Term, names: NameSource): string | null {
  const [above, below] = [[] as string[], [] as string[]]
  if (Math.abs(t.num) !== 1) above.push(String(Math.abs(t.num)))
  if (t.den !== 1) below.push(String(t.den))
  for (const factor of [...t.factors].sort(quotientsFirst)) {
    const text = printFactor(
      factor,
      names,
      t.factors.length > 1 || factor.power !== 1 || t.den !== 1 || Math.abs(t.num) !== 1,
    )
    if (text === null) return null
    for (let i = 0; i < Math.abs(factor.power); i++) (factor.power > 0 ? above : below).push(text)
  }
  const numerator = above.length === 0 ? '1' : above.join('*')
  if (below.length === 0) return numerator
  return `${numerator}//${below.length === 1 ? below[0] : `(${below.join('*')})`}`
}

function printFactor({ atom, power }: Factor, names: NameSource, inProduct: boolean): string | null {
  const text = printAtom(atom, names)
  if (text === null) return null
  return atom.kind === 'floordiv' && (inProduct || power < 0) ? `(${text})` : text
}

function printAtom(atom: Atom, names: NameSource): string | null {
  if (atom.kind === 'symbol') return names.nameOf(atom)
  const [left, right] = [print(atom.left, names), print(atom.right, names)]
  if (left === null || right === null) return null
  if (atom.kind !== 'floordiv') {
    const isSwapped = atom.left.value !== null || asMade(atom.left.key, atom.right.key) > 0
    return `${atom.kind}(${isSwapped && atom.right.value === null ? `${right}, ${left}` : `${left}, ${right}`})`
  }
  return `${bracket(left)}//${bracket(right, true)}`
}

const bracket = (text: string, isDivisor = false): string =>
  (isDivisor ? /[ */]/ : / /).test(text) ? `(${text})` : text
