// Places among the dims of a shape, of known or unknown rank: finding, replacing and inserting dims.

import { type Dim, fresh, one } from '../dims/dim'
import { dimsOf, leastRank, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { OpCall } from './op'

/** One dim of a shape, counted within the dims before or behind its gap. */
export interface Spot {
  readonly shape: Shape
  readonly side: 'lead' | 'trail'
  readonly index: number
  /** 1 for the dim 0 that PyTorch lends to a tensor without dims. */
  readonly size: Dim
}

export const isScalar = (shape: Shape): boolean => shape.gap === null && shape.lead.length === 0

/** The dim that Python counts as `dim`; refuses one that is out of range. Null where it cannot be told. */
export function spotOf(c: OpCall, of: Shape, dim: Dim): Spot | null {
  const index = dim.value
  const known = c.facts.resolve(of)
  if (index === null) return null
  if (isScalar(known) && (index === 0 || index === -1))
    return { shape: known, side: 'lead', index: 0, size: one }
  const shape =
    (index >= 0 ? c.facts.requireLead(known, index + 1) : c.facts.requireTrail(known, -index)) ??
    outOfRange(c, known, index)
  const side = shape.gap && index < 0 ? 'trail' : 'lead'
  const place = index < 0 ? shape[side].length + index : index
  const size = shape[side][place]
  return size ? { shape, side, index: place, size } : null
}

/** `spotOf` for operations that a tensor without dims does not have. */
export function spotInDims(c: OpCall, of: Shape, dim: Dim): Spot | null {
  const spot = spotOf(c, of, dim)
  if (spot && isScalar(spot.shape))
    return c.refuse(
      'dim-out-of-range',
      `${c.name}: the tensor has no dims, so it has no dim ${c.showDim(dim)}`,
    )
  return spot
}

function outOfRange(c: OpCall, shape: Shape, index: number, extra = 0): never {
  const rank = shape.lead.length + extra
  return c.refuse(
    'dim-out-of-range',
    `${c.name}: dim ${index} is out of range for ${c.show(shape)}, which has ${shape.lead.length} dims ` +
      `(${-Math.max(rank, 1)} to ${Math.max(rank, 1) - 1} are allowed)`,
  )
}

/** The shape with the dim replaced by any number of dims. */
export function replaceDim(spot: Spot, ...dims: readonly Dim[]): Shape {
  const { shape, side, index } = spot
  if (isScalar(shape)) return shape
  const changed = [...shape[side].slice(0, index), ...dims, ...shape[side].slice(index + 1)]
  return shape.gap ? { ...shape, [side]: changed } : shapeOf(changed)
}

/** Several dims of one shape. */
export interface Spots {
  readonly shape: Shape
  has(side: 'lead' | 'trail', index: number): boolean
}

/** The dims of a list; refuses one that is out of range or given twice. Null where it cannot be told. */
export function spotsOf(c: OpCall, of: Shape, dims: Shape): Spots | null {
  if (dims.gap) return null
  let shape = c.facts.resolve(of)
  const places: Spot[] = []
  for (const dim of dims.lead) {
    const spot = spotOf(c, shape, dim)
    if (!spot) return null
    shape = spot.shape
  }
  const taken = new Set<string>()
  for (const dim of dims.lead) {
    const spot = spotOf(c, shape, dim)
    if (!spot) return null
    const key = `${spot.side}${spot.index}`
    if (taken.has(key))
      c.refuse('dim-out-of-range', `${c.name}: dim ${c.showDim(dim)} is given twice for ${c.show(shape)}`)
    taken.add(key)
    places.push(spot)
  }
  return { shape, has: (side, index) => taken.has(`${side}${index}`) }
}

/** The shape with every dim of some places dropped (or, kept, of size 1). */
export function withoutDims(spots: Spots, keep: boolean): Shape {
  const { shape } = spots
  const side = (name: 'lead' | 'trail'): Dim[] =>
    shape[name].flatMap((d, i) => (spots.has(name, i) ? (keep ? [one] : []) : [d]))
  return shape.gap ? { lead: side('lead'), gap: shape.gap, trail: side('trail') } : shapeOf(side('lead'))
}

/** The shape after a reduction over some dims, or over all of them where `dims` is null or empty. */
export function reducedShape(c: OpCall, of: Shape, dims: Shape | null, keep: boolean | null): Shape {
  if (keep === null) return openShape()
  const shape = c.facts.resolve(of)
  if (shape.lead.length > 64) c.refuse('rank-mismatch', `${c.name}: takes tensors of up to 64 dims`)
  if (dims === null || (!dims.gap && dims.lead.length === 0)) {
    if (!keep) return scalar
    const all = dimsOf(shape)
    return all ? shapeOf(all.map(() => one)) : openShape()
  }
  const spots = spotsOf(c, shape, dims)
  if (spots) return withoutDims(spots, keep)
  // So many dims go, whichever they are: of a vector nothing is left.
  const left = keep ? shape.lead.length : dims.gap ? null : shape.lead.length - dims.lead.length
  return shape.gap || left === null || left < 0 ? openShape() : someShape(left)
}

/** A shape of so many dims of which nothing is known. */
export const someShape = (rank: number): Shape => shapeOf(Array.from({ length: rank }, () => fresh()))

/** The shape with a dim inserted, where `dim` counts in the result. Null where it cannot be told. */
export function insertDim(c: OpCall, of: Shape, dim: Dim, ...sizes: readonly Dim[]): Shape | null {
  const index = dim.value
  const known = c.facts.resolve(of)
  if (index === null) return known.gap ? null : someShape(known.lead.length + sizes.length)
  const shape =
    (index >= 0 ? c.facts.requireLead(known, index) : c.facts.requireTrail(known, -index - 1)) ??
    outOfRange(c, known, index, 1)
  const side = shape.gap && index < 0 ? 'trail' : 'lead'
  const place = index < 0 ? shape[side].length + index + 1 : index
  if (place > shape[side].length || place < 0) return null
  const changed = [...shape[side].slice(0, place), ...sizes, ...shape[side].slice(place)]
  return shape.gap ? { ...shape, [side]: changed } : shapeOf(changed)
}

/** A tensor of any rank but this one is refused; an open one learns it. */
export function needRank(c: OpCall, shape: Shape, rank: number, what = 'the input'): readonly Dim[] {
  const dims = c.facts.requireRank(shape, rank)
  if (dims) return dims
  const has = shape.gap ? `at least ${leastRank(shape)}` : `${shape.lead.length}`
  return c.refuse(
    'rank-mismatch',
    `${c.name}: ${what} must have ${rank} dims, and ${c.show(shape)} has ${has}`,
  )
}

/** A tensor of fewer dims is refused. */
export function needLeastRank(c: OpCall, shape: Shape, rank: number, what = 'the input'): void {
  if (!shape.gap && shape.lead.length < rank)
    c.refuse(
      'rank-mismatch',
      `${c.name}: ${what} must have at least ${rank} dims, and ${c.show(shape)} has ${shape.lead.length}`,
    )
}
