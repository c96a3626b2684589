// Losses of classes: cross_entropy, nll_loss, multi_margin_loss and their targets.

import { type Dim, product } from '../dims/dim'
import { categoryOf } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { code, lossDType, reduced, sameShape } from './loss-core'
import { differ, rankOf, splitEnds } from './nn-core'
import type { OpCall, Rule } from './op'

/** The classes of an input [C] or [N, C, …] and the shape that class indices must have. */
function classTargets(c: OpCall, input: Tensor): { classes: Dim; batch: Shape } | null {
  const dims = dimsOf(input.shape)
  if (dims) {
    const [first, second, ...rest] = dims
    if (!first)
      return c.name === 'multi_margin_loss'
        ? null
        : c.refuse(code, `${c.name}: the input needs at least 1 dim, the classes`)
    return second ? { classes: second, batch: shapeOf([first, ...rest]) } : { classes: first, batch: scalar }
  }
  const parts = input.shape.lead.length >= 2 ? splitEnds(c, input.shape, 2, 0) : null
  if (!parts || parts === 'too-few') return null
  const [first, second] = parts.first as readonly [Dim, Dim]
  return { classes: second, batch: { ...parts.middle, lead: [first, ...parts.middle.lead] } }
}

function checkClassWeight(c: OpCall, classes: Dim): void {
  const weight = c.tensorOrNone('weight')
  if (!weight) return
  const dims = dimsOf(weight.shape) ?? c.facts.requireRank(weight.shape, 1) ?? []
  if (!c.unify(product(dims), classes))
    c.refuse(
      code,
      `${c.name}: weight ${c.show(weight.shape)} must have one number for each of the ` +
        `${c.showDim(classes)} classes`,
    )
}

/** The classes lie in the last dim though the target shows that they should lie in dim 1. */
function swapsClasses(c: OpCall, input: Tensor, target: Tensor): string | null {
  const [a, b] = [dimsOf(input.shape), dimsOf(target.shape)]
  if (!a || !b || a.length < 3 || b.length !== a.length - 1) return null
  const [last, second, first] = [a[a.length - 1] as Dim, a[1] as Dim, b[1] as Dim]
  const proves = (x: Dim, y: Dim): boolean => c.facts.dims.equal(x, y).kind === 'proven'
  if (!b.every((d, i) => proves(d, a[i] as Dim)) || proves(last, second) || proves(first, last)) return null
  return (
    `the classes must be dim 1, and here dim 1 of ${c.show(input.shape)} is ${c.showDim(second)}; ` +
    'flatten both: input.flatten(0, -2), target.flatten()'
  )
}

export const classLoss: Rule = (c) => {
  const [input, target] = [c.tensor('input'), c.tensor('target')]
  const dtype = lossDType([input, c.tensorOrNone('weight')])
  const found = classTargets(c, input)
  const [a, b] = [rankOf(input.shape), rankOf(target.shape)]
  if (!found)
    return reduced(
      c,
      target.dtype && categoryOf(target.dtype) === 'integer' ? target.shape : openShape(),
      dtype,
    )
  checkClassWeight(c, found.classes)
  const mayBeProbabilities = c.name === 'cross_entropy'
  const floating = target.dtype ? ['float', 'complex'].includes(categoryOf(target.dtype)) : null
  // A single sample may have its class as a vector of one.
  const isOneIndex = a === 1 && floating === false && dimsOf(target.shape)?.[0]?.value === 1
  if (mayBeProbabilities && a !== null && a === b && !isOneIndex) {
    sameShape(c, input, target)
    if (floating === false)
      c.refuse(
        code,
        `${c.name}: a target of the input's shape ${c.show(input.shape)} holds probabilities and must ` +
          `be floating point, and it is torch.${target.dtype}; class indices have the shape ` +
          `${c.show(found.batch)}`,
      )
    return reduced(c, found.batch, input.dtype === target.dtype ? dtype : null)
  }
  if (a !== null && b === null && mayBeProbabilities && floating !== false)
    return reduced(c, found.batch, dtype)
  const swapped = swapsClasses(c, input, target)
  const misfit =
    `${c.name}: the input ${c.show(input.shape)} needs a target of ` +
    `${c.show(found.batch)}, and it is ${c.show(target.shape)}`
  const isProvenSwap = swapped !== null && differ(c, found.classes, c.facts.at(input.shape, -1) as Dim)
  if (swapped && !isProvenSwap) c.warn(code, `${misfit}: ${swapped}`)
  else if (!c.alike(found.batch, target.shape)) {
    const isSingle =
      a === 1 && b === 1 && (c.name === 'multi_margin_loss' || dimsOf(target.shape)?.[0]?.value === 1)
    if (!isSingle) c.refuse(code, swapped ? `${misfit}: ${swapped}` : misfit)
  }
  const isIndex = target.dtype === null || target.dtype === 'int64' || target.dtype === 'uint8'
  if (!isIndex)
    c.refuse(
      'dtype-mismatch',
      `${c.name}: class indices must be int64, and the target is torch.${target.dtype}; convert it ` +
        'with .long()',
    )
  const shape = c.name === 'multi_margin_loss' && a === 1 ? target.shape : c.facts.resolve(found.batch)
  return reduced(c, shape, dtype)
}
