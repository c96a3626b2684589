// What positions alone do to scores: a map over i and j, or a curve over i − j where that is all it depends on.

import type { Encoding } from './encoding'
import type { Side } from './rotation'
import { dot, placed } from './scores'
import { turning } from './turning'

/**
 * The score that positions alone give query i and key j in a head, unscaled:
 * - rotary, and none: of a query and a key of length 1 with all numbers alike (the mean of the
 *   pairs' cosines for the default RoPE);
 * - absolute: the cosine of the angle between the two vectors of the table;
 * - relative: Shaw's q·r for such a query, Transformer-XL's v·r;
 * - bias: the bias.
 */
export function positionScore(encoding: Encoding, head: number, i: number, j: number): number {
  const { headDim, relative, bias } = encoding
  if (bias) return bias(head, j - i)
  if (relative) return dot(relative.positionBias(head) ?? unit(headDim), relative.vector(head, j - i))
  return dot(positionVector(encoding, 'query', i), positionVector(encoding, 'key', j))
}

/** What stands for a position where the map is the products of rows: all but relative and bias encodings. */
export function positionVector(encoding: Encoding, side: Side, position: number): Float64Array {
  const { headDim, added } = encoding
  if (!added) return placed(encoding, side, unit(headDim), position)
  const table = added(position)
  const length = Math.sqrt(dot(table, table))
  return table.map((value) => value / length)
}

/** The vector of length 1 with all numbers alike. */
const unit = (dim: number): Float64Array => new Float64Array(dim).fill(1 / Math.sqrt(dim))

/**
 * The position-only map of n positions as a curve: entry n − 1 + (j − i) is its value at (i, j), so
 * that there are 2n − 1 of them. Null where the map depends on more than i − j.
 */
export function positionCurve(encoding: Encoding, head: number, n: number): Float64Array | null {
  if (!encoding.isToeplitz) return null
  const fast = cosineCurve(encoding, n)
  if (fast) return fast
  return Float64Array.from({ length: 2 * n - 1 }, (_, at) => {
    const offset = at - (n - 1)
    return positionScore(encoding, head, Math.max(-offset, 0), Math.max(offset, 0))
  })
}

/** The same for rotations and sinusoids in f64, as a sum of cosines: quick enough for a slider. */
function cosineCurve(encoding: Encoding, n: number): Float64Array | null {
  const { rotation, added, frequencies, headDim, precision } = encoding
  if (precision === 'f32' || !frequencies || !(rotation || added)) return null
  const { theta } = frequencies
  const factor = (2 * (rotation?.attentionFactor ?? 1) ** 2) / headDim
  const still = rotation ? (headDim - rotation.dim) / headDim : 0
  // xPos: ζ^((i − j) / scaleBase) for each pair, as e^(−rate·(j − i))
  const growth = rotation?.growth
  const curve = new Float64Array(2 * n - 1).fill(still)
  for (const [pair, angle] of theta.entries()) {
    const rate = growth ? Math.log(growth.zeta[pair] ?? 1) / growth.scaleBase : 0
    turning(angle, n, (offset, cosine) => {
      const grown = rate === 0 ? 1 : Math.exp(offset * rate)
      curve[n - 1 + offset] = (curve[n - 1 + offset] ?? 0) + (factor * cosine) / grown
      if (offset > 0) curve[n - 1 - offset] = (curve[n - 1 - offset] ?? 0) + factor * cosine * grown
    })
  }
  return curve
}
