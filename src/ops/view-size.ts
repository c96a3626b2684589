// Sizes for view and reshape: the -1, the element counts, and whether the memory allows a view.

import {
  constant,
  type Dim,
  exactQuotient,
  floorDivide,
  fractionOf,
  fresh,
  isWhole,
  one,
  product,
  type Sym,
} from '../dims/dim'
import { substitute, takenAsExact } from '../dims/substitution'
import { viewStrides } from '../tensors/layout'
import { dimsOf, type Shape, shapeOf } from '../tensors/shape'
import { contiguousStrides, type Layout, stridesOf, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { failed, type OpCall, result } from './op'

/** The same elements in the same order under another shape. */
export const seenAs = (t: Tensor, shape: Shape, layout: Layout): Tensor => ({
  ...result(shape, t.dtype, layout),
  values: t.values,
})

/** The layout of a copy or view of which only density is sure to stay. */
export const copyLayout = (t: Tensor): 'contiguous' | null =>
  t.layout === 'contiguous' ? 'contiguous' : null

/** A tensor's strides in their present normal form, or null. */
export const stridesIn = (c: OpCall, t: Tensor): readonly Dim[] | null =>
  stridesOf(t)?.map((s) => c.facts.dims.resolve(s)) ?? null

/** Strides as a layout: exactly those of a dense tensor are `contiguous`. */
export function layoutOf(dims: readonly Dim[], strides: readonly Dim[] | null): Layout {
  if (!strides) return null
  const dense = contiguousStrides(dims)
  return dense.every((s, i) => s.key === strides[i]?.key) ? 'contiguous' : strides
}

/** The target of a view with its -1 replaced, so that the element counts agree; null after an error. */
export function completeSize(c: OpCall, input: Tensor, target: Shape): Shape | null {
  const negative = [...target.lead, ...target.trail].find((d) => d.value !== null && d.value < -1)
  if (negative) {
    c.fail('view-mismatch', `${c.name}: ${c.showDim(negative)} is not a size; only -1 may be negative`)
    return null
  }
  const source = input.shape
  if (source.gap || target.gap) return completeOpen(c, source, target)
  const holes = target.lead.filter((d) => d.value === -1).length
  if (holes > 1) {
    c.fail('view-mismatch', `${c.name}: only one size may be -1, and ${c.show(target)} has ${holes}`)
    return null
  }
  const count = c.facts.dims.resolve(product(source.lead))
  const others = c.facts.dims.resolve(product(target.lead.filter((d) => d.value !== -1)))
  if (holes === 0) {
    // One of the sizes that have no number may be 0 as well.
    const mayBeEmpty = [count, others].some((d) => d.value === 0) && count.value !== others.value
    if (mayBeEmpty && (count.value === null || others.value === null)) return c.facts.resolve(target)
    if (c.unify(count, others)) return c.facts.resolve(target)
    const remainder = remainderIn(c, target, count, others) ?? ''
    c.fail('view-mismatch', countMessage(c, source, target, count, others) + remainder)
    return null
  }
  const remainder = remainderIn(c, target, count, others)
  const hole = remainder ? null : wholeQuotient(c, count, others)
  if (hole === null) {
    c.fail('view-mismatch', countMessage(c, source, target, count, others) + (remainder ?? ''))
    return null
  }
  return c.facts.resolve(shapeOf(target.lead.map((d) => (d.value === -1 ? hole : d))))
}

/**
 * Why a size that came from a floor division with a remainder (512 // 7) cannot fill a count that has
 * its dividend, together with its divisor; null where there is none or it does not matter.
 */
function remainderIn(c: OpCall, target: Shape, count: Dim, others: Dim): string | null {
  const quotient = exactQuotient(count, others)
  if (quotient && isWhole(quotient)) return null
  for (const [at, size] of target.lead.entries()) {
    const inexact = size.value !== null ? c.env.inexactQuotient(size.value) : null
    if (!inexact || !target.lead.some((d, i) => i !== at && d.value === inexact.divisor)) continue
    const { dividend, divisor } = inexact
    const parts = exactQuotient(count, constant(dividend))
    if (!parts || !isWhole(parts)) continue
    return `; ${divisor} does not divide ${dividend}: ${dividend} // ${divisor} is ${size.value}, and ${divisor} * ${size.value} is ${divisor * (size.value ?? 0)}`
  }
  return null
}

/** `count / others`, assuming that it is whole where that is not known; null if it is not. */
export function wholeQuotient(c: OpCall, count: Dim, others: Dim): Dim | null {
  const [m, n] = [count.value, others.value]
  if (m !== null && n !== null) return n !== 0 && m % n === 0 ? constant(m / n) : null
  if (n === 0) return null
  const quotient = exactQuotient(count, others)
  if (!quotient) return floorDivide(count, others)
  if (!isWhole(quotient)) {
    // `d // h` heads of `h` fill `d` if h divides d.
    const exact = takenAsExact(quotient)
    if (exact && exact.pairs.length > 0 && isWhole(exact.dim)) {
      for (const { dividend, divisor } of exact.pairs) {
        const assumption = c.facts.dims.learnDivides(divisor, dividend, false)
        if (assumption) c.env.noteAssumption(assumption)
      }
      return c.facts.dims.resolve(exact.dim)
    }
    // Only the factors that do not cancel have to divide: D by H, not B·S·D by B·S·H.
    const [above, below] = fractionOf(quotient)
    if (above.value !== null && below.value !== null) return null
    const assumption = c.facts.dims.learnDivides(below, above, false)
    if (assumption) c.env.noteAssumption(assumption)
  }
  return quotient
}

/** With a gap only dims behind what the two share in front are compared. */
function completeOpen(c: OpCall, source: Shape, target: Shape): Shape | null {
  const sameGap = source.gap !== null && source.gap === target.gap
  const sameLead =
    source.lead.length === target.lead.length && source.lead.every((d, i) => d.key === target.lead[i]?.key)
  if (!sameGap || !sameLead) return replaceHole(target, null)
  const count = c.facts.dims.resolve(product(source.trail))
  const others = c.facts.dims.resolve(product(target.trail.filter((d) => d.value !== -1)))
  const hasHole = target.trail.some((d) => d.value === -1)
  const hole = hasHole ? wholeQuotient(c, count, others) : null
  if (hasHole ? hole === null : !c.unify(count, others)) {
    c.fail('view-mismatch', countMessage(c, source, target, count, others))
    return null
  }
  return c.facts.resolve(replaceHole(target, hole))
}

const replaceHole = (target: Shape, hole: Dim | null): Shape => {
  const fill = (d: Dim): Dim => (d.value === -1 ? (hole ?? fresh()) : d)
  return { lead: target.lead.map(fill), gap: target.gap, trail: target.trail.map(fill) }
}

function countMessage(c: OpCall, source: Shape, target: Shape, count: Dim, others: Dim): string {
  const [from, to] = [c.showDim(count), c.showDim(others)]
  const reason = [...target.lead, ...target.trail].some((d) => d.value === -1)
    ? `${from} elements do not divide by ${to}`
    : `${from} elements are not ${to}`
  return `${c.name}: ${c.show(source)} cannot become ${c.show(target)}: ${reason}`
}

/** `view`, or `reshape` which copies where a view is not legal. */
export function reshaped(c: OpCall, input: Tensor, target: Shape, mayCopy: boolean): Value {
  const shape = completeSize(c, input, target)
  if (!shape) return failed()
  if (input.layout === 'contiguous') return seenAs(input, shape, 'contiguous')
  const [dims, strides, newDims] = [dimsOf(c.facts.resolve(input.shape)), stridesIn(c, input), dimsOf(shape)]
  if (!dims || !strides || !newDims) return seenAs(input, shape, null)
  const view = viewStrides(dims, strides, newDims, c.facts.dims)
  if (view.kind === 'legal') return seenAs(input, shape, layoutOf(newDims, view.strides))
  if (view.kind === 'unknown') return seenAs(input, shape, null)
  if (mayCopy) return seenAs(input, shape, 'contiguous')
  const ones = usualOnes([...dims, ...strides, ...newDims].map((d) => c.facts.dims.resolve(d)))
  const usual = (all: readonly Dim[]): Dim[] => all.map((d) => withOnes(c.facts.dims.resolve(d), ones))
  const isUsuallyIllegal =
    ones.size === 0 ||
    viewStrides(usual(dims), usual(strides), usual(newDims), c.facts.dims).kind === 'illegal'
  const where = isUsuallyIllegal ? '' : ` where ${[...ones].map((a) => a.name).join(', ')} is not 1`
  const message =
    `${c.name}: ${c.show(input.shape)} with strides ` +
    `(${strides.map((s) => c.showDim(s)).join(', ')}) cannot be seen as ` +
    `${c.show(shape)} without a copy${where}; use .reshape(…), or .contiguous() before it`
  if (isUsuallyIllegal) return c.fail('illegal-view', message)
  c.warn('illegal-view', message)
  return seenAs(input, shape, null)
}

/** The symbols that are 1 unless somebody gives another. */
function usualOnes(dims: readonly Dim[]): Set<Sym> {
  const ones = new Set<Sym>()
  for (const d of dims) for (const symbol of d.symbols) if (symbol.isUsuallyOne) ones.add(symbol)
  return ones
}

const withOnes = (d: Dim, ones: ReadonlySet<Sym>): Dim =>
  substitute(d, (atom) => (atom.kind === 'symbol' && ones.has(atom) ? one : null))
