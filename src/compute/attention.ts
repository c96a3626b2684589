// Attention maps in tiles: queries and keys placed by an encoding, scores, mask and softmax, over any backend.

import type { Encoding } from '../encodings'
import { Placer } from './placing'
import type { Tensor, Tensors } from './tensors'

/** Which keys a query sees; a window counts the query itself: i − window < j ≤ i. */
export type Mask =
  | { readonly kind: 'none' }
  | { readonly kind: 'causal' }
  | { readonly kind: 'sliding'; readonly window: number }

export interface AttentionInput {
  readonly encoding: Encoding
  readonly heads: number
  /** How many positions. */
  readonly length: number
  /** [heads, length, headDim]. */
  readonly q: Float32Array | Float64Array
  readonly k: Float32Array | Float64Array
  readonly mask: Mask
}

/** Rows from `top` to before `bottom`, columns from `left` to before `right`. */
export interface Tile {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** What normalises rows: exp(score − shift) / sum. Both [heads, rows, 1]. */
export interface Normaliser<T extends Tensor> {
  readonly shift: T
  readonly sum: T
}

/** A map of [heads, length, length] that is never whole in memory. The caller frees what it gets. */
export interface AttentionMap<T extends Tensor> {
  /** Before the mask: [heads, rows, columns]. */
  scores(tile: Tile): T
  /** The pass over the keys of some rows that `weights` needs once. */
  normaliser(top: number, bottom: number): Normaliser<T>
  /** After mask and normalisation: [heads, rows, columns]. */
  weights(tile: Tile, normaliser: Normaliser<T>): T
}

/** True if a query sees a key. */
export function isSeen(mask: Mask, i: number, j: number): boolean {
  if (mask.kind === 'none') return true
  return j <= i && (mask.kind === 'causal' || j > i - mask.window)
}

/** Softmax attention. */
export function softmaxAttention<T extends Tensor>(t: Tensors<T>, input: AttentionInput): AttentionMap<T> {
  const placer = new Placer(t, input)
  const masked = (tile: Tile): T =>
    t.binary('add', placer.scores(tile), maskTensor(t, input.mask, tile, 0, hidden))
  return {
    scores: (tile) => t.scope(() => placer.scores(tile)),
    normaliser: (top, bottom) =>
      t.scope(() => {
        let found: Normaliser<T> | null = null
        for (const tile of strips(input, top, bottom)) {
          const previous: Normaliser<T> | null = found
          found = t.scope(() => raised(t, masked(tile), previous))
          if (previous) t.free(previous.shift, previous.sum)
        }
        return found ?? empty(t)
      }),
    weights: (tile, { shift, sum }) =>
      t.scope(() => t.binary('divide', t.unary('exp', t.binary('subtract', masked(tile), shift)), sum)),
  }
}

/** RoFormer's linear attention: (Rφ(q))·(Rφ(k)) over the row's sum of φ(q)·φ(k), with φ(x) = elu(x) + 1. */
export function linearAttention<T extends Tensor>(t: Tensors<T>, input: AttentionInput): AttentionMap<T> {
  const placer = new Placer(t, input, (x) => positive(t, x))
  const seen = (tile: Tile, values: T): T =>
    t.binary('multiply', values, maskTensor(t, input.mask, tile, 1, 0))
  return {
    scores: (tile) => t.scope(() => placer.products(tile)),
    normaliser: (top, bottom) =>
      t.scope(() => {
        let sum = zero(t)
        for (const tile of strips(input, top, bottom)) {
          const previous = sum
          sum = t.scope(() => t.binary('add', previous, t.sum(seen(tile, placer.unturnedProducts(tile)))))
          t.free(previous)
        }
        return { shift: zero(t), sum }
      }),
    weights: (tile, { sum }) => t.scope(() => t.binary('divide', seen(tile, placer.products(tile)), sum)),
  }
}

/** Far below any score, and finite, since not every GPU keeps infinities. */
const hidden = -1e30

/** [rows, columns] with one number where the query sees the key and another where not. */
function maskTensor<T extends Tensor>(
  t: Tensors<T>,
  mask: Mask,
  tile: Tile,
  seen: number,
  unseen: number,
): T {
  if (mask.kind === 'none') return t.tensor([seen], [1, 1])
  const { top, bottom, left, right } = tile
  const values = new Float32Array((bottom - top) * (right - left))
  let at = 0
  for (let i = top; i < bottom; i++)
    for (let j = left; j < right; j++) values[at++] = isSeen(mask, i, j) ? seen : unseen
  return t.tensor(values, [bottom - top, right - left])
}

const stripWidth = 512

/** The rows in strips of columns, without those that no query of theirs sees. */
function* strips({ length, mask }: AttentionInput, top: number, bottom: number): Generator<Tile> {
  const first = mask.kind === 'sliding' ? Math.max(0, top - mask.window + 1) : 0
  const last = mask.kind === 'none' ? length : Math.min(length, bottom)
  for (let left = first; left < last; left += stripWidth)
    yield { top, bottom, left, right: Math.min(left + stripWidth, last) }
}

/** Adds a strip to the greatest score and the sum of exponentials so far. */
function raised<T extends Tensor>(t: Tensors<T>, scores: T, before: Normaliser<T> | null): Normaliser<T> {
  const own = t.max(scores)
  const shift = before ? t.binary('maximum', before.shift, own) : own
  const sum = t.sum(t.unary('exp', t.binary('subtract', scores, shift)))
  if (!before) return { shift, sum }
  const shrunk = t.unary('exp', t.binary('subtract', before.shift, shift))
  return { shift, sum: t.binary('add', t.binary('multiply', before.sum, shrunk), sum) }
}

const zero = <T extends Tensor>(t: Tensors<T>): T => t.tensor([0], [1, 1, 1])

const empty = <T extends Tensor>(t: Tensors<T>): Normaliser<T> => ({ shift: zero(t), sum: zero(t) })

/** elu(x) + 1. */
const positive = <T extends Tensor>(t: Tensors<T>, x: T): T => {
  const none = t.tensor([0], [1])
  return t.binary('add', t.unary('exp', t.binary('minimum', x, none)), t.binary('maximum', x, none))
}
