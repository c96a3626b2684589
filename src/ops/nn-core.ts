// What the rules of layers share: the last dims of a shape, dtypes that must agree, sizes per spatial dim.

import { constant, type Dim, fresh, one } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { categoryOf, type DType } from '../tensors/dtype'
import { openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Assumed, Tensor } from '../tensors/tensor'
import type { Code } from '../trace/codes'
import type { Value } from '../trace/values'
import { productDType } from './autocast'
import type { OpCall } from './op'

/** A shape cut before its last dims. */
export interface Split {
  rest: Shape
  last: readonly Dim[]
}

/** Cuts the last `count` dims off. `'too-few'` if there are not so many; null if a gap hides them. */
export function splitLast(c: OpCall, shape: Shape, count: number): Split | 'too-few' | null {
  const known = c.facts.requireTrail(shape, count)
  if (!known) return 'too-few'
  const [side, isOpen] = known.gap ? [known.trail, true] : [known.lead, false]
  if (side.length < count) return null
  const [front, last] = [side.slice(0, side.length - count), side.slice(side.length - count)]
  return { rest: isOpen ? { ...known, trail: front } : shapeOf(front), last }
}

/** A shape cut into its first dims, its last dims and what lies between. */
export interface Ends {
  first: readonly Dim[]
  middle: Shape
  last: readonly Dim[]
}

/** Cuts `front` dims off the front and `back` off the end, as `splitLast` does; they do not overlap. */
export function splitEnds(c: OpCall, shape: Shape, front: number, back: number): Ends | 'too-few' | null {
  let known = c.facts.resolve(shape)
  if (!known.gap) {
    const { lead } = known
    if (lead.length < front + back) return 'too-few'
    const cut = lead.length - back
    return { first: lead.slice(0, front), middle: shapeOf(lead.slice(front, cut)), last: lead.slice(cut) }
  }
  const [before, behind] = [Math.max(0, front - known.lead.length), Math.max(0, back - known.trail.length)]
  // A dim known only from the other side may be one of those asked for.
  if ((before > 0 && known.trail.length > back) || (behind > 0 && known.lead.length > front)) return null
  if (before + behind > 0) {
    const some = (count: number): Dim[] => Array.from({ length: count }, () => fresh())
    c.facts.fill(known.gap, openShape(some(before), some(behind)))
    known = c.facts.resolve(known)
  }
  const cut = known.trail.length - back
  return {
    first: known.lead.slice(0, front),
    middle: { lead: known.lead.slice(front), gap: known.gap, trail: known.trail.slice(0, cut) },
    last: known.trail.slice(cut),
  }
}

/** A shape with further dims behind it. */
export const append = (front: Shape, ...back: readonly Dim[]): Shape =>
  front.gap ? { ...front, trail: [...front.trail, ...back] } : shapeOf([...front.lead, ...back])

/** The rank, or null where a gap hides it. */
export const rankOf = (shape: Shape): number | null => (shape.gap ? null : shape.lead.length)

/** «batch» dims joined by broadcasting; null after a reported clash. `behind`: the dims that follow them. */
export function broadcastBatch(
  c: OpCall,
  code: Code,
  left: Shape,
  right: Shape,
  behind: number,
  wholes: readonly [Shape, Shape],
): { shape: Shape; assumed: Assumed } | null {
  const joined = broadcastShapes(left, right, c.facts)
  if (joined.kind === 'fits') return joined
  const [x, y] = [c.showDim(joined.left), c.showDim(joined.right)]
  c.fail(
    code,
    `${c.name}: the batch dims of ${c.show(wholes[0])} and ${c.show(wholes[1])} do not broadcast: ` +
      `in dim ${joined.index - behind} the sizes are ${x} and ${y}, which must be equal or 1`,
  )
  return null
}

/**
 * The dtype that all tensors must have. Floats of different widths are only warned about, since
 * a caller's autocast may make them equal; the result's dtype is then not known. False after an error.
 */
export function sameDType(c: OpCall, tensors: readonly (Tensor | null)[]): DType | null | false {
  if (c.env.autocast) return productDType(c, c.env.autocast, tensors)
  let found: Tensor | null = null
  let isMixed = false
  for (const t of tensors) {
    if (!t?.dtype) {
      isMixed ||= t !== null
      continue
    }
    if (!found?.dtype) found = t
    else if (found.dtype !== t.dtype) {
      if (categoryOf(found.dtype) !== categoryOf(t.dtype)) {
        c.fail(
          'dtype-mismatch',
          `${c.name}: the dtypes differ: torch.${found.dtype} and torch.${t.dtype}; convert one with .to(…)`,
        )
        return false
      }
      if (!found.isParameter && !t.isParameter)
        c.warn(
          'dtype-mismatch',
          `${c.name}: the dtypes differ: torch.${found.dtype} and torch.${t.dtype}; convert one with .to(…)`,
        )
      return null
    }
  }
  // In a program no caller is left that could make others equal.
  return isMixed && !c.env.isConcrete ? null : (found?.dtype ?? null)
}

/** An `ints` argument of one number or `count` numbers, as `count` dims; null if its length is not known. */
export function perDim(c: OpCall, name: string, count: number): readonly Dim[] | null | 'failed' {
  return spread(c, name, c.ints(name), count)
}
export function spread(
  c: OpCall,
  name: string,
  given: Shape,
  count: number,
): readonly Dim[] | null | 'failed' {
  if (given.gap) return null
  const [only] = given.lead
  if (given.lead.length === 1 && only) return Array.from({ length: count }, () => only)
  if (given.lead.length === count) return given.lead
  c.fail('argument-mismatch', `${c.name}: ${name} has ${given.lead.length} numbers; 1 or ${count} are needed`)
  return 'failed'
}

/** The items of an argument that is a sequence of ints, or a single int; null where they are not known. */
export function intList(c: OpCall, value: Value): readonly Dim[] | null {
  const settled = c.env.settle(value)
  if (settled.kind === 'int') return [c.facts.dims.resolve(settled.dim)]
  const size = c.env.asSize(settled)
  return !size || size.gap ? null : c.facts.resolve(size).lead
}

/** Numbers of a sequence of ints, or null where one is not a number. */
export function numbersOf(dims: readonly Dim[] | null): number[] | null {
  if (!dims) return null
  const numbers: number[] = []
  for (const d of dims) {
    if (d.value === null) return null
    numbers.push(d.value)
  }
  return numbers
}

/** True if two dims are different numbers, or cannot be equal for other reasons; nothing is learnt. */
export const differ = (c: OpCall, a: Dim, b: Dim): boolean => c.facts.dims.equal(a, b).kind === 'refuted'

/** True if a dim cannot be expanded to another. */
export const cannotExpand = (c: OpCall, from: Dim, to: Dim): boolean =>
  from.value !== 1 && differ(c, from, to)

export const ones = (count: number): readonly Dim[] => Array.from({ length: count }, () => one)
export const dim = constant
