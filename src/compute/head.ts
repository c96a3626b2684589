// One head of attention with random queries and keys, read tile by tile as plain numbers.

import { type Encoding, normals, seedOf } from '../encodings'
import {
  type AttentionMap,
  linearAttention,
  type Mask,
  type Normaliser,
  softmaxAttention,
  type Tile,
} from './attention'
import type { Tensor, Tensors } from './tensors'

export interface HeadRequest {
  readonly encoding: Encoding
  readonly head: number
  readonly length: number
  /** Queries and keys are normal numbers that follow from it and the head. */
  readonly seed: number
  readonly mask: Mask
  readonly form: 'softmax' | 'linear'
}

/** The queries and keys of a head: [length, headDim] each, row by row. */
export function randomHead({ encoding, head, length, seed }: HeadRequest) {
  const size = length * encoding.headDim
  return { q: normals(seedOf(seed, 2 * head), size), k: normals(seedOf(seed, 2 * head + 1), size) }
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

/** Holds on the backend what normalises the rows of the tiles that were read; `free` lets go of it. */
export class Head<T extends Tensor> {
  readonly #map: AttentionMap<T>
  readonly #normalisers = new Map<string, Normaliser<T>>()

  constructor(
    private readonly t: Tensors<T>,
    request: HeadRequest,
  ) {
    const { length, mask } = request
    const input = {
      encoding: ofHead(request.encoding, request.head),
      heads: 1,
      length,
      mask,
      ...randomHead(request),
    }
    this.#map = (request.form === 'linear' ? linearAttention : softmaxAttention)(t, input)
  }

  /** Before the mask, row by row. */
  scores(tile: Tile): Promise<ArrayLike<number>> {
    return this.#read(this.#map.scores(tile))
  }

  /** After mask and normalisation. */
  weights(tile: Tile): Promise<ArrayLike<number>> {
    const key = `${tile.top} ${tile.bottom}`
    const normaliser = this.#normalisers.get(key) ?? this.#map.normaliser(tile.top, tile.bottom)
    this.#normalisers.set(key, normaliser)
    return this.#read(this.#map.weights(tile, normaliser))
  }

  free(): void {
    for (const { shift, sum } of this.#normalisers.values()) this.t.free(shift, sum)
    this.#normalisers.clear()
  }

  async #read(x: T): Promise<ArrayLike<number>> {
    try {
      return await this.t.read(x)
    } finally {
      this.t.free(x)
    }
  }
}
