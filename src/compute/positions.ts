// Position-only maps in tiles, for encodings whose map is no curve over i − j.

import { type Encoding, positionScore, positionVector, type Side } from '../encodings'
import type { Tile } from './span'
import type { Tensor, Tensors } from './tensors'

/** A tile of the position-only map of a head: [rows, columns]. The caller frees it. */
export function positionTile<T extends Tensor>(
  t: Tensors<T>,
  encoding: Encoding,
  head: number,
  tile: Tile,
): T {
  const { top, bottom, left, right } = tile
  const isProduct = !encoding.relative && !encoding.bias
  const rows = (side: Side, from: number, to: number): T => {
    const values = new Float64Array((to - from) * encoding.headDim)
    for (let p = from; p < to; p++)
      values.set(positionVector(encoding, side, p), (p - from) * encoding.headDim)
    return t.tensor(values, [to - from, encoding.headDim])
  }
  if (isProduct) return t.scope(() => t.products(rows('query', top, bottom), rows('key', left, right)))
  const values = new Float64Array((bottom - top) * (right - left))
  let at = 0
  for (let i = top; i < bottom; i++)
    for (let j = left; j < right; j++) values[at++] = positionScore(encoding, head, i, j)
  return t.tensor(values, [bottom - top, right - left])
}
