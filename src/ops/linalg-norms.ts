// Norms of vectors and matrices: linalg.norm, vector_norm, matrix_norm.

import { one } from '../dims/dim'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import { int, tuple, type Value } from '../trace/values'
import { code, firstTensor, matrix, real } from './linalg-core'
import { intList } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'

/** The dims of `dim`, or null for all or for what is not known. */
function reducedShape(c: OpCall, input: Shape, dim: Value, keeps: boolean | null): Shape {
  const settled = c.env.settle(dim)
  if (settled.kind === 'none' && keeps === false) return scalar
  const dims = dimsOf(input)
  if (!dims || keeps === null) return openShape()
  if (settled.kind === 'none') return shapeOf(dims.map(() => one))
  const given = intList(c, settled)
  if (!given) return openShape()
  const axes = new Set<number>()
  for (const d of given) {
    const i = c.axis(input, d)
    if (i === 'failed') return c.stop(failed())
    if (i === null) return openShape()
    if (axes.has(i)) c.refuse('dim-out-of-range', `${c.name}: dim ${i} is named twice`)
    axes.add(i)
  }
  if (axes.size === 0) return keeps ? shapeOf(dims.map(() => one)) : scalar
  return shapeOf(keeps ? dims.map((d, i) => (axes.has(i) ? one : d)) : dims.filter((_, i) => !axes.has(i)))
}

const norm: Rule = (c) => {
  const input = firstTensor(c)
  const { name } = c
  const dtype = c.dtype('dtype')
  const out = dtype === undefined ? real(input.dtype) : real(dtype)
  const order = c.env.settle(c.value('ord'))
  let dim = c.env.settle(c.value('dim'))
  if (name === 'matrix_norm' && dim.kind === 'none') dim = tuple([int(-2), int(-1)])
  const given = intList(c, dim)
  if (name === 'norm' && dim.kind === 'none' && order.kind !== 'none') {
    const dims = dimsOf(input.shape)
    if (dims && dims.length !== 1 && dims.length !== 2)
      c.refuse(
        code,
        `${name}: an order of norm without dim needs an input of 1 or 2 dims, and it is ` +
          `${c.show(input.shape)}`,
      )
  }
  if (name === 'norm' && order.kind === 'str' && given?.length !== 1) matrix(c, input, false)
  if (name === 'matrix_norm') {
    if (given && given.length !== 2)
      c.refuse(code, `${name}: dim must name 2 dims, and it names ${given.length}`)
    matrix(c, input, false)
  }
  if (name === 'norm' && given && given.length > 2 && order.kind !== 'none')
    c.refuse(code, `${name}: dim must name 1 or 2 dims, and it names ${given.length}`)
  if (dim.kind === 'int') dim = tuple([dim])
  return result(reducedShape(c, c.facts.resolve(input.shape), dim, c.bool('keepdim')), out)
}

const options = 'keepdim: bool = False, *, dtype: dtype? = None'

export const linalgNormOps: readonly OpEntry[] = [
  [`vector_norm(x: Tensor, ord: any = 2, dim: any = None, ${options})`, 'linalg', norm],
  [`matrix_norm(A: Tensor, ord: any = 'fro', dim: any = None, ${options})`, 'linalg', norm],
  [`norm(A: Tensor, ord: any = None, dim: any = None, ${options})`, 'linalg', norm],
]
