// Linear and bilinear layers as functions.

import type { Dim } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { dimsOf, leastRank, openShape, shapeOf } from '../tensors/shape'
import { append, cannotExpand, sameDType, splitLast } from './nn-core'
import { failed, type OpEntry, type Rule, result } from './op'

const linear: Rule = (c) => {
  const [input, weight, bias] = [c.tensor('input'), c.tensor('weight'), c.tensorOrNone('bias')]
  const dtype = sameDType(c, [input, weight, bias])
  if (dtype === false) return failed()
  const a = splitLast(c, input.shape, 1)
  if (a === 'too-few')
    return c.fail('linear-mismatch', `${c.name}: the input needs at least 1 dim, and it has none`)
  if (leastRank(weight.shape) > 2)
    return c.fail(
      'linear-mismatch',
      `${c.name}: the weight must be a matrix, and it is ${c.show(weight.shape)}`,
    )
  // A bias is only taken with a matrix.
  if (bias) c.facts.requireRank(weight.shape, 2)
  const w = splitLast(c, weight.shape, 1)
  if (!w || w === 'too-few') return result(openShape(), dtype)
  const [taken] = w.last
  const [features] = a?.last ?? []
  if (features && taken && !c.unify(features, taken)) {
    const [got, wanted] = [c.showDim(features), c.showDim(taken)]
    return c.fail(
      'linear-mismatch',
      `${c.name}: the input ${c.show(input.shape)} has ${got} features in its last dim, and the weight ` +
        `${c.show(weight.shape)} takes ${wanted}`,
    )
  }
  const rows = dimsOf(w.rest)
  if (!rows || !a) return result(openShape([], rows?.slice(0, 1) ?? []), dtype)
  const [width] = rows
  if (!width && bias)
    return c.fail(
      'linear-mismatch',
      `${c.name}: with a bias the weight must be a matrix, and it is ${c.show(weight.shape)}`,
    )
  if (!width) return result(a.rest, dtype)
  const biasLast = bias && leastRank(bias.shape) > 0 ? c.facts.at(bias.shape, -1) : null
  if (bias && biasLast && biasLast !== 'out-of-range' && cannotExpand(c, biasLast, width))
    return c.fail(
      'linear-mismatch',
      `${c.name}: the bias ${c.show(bias.shape)} does not fit the ${c.showDim(width)} features that ` +
        `the weight ${c.show(weight.shape)} gives`,
    )
  return result(append(a.rest, width), dtype)
}

const bilinear: Rule = (c) => {
  const [x, y, weight, bias] = [
    c.tensor('input1'),
    c.tensor('input2'),
    c.tensor('weight'),
    c.tensorOrNone('bias'),
  ]
  const dtype = sameDType(c, [x, y, weight, bias])
  if (dtype === false) return failed()
  const w = c.facts.requireRank(weight.shape, 3)
  if (!w)
    return c.fail(
      'linear-mismatch',
      `${c.name}: the weight must have 3 dims, and it is ${c.show(weight.shape)}`,
    )
  const [out, in1, in2] = w as readonly [Dim, Dim, Dim]
  const [a, b] = [splitLast(c, x.shape, 1), splitLast(c, y.shape, 1)]
  if (a === 'too-few' || b === 'too-few')
    return c.fail('linear-mismatch', `${c.name}: both inputs need at least 1 dim`)
  for (const [part, t, wanted] of [
    [a, x, in1],
    [b, y, in2],
  ] as const) {
    const [last] = part?.last ?? []
    if (last && !c.unify(last, wanted))
      return c.fail(
        'linear-mismatch',
        `${c.name}: the input ${c.show(t.shape)} has ${c.showDim(last)} features in its last dim, and ` +
          `the layer takes ${c.showDim(wanted)}`,
      )
  }
  if (!a || !b) return result(openShape([], [out]), dtype)
  const joined = broadcastShapes(a.rest, b.rest, c.facts)
  const [p, q] = [dimsOf(a.rest), dimsOf(b.rest)]
  if (joined.kind === 'clash' || (p && q && p.length !== q.length))
    return c.fail(
      'linear-mismatch',
      `${c.name}: the inputs ${c.show(x.shape)} and ${c.show(y.shape)} must agree in all dims but the last`,
    )
  p?.forEach((d, i) => void (q?.[i] && c.unify(d, q[i])))
  const [size] = bias ? (c.facts.requireRank(bias.shape, 1) ?? []) : []
  if (bias && size && !c.unify(size, out))
    return c.fail(
      'linear-mismatch',
      `${c.name}: the bias ${c.show(bias.shape)} must have one number for each of the ` +
        `${c.showDim(out)} outputs`,
    )
  const shape = append(p ? shapeOf(p) : joined.shape, out)
  return result(c.facts.resolve(shape), dtype)
}

export const linearOps: readonly OpEntry[] = [
  ['linear(input: Tensor, weight: Tensor, bias: Tensor? = None)', 'F', linear],
  ['bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor? = None)', 'F torch', bilinear],
]
