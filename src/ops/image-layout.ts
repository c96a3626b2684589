// Memory formats of image-like tensors [N, C, …]: which results are channels-last.

import { type Dim, multiply, one } from '../dims/dim'
import type { Facts } from '../dims/facts'
import { isContiguous } from '../tensors/layout'
import { dimsOf, type Shape } from '../tensors/shape'
import { type Layout, stridesOf, type Tensor } from '../tensors/tensor'
import type { OpCall } from './op'

/** The dims of a channels-last tensor from the innermost out: C, then the last spatial dim, …, N. */
const lastOrder = (rank: number): number[] => [
  1,
  ...Array.from({ length: rank - 2 }, (_, i) => rank - 1 - i),
  0,
]

/**
 * Whether strides are channels-last (`is_channels_last_strides_2d` in c10/core/MemoryFormat.h); null if
 * that is not known.
 */
function isChannelsLast(dims: readonly Dim[], strides: readonly Dim[], facts: Facts): boolean | null {
  let step: Dim | null = null
  let isKnown = true
  for (const i of lastOrder(dims.length)) {
    const [size, stride] = [dims[i] ?? one, strides[i] ?? one]
    if (size.value === 0 || (i === 1 && stride.value === 0)) return false
    if (step) {
      const order = facts.order(stride, step)
      if (order === -1) return false
      if (order === null) isKnown = false
      if (i === 0 && strides[1] && step.key === strides[1].key) return false
    }
    step = size.value === 1 ? stride : multiply(stride, size)
  }
  return isKnown ? true : null
}

/** Strides of a channels-last tensor. */
export function channelsLast(dims: readonly Dim[]): Dim[] {
  const strides: Dim[] = new Array(dims.length).fill(one)
  let step = one
  for (const i of lastOrder(dims.length)) {
    strides[i] = step
    const size = dims[i]
    if (size && size.value !== 0) step = multiply(step, size)
  }
  return strides
}

/** The layout of a new [N, C, …] tensor made from `input` in the memory format that the input suggests. */
export function suggestedLayout(c: OpCall, input: Tensor, out: Shape): Layout {
  if (input.layout === 'contiguous') return 'contiguous'
  const [dims, strides, target] = [dimsOf(input.shape), stridesOf(input), dimsOf(out)]
  if (!dims || !strides || !target) return null
  if (dims.length !== 4 && dims.length !== 5) return 'contiguous'
  const isLast = isChannelsLast(
    dims,
    strides.map((s) => c.facts.dims.resolve(s)),
    c.facts.dims,
  )
  if (isLast === null || target.length !== dims.length) return null
  if (!isLast) return 'contiguous'
  const made = channelsLast(target)
  return isContiguous(target, made, c.facts.dims) ? 'contiguous' : made
}

/**
 * The layout of a new elementwise result where all operands have its shape and are dense in the channels-last format
 * (`compute_fast_setup_type` in aten/src/ATen/TensorIterator.cpp); undefined where they are not.
 */
export function channelsLastLayout(c: OpCall, out: Shape, operands: readonly Tensor[]): Layout | undefined {
  const dims = dimsOf(out)
  if (dims?.length !== 4 || operands.every((o) => o.layout === 'contiguous')) return undefined
  const made = channelsLast(dims)
  const isLast = ({ shape, layout }: Tensor): boolean => {
    const own = dimsOf(shape)
    const strides = layout === 'contiguous' ? null : layout
    return (
      strides !== null &&
      own?.length === 4 &&
      dims.every(
        (d, i) => own[i]?.key === d.key && (d.value === 1 || resolvedKey(c, strides[i]) === made[i]?.key),
      )
    )
  }
  if (!operands.every(isLast)) return undefined
  return isContiguous(dims, made, c.facts.dims) ? 'contiguous' : made
}

const resolvedKey = (c: OpCall, stride: Dim | undefined): string | undefined =>
  stride && c.facts.dims.resolve(stride).key
