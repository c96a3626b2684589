// A tensor as the analyser knows it: shape, dtype, memory layout and, for small ones, its values.

import { type Dim, multiply, one } from '../dims/dim'
import type { DType } from './dtype'
import { dimsOf, type Shape } from './shape'

/**
 * Where the elements lie: densely in order, at symbolic strides (one a dim, in elements), or in a
 * way that is not known.
 */
export type Layout = 'contiguous' | readonly Dim[] | null

/** What of a shape rests on a habit or a guess: nothing, only sizes, or the number of dims too. */
export type Assumed = false | 'sizes' | 'rank'

/** What is assumed where two things are. */
export const bothAssumed = (a: Assumed, b: Assumed): Assumed =>
  a === 'rank' || b === 'rank' ? 'rank' : a || b

/** An immutable description; what unification learns later shows when the shape is resolved. */
export interface Tensor {
  readonly kind: 'tensor'
  readonly shape: Shape
  readonly dtype: DType | null
  readonly layout: Layout
  /** What is assumed may be shown but never be an error; a rank that is, tells no other tensor's. */
  readonly assumed: Assumed
  /** The elements of a small integer or bool tensor, in order, where they are known. */
  readonly values: readonly Dim[] | null
  readonly isParameter: boolean
}

export function makeTensor(shape: Shape, dtype: DType | null, layout: Layout = 'contiguous'): Tensor {
  return { kind: 'tensor', shape, dtype, layout, assumed: false, values: null, isParameter: false }
}

/** The strides of a dense row-major tensor. */
export const contiguousStrides = (dims: readonly Dim[]): Dim[] => stridesInOrder(dims, [...dims.keys()])

/** The strides of a dense tensor whose dims lie in memory in the given order, the outermost first. */
export function stridesInOrder(dims: readonly Dim[], order: readonly number[]): Dim[] {
  const strides: Dim[] = new Array(dims.length)
  let step = one
  for (const i of [...order].reverse()) {
    strides[i] = step
    const size = dims[i]
    // A size of 0 counts as 1, as in PyTorch.
    if (size && size.value !== 0) step = multiply(step, size)
  }
  return strides
}

/** A tensor's strides, or null where its rank or its layout is not known. */
export function stridesOf(tensor: Tensor): readonly Dim[] | null {
  if (tensor.layout !== 'contiguous') return tensor.layout
  const dims = dimsOf(tensor.shape)
  return dims ? contiguousStrides(dims) : null
}
