// The sign of a dim, and the order of two products, for all sizes from a least one on.

import { type Compound, constant, type Dim, exactQuotient, least, ofAtom, type Sym, subtract } from './dim'
import { substitute } from './substitution'

/** Of dims with longer terms nothing is told: shifted by a number, products have ever more terms. */
const longestTerm = 500

/** The sign that a dim has for all sizes of at least `by`; null if it has more than one, or that cannot be told. */
export function signFrom(d: Dim, by: number): -1 | 1 | null {
  const corner = cornerOf(d, by)
  if (corner) {
    const { value, rises, falls } = corner
    if (value === 0) return null
    if (value > 0 ? !falls : !rises) return value > 0 ? 1 : -1
    if (!rises || !falls) return null
  }
  if (d.key.length > longestTerm) return null
  const shifted = shiftSizes(d, by)
  if (least(shifted) > 0) return 1
  return least(subtract(constant(0), shifted)) > 0 ? -1 : null
}

/**
 * What a sum of products of sizes is where all of them are `by`, and whether it rises and falls as they grow; null for
 * other dims.
 */
function cornerOf({ terms }: Dim, by: number): { value: number; rises: boolean; falls: boolean } | null {
  let [value, rises, falls] = [0, false, false]
  for (const { num, den, factors } of terms) {
    let part = num / den
    for (const { atom, power } of factors) {
      if (atom.kind !== 'symbol' || power < 0 || !isSize(atom)) return null
      part *= by ** power
    }
    value += part
    if (factors.length > 0 && num > 0) rises = true
    if (factors.length > 0 && num < 0) falls = true
  }
  return { value, rises, falls }
}

/** The dim with each size, and each quotient of one that is as large then, replaced by itself plus `by`: it is at least 0 then. */
const shiftSizes = (d: Dim, by: number): Dim =>
  substitute(
    d,
    (atom) =>
      (atom.kind === 'symbol' ? isSize(atom) : isLargeQuotient(atom, by))
        ? subtract(ofAtom(atom), constant(-by))
        : null,
    true,
  )

const isLargeQuotient = ({ kind, left, right }: Compound, by: number): boolean =>
  kind === 'floordiv' && (right.value ?? 0) > 0 && least(shiftSizes(left, by)) >= by * (right.value ?? 0)

/** True for what is 0 in no usual run, other than an index or a number of a known range. */
const isSize = ({ least, greatest }: Sym): boolean => least === 0 && greatest === Infinity

/** True for a product of symbols with a number above 0. */
export const isProduct = ({ terms: [only, ...others] }: Dim): boolean =>
  only !== undefined && others.length === 0 && only.num > 0

/** The order of two products: by their quotient, where that is a product or a fraction alone. */
export function orderOfProducts(a: Dim, b: Dim): -1 | 0 | 1 | null {
  const [quotient] = exactQuotient(a, b)?.terms ?? []
  if (!quotient) return null
  if (quotient.factors.length === 0)
    return quotient.num === quotient.den ? 0 : quotient.num > quotient.den ? 1 : -1
  if (quotient.factors.some((f) => f.atom.kind !== 'symbol' || f.atom.least < 0)) return null
  // Each factor is at least 2.
  const power = quotient.factors.reduce((sum, f) => sum + f.power, 0)
  const ratio = quotient.num / quotient.den
  if (quotient.factors.every((f) => f.power > 0)) return ratio * 2 ** power > 1 ? 1 : null
  if (quotient.factors.every((f) => f.power < 0)) return ratio * 2 ** power < 1 ? -1 : null
  return null
}
