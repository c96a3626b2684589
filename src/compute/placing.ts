// What an encoding does to queries, keys and scores of a tile, in tensor operations.

import { cosSin, type Encoding, growthAt, pairOfColumn, partners, rounding, type Side } from '../encodings'
import type { AttentionInput, Tile } from './attention'
import type { Tensor, Tensors } from './tensors'

/** Tables are made on the CPU for the rows and columns of a tile alone. */
export class Placer<T extends Tensor> {
  constructor(
    private readonly t: Tensors<T>,
    private readonly input: AttentionInput,
    /** Applied to queries and keys before they are turned. */
    private readonly feature: (x: T) => T = (x) => x,
  ) {}

  /** Scores before the mask: [heads, rows, columns]. */
  scores(tile: Tile): T {
    const { t } = this
    const { scale, relative, bias } = this.input.encoding
    const scaled = (x: T): T => t.binary('multiply', x, t.tensor([scale], [1]))
    const content = scaled(this.products(tile))
    const met = relative ? t.binary('add', content, scaled(this.#relativeProducts(tile))) : content
    return bias ? t.binary('add', met, this.#bias(tile, bias)) : met
  }

  /** q·k, unscaled, with Transformer-XL's u. */
  products({ top, bottom, left, right }: Tile): T {
    const { relative } = this.input.encoding
    const query = this.#turned('query', top, bottom)
    const met = relative ? this.#withBias(query, relative.contentBias) : query
    return this.t.products(met, this.#turned('key', left, right))
  }

  /** The same without the rotation, which linear attention normalises by. */
  unturnedProducts({ top, bottom, left, right }: Tile): T {
    return this.t.products(this.#features('query', top, bottom), this.#features('key', left, right))
  }

  /** Rows of q or k with the absolute table added, through the feature map: [heads, rows, headDim]. */
  #features(side: Side, from: number, to: number): T {
    const { t, input } = this
    const { headDim, added } = input.encoding
    const whole = side === 'query' ? input.q : input.k
    const size = (to - from) * headDim
    const values = new Float64Array(input.heads * size)
    for (let head = 0; head < input.heads; head++) {
      const start = (head * input.length + from) * headDim
      values.set(whole.subarray(start, start + size), head * size)
    }
    const rows = t.tensor(values, [input.heads, to - from, headDim])
    if (!added) return this.feature(rows)
    return this.feature(t.binary('add', rows, this.#table(from, to, added)))
  }

  #turned(side: Side, from: number, to: number): T {
    const { t } = this
    const { headDim, rotation, queryScale } = this.input.encoding
    let rows = this.#features(side, from, to)
    if (rotation) {
      const { partner, cos, sin } = rotationTables(this.input.encoding, side, from, to)
      const shape = [to - from, headDim]
      const others = t.gather(rows, t.indices(partner), 2)
      const kept = t.binary('multiply', rows, t.tensor(cos, shape))
      rows = t.binary('add', kept, t.binary('multiply', others, t.tensor(sin, shape)))
    }
    if (!queryScale || side === 'key') return rows
    return t.binary(
      'multiply',
      rows,
      this.#table(from, to, (position) => [queryScale(position)]),
    )
  }

  /** (q + v)·r(j − i): products with every distance of the tile, then each row's own ones. */
  #relativeProducts(tile: Tile): T {
    const { t } = this
    const { headDim, heads, relative } = this.input.encoding
    const { top, bottom, left, right } = tile
    const offsets = offsetsOf(tile)
    const count = offsets.length
    const table = new Float64Array(heads * count * headDim)
    for (let head = 0; head < heads; head++)
      for (const [at, offset] of offsets.entries())
        table.set(relative?.vector(head, offset) ?? [], (head * count + at) * headDim)
    const query = this.#turned('query', top, bottom)
    const biased = relative ? this.#withBias(query, relative.positionBias) : query
    const all = t.products(biased, t.tensor(table, [heads, count, headDim]))
    const own = tileIndices(tile, (row, at) => row * count + at)
    const flat = t.reshape(all, [this.input.heads, (bottom - top) * count])
    return t.reshape(t.gather(flat, t.indices(own), 1), [this.input.heads, bottom - top, right - left])
  }

  #bias(tile: Tile, bias: (head: number, offset: number) => number): T {
    const { t } = this
    const { heads } = this.input.encoding
    const offsets = offsetsOf(tile)
    const curves = Array.from({ length: heads }, (_, head) => offsets.map((offset) => bias(head, offset)))
    const table = t.tensor(curves.flat(), [heads, offsets.length])
    const picked = t.gather(table, t.indices(tileIndices(tile, (_, at) => at)), 1)
    return t.reshape(picked, [heads, tile.bottom - tile.top, tile.right - tile.left])
  }

  /** A row of numbers for each position, alike for all heads. */
  #table(from: number, to: number, row: (position: number) => ArrayLike<number>): T {
    const rows = Array.from({ length: to - from }, (_, at) => Array.from(row(from + at)))
    return this.t.tensor(rows.flat(), [rows.length, rows[0]?.length ?? 0])
  }

  #withBias(query: T, bias: (head: number) => Float64Array | null): T {
    const { t } = this
    const { headDim, heads } = this.input.encoding
    const vectors = Array.from({ length: heads }, (_, head) =>
      Array.from(bias(head) ?? new Float64Array(headDim)),
    )
    return t.binary('add', query, t.tensor(vectors.flat(), [heads, 1, headDim]))
  }
}

/** The distances j − i of a tile, from the least; there are rows + columns − 1. */
const offsetsOf = ({ top, bottom, left, right }: Tile): number[] =>
  Array.from({ length: bottom - top + right - left - 1 }, (_, at) => left - bottom + 1 + at)

/** For each element of a tile an index, from its row in the tile and its distance's place in `offsetsOf`. */
function tileIndices(tile: Tile, index: (row: number, at: number) => number): Int32Array {
  const [rows, columns] = [tile.bottom - tile.top, tile.right - tile.left]
  const indices = new Int32Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      indices[row * columns + column] = index(row, column - row + rows - 1)
  return indices
}

/**
 * x' = x·cos + x[partner]·sin for positions in a row: the pair's sign, xPos's growth and the
 * dimensions that are not turned are in the tables, [positions, headDim] each.
 */
export function rotationTables(
  { rotation, headDim, precision }: Encoding,
  side: Side,
  from: number,
  to: number,
) {
  const count = to - from
  const cos = new Float64Array(count * headDim).fill(1)
  const sin = new Float64Array(count * headDim)
  const partner = Int32Array.from({ length: headDim }, (_, m) => m)
  if (!rotation) return { partner, cos, sin }
  const { dim, tableLayout } = rotation
  const positions = Array.from({ length: count }, (_, at) => from + at)
  const columns = cosSin(rotation, positions, rounding(precision))
  const turned = partners(dim, rotation.layout)
  partner.set(turned.partner)
  for (const [row, position] of positions.entries()) {
    for (let m = 0; m < dim; m++) {
      const pair = pairOfColumn(m, dim, tableLayout)
      const growth = growthAt(rotation, side, position, pair)
      const [at, column] = [row * headDim + m, row * (dim / 2) + pair]
      cos[at] = (columns.cos[column] ?? 0) * growth
      sin[at] = (columns.sin[column] ?? 0) * growth * (turned.sign[m] ?? 0)
    }
  }
  return { partner, cos, sin }
}
