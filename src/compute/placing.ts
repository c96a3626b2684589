// What an encoding does to queries, keys and scores of a tile, in tensor operations.

import { cosSin, type Encoding, growthAt, pairOfColumn, partners, rounding, type Side } from '../encodings'
import type { AttentionSource } from './attention'
import type { Kept } from './kept'
import { columnsOf, countOf, positionsOf, rowsOf, type Span, type Tile } from './span'
import type { Tensor, Tensors } from './tensors'

/** What the scores of a tile are made of, on the backend. */
export interface Prepared<T extends Tensor> {
  readonly tile: Tile
  readonly query: T
  readonly key: T
  /** For each element of the tile the place of its distance: among all, or in its row of products. */
  readonly distances: T | null
}

/** Tables are made on the CPU for the rows and columns of a tile alone. */
export class Placer<T extends Tensor> {
  constructor(
    private readonly t: Tensors<T>,
    private readonly kept: Kept<T>,
    private readonly source: AttentionSource,
    /** What queries are multiplied by, so that no score needs to be. */
    private readonly scale: number,
    /** Applied to queries and keys before they are turned. */
    private readonly feature: (x: T) => T = (x) => x,
  ) {}

  /** Comes before the tile's scores, outside of any scope. */
  prepare(tile: Tile): Prepared<T> {
    const { bias, relative } = this.source.encoding
    return {
      tile,
      query: this.#kept('query', rowsOf(tile), (side, span) => this.#turned(side, span)),
      key: this.#kept('key', columnsOf(tile), (side, span) => this.#turned(side, span)),
      distances: bias || relative ? this.#distances(tile, relative !== undefined) : null,
    }
  }

  /** The same without the rotation, which linear attention normalises by. */
  prepareUnturned(tile: Tile): Prepared<T> {
    const features = (side: Side, span: Span): T => this.#features(side, span)
    return {
      tile,
      query: this.#kept('unturned query', rowsOf(tile), (_, span) => features('query', span)),
      key: this.#kept('unturned key', columnsOf(tile), (_, span) => features('key', span)),
      distances: null,
    }
  }

  /** Scores before the mask: [heads, rows, columns]. */
  scores(parts: Prepared<T>): T {
    const { t } = this
    const { relative, bias } = this.source.encoding
    const content = this.products(parts)
    const met = relative ? t.binary('add', content, this.#relativeProducts(parts)) : content
    return bias ? t.binary('add', met, this.#bias(parts, bias)) : met
  }

  /** scale·q·k, with Transformer-XL's u. */
  products({ query, key }: Prepared<T>): T {
    const { relative } = this.source.encoding
    return this.t.products(relative ? this.#withBias(query, relative.contentBias) : query, key)
  }

  #kept(what: string, span: Span, make: (side: Side, span: Span) => T): T {
    const side = what.endsWith('query') ? 'query' : 'key'
    return this.kept.get(`${what} ${span.from} ${span.to} ${span.step}`, () => make(side, span))
  }

  /** Rows of q or k with the absolute table added, through the feature map: [heads, rows, headDim]. */
  #features(side: Side, span: Span): T {
    const { t, source } = this
    const { headDim, added } = source.encoding
    const rows = t.tensor(source.vectors(side, span), [source.heads, countOf(span), headDim])
    if (!added) return this.feature(rows)
    return this.feature(t.binary('add', rows, this.#table(span, added)))
  }

  #turned(side: Side, span: Span): T {
    const { t } = this
    const { headDim, rotation, queryScale } = this.source.encoding
    let rows = this.#features(side, span)
    if (rotation) {
      const { partner, cos, sin } = rotationTables(this.source.encoding, side, span)
      const shape = [countOf(span), headDim]
      const others = t.gather(rows, t.indices(partner), 2)
      const kept = t.binary('multiply', rows, t.tensor(cos, shape))
      rows = t.binary('add', kept, t.binary('multiply', others, t.tensor(sin, shape)))
    }
    if (side === 'key' || (this.scale === 1 && !queryScale)) return rows
    const factors = this.#table(span, (position) => [this.scale * (queryScale?.(position) ?? 1)])
    return t.binary('multiply', rows, factors)
  }

  /** Tiles of one size have the same. */
  #distances(tile: Tile, inRows: boolean): T {
    const { first, count, step } = offsetsOf(tile)
    const [rows, columns] = [rowsOf(tile), columnsOf(tile)]
    const [height, width] = [countOf(rows), countOf(columns)]
    const key = ['distances', inRows, height, width, rows.step, columns.step].join(' ')
    return this.kept.get(key, () => {
      const indices = new Int32Array(height * width)
      for (let row = 0, at = 0; row < height; row++)
        for (let column = 0; column < width; column++, at++) {
          const offset = columns.from + column * columns.step - (rows.from + row * rows.step)
          indices[at] = (offset - first) / step + (inRows ? row * count : 0)
        }
      return this.t.indices(indices)
    })
  }

  /** scale·(q + v)·r(j − i): products with every distance of the tile, then each row's own ones. */
  #relativeProducts({ tile, query, distances }: Prepared<T>): T {
    const { t } = this
    const { headDim, heads, relative } = this.source.encoding
    const { first, count, step } = offsetsOf(tile)
    const table = new Float64Array(heads * count * headDim)
    for (let head = 0; head < heads; head++)
      for (let at = 0; at < count; at++)
        table.set(relative?.vector(head, first + at * step) ?? [], (head * count + at) * headDim)
    const biased = relative ? this.#withBias(query, relative.positionBias) : query
    const all = t.products(biased, t.tensor(table, [heads, count, headDim]))
    const [rows, columns] = [countOf(rowsOf(tile)), countOf(columnsOf(tile))]
    const flat = t.reshape(all, [this.source.heads, rows * count])
    return this.#picked(flat, distances, rows, columns)
  }

