// The dtype of an einops reduction.

import { categoryOf, type DType } from '../tensors/dtype'
import type { OpCall } from './op'

const names = ['min', 'max', 'sum', 'mean', 'prod', 'any', 'all']

/** The result's dtype; refuses a reduction that einops does not know. */
export function reducedDType(c: OpCall, dtype: DType | null, reduces: boolean): DType | null {
  const reduction = c.value('reduction')
  if (reduction.kind !== 'str' || reduction.value === null) return reduces ? null : dtype
  const { value } = reduction
  if (!names.includes(value))
    c.refuse(
      'einops-syntax',
      `${c.name}: the reduction must be one of ${names.join(', ')}, and it is '${value}'`,
    )
  const category = dtype && categoryOf(dtype)
  if (!reduces || dtype === null) return dtype
  if (value === 'mean' && category !== 'float')
    c.refuse('dtype-mismatch', `${c.name}: a mean needs a floating point tensor, and it is torch.${dtype}`)
  if (value === 'any' || value === 'all') return dtype === 'uint8' ? 'uint8' : 'bool'
  if (value === 'sum' || value === 'prod')
    return category === 'integer' || category === 'bool' ? 'int64' : dtype
  return dtype
}
