// What the rules of torch.linalg share: matrices in the last two dims.

import type { Dim } from '../dims/dim'
import { type DType, toReal } from '../tensors/dtype'
import { dimsOf, type Shape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { splitLast } from './nn-core'
import type { OpCall } from './op'

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
