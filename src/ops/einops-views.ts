// What the einops rules share: the pattern's text, and strides through the reshapes that einops makes.

import type { Dim } from '../dims/dim'
import { viewStrides } from '../tensors/layout'
import { contiguousStrides } from '../tensors/tensor'
import type { OpCall } from './op'

export const textOf = (c: OpCall): string => {
  const pattern = c.value('pattern')
  return pattern.kind === 'str' && pattern.value !== null ? pattern.value : c.stop()
}

/** Dims and strides through the reshapes and permutations that einops makes; strides null once not known. */
export interface View {
  dims: readonly Dim[]
  strides: readonly Dim[] | null
}
export function reshapedView(c: OpCall, view: View, target: readonly Dim[]): View {
  if (!view.strides) return { dims: target, strides: null }
  const seen = viewStrides(view.dims, view.strides, target, c.facts.dims)
  if (seen.kind === 'unknown') return { dims: target, strides: null }
  return { dims: target, strides: seen.kind === 'legal' ? seen.strides : contiguousStrides(target) }
}
