// What losses share: the reduction, the dtype, targets of the input's shape.

import { type DType, isFloating } from '../tensors/dtype'
import { openShape, type Shape, scalar } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { none, type Value } from '../trace/values'
import { resultLayout } from './elementwise-core'
import { type OpCall, result } from './op'

export const code = 'loss-mismatch'

/** 'none', 'mean', 'sum' or another given one; null where it is not known. */
export function reductionOf(c: OpCall): string | null {
  const [average, reduce] = c.bound.has('reduce')
    ? [c.value('size_average'), c.value('reduce')]
    : [none, none]
  if (average.kind !== 'none' || reduce.kind !== 'none') {
    const flag = (v: Value): boolean | null => (v.kind === 'none' ? true : v.kind === 'bool' ? v.value : null)
    const [a, r] = [flag(average), flag(reduce)]
    if (a === null || r === null) return null
    return r ? (a ? 'mean' : 'sum') : 'none'
  }
  const given = c.str('reduction')
  const known = c.name === 'kl_div' ? ['none', 'mean', 'sum', 'batchmean'] : ['none', 'mean', 'sum']
  if (given !== null && !known.includes(given))
    c.refuse(code, `${c.name}: reduction must be one of ${known.join(', ')}, and it is '${given}'`)
  return given
}

/** The common float dtype where it is one, else null: how losses promote differs from loss to loss. */
export function lossDType(tensors: readonly (Tensor | null)[]): DType | null {
  const [first, ...others] = tensors.filter((t) => t !== null)
  return first?.dtype && isFloating(first.dtype) && others.every((t) => t.dtype === first.dtype)
    ? first.dtype
    : null
}

/** A loss of this shape before reduction. */
export function reduced(
  c: OpCall,
  shape: Shape,
  dtype: DType | null,
  operands: readonly Tensor[] = [],
): Tensor {
  const reduction = reductionOf(c)
  if (reduction === null) return result(openShape(), dtype, null)
  if (reduction !== 'none') return result(scalar, dtype)
  return result(
    shape,
    dtype,
    operands.every((t) => t.layout === 'contiguous')
      ? 'contiguous'
      : operands.length === 2
        ? resultLayout(c, shape, operands)
        : null,
  )
}

/** Makes the target's shape the input's, or refuses. */
export function sameShape(c: OpCall, input: Tensor, target: Tensor, name = 'target'): Shape {
  if (!c.alike(input.shape, target.shape))
    c.refuse(
      code,
      `${c.name}: the ${name} ${c.show(target.shape)} must have the input's shape ${c.show(input.shape)}`,
    )
  return c.facts.resolve(input.shape)
}
