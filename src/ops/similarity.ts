// Distances of pairs of vectors.

import { one } from '../dims/dim'
import { toReal } from '../tensors/dtype'
import { dimsOf, openShape, shapeOf } from '../tensors/shape'
import { broadcastAll, promotedDType, toFloat } from './elementwise-core'
import { failed, type OpEntry, type Rule, result } from './op'

const pairwiseDistance: Rule = (c) => {
  const operands = [c.tensor('x1'), c.tensor('x2')]
  const joined = broadcastAll(c, operands)
  if (!joined) return failed()
  const dims = dimsOf(joined.shape)
  const keeps = c.bool('keepdim')
  const last = keeps && dims && dims.length > 0 ? [one] : []
  const shape = !dims || keeps === null ? openShape() : shapeOf([...dims.slice(0, -1), ...last])
  const layout = operands.every((t) => t.layout === 'contiguous') ? 'contiguous' : null
  const dtype = toFloat(promotedDType(operands), c)
  const out = result(shape, dtype && toReal(dtype), layout)
  return joined.assumed ? { ...out, assumed: joined.assumed } : out
}

export const similarityOps: readonly OpEntry[] = [
  [
    'pairwise_distance(x1: Tensor, x2: Tensor, p: any = 2.0, eps: any = 1e-06, keepdim: bool = False)',
    'F torch',
    pairwiseDistance,
  ],
]
