// Elements of floating tensors that are known to within a rounding: enough to round them, and to no more.

import { type Dim, ofAtom, Sym } from '../dims/dim'

/** A number that is known to within an error; as an atom it is equal to itself alone. */
class Nearly extends Sym {
  constructor(
    readonly low: number,
    readonly high: number,
  ) {
    super(null, -Infinity)
  }
}

/** More than any function of `float32` is rounded by. */
const rounding = 2 ** -20

/** A number that was rounded, or was made of such as large as `most`. */
export const nearly = (value: number, most = value): Dim => within(value, value, most)

function within(low: number, high: number, most: number): Dim {
  const error = rounding * Math.abs(most)
  return ofAtom(new Nearly(low - error, high + error))
}

/** The number that an element is, which may be a fraction; null where it is not known. */
export function realOf(d: Dim): number | null {
  const [only] = d.terms
  if (!only) return 0
  return d.terms.length === 1 && only.factors.length === 0 ? only.num / only.den : null
}

/** The least and the greatest number that an element may be; null where that is not known. */
export function rangeOf(d: Dim): readonly [number, number] | null {
  const { symbol } = d
  if (symbol instanceof Nearly) return [symbol.low, symbol.high]
  const real = realOf(d)
  return real === null ? null : [real, real]
}

/** True for an element that is known to within an error, or made of such. */
export const isInexact = (d: Dim): boolean => d.value === null && d.symbols.some((s) => s instanceof Nearly)

/** What a function gives that only rises or only falls where its operands are on one side of 0. */
export function approximately(
  apply: (...numbers: number[]) => number,
  operands: readonly (Dim | undefined)[],
): Dim | null {
  let corners: number[][] = [[]]
  for (const operand of operands) {
    const range = operand ? rangeOf(operand) : null
    if (!range || range[0] * range[1] < 0) return null
    const ends = range[0] === range[1] ? [range[0]] : range
    corners = corners.flatMap((corner) => ends.map((end) => [...corner, end]))
  }
  const found = corners.map((corner) => apply(...corner))
  if (!found.every(Number.isFinite)) return null
  const [low, high] = [Math.min(...found), Math.max(...found)]
  return within(low, high, Math.max(Math.abs(low), Math.abs(high)))
}
