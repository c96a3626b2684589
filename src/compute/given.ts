// Queries and keys that are given: whether their shapes go together, and the vector of a head at a position.

import type { Side } from '../encodings'
import type { NumberArray } from './arrays'

/** How the dims of a tensor of rank 3 and 4 lie. */
export const dimOrders = ['[B, H, S, D]', '[B, S, H, D]'] as const
export type DimOrder = (typeof dimOrders)[number]

export interface GivenHeads {
  readonly batches: number
  readonly heads: number
  readonly queries: number
  readonly keys: number
  readonly headDim: number
  /** headDim numbers; heads of the query share the keys of a group where there are fewer of those. */
  vector(side: Side, head: number, row: number): ArrayLike<number>
}

export type GivenResult =
  | { readonly ok: true; readonly value: GivenHeads }
  | { readonly ok: false; readonly of: 'q' | 'k'; readonly message: string }

interface Dims {
  readonly batches: number
  readonly heads: number
  readonly length: number
  readonly headDim: number
}

/** The most positions of a map. */
export const mostGiven = 131_072

/** Pairs queries with keys; messages name dims from the end, as PyTorch does. */
export function pairGiven(q: NumberArray, k: NumberArray, order: DimOrder, batch: number): GivenResult {
  const [own, other] = [dimsOf(q, order), dimsOf(k, order)]
  const wrong = (of: 'q' | 'k', message: string): GivenResult => ({ ok: false, of, message })
  const rankProblem = (name: 'q' | 'k', { shape }: NumberArray): GivenResult =>
    wrong(name, `${name} has the shape [${shape.join(', ')}]: it has to be [S, D], [H, S, D] or [B, H, S, D]`)
  if (!own) return rankProblem('q', q)
  if (!other) return rankProblem('k', k)
  const headsAt = order === '[B, H, S, D]' ? '-3' : '-2'
  const clash = (dim: string, of: 'heads' | 'headDim' | 'batches', fix: string): GivenResult =>
    wrong('k', `k has ${other[of]} in dim ${dim}, q has ${own[of]}: ${fix}`)
  if (own.headDim !== other.headDim) return clash('-1', 'headDim', 'products need the same head_dim')
  if (own.heads % other.heads !== 0)
    return clash(headsAt, 'heads', 'the heads of q have to be a multiple of the heads of k')
  if (own.batches !== other.batches && other.batches !== 1)
    return clash('0', 'batches', 'give both the same batch')
  for (const [name, { length }] of [
    ['q', own],
    ['k', other],
  ] as const)
    if (length > mostGiven)
      return wrong(name, `${name} has ${length} positions: give at most ${mostGiven.toLocaleString('en')}`)
  const group = own.heads / other.heads
  return {
    ok: true,
    value: {
      batches: own.batches,
      heads: own.heads,
      headDim: own.headDim,
      queries: own.length,
      keys: other.length,
      vector(side, head, place) {
        const [array, dims] = side === 'query' ? [q, own] : [k, other]
        const shown = Math.min(batch, dims.batches - 1)
        const at = side === 'query' ? head : Math.floor(head / group)
        const row =
          order === '[B, H, S, D]'
            ? (shown * dims.heads + at) * dims.length + place
            : (shown * dims.length + place) * dims.heads + at
        return array.values.subarray(row * dims.headDim, (row + 1) * dims.headDim)
      },
    },
  }
}

function dimsOf({ shape }: NumberArray, order: DimOrder): Dims | null {
  if (shape.length < 2 || shape.length > 4) return null
  const [a = 1, b = 1, headDim = 1] = shape.length === 2 ? [1, ...shape] : shape.slice(-3)
  const batches = shape.length === 4 ? (shape[0] ?? 1) : 1
  const isPlain = order === '[B, H, S, D]' || shape.length === 2
  return isPlain ? { batches, heads: a, length: b, headDim } : { batches, heads: b, length: a, headDim }
}
