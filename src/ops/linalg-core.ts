// What the rules of torch.linalg share: matrices in the last two dims.

import type { Dim } from '../dims/dim'
import { type DType, toReal } from '../tensors/dtype'
import { dimsOf, type Shape } from '../tensors/shape'
import { stridesInOrder, type Tensor } from '../tensors/tensor'
import { append, splitLast } from './nn-core'
import { type OpCall, result } from './op'
import { layoutOf } from './view-size'

export const code = 'linalg-mismatch'

export interface Matrix {
  batch: Shape
  rows: Dim
  columns: Dim
}

/** The last two dims of an input. Stops the rule where they are hidden. */
export function matrix(c: OpCall, t: Tensor, isSquare: boolean): Matrix {
  const split = splitLast(c, t.shape, 2)
  if (split === 'too-few')
    return c.refuse(
      code,
      `${c.name}: the input must be a matrix or a batch of them, and it is ${c.show(t.shape)}`,
    )
  if (!split) return c.stop()
  const [rows, columns] = split.last as readonly [Dim, Dim]
  // The old cholesky does not look at matrices of an empty batch.
  const isEmpty = c.name === 'cholesky' && dimsOf(split.rest)?.some((d) => d.value === 0)
  if (isSquare && !isEmpty && !c.unify(rows, columns))
    c.refuse(
      code,
      `${c.name}: the matrices must be square, and ${c.show(t.shape)} has ${c.showDim(rows)} rows and ` +
        `${c.showDim(columns)} columns`,
    )
  return { batch: split.rest, rows: c.facts.dims.resolve(rows), columns: c.facts.dims.resolve(columns) }
}

export const firstTensor = (c: OpCall): Tensor => {
  const [name] = c.op.signature.parameters
  return c.tensor(name?.name ?? 'input')
}

export const real = (dtype: DType | null): DType | null => dtype && toReal(dtype)

/** Matrices whose columns lie together in memory, as LAPACK gives them. */
export function inColumns(shape: Shape, dtype: DType | null): Tensor {
  const dims = dimsOf(shape)
  if (!dims || dims.length < 2) return result(shape, dtype, dims ? 'contiguous' : null)
  const order = [...dims.keys()]
  order.push(...order.splice(-2).reverse())
  return result(shape, dtype, layoutOf(dims, stridesInOrder(dims, order)))
}

/** A result behind batch dims: dense vectors and numbers, matrices in columns. */
export const columnsOf = (batch: Shape, dtype: DType | null, ...own: readonly Dim[]): Tensor =>
  own.length === 2 ? inColumns(append(batch, ...own), dtype) : result(append(batch, ...own), dtype)
