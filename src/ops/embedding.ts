// Look-ups of rows in a table: embedding and embedding_bag.

import { type Dim, one, subtract } from '../dims/dim'
import { dimsOf, leastRank, openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { append, differ } from './nn-core'
import { failed, type OpCall, type OpEntry, result } from './op'

/** Reports indices that are not int64 or int32. */
function checkIndices(c: OpCall, indices: Tensor): boolean {
  if (!indices.dtype || ['int64', 'int32'].includes(indices.dtype)) return true
  c.fail(
    'embedding-indices',
    `${c.name}: the indices must be int64 or int32, and they are torch.${indices.dtype}; convert them ` +
      'with .long()',
  )
  return false
}

/** The two dims of the table; null after an error. */
function table(c: OpCall): readonly [Dim, Dim] | null {
  const weight = c.tensor('weight')
  const [rows, width] = c.facts.requireRank(weight.shape, 2) ?? []
  if (rows && width) return [rows, width]
  c.fail(
    'embedding-weight',
    `${c.name}: the weight must be a matrix (rows, features), and it is ${c.show(weight.shape)}`,
  )
  return null
}

/** Reports an index, where the values are known, that the table has no row for. */
function checkRange(c: OpCall, indices: Tensor, rows: Dim): boolean {
  const count = rows.value
  if (count === null || !indices.values) return true
  for (const d of indices.values) {
    const index = d.value
    if (index === null || (index >= 0 && index < count)) continue
    c.fail('embedding-indices', `${c.name}: index ${index} is out of range for a table of ${count} rows`)
    return false
  }
  return true
}

function embedding(c: OpCall): Value {
  const [input, weight] = [c.tensor('input'), c.tensor('weight')]
  const dims = table(c)
  if (!dims || !checkIndices(c, input) || !checkRange(c, input, dims[0])) return failed()
  return result(append(input.shape, dims[1]), weight.dtype)
}

function embeddingBag(c: OpCall): Value {
  const [input, weight, offsets] = [c.tensor('input'), c.tensor('weight'), c.tensorOrNone('offsets')]
  const dims = table(c)
  if (!dims || !checkIndices(c, input)) return failed()
  const least = leastRank(input.shape)
  const indices = dimsOf(input.shape)
  if (least > 2 || indices?.length === 0)
    return c.fail(
      'embedding-indices',
      `${c.name}: the input must have 1 or 2 dims, and it is ${c.show(input.shape)}`,
    )
  if (indices?.length === 1 && !offsets)
    return c.fail(
      'embedding-indices',
      `${c.name}: a 1-dim input needs offsets that tell where each bag starts`,
    )
  if (indices?.length === 2 && offsets)
    return c.fail('embedding-indices', `${c.name}: a 2-dim input takes no offsets: each row is a bag`)
  if (offsets && !c.facts.requireRank(offsets.shape, 1))
    return c.fail(
      'embedding-indices',
      `${c.name}: offsets must have 1 dim, and it is ${c.show(offsets.shape)}`,
    )
  const samples = c.tensorOrNone('per_sample_weights')
  if (samples && indices) {
    const own = c.facts.requireRank(samples.shape, indices.length)
    if (!own || own.some((d, i) => differ(c, d, indices[i] as Dim)))
      return c.fail(
        'embedding-indices',
        `${c.name}: per_sample_weights ${c.show(samples.shape)} must have the input's shape ` +
          `${c.show(input.shape)}`,
      )
  }
  return result(bagShape(c, indices, offsets, dims[1]), weight.dtype)
}

function bagShape(c: OpCall, indices: readonly Dim[] | null, offsets: Tensor | null, width: Dim): Shape {
  const [first] = indices ?? []
  if (indices?.length === 2 && first) return shapeOf([first, width])
  if (!offsets) return openShape([], [width])
  const [starts] = c.facts.requireRank(offsets.shape, 1) ?? []
  const extra = c.bool('include_last_offset')
  if (!starts || extra === null) return openShape([], [width])
  return shapeOf([extra ? subtract(starts, one) : starts, width])
}

export const embeddingOps: readonly OpEntry[] = [
  [
    'embedding(input: Tensor, weight: Tensor, padding_idx: any = None, max_norm: any = None, ' +
      'norm_type: any = 2.0, ' +
      'scale_grad_by_freq: any = False, sparse: any = False)',
    'F',
    embedding,
  ],
  [
    'embedding_bag(input: Tensor, weight: Tensor, offsets: Tensor? = None, max_norm: any = None, ' +
      'norm_type: any = 2, ' +
      "scale_grad_by_freq: any = False, mode: any = 'mean', sparse: any = False, per_sample_weights: " +
      'Tensor? = None, ' +
      'include_last_offset: bool = False, padding_idx: any = None)',
    'F',
    embeddingBag,
  ],
]
