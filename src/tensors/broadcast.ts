// Broadcasting of shapes, as aten/src/ATen/ExpandUtils.cpp (`infer_size`) does it.

import { type Dim, fresh, soleAtom } from '../dims/dim'
import type { Facts } from '../dims/facts'
import { dimsOf, leastRank, openShape, type Shape, type ShapeFacts, shapeOf } from './shape'
import { type Assumed, bothAssumed } from './tensor'

export type DimBroadcast =
  | { kind: 'fits'; dim: Dim }
  /** The two are different names; the result holds if they are equal. */
  | { kind: 'assumed'; dim: Dim }
  /** Two different sizes, neither of which is 1. */
  | { kind: 'clash' }

export function broadcastDim(a: Dim, b: Dim, facts: Facts): DimBroadcast {
  if (a.key === b.key || b.value === 1) return { kind: 'fits', dim: a }
  if (a.value === 1) return { kind: 'fits', dim: b }
  const [x, y] = [a.value, b.value]
  if (x !== null && y !== null) return { kind: 'clash' }
  // A number other than 1 is the result whether the other is equal or 1.
  if (x !== null) return { kind: 'fits', dim: a }
  if (y !== null) return { kind: 'fits', dim: b }
  // A cut to at most S meets S: it was not cut.
  for (const [cut, whole] of [
    [a, b],
    [b, a],
  ] as const) {
    const atom = soleAtom(cut)
    if (atom?.kind === 'min' && (atom.left.key === whole.key || atom.right.key === whole.key))
      return { kind: 'fits', dim: whole }
  }
  if (a.symbol && !b.symbol && facts.naming(a.symbol).name === null) return { kind: 'assumed', dim: b }
  if (b.symbol && facts.naming(b.symbol).name === null) return { kind: 'assumed', dim: a }
  if (a.symbol && facts.naming(a.symbol).name === null) return { kind: 'assumed', dim: b }
  return { kind: 'assumed', dim: a }
}

export type Broadcast =
  | { kind: 'fits'; shape: Shape; assumed: Assumed }
  /** The index (from the end, -1 the last) and sizes of the first clash from the right. */
  | { kind: 'clash'; index: number; left: Dim; right: Dim }

/**
 * The shape of an elementwise result of two shapes: whole ones, a tensor's and its mask's, or only the
 * front dims of operands.
 */
export function broadcastShapes(
  left: Shape,
  right: Shape,
  facts: ShapeFacts,
  of: 'all' | 'mask' | 'batch' = 'batch',
): Broadcast {
  const [a, b] = [facts.resolve(left), facts.resolve(right)]
  const [x, y] = [dimsOf(a), dimsOf(b)]
  if (x && y) return broadcastKnown(x, y, facts.dims)
  // Without dims there is nothing to broadcast.
  if (x?.length === 0) return { kind: 'fits', shape: b, assumed: false }
  if (y?.length === 0) return { kind: 'fits', shape: a, assumed: false }
  if (a.gap && a.gap === b.gap && a.trail.length === b.trail.length && a.lead.length === b.lead.length) {
    const [lead, trail] = [
      broadcastKnown(a.lead, b.lead, facts.dims),
      broadcastKnown(a.trail, b.trail, facts.dims),
    ]
    if (lead.kind === 'clash') return { ...lead, index: lead.index - a.trail.length }
    if (trail.kind === 'clash') return trail
    const shape = { lead: dimsOf(lead.shape) ?? [], gap: a.gap, trail: dimsOf(trail.shape) ?? [] }
    return { kind: 'fits', shape, assumed: bothAssumed(lead.assumed, trail.assumed) }
  }
  // The last dims, where both are known, are compared in any case.
  const [aTail, bTail] = [x ?? a.trail, y ?? b.trail]
  const common = Math.min(aTail.length, bTail.length)
  const tail = broadcastKnown(
    aTail.slice(aTail.length - common),
    bTail.slice(bTail.length - common),
    facts.dims,
  )
  if (tail.kind === 'clash') return tail
  const known = x ?? y
  const open = x ? b : a
  // All dims of the one lie within the last dims of the other: the rest is the other's.
  if (known && open.gap && open.trail.length >= known.length) {
    const trail = [...open.trail.slice(0, open.trail.length - common), ...(dimsOf(tail.shape) ?? [])]
    return { kind: 'fits', shape: { lead: open.lead, gap: open.gap, trail }, assumed: tail.assumed }
  }
  const tailDims = dimsOf(tail.shape) ?? []
  // Where one has 1, the other's size would show.
  const shown = (dims: readonly Dim[]): Dim[] => dims.map((d) => (d.value === 1 ? fresh() : d))
  // A vector, a table or a value a channel is often broadcast up to a rank that the code does not show here.
  const isVectorOrTable = known && (known.length === 1 || (known.length === 2 && known[0]?.value !== 1))
  // So is one with a 1 in between: `[n, 1, d]` goes with `[n, h, d]` and with `[b, n, h, d]`. A mask is made to fit.
  const isPadded =
    known &&
    ((known.length > 2 && known.at(-1)?.value === 1) ||
      (of === 'all' && known.length === 3 && known[1]?.value === 1))
  const isSmall = of !== 'batch' && known && (isVectorOrTable || isPadded)
  if (isSmall && leastRank(open) <= known.length) {
    const head = shown(known.slice(0, known.length - common))
    return { kind: 'fits', shape: { ...openShape(), trail: [...head, ...tailDims] }, assumed: tail.assumed }
  }
  // Operands of more dims seldom are, least of all of more than four.
  if (known && leastRank(open) <= known.length) {
    const head = shown(known.slice(0, known.length - common))
    return {
      kind: 'fits',
      shape: shapeOf([...head, ...tailDims]),
      assumed: known.length < 4 ? 'rank' : 'sizes',
    }
  }
  const withTail = (shape: Shape): Shape => ({
    ...shape,
    lead: shown(shape.lead),
    trail: [...shown(shape.trail.slice(0, shape.trail.length - common)), ...tailDims],
  })
  if (known) return { kind: 'fits', shape: withTail(open), assumed: 'sizes' }
  if (leastRank(a) === 0 && leastRank(b) === 0) return { kind: 'fits', shape: openShape(), assumed: 'rank' }
  return { kind: 'fits', shape: withTail(leastRank(a) >= leastRank(b) ? a : b), assumed: 'rank' }
}

function broadcastKnown(x: readonly Dim[], y: readonly Dim[], facts: Facts): Broadcast {
  const rank = Math.max(x.length, y.length)
  const dims: Dim[] = new Array(rank)
  let assumed: Assumed = false
  for (let i = 1; i <= rank; i++) {
    const [left, right] = [x[x.length - i], y[y.length - i]]
    if (!left || !right) {
      const only = left ?? right
      if (only) dims[rank - i] = only
      continue
    }
    const result = broadcastDim(left, right, facts)
    if (result.kind === 'clash') return { kind: 'clash', index: -i, left, right }
    if (result.kind === 'assumed') assumed = 'sizes'
    dims[rank - i] = result.dim
  }
  return { kind: 'fits', shape: shapeOf(dims), assumed }
}