  #bias({ tile, distances }: Prepared<T>, bias: (head: number, offset: number) => number): T {
    const { heads } = this.source.encoding
    const { first, count, step } = offsetsOf(tile)
    const curves = new Float64Array(heads * count)
    for (let head = 0; head < heads; head++)
      for (let at = 0; at < count; at++) curves[head * count + at] = bias(head, first + at * step)
    const table = this.t.tensor(curves, [heads, count])
    return this.#picked(table, distances, countOf(rowsOf(tile)), countOf(columnsOf(tile)))
  }

  /** From [heads, …] by indices to [heads, rows, columns]. */
  #picked(table: T, indices: T | null, rows: number, columns: number): T {
    const { t } = this
    const picked = indices ? t.gather(table, indices, 1) : table
    return t.reshape(picked, [table.shape[0] ?? 1, rows, columns])
  }

  /** A row of numbers for each position, alike for all heads. */
  #table(span: Span, row: (position: number) => ArrayLike<number>): T {
    const rows = positionsOf(span).map((position) => Array.from(row(position)))
    return this.t.tensor(rows.flat(), [rows.length, rows[0]?.length ?? 0])
  }

  /** The query is scaled already. */
  #withBias(query: T, bias: (head: number) => Float64Array | null): T {
    const { t } = this
    const { headDim, heads } = this.source.encoding
    const vectors = Array.from({ length: heads }, (_, head) =>
      Array.from(bias(head) ?? new Float64Array(headDim), (value) => value * this.scale),
    )
    return t.binary('add', query, t.tensor(vectors.flat(), [heads, 1, headDim]))
  }
}

/** The distances j − i of a tile: so many from the least on, that far apart. */
function offsetsOf(tile: Tile): { first: number; count: number; step: number } {
  const [rows, columns] = [rowsOf(tile), columnsOf(tile)]
  const step = rows.step === columns.step ? rows.step : 1
  const first = columns.from - (rows.from + (countOf(rows) - 1) * rows.step)
  const last = columns.from + (countOf(columns) - 1) * columns.step - rows.from
  return { first, count: (last - first) / step + 1, step }
}

/**
 * x' = x·cos + x[partner]·sin for positions in a row: the pair's sign, xPos's growth and the
 * dimensions that are not turned are in the tables, [positions, headDim] each.
 */
export function rotationTables({ rotation, headDim, precision }: Encoding, side: Side, span: Span) {
  const count = countOf(span)
  const cos = new Float64Array(count * headDim).fill(1)
  const sin = new Float64Array(count * headDim)
  const partner = Int32Array.from({ length: headDim }, (_, m) => m)
  if (!rotation) return { partner, cos, sin }
  const { dim, tableLayout } = rotation
  const positions = positionsOf(span)
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
