// One head of attention with random or given queries and keys, read tile by tile as plain numbers.

import { type Encoding, normals, type Side, seedOf } from '../encodings'
import {
  type AttentionMap,
  type AttentionSource,
  linearAttention,
  type Mask,
  type Normaliser,
  softmaxAttention,
  stripWidth,
} from './attention'
import { countOf, rowsOf, type Span, type Tile } from './span'
import type { Tensor, Tensors } from './tensors'

export interface HeadRequest {
  readonly encoding: Encoding
  readonly head: number
  /** How many keys. */
  readonly length: number
  /** How many queries, and the position of the first, as in decoding with a cache; one for each key if left out. */
  readonly queries?: { readonly count: number; readonly from: number }
  /** Queries and keys are normal numbers that follow from it and the head, unless they are given. */
  readonly seed: number
  readonly mask: Mask
  readonly form: 'softmax' | 'linear'
  /** One vector of headDim numbers of a head; queries are counted from 0. */
  readonly given?: (side: Side, head: number, row: number) => ArrayLike<number>
}

/** Follows long work, and may end it. */
export interface Watch {
  isWanted(): boolean
  /** So many of the rows' keys were passed over for the sum that normalises them. */
  passed(keys: number): void
}

/** The queries and keys of a head: [length, headDim] each, row by row. */
export function randomHead({ encoding, head, length, seed }: HeadRequest) {
  const size = length * encoding.headDim
  return { q: normals(seedOf(seed, 2 * head), size), k: normals(seedOf(seed, 2 * head + 1), size) }
}

/** The same numbers, made where they are needed. */
function vectorsOf({ encoding, head, seed, given, queries }: HeadRequest): AttentionSource['vectors'] {
  const dim = encoding.headDim
  const first = (side: Side): number => (side === 'query' ? (queries?.from ?? 0) : 0)
  const random = (side: Side, position: number): Float64Array =>
    normals(seedOf(seed, 2 * head + (side === 'query' ? 0 : 1)), dim, 1, position * dim)
  return (side, span) => {
    const count = countOf(span)
    const values = new Float64Array(count * dim)
    for (let at = 0; at < count; at++) {
      const position = span.from + at * span.step
      values.set(given ? given(side, head, position - first(side)) : random(side, position), at * dim)
    }
    return values
  }
}

/** The encoding as a single head sees it; encodings that have fewer heads than are shown repeat. */
export function ofHead(encoding: Encoding, head: number): Encoding {
  const own = head % encoding.heads
  const { bias, relative } = encoding
  return {
    ...encoding,
    heads: 1,
    ...(bias ? { bias: (_: number, offset: number) => bias(own, offset) } : {}),
    ...(relative
      ? {
          relative: {
            vector: (_: number, offset: number) => relative.vector(own, offset),
            contentBias: () => relative.contentBias(own),
            positionBias: () => relative.positionBias(own),
          },
        }
      : {}),
  }
}

/**
 * Strips of keys are given to the backend for about so many milliseconds before it is waited for. What
 * is in its queue can't be taken back, and is all that the next map waits for.
 */
const inFlight = 30

/** Holds on the backend what normalises the rows of the tiles that were read; `free` lets go of it. */
export class Head<T extends Tensor> {
  readonly #map: AttentionMap<T>
  readonly #normalisers = new Map<string, Normaliser<T>>()
  readonly #from: number
  #stripsAtOnce = 1

  constructor(
    private readonly t: Tensors<T>,
    request: HeadRequest,
  ) {
    const { length, mask, queries } = request
    this.#from = queries?.from ?? 0
    const encoding = ofHead(request.encoding, request.head)
    const source = { encoding, heads: 1, length, mask, vectors: vectorsOf(request) }
    this.#map = (request.form === 'linear' ? linearAttention : softmaxAttention)(t, source)
  }

  /** Before the mask, row by row. Rows of tiles are queries, counted from 0. */
  scores(tile: Tile): Promise<ArrayLike<number>> {
    return this.#read(this.#map.scores(this.#placed(tile)))
  }

  /** After mask and normalisation; null if it was given up. */
  async weights(tile: Tile): Promise<ArrayLike<number>>
  async weights(tile: Tile, watch: Watch): Promise<ArrayLike<number> | null>
  async weights(tile: Tile, watch?: Watch): Promise<ArrayLike<number> | null> {
    const placed = this.#placed(tile)
    const normaliser = await this.#normaliser(rowsOf(placed), watch)
    return normaliser && this.#read(this.#map.weights(placed, normaliser))
  }

  free(): void {
    for (const { shift, sum } of this.#normalisers.values()) this.t.free(shift, sum)
    this.#normalisers.clear()
    this.#map.free()
  }

  /** With the positions of its queries as rows. */
  #placed(tile: Tile): Tile {
    return { ...tile, top: tile.top + this.#from, bottom: tile.bottom + this.#from }
  }

  async #normaliser(rows: Span, watch: Watch | undefined): Promise<Normaliser<T> | null> {
    const key = `${rows.from} ${rows.to} ${rows.step}`
    const known = this.#normalisers.get(key)
    if (known) return known
    const steps = this.#map.normalising(rows)
    for (let strips = 0; ; ) {
      const begun = performance.now()
      let sum: Normaliser<T> | null = null
      for (let strip = 0; strip < (watch ? this.#stripsAtOnce : Number.POSITIVE_INFINITY); strip++) {
        const { done, value } = steps.next()
        sum = value
        if (!done) continue
        this.#normalisers.set(key, value)
        return value
      }
      if (!watch || !sum) continue
      strips += this.#stripsAtOnce
      await this.t.read(sum.sum)
      // on the processor nothing else comes to pass while a promise is waited for
      await pause()
      if (!watch.isWanted()) {
        this.t.free(sum.shift, sum.sum)
        return null
      }
      watch.passed(strips * stripWidth)
      if (performance.now() - begun < inFlight) this.#stripsAtOnce *= 2
    }
  }

  async #read(x: T): Promise<ArrayLike<number>> {
    try {
      return await this.t.read(x)
    } finally {
      this.t.free(x)
    }
  }
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done))
