// What positions alone do to scores: a map over i and j, or a curve over i − j where that is all it depends on.

import type { Encoding } from './encoding'
import { score } from './scores'

/**
 * The score that positions alone give query i and key j in a head:
 * - rotary, and none: of a query and a key of length 1 with all numbers alike (the mean of the
 *   pairs' cosines for the default RoPE), unscaled;
 * - absolute: the cosine of the angle between the two vectors of the table;
 * - relative: Shaw's q·r for such a query, Transformer-XL's v·r;
 * - bias: the bias.
 */
export function positionScore(encoding: Encoding, head: number, i: number, j: number): number {
  const { headDim, added, relative, bias, scale } = encoding
  if (bias) return bias(head, j - i)
  const none = new Float64Array(headDim)
  if (added) {
    const between = score(encoding, head, none, none, i, j)
    const own = score(encoding, head, none, none, i, i) * score(encoding, head, none, none, j, j)
    return between / Math.sqrt(own)
  }
  const unit = none.map(() => 1 / Math.sqrt(headDim))
  if (relative?.positionBias(head)) {
    const uAlone = score(
      { ...encoding, relative: { ...relative, contentBias: () => null } },
      head,
      none,
      none,
      i,
      j,
    )
    return uAlone / scale
  }
  if (relative) return score(encoding, head, unit, none, i, j) / scale
  return score(encoding, head, unit, unit, i, j) / scale
}

/**
 * The position-only map of n positions as a curve: entry n − 1 + (j − i) is its value at (i, j), so
 * that there are 2n − 1 of them. Null where the map depends on more than i − j.
 */
export function positionCurve(encoding: Encoding, head: number, n: number): Float64Array | null {
  if (!encoding.isToeplitz) return null
  const fast = turnedCurve(encoding, n)
  if (fast) return fast
  return Float64Array.from({ length: 2 * n - 1 }, (_, at) => {
    const offset = at - (n - 1)
    return positionScore(encoding, head, Math.max(-offset, 0), Math.max(offset, 0))
  })
}

/** The same for rotations in f64, as a sum of cosines: quick enough for a slider. */
function turnedCurve({ rotation, headDim, precision }: Encoding, n: number): Float64Array | null {
  if (!rotation || rotation.growth || precision === 'f32') return null
  const { theta, dim, attentionFactor } = rotation
  const curve = new Float64Array(2 * n - 1)
  const still = (headDim - dim) / headDim
  for (let offset = 0; offset < n; offset++) {
    let sum = 0
    for (const one of theta) sum += Math.cos(offset * one)
    const value = (2 * sum * attentionFactor * attentionFactor) / headDim + still
    curve[n - 1 + offset] = value
    curve[n - 1 - offset] = value
  }
  return curve
}
