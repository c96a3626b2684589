// Memory layout: contiguity, when a view is legal, and the strides of elementwise results.

import { type Dim, exactQuotient, isWhole, multiply, one, zero } from '../dims/dim'
import type { Facts } from '../dims/facts'
import { contiguousStrides } from './tensor'

/**
 * Whether strides are those of a dense row-major tensor (c10/core/Contiguity.h): dims of size 1
 * do not count, and symbols are at least 2. Null if it cannot be told.
 */
export function isContiguous(dims: readonly Dim[], strides: readonly Dim[], facts: Facts): boolean | null {
  if (dims.some((d) => d.value === 0)) return true
  let expected = one
  let isKnown = true
  for (let i = dims.length - 1; i >= 0; i--) {
    const [size, stride] = [dims[i], strides[i]]
    if (!size || !stride || size.value === 1) continue
    const order = facts.order(stride, expected)
    if (order === null) isKnown = false
    else if (order !== 0) return false
    expected = multiply(expected, size)
  }
  return isKnown ? true : null
}

export type ViewResult = { kind: 'legal'; strides: Dim[] } | { kind: 'illegal' } | { kind: 'unknown' }

/**
 * Whether a tensor can be seen under another shape without a copy, and the strides it has then
 * (`computeStride_impl` in aten/src/ATen/TensorUtils.cpp): runs of dims that lie together in memory
 * must each be cut up whole. The shapes hold the same number of elements.
 */
export function viewStrides(
  dims: readonly Dim[],
  strides: readonly Dim[],
  target: readonly Dim[],
  facts: Facts,
): ViewResult {
  if (dims.length === 0) return { kind: 'legal', strides: target.map(() => one) }
  if (dims.some((d) => d.value === 0)) {
    const isSame = dims.length === target.length && dims.every((d, i) => d.key === target[i]?.key)
    return { kind: 'legal', strides: isSame ? [...strides] : contiguousStrides(target) }
  }
  const result: Dim[] = new Array(target.length).fill(zero)
  let next = target.length - 1
  let base = strides[dims.length - 1] ?? one
  let [runCount, viewCount] = [one, one]
  for (let d = dims.length - 1; d >= 0; d--) {
    runCount = multiply(runCount, dims[d] ?? one)
    const outer = dims[d - 1]
    if (d > 0 && outer) {
      if (outer.value === 1) continue
      const joins = facts.order(strides[d - 1] ?? one, multiply(runCount, base))
      if (joins === 0) continue
      if (joins === null) return { kind: 'unknown' }
    }
    // The run ends here: dims of the target are taken until they fill it.
    while (next >= 0) {
      const size = target[next] ?? one
      const filled = facts.order(viewCount, runCount)
      if (filled === 0 && size.value !== 1) break
      if (filled !== 0 && !goesInto(multiply(viewCount, size), runCount, facts)) {
        return facts.order(multiply(viewCount, size), runCount) === null &&
          !isFraction(multiply(viewCount, size), runCount, facts)
          ? { kind: 'unknown' }
          : { kind: 'illegal' }
      }
      result[next] = multiply(viewCount, base)
      viewCount = multiply(viewCount, size)
      next--
    }
    const filled = facts.order(viewCount, runCount)
    if (filled !== 0) return { kind: filled === null ? 'unknown' : 'illegal' }
    if (d > 0) {
      base = strides[d - 1] ?? one
      ;[runCount, viewCount] = [one, one]
    }
  }
  return next < 0 ? { kind: 'legal', strides: result } : { kind: 'unknown' }
}

/** True if the quotient is whole for all sizes. */
function goesInto(part: Dim, whole: Dim, facts: Facts): boolean {
  const quotient = exactQuotient(facts.resolve(whole), facts.resolve(part))
  return quotient !== null && isWhole(quotient)
}

