// The order in memory of what a Fourier transform gives (`_exec_fft` in aten/src/ATen/native/mkl/SpectralOps.cpp).

import type { Dim } from '../dims/dim'
import { categoryOf, type DType } from '../tensors/dtype'
import { dimsOf, shapeOf } from '../tensors/shape'
import { contiguousStrides, stridesInOrder, type Tensor } from '../tensors/tensor'
import { preservedLayout } from './casting'
import { suggestedLayout } from './image-layout'
import { type OpCall, result } from './op'
import { layoutOf, stridesIn } from './view-size'

/** Complex to complex, real to half of the complex ones, and back. */
export type Kind = 'c2c' | 'r2c' | 'c2r'

/** A dense tensor whose dims lie in memory in an order, the outermost first; null if that is not known. */
export const inOrder = (dims: readonly Dim[], dtype: DType | null, order: readonly number[] | null): Tensor =>
  result(shapeOf(dims), dtype, order && layoutOf(dims, stridesInOrder(dims, order)))

/**
 * The dims of a transform's result, the outermost in memory first. `sizes` are those that the input is cut
 * or padded to before. Null where the order of the input's strides is not known.
 */
export function orderAfter(
  c: OpCall,
  input: Tensor,
  sizes: readonly Dim[],
  axes: readonly number[],
  kind: Kind,
): readonly number[] | null {
  const before = stridesBefore(c, madeComplex(c, input, kind), sizes)
  const last = axes.at(-1)
  if (!before || last === undefined) return before && sortedBy(c, before, [...sizes.keys()], sizes)
  const front = axes.slice(0, -1)
  const inverse = c.name.startsWith('ihfft')
  // Several steps: a complex transform of all axes but the last, and one of the last.
  if (front.length > 0 && kind === 'c2r') {
    const middle = step(c, before, sizes, front, true)
    return middle && step(c, stridesInOrder(sizes, middle), sizes, [last], true)
  }
  if (front.length > 0 && inverse) {
    const middle = step(c, before, sizes, [last], true)
    return middle && step(c, stridesInOrder(sizes, middle), sizes, front, true)
  }
  return step(c, before, sizes, axes, kind !== 'r2c')
}

/** A real input of a complex transform is converted first; only that over a single axis takes it as it is. */
function madeComplex(c: OpCall, input: Tensor, kind: Kind): Tensor {
  if (kind === 'r2c' || c.name === 'fft' || c.name === 'ifft') return input
  if (input.dtype && categoryOf(input.dtype) === 'complex') return input
  return { ...input, layout: preservedLayout(c, input) }
}

/** The strides of the input cut and padded: padding copies, cutting does not. */
function stridesBefore(c: OpCall, input: Tensor, sizes: readonly Dim[]): readonly Dim[] | null {
  const dims = dimsOf(input.shape)
  if (!dims) return null
  const changes = dims.map((d, i) => (sizes[i] ? c.facts.dims.order(d, sizes[i]) : 0))
  if (changes.includes(null)) return null
  if (!changes.includes(-1)) return stridesIn(c, input)
  const layout = suggestedLayout(c, input, shapeOf(sizes))
  return layout === 'contiguous' ? contiguousStrides(sizes) : layout
}

/** One transform: the other dims in the order of their strides, then the axes, in that order too. */
function step(
  c: OpCall,
  strides: readonly Dim[],
  sizes: readonly Dim[],
  axes: readonly number[],
  sortsLast: boolean,
): readonly number[] | null {
  const batch = [...sizes.keys()].filter((i) => !axes.includes(i))
  const fixed = sortsLast ? [] : axes.slice(-1)
  const [outer, inner] = [batch, axes.slice(0, axes.length - fixed.length)].map((dims) =>
    sortedBy(c, strides, dims, sizes),
  )
  return outer && inner ? [...outer, ...inner, ...fixed] : null
}

/** Dims by falling stride; null where two strides cannot be compared. */
function sortedBy(
  c: OpCall,
  strides: readonly Dim[],
  dims: readonly number[],
  sizes: readonly Dim[],
): readonly number[] | null {
  const sorted: number[] = []
  for (const d of dims) {
    let at = sorted.length
    for (; at > 0; at--) {
      const other = sorted[at - 1] ?? 0
      const [a, b] = [strides[other], strides[d]]
      const order = a && b ? c.facts.dims.order(a, b) : null
      const isFree = [other, d].some((i) => sizes[i]?.value === 1)
      if (order === null || (order === 0 && !isFree)) return null
      if (order >= 0) break
    }
    sorted.splice(at, 0, d)
  }
  return sorted
}
