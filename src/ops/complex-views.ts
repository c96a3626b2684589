// The same memory seen with another dtype: view(dtype), complex numbers as pairs of reals, their parts.

import { constant, type Dim, exactQuotient, multiply, one } from '../dims/dim'
import { dtypeBytes, toComplex, toReal } from '../tensors/dtype'
import { dimsOf, openShape, shapeOf } from '../tensors/shape'
import { insertDim, isScalar, replaceDim, spotOf } from './axes'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { completeSize, copyLayout, layoutOf, seenAs, stridesIn } from './view-size'

/** `view(dtype)`: the last dim grows or shrinks with the element's size. */
const viewAsDType: Rule = (c) => {
  const [input, dtype] = [c.tensor('input'), c.dtype('dtype')]
  if (!dtype || !input.dtype)
    return { ...seenAs(input, openShape(), null), dtype: dtype ?? null, values: null }
  const [from, to] = [dtypeBytes[input.dtype], dtypeBytes[dtype]]
  const same = { ...seenAs(input, input.shape, input.layout), dtype, values: null }
  if (from === to) return same
  const spot = isScalar(input.shape) ? null : spotOf(c, input.shape, constant(-1))
  if (!spot)
    return c.fail(
      'view-mismatch',
      `${c.name}: a tensor without dims cannot be seen as torch.${dtype}, whose elements have another size`,
    )
  const size = from > to ? multiply(spot.size, constant(from / to)) : scaledDown(c, spot.size, to / from)
  return { ...same, shape: replaceDim(spot, size), layout: copyLayout(input) }
}
const scaledDown = (c: OpCall, size: Dim, by: number): Dim => {
  const part = completeSize(c, result(shapeOf([size]), null), shapeOf([constant(-1), constant(by)]))
  return part?.lead[0] ?? c.stop()
}

/** The real view of complex numbers: the dtype of the parts, at twice the stride. */
const partOf: Rule = (c) => {
  const input = c.tensor('input')
  if (!input.dtype?.startsWith('complex'))
    return input.dtype ? input : { ...input, dtype: null, layout: null }
  const [dims, strides] = [dimsOf(input.shape), stridesIn(c, input)]
  const layout =
    dims && strides
      ? layoutOf(
          dims,
          strides.map((s) => multiply(s, constant(2))),
        )
      : null
  return { ...seenAs(input, input.shape, layout), dtype: toReal(input.dtype) }
}

const viewAsReal: Rule = (c) => {
  const input = c.tensor('input')
  const [dims, strides] = [dimsOf(input.shape), stridesIn(c, input)]
  const shape = insertDim(c, input.shape, constant(-1), constant(2)) ?? openShape()
  const doubled = strides && [...strides.map((s) => multiply(s, constant(2))), one]
  const layout = dims ? layoutOf([...dims, constant(2)], doubled) : copyLayout(input)
  return { ...seenAs(input, shape, layout), dtype: input.dtype && toReal(input.dtype), values: null }
}

const viewAsComplex: Rule = (c) => {
  const input = c.tensor('input')
  if (isScalar(input.shape))
    return c.fail('view-mismatch', `${c.name}: the last dim must be 2, and the tensor has no dims`)
  const spot = spotOf(c, input.shape, constant(-1))
  if (spot && !c.unify(spot.size, constant(2)))
    return c.fail(
      'view-mismatch',
      `${c.name}: the last dim must be 2 (real and imaginary part), and ${c.show(input.shape)} ` +
        `has ${c.showDim(spot.size)}; ` +
        'use .reshape(*x.shape[:-1], -1, 2) before it',
    )
  const dtype = input.dtype && toComplex(input.dtype)
  const shape = spot ? replaceDim(spot) : openShape()
  const [dims, strides] = [dimsOf(shape), stridesIn(c, input)]
  const isLast = strides?.at(-1)?.value
  const half = strides?.slice(0, -1).map((s) => wholeHalf(s))
  const layout =
    dims && half && isLast === 1 && !half.includes(null) ? layoutOf(dims, half as Dim[]) : copyLayout(input)
  return { ...seenAs(input, shape, layout), dtype, values: null }
}
const wholeHalf = (s: Dim): Dim | null =>
  s.value !== null && s.value % 2 ? null : exactQuotient(s, constant(2))

export const complexViewOps: readonly OpEntry[] = [
  ['view(input: Tensor, dtype: dtype?)', 'method', viewAsDType],
  ['view_as_real(input: Tensor)', 'torch', viewAsReal],
  ['view_as_complex(input: Tensor)', 'torch', viewAsComplex],
  ['real(input: Tensor)', 'torch attribute', partOf],
  ['imag(input: Tensor)', 'torch attribute', partOf],
]
