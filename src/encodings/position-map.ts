// What positions alone do to scores: a map over i and j, or a curve over i − j where that is all it depends on.

import type { Encoding } from './encoding'
import type { Side } from './rotation'
import { dot, placed } from './scores'

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
  const rates = growth?.zeta.map((zeta) => Math.log(zeta) / growth.scaleBase)
  const curve = new Float64Array(2 * n - 1)
  for (let offset = 0; offset < n; offset++) {
    let [after, before] = [0, 0]
    for (let pair = 0; pair < theta.length; pair++) {
      const cosine = Math.cos(offset * (theta[pair] ?? 0))
      const grown = rates ? Math.exp(offset * (rates[pair] ?? 0)) : 1
      after += cosine / grown
      before += cosine * grown
    }
    curve[n - 1 + offset] = factor * after + still
    curve[n - 1 - offset] = factor * before + still
  }
  return curve
}
