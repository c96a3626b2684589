// Distances and similarities of vectors.

import { type Dim, floorDivide, multiply, one, scale, subtract } from '../dims/dim'
import { categoryOf } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Value } from '../trace/values'
import { broadcastAll, promotedDType, toFloat } from './elementwise-core'
import { append, broadcastBatch, splitLast } from './nn-core'
import { failed, type OpCall, type OpEntry, result } from './op'

/** A shape without one dim, or with a 1 in its place. */
function without(c: OpCall, shape: Shape, index: Dim, keeps: boolean | null): Shape {
  const i = c.axis(shape, index)
  if (i === 'failed') return c.stop(failed())
  const dims = dimsOf(shape)
  if (!dims || i === null || keeps === null) return openShape()
  return shapeOf(keeps ? dims.map((d, j) => (j === i ? one : d)) : dims.filter((_, j) => j !== i))
}

function cosineSimilarity(c: OpCall): Value {
  const operands = [c.tensor('x1'), c.tensor('x2')]
  const joined = broadcastAll(c, operands)
  if (!joined) return failed()
  const dtype = promotedDType(operands)
  if (dtype && ['integer', 'bool'].includes(categoryOf(dtype))) return c.fail('dtype-mismatch', `${c.name}: the inputs must be floating point, and they are torch.${dtype}`)
  const out = result(without(c, joined.shape, c.int('dim'), false), dtype, null)
  return joined.assumed ? { ...out, assumed: true } : out
}

function pairwiseDistance(c: OpCall): Value {
  const operands = [c.tensor('x1'), c.tensor('x2')]
  const joined = broadcastAll(c, operands)
  if (!joined) return failed()
  const dims = dimsOf(joined.shape)
  const keeps = c.bool('keepdim')
  const shape = !dims || keeps === null ? openShape() : shapeOf([...dims.slice(0, -1), ...(keeps && dims.length > 0 ? [one] : [])])
  const out = result(shape, toFloat(promotedDType(operands)), null)
  return joined.assumed ? { ...out, assumed: true } : out
}

function cdist(c: OpCall): Value {
  const [x, y] = [c.tensor('x1'), c.tensor('x2')]
  const [a, b] = [splitLast(c, x.shape, 2), splitLast(c, y.shape, 2)]
  if (a === 'too-few' || b === 'too-few') return c.fail('distance-mismatch', `${c.name}: both inputs need at least 2 dims, and they are ${c.show(x.shape)} and ${c.show(y.shape)}`)
  const dtype = x.dtype === y.dtype ? x.dtype : null
  if (!a || !b) return result(openShape(), dtype, null)
  const [[rows, width], [columns, other]] = [a.last, b.last] as [[Dim, Dim], [Dim, Dim]]
  if (!c.unify(width, other))
    return c.fail('distance-mismatch', `${c.name}: ${c.show(x.shape)} and ${c.show(y.shape)} must have vectors of one size, and their last dims are ${c.showDim(width)} and ${c.showDim(other)}`)
  const batch = broadcastBatch(c, 'distance-mismatch', a.rest, b.rest, 2, [x.shape, y.shape])
  if (!batch) return failed()
  const out = result(append(batch.shape, rows, columns), dtype, null)
  return batch.assumed ? { ...out, assumed: true } : out
}

function pdist(c: OpCall): Value {
  const input = c.tensor('input')
  const dims = c.facts.requireRank(input.shape, 2)
  if (!dims) return c.fail('distance-mismatch', `${c.name}: the input must be a matrix, and it is ${c.show(input.shape)}`)
  const rows = dims[0] as Dim
  return result(shapeOf([floorDivide(multiply(rows, subtract(rows, one)), scale(one, 2))]), input.dtype)
}

export const similarityOps: readonly OpEntry[] = [
  ['cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: any = 1e-08)', 'F torch', cosineSimilarity],
  ['pairwise_distance(x1: Tensor, x2: Tensor, p: any = 2.0, eps: any = 1e-06, keepdim: bool = False)', 'F torch', pairwiseDistance],
  ['cdist(x1: Tensor, x2: Tensor, p: any = 2.0, compute_mode: any = None)', 'torch', cdist],
  ['pdist(input: Tensor, p: any = 2.0)', 'F torch', pdist],
]
