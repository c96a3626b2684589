// Scores of single queries and keys in f64: what a hover reads, and what the tensor backends are held against.

import { type Encoding, rounding } from './encoding'
import { rotate, type Side } from './rotation'

/** A query or key of one head as it meets the other: table added, turned, and scaled by its position. */
export function placed(
  encoding: Encoding,
  side: Side,
  vector: ArrayLike<number>,
  position: number,
): Float64Array {
  const { added, rotation, queryScale } = encoding
  const table = added?.(position)
  const sum = Float64Array.from(vector, (value, m) => value + (table?.[m] ?? 0))
  const turned = rotation ? rotate(rotation, sum, side, position, rounding(encoding.precision)) : sum
  const warmth = side === 'query' ? (queryScale?.(position) ?? 1) : 1
  return turned.map((value) => value * warmth)
}

/** The score of query q at position i with key k at position j, before the mask and the softmax. */
export function score(
  encoding: Encoding,
  head: number,
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  i: number,
  j: number,
): number {
  const { scale, relative, bias } = encoding
  const query = placed(encoding, 'query', q, i)
  const key = placed(encoding, 'key', k, j)
  const met = relative
    ? dot(plus(query, relative.contentBias(head)), key) +
      dot(plus(query, relative.positionBias(head)), relative.vector(head, j - i))
    : dot(query, key)
  return scale * met + (bias?.(head, j - i) ?? 0)
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let m = 0; m < a.length; m++) sum += (a[m] ?? 0) * (b[m] ?? 0)
  return sum
}

const plus = (a: Float64Array, b: Float64Array | null): Float64Array =>
  b ? a.map((value, m) => value + (b[m] ?? 0)) : a