/** True if the quotient is a proper fraction of known factors: `1/H`, which no H ≥ 2 makes whole. */
function isFraction(part: Dim, whole: Dim, facts: Facts): boolean {
  const quotient = exactQuotient(facts.resolve(whole), facts.resolve(part))
  const [only] = quotient?.terms ?? []
  if (!only || quotient?.terms.length !== 1) return false
  return (
    only.factors.every((f) => f.power < 0 && f.atom.kind === 'symbol') &&
    (only.factors.length > 0 ? only.num === 1 : only.den !== 1)
  )
}

export interface Operand {
  dims: readonly Dim[]
  strides: readonly Dim[]
}

/**
 * The strides of a new elementwise result, as TensorIterator allocates it
 * (aten/src/ATen/TensorIterator.cpp, `reorder_dimensions`): dims are laid out in the order in which
 * the inputs' strides rise. Null if that order cannot be told.
 */
export function elementwiseStrides(
  out: readonly Dim[],
  operands: readonly Operand[],
  facts: Facts,
): readonly Dim[] | null {
  const sameShape = operands.every(
    (o) => o.dims.length === out.length && o.dims.every((d, i) => d.key === out[i]?.key),
  )
  const [first] = operands
  if (!first) return contiguousStrides(out)
  if (sameShape) {
    if (operands.every((o) => isContiguous(o.dims, o.strides, facts))) return contiguousStrides(out)
    const key = strideKey(first.strides)
    if (operands.every((o) => strideKey(o.strides) === key) && isDense(out, first.strides))
      return first.strides
  }
  const rows = operands.map((o) => broadcastStrides(o, out))
  const order = out.map((_, i) => out.length - 1 - i)
  for (let i = 1; i < order.length; i++) {
    let moving = i
    for (let j = i - 1; j >= 0; j--) {
      const comparison = compareDims(order[j] ?? 0, order[moving] ?? 0, out, rows, facts)
      if (comparison === null) return null
      if (comparison > 0) {
        ;[order[j], order[moving]] = [order[moving] ?? 0, order[j] ?? 0]
        moving = j
      } else if (comparison < 0) break
    }
  }
  if (order.every((d, i) => d === out.length - 1 - i)) return contiguousStrides(out)
  const strides: Dim[] = new Array(out.length).fill(one)
  let step = one
  for (const d of order) {
    strides[d] = step
    const size = out[d]
    if (size) step = multiply(step, size)
  }
  return strides
}

const strideKey = (strides: readonly Dim[]): string => strides.map((s) => s.key).join(',')

function compareDims(
  a: number,
  b: number,
  out: readonly Dim[],
  rows: readonly (readonly Dim[])[],
  facts: Facts,
): -1 | 0 | 1 | null {
  for (const strides of rows) {
    const [x, y] = [strides[a] ?? zero, strides[b] ?? zero]
    if (x.value === 0 || y.value === 0) continue
    const order = facts.order(x, y)
    if (order === null) return null
    if (order !== 0) return order
    const sizes = facts.order(out[a] ?? one, out[b] ?? one)
    if (sizes === null) return null
    if (sizes > 0) return 1
  }
  return 0
}

/** An operand's strides over the output's dims: 0 where it is broadcast. */
function broadcastStrides(operand: Operand, out: readonly Dim[]): Dim[] {
  const missing = out.length - operand.dims.length
  return out.map((size, i) => {
    const own = operand.dims[i - missing]
    if (!own || (own.value === 1 && size.value !== 1)) return zero
    return operand.strides[i - missing] ?? zero
  })
}

/** True if the strides are those of a dense tensor with its dims in some order. */
function isDense(dims: readonly Dim[], strides: readonly Dim[]): boolean {
  let expected = one
  const left = new Set(dims.keys())
  while (left.size > 0) {
    let found = -1
    for (const i of left) if (dims[i]?.value === 1 || strides[i]?.key === expected.key) found = i
    if (found < 0) return false
    left.delete(found)
    expected = multiply(expected, dims[found] ?? one)
  }
  return true
}
