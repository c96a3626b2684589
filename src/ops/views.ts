// Operations that only look at the same memory in another way: view, transpose, permute, expand, …

import { constant, type Dim, exactQuotient, floorDivide, fractionOf, fresh, isWhole, product } from '../dims/dim'
import { viewStrides } from '../tensors/layout'
import { dimsOf, openShape, type Shape, shapeOf } from '../tensors/shape'
import { type Layout, stridesOf, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { failed, type OpCall, type OpEntry, result } from './op'

/** The same tensor seen with other dims and strides. */
export const seenAs = (t: Tensor, shape: Shape, layout: Layout): Tensor => ({
  ...result(shape, t.dtype, layout),
  values: t.values,
})

/** The target of a view with its -1 replaced, so that the element counts agree; null after an error. */
export function completeSize(c: OpCall, input: Tensor, target: Shape): Shape | null {
  const source = input.shape
  if (source.gap || target.gap) return completeOpen(source, target)
  const holes = target.lead.filter(d => d.value === -1).length
  if (holes > 1) {
    c.fail('view-mismatch', `${c.name}: only one size may be -1, and ${c.show(target)} has ${holes}`)
    return null
  }
  const count = c.facts.dims.resolve(product(source.lead))
  const others = c.facts.dims.resolve(product(target.lead.filter(d => d.value !== -1)))
  if (holes === 0) {
    if (c.unify(count, others)) return c.facts.resolve(target)
    c.fail('view-mismatch', countMessage(c, source, target, count, others))
    return null
  }
  const hole = wholeQuotient(c, count, others)
  if (hole === null) {
    c.fail('view-mismatch', countMessage(c, source, target, count, others))
    return null
  }
  return c.facts.resolve(shapeOf(target.lead.map(d => (d.value === -1 ? hole : d))))
}

/** `count / others`, assuming that it is whole where that is not known; null if it is not. */
function wholeQuotient(c: OpCall, count: Dim, others: Dim): Dim | null {
  const [m, n] = [count.value, others.value]
  if (m !== null && n !== null) return n !== 0 && m % n === 0 ? constant(m / n) : null
  const quotient = exactQuotient(count, others)
  if (!quotient) return floorDivide(count, others)
  if (!isWhole(quotient)) {
    // Only the factors that do not cancel have to divide: D by H, not B·S·D by B·S·H.
    const [above, below] = fractionOf(quotient)
    const assumption = c.facts.dims.learnDivides(below, above, false)
    if (assumption) c.env.noteAssumption(assumption)
  }
  return quotient
}

/** With a gap only the dims that the two share in front are compared. */
function completeOpen(source: Shape, target: Shape): Shape {
  const sameGap = source.gap !== null && source.gap === target.gap
  const sameLead = source.lead.length === target.lead.length && source.lead.every((d, i) => d.key === target.lead[i]?.key)
  if (!sameGap || !sameLead) return replaceHole(target, null)
  const others = product(target.trail.filter(d => d.value !== -1))
  const hole = exactQuotient(product(source.trail), others) ?? floorDivide(product(source.trail), others)
  return replaceHole(target, hole)
}

const replaceHole = (target: Shape, hole: Dim | null): Shape => {
  const fill = (d: Dim): Dim => (d.value === -1 ? (hole ?? fresh()) : d)
  return { lead: target.lead.map(fill), gap: target.gap, trail: target.trail.map(fill) }
}

function countMessage(c: OpCall, source: Shape, target: Shape, count: Dim, others: Dim): string {
  const [from, to] = [c.showDim(count), c.showDim(others)]
  const [m, n] = [count.value, others.value]
  const reason =
    m !== null && n !== null && target.lead.some(d => d.value === -1)
      ? `${m} elements do not divide by ${n}`
      : `${from} elements are not ${to}`
  return `${c.name}: ${c.show(source)} cannot become ${c.show(target)}: ${reason}`
}

/** `view`, or `reshape` which copies where a view is not legal. */
function reshaped(c: OpCall, input: Tensor, target: Shape, mayCopy: boolean): Value {
  const shape = completeSize(c, input, target)
  if (!shape) return failed()
  const [dims, strides, newDims] = [dimsOf(input.shape), stridesOf(input), dimsOf(shape)]
  if (!dims || !strides || !newDims) {
    const layout = mayCopy || input.layout === 'contiguous' ? (input.layout === 'contiguous' ? 'contiguous' : null) : null
    return seenAs(input, shape, layout)
  }
  if (input.layout === 'contiguous') return seenAs(input, shape, 'contiguous')
  const resolved = strides.map(s => c.facts.dims.resolve(s))
  const view = viewStrides(dims, resolved, newDims, c.facts.dims)
  if (view.kind === 'legal') return seenAs(input, shape, view.strides)
  if (view.kind === 'unknown') return seenAs(input, shape, null)
  if (mayCopy) return seenAs(input, shape, 'contiguous')
  return c.fail(
    'illegal-view',
    `${c.name}: ${c.show(input.shape)} with strides (${resolved.map(s => c.showDim(s)).join(', ')}) cannot be seen as ` +
      `${c.show(shape)} without a copy; use .reshape(…), or .contiguous() before it`,
  )
}

/** The tensor with its dims in another order. */
export function permuted(t: Tensor, order: readonly number[]): Tensor {
  const [dims, strides] = [dimsOf(t.shape), stridesOf(t)]
  if (!dims) return t
  const pick = <T>(from: readonly T[]): T[] => order.map(i => from[i] as T)
  return seenAs({ ...t, values: null }, shapeOf(pick(dims)), strides ? pick(strides) : null)
}

function transposed(c: OpCall, input: Tensor, dim0: Dim, dim1: Dim): Value {
  for (const d of [dim0, dim1]) {
    const { value } = d
    if (value !== null && input.shape.gap) c.facts.at(input.shape, value)
  }
  const taught = { ...input, shape: c.facts.resolve(input.shape) }
  const [a, b] = [c.axis(taught.shape, dim0), c.axis(taught.shape, dim1)]
  if (a === 'failed' || b === 'failed') return failed()
  const dims = dimsOf(taught.shape)
  if (dims && a !== null && b !== null) {
    const order = dims.map((_, i) => (i === a ? b : i === b ? a : i))
    return dims.length < 2 ? taught : permuted(taught, order)
  }
  return swapInOpen(taught, dim0.value, dim1.value)
}

/** A swap of two dims that both lie on the same side of the gap. */
function swapInOpen(t: Tensor, a: number | null, b: number | null): Value {
  const { lead, gap, trail } = t.shape
  const swap = (dims: readonly Dim[], i: number, j: number): Dim[] | null => {
    const [x, y] = [dims[i], dims[j]]
    if (!x || !y) return null
    const copy = [...dims]
    ;[copy[i], copy[j]] = [y, x]
    return copy
  }
  if (a !== null && b !== null && a >= 0 && b >= 0) {
    const swapped = swap(lead, a, b)
    if (swapped) return seenAs(t, { lead: swapped, gap, trail }, null)
  }
  if (a !== null && b !== null && a < 0 && b < 0) {
    const swapped = swap(trail, trail.length + a, trail.length + b)
    if (swapped) return seenAs(t, { lead, gap, trail: swapped }, null)
  }
  return seenAs(t, openShape(), null)
}

export const viewOps: readonly OpEntry[] = [
  ['view(input: Tensor, *size: ints)', 'method', c => reshaped(c, c.tensor('input'), c.ints('size'), false)],
  ['reshape(input: Tensor, *shape: ints)', 'method', c => reshaped(c, c.tensor('input'), c.ints('shape'), true)],
  ['reshape(input: Tensor, shape: ints)', 'torch', c => reshaped(c, c.tensor('input'), c.ints('shape'), true)],
  ['transpose(input: Tensor, dim0: int, dim1: int)', 'torch method', c =>
    transposed(c, c.tensor('input'), c.int('dim0'), c.int('dim1'))],
]
