// Attention maps in tiles: queries and keys placed by an encoding, scores, mask and softmax, over any backend.

import type { Encoding, Side } from '../encodings'
import { Kept } from './kept'
import { Placer, type Prepared } from './placing'
import { columnsOf, countOf, rowsOf, type Span, type Tile } from './span'
import type { Tensor, Tensors } from './tensors'

/** Which keys a query sees; a window counts the query itself: i − window < j ≤ i. */
export type Mask =
  | { readonly kind: 'none' }
  | { readonly kind: 'causal' }
  | { readonly kind: 'sliding'; readonly window: number }

type Numbers = Float32Array | Float64Array

interface AttentionSetting {
  readonly encoding: Encoding
  readonly heads: number
  /** How many positions. */
  readonly length: number
  readonly mask: Mask
}

/** Attention whose queries and keys are at hand. */
export interface AttentionInput extends AttentionSetting {
  /** [heads, length, headDim]. */
  readonly q: Numbers
  readonly k: Numbers
}

/** Attention whose queries and keys are asked for where they are needed, so that none is held whole. */
export interface AttentionSource extends AttentionSetting {
  /** [heads, positions of the span, headDim]. */
  vectors(side: Side, span: Span): Numbers
}

/** What normalises rows: exp(score − shift) / sum. Both [heads, rows, 1]. */
export interface Normaliser<T extends Tensor> {
  readonly shift: T
  readonly sum: T
}

/** A map of [heads, length, length] that is never whole in memory. The caller frees the tensors that it gets. */
export interface AttentionMap<T extends Tensor> {
  /** Before the mask: [heads, rows, columns]. */
  scores(tile: Tile): T
  /** The pass over the keys of some rows that `weights` needs once. */
  normaliser(top: number, bottom: number): Normaliser<T>
  /** The same in steps: what it yields is done so far, and freed by the next step. Only keys that are seen are passed. */
  normalising(rows: Span): Generator<Normaliser<T>, Normaliser<T>>
  /** After mask and normalisation: [heads, rows, columns]. */
  weights(tile: Tile, normaliser: Normaliser<T>): T
  /** Lets go of what the map keeps on the backend. */
  free(): void
}

/** True if a query sees a key. */
export function isSeen(mask: Mask, i: number, j: number): boolean {
  if (mask.kind === 'none') return true
  return j <= i && (mask.kind === 'causal' || j > i - mask.window)
}

/** Softmax attention. */
export function softmaxAttention<T extends Tensor>(
  t: Tensors<T>,
  given: AttentionInput | AttentionSource,
): AttentionMap<T> {
  const source = sourceOf(given)
  const kept = new Kept(t)
  const placer = new Placer(t, kept, source, source.encoding.scale)
  const masked = (parts: Prepared<T>, mask: T | null): T => {
    const scores = placer.scores(parts)
    return mask ? t.binary('add', scores, mask) : scores
  }
  const maskOf = (tile: Tile): T | null => maskTensor(t, kept, source.mask, tile, 0, hidden)
  function* normalising(rows: Span): Generator<Normaliser<T>, Normaliser<T>> {
    let found: Normaliser<T> | null = null
    for (const tile of strips(source, rows)) {
      const previous: Normaliser<T> | null = found
      const [parts, mask] = [placer.prepare(tile), maskOf(tile)]
      found = t.scope(() => raised(t, masked(parts, mask), previous))
      if (previous) t.free(previous.shift, previous.sum)
      yield found
    }
    return found ?? { shift: t.tensor([0], [1, 1, 1]), sum: t.tensor([0], [1, 1, 1]) }
  }
  return {
    scores(tile) {
      const parts = placer.prepare(tile)
      return t.scope(() => placer.scores(parts))
    },
    normaliser: (top, bottom) => lastOf(normalising({ from: top, to: bottom, step: 1 })),
    normalising,
    weights(tile, { shift, sum }) {
      const [parts, mask] = [placer.prepare(tile), maskOf(tile)]
      return t.scope(() =>
        t.binary('divide', t.unary('exp', t.binary('subtract', masked(parts, mask), shift)), sum),
      )
    },
    free: () => kept.free(),
  }
}

/** RoFormer's linear attention: (Rφ(q))·(Rφ(k)) over the row's sum of φ(q)·φ(k), with φ(x) = elu(x) + 1. */
export function linearAttention<T extends Tensor>(
  t: Tensors<T>,
  given: AttentionInput | AttentionSource,
): AttentionMap<T> {
  const source = sourceOf(given)
  const kept = new Kept(t)
  const placer = new Placer(t, kept, source, 1, (x) => positive(t, x))
  const maskOf = (tile: Tile): T | null => maskTensor(t, kept, source.mask, tile, 1, 0)
  const seen = (values: T, mask: T | null): T => (mask ? t.binary('multiply', values, mask) : values)
  const shift = (): T => t.tensor([0], [1, 1, 1])
  function* normalising(rows: Span): Generator<Normaliser<T>, Normaliser<T>> {
    let found: Normaliser<T> = { shift: shift(), sum: shift() }
    for (const tile of strips(source, rows)) {
      const previous = found.sum
      const [parts, mask] = [placer.prepareUnturned(tile), maskOf(tile)]
      const sum = t.scope(() => t.binary('add', previous, t.sum(seen(placer.products(parts), mask))))
      t.free(previous)
      found = { ...found, sum }
      yield found
    }
    return found
  }
  return {
    scores(tile) {
      const parts = placer.prepare(tile)
      return t.scope(() => placer.products(parts))
    },
    normaliser: (top, bottom) => lastOf(normalising({ from: top, to: bottom, step: 1 })),
    normalising,
    weights(tile, { sum }) {
      const [parts, mask] = [placer.prepare(tile), maskOf(tile)]
      return t.scope(() => t.binary('divide', seen(placer.products(parts), mask), sum))
    },
    free: () => kept.free(),
  }
}

function sourceOf(given: AttentionInput | AttentionSource): AttentionSource {
  if ('vectors' in given) return given
  const { heads, length, encoding } = given
  const dim = encoding.headDim
  return {
    ...given,
    vectors(side, span) {
      const whole = side === 'query' ? given.q : given.k
      const count = countOf(span)
      const values = new Float64Array(heads * count * dim)
      for (let head = 0; head < heads; head++)
        for (let at = 0; at < count; at++) {
          const start = (head * length + span.from + at * span.step) * dim
          values.set(whole.subarray(start, start + dim), (head * count + at) * dim)
        }
      return values
    },
  }
}

function lastOf<T>(steps: Generator<T, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Far below any score, and finite, since not every GPU keeps infinities. */
const hidden = -1e30

/** [rows, columns] with one number where the query sees the key and another where not; null where all are seen. */
function maskTensor<T extends Tensor>(
  t: Tensors<T>,
  kept: Kept<T>,
  mask: Mask,
  tile: Tile,
  seen: number,
  unseen: number,
): T | null {
  const [rows, columns] = [rowsOf(tile), columnsOf(tile)]
  const shape = [countOf(rows), countOf(columns)] as const
  const [lastRow, lastColumn] = [
    rows.from + (shape[0] - 1) * rows.step,
    columns.from + (shape[1] - 1) * columns.step,
  ]
  if (isSeen(mask, rows.from, lastColumn) && isSeen(mask, lastRow, columns.from)) return null
  // tiles at the same distance from the diagonal have the same mask
  const key = ['mask', ...shape, rows.step, columns.step, columns.from - rows.from].join(' ')
  return kept.get(key, () => {
    const values = new Float32Array(shape[0] * shape[1])
    for (let row = 0, at = 0; row < shape[0]; row++)
      for (let column = 0; column < shape[1]; column++, at++) {
        const [i, j] = [rows.from + row * rows.step, columns.from + column * columns.step]
        values[at] = isSeen(mask, i, j) ? seen : unseen
      }
    return t.tensor(values, shape)
  })
}

/** Keys that are passed over at once. */
export const stripWidth = 512

/** The rows in strips of columns, without those that no query of theirs sees. */
function* strips({ length, mask }: AttentionSetting, { from, to, step }: Span): Generator<Tile> {
  const first = mask.kind === 'sliding' ? Math.max(0, from - mask.window + 1) : 0
  const last = mask.kind === 'none' ? length : Math.min(length, to)
  const rows = { top: from, bottom: to, rowStep: step }
  for (let left = first - (first % stripWidth); left < last; left += stripWidth)
    yield { ...rows, left, right: Math.min(left + stripWidth, last) }
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

/** elu(x) + 1. */
const positive = <T extends Tensor>(t: Tensors<T>, x: T): T => {
  const none = t.tensor([0], [1])
  return t.binary('add', t.unary('exp', t.binary('minimum', x, none)), t.binary('maximum', x, none))
}
