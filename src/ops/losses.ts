// Losses: the shape by reduction, and targets that fit their inputs.

import { type Dim, product } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { categoryOf, type DType, isFloating } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { none, type Value } from '../trace/values'
import { broadcastAll, resultLayout } from './elementwise-core'
import { cannotExpand, differ, rankOf, splitEnds } from './nn-core'
import { type OpCall, type OpEntry, type Rule, result } from './op'

const code = 'loss-mismatch'

/** 'none', 'mean', 'sum' or another given one; null where it is not known. */
export function reductionOf(c: OpCall): string | null {
  const [average, reduce] = c.bound.has('reduce')
    ? [c.value('size_average'), c.value('reduce')]
    : [none, none]
  if (average.kind !== 'none' || reduce.kind !== 'none') {
    const flag = (v: Value): boolean | null => (v.kind === 'none' ? true : v.kind === 'bool' ? v.value : null)
    const [a, r] = [flag(average), flag(reduce)]
    if (a === null || r === null) return null
    return r ? (a ? 'mean' : 'sum') : 'none'
  }
  const given = c.str('reduction')
  const known = c.name === 'kl_div' ? ['none', 'mean', 'sum', 'batchmean'] : ['none', 'mean', 'sum']
  if (given !== null && !known.includes(given))
    c.refuse(code, `${c.name}: reduction must be one of ${known.join(', ')}, and it is '${given}'`)
  return given
}

/** The common float dtype where it is one, else null: how losses promote differs from loss to loss. */
function lossDType(tensors: readonly (Tensor | null)[]): DType | null {
  const [first, ...others] = tensors.filter((t) => t !== null)
  return first?.dtype && isFloating(first.dtype) && others.every((t) => t.dtype === first.dtype)
    ? first.dtype
    : null
}

/** A loss of this shape before reduction. */
function reduced(c: OpCall, shape: Shape, dtype: DType | null, operands: readonly Tensor[] = []): Tensor {
  const reduction = reductionOf(c)
  if (reduction === null) return result(openShape(), dtype, null)
  if (reduction !== 'none') return result(scalar, dtype)
  return result(
    shape,
    dtype,
    operands.every((t) => t.layout === 'contiguous')
      ? 'contiguous'
      : operands.length === 2
        ? resultLayout(c, shape, operands)
        : null,
  )
}

/** Warns of two shapes that only fit by broadcasting, as PyTorch does. */
function warnBroadcast(c: OpCall, input: Tensor, target: Tensor): void {
  const [a, b] = [dimsOf(input.shape), dimsOf(target.shape)]
  if (!a || !b) return
  const differs = a.length !== b.length || a.some((d, i) => (d.value === 1) !== (b[i]?.value === 1))
  if (differs)
    c.warn(
      'loss-broadcast',
      `${c.name}: the target ${c.show(target.shape)} is not of the input's shape ` +
        `${c.show(input.shape)}, so the two are broadcast, which is seldom meant`,
    )
}

/** Losses of an input and a target that are broadcast. */
const pointwise =
  (warns: boolean, extra: readonly string[] = []): Rule =>
  (c) => {
    const [input, target] = [c.tensor('input'), c.tensor('target')]
    const others = extra.flatMap((name) => c.tensorOrNone(name) ?? [])
    const joined = broadcastAll(c, [input, target])
    if (!joined) return c.stop()
    if (warns) warnBroadcast(c, input, target)
    const out = reduced(c, joined.shape, lossDType([input, target, ...others]), [input, target])
    return joined.assumed && out.shape !== scalar ? { ...out, assumed: true } : out
  }

/** Makes the target's shape the input's, or refuses. */
function sameShape(c: OpCall, input: Tensor, target: Tensor, name = 'target'): Shape {
  if (!c.facts.unify(input.shape, target.shape))
    c.refuse(
      code,
      `${c.name}: the ${name} ${c.show(target.shape)} must have the input's shape ${c.show(input.shape)}`,
    )
  return c.facts.resolve(input.shape)
}

/** Refuses a tensor that cannot be expanded to a shape. */
function checkExpands(c: OpCall, t: Tensor | null, shape: Shape, name: string): void {
  if (!t) return
  const joined = broadcastShapes(shape, t.shape, c.facts)
  if (joined.kind === 'clash')
    c.refuse(code, `${c.name}: ${name} ${c.show(t.shape)} does not fit ${c.show(shape)}`)
}

const binaryCrossEntropy: Rule = (c) => {
  const [input, target] = [c.tensor('input'), c.tensor('target')]
  const shape = sameShape(c, input, target)
  if (
    target.dtype &&
    ['integer', 'bool'].includes(categoryOf(target.dtype)) &&
    c.name === 'binary_cross_entropy'
  )
    c.refuse(
      'dtype-mismatch',
      `${c.name}: the target must be floating point, and it is torch.${target.dtype}; convert it with ` +
        '.float()',
    )
  if (target.dtype === 'bool')
    c.refuse('dtype-mismatch', `${c.name}: the target must not be bool; convert it with .float()`)
  checkExpands(c, c.tensorOrNone('weight'), shape, 'weight')
  const [own, weight] = [rankOf(shape), c.tensorOrNone('weight')]
  if (own !== null && weight && (rankOf(weight.shape) ?? 0) > own)
    c.refuse(code, `${c.name}: weight ${c.show(weight.shape)} has more dims than the input ${c.show(shape)}`)
  const pos = c.bound.has('pos_weight') ? c.tensorOrNone('pos_weight') : null
  checkExpands(c, pos, shape, 'pos_weight')
  return reduced(c, shape, lossDType([input, target, c.tensorOrNone('weight'), pos]), [input, target])
}

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

const classLoss: Rule = (c) => {
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
  if (mayBeProbabilities && a !== null && a === b) {
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
  else if (!c.facts.unify(found.batch, target.shape)) {
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

const cosineEmbedding: Rule = (c) => {
  const [x, y, target] = [c.tensor('input1'), c.tensor('input2'), c.tensor('target')]
  const rank = rankOf(target.shape)
  if (rank !== null && rank > 1)
    c.refuse(code, `${c.name}: the target must have at most 1 dim, and it is ${c.show(target.shape)}`)
  const joined = broadcastAll(c, [x, y])
  if (!joined) return c.stop()
  const inputs = dimsOf(joined.shape)
  const dtype = lossDType([x, y])
  if (!inputs || rank === null) return reduced(c, openShape(), dtype)
  if (inputs.length !== rank + 1)
    c.refuse(
      code,
      `${c.name}: a target of ${c.show(target.shape)} needs inputs of ${rank + 1} dims, and they are ` +
        `${c.show(joined.shape)}`,
    )
  const ranks = [x, y].map((t) => rankOf(t.shape)).filter((r) => r !== null)
  if (ranks.some((r) => r !== rank + 1))
    c.refuse(
      code,
      `${c.name}: a target of ${c.show(target.shape)} needs inputs of ${rank + 1} dims, and they are ` +
        `${c.show(x.shape)} and ${c.show(y.shape)}`,
    )
  const rows = shapeOf(inputs.slice(0, -1))
  checkExpands(c, target, rows, 'the target')
  return reduced(c, rows, dtype)
}

/** margin_ranking_loss and triplet_margin_loss: three tensors of one rank. */
const threeAlike =
  (names: readonly [string, string, string], dropsLast: boolean): Rule =>
  (c) => {
    const tensors = names.map((name) => c.tensor(name))
    const ranks = tensors.map((t) => rankOf(t.shape))
    const known = ranks.filter((r) => r !== null)
    if (known.some((r) => r !== known[0]))
      c.refuse(
        code,
        `${c.name}: ${names.join(', ')} must have the same number of dims, and they are ` +
          `${tensors.map((t) => c.show(t.shape)).join(', ')}`,
      )
    const joined = broadcastAll(c, tensors)
    if (!joined) return c.stop()
    const dims = dimsOf(joined.shape)
    const shape = !dropsLast ? joined.shape : dims ? shapeOf(dims.slice(0, -1)) : openShape()
    return reduced(c, shape, lossDType(tensors), tensors)
  }

const gaussian: Rule = (c) => {
  const [input, target] = [c.tensor('input'), c.tensor('target')]
  const joined = broadcastAll(c, [input, target])
  if (!joined) return c.stop()
  const given = c.env.settle(c.value('var'))
  const spread = given.kind === 'tensor' ? c.facts.resolve(given.shape) : null
  const [a, b] = [dimsOf(input.shape), spread && dimsOf(spread)]
  if (a && b) {
    const isSame = a.length === b.length && a.slice(0, -1).every((d, i) => !differ(c, d, b[i] as Dim))
    const last =
      isSame && a.length > 0 ? cannotExpand(c, b[b.length - 1] as Dim, a[a.length - 1] as Dim) : false
    const isShort = b.length === a.length - 1 && b.every((d, i) => !differ(c, d, a[i] as Dim))
    if (!((isSame && !last) || isShort))
      c.refuse(
        code,
        `${c.name}: var ${c.show(spread as Shape)} must have the input's shape ${c.show(input.shape)}, ` +
          'or one number for its last dim',
      )
  }
  const operands = given.kind === 'tensor' ? [input, target, given] : [input, target]
  return reduced(c, joined.shape, lossDType([input, target]), operands)
}

const multilabel =
  (dropsLast: boolean): Rule =>
  (c) => {
    const [input, target] = [c.tensor('input'), c.tensor('target')]
    if (c.name === 'multilabel_soft_margin_loss') {
      const joined = broadcastAll(c, [input, target])
      if (!joined) return c.stop()
      const dims = dimsOf(joined.shape)
      checkExpands(c, c.tensorOrNone('weight'), joined.shape, 'weight')
      return reduced(c, dims ? shapeOf(dims.slice(0, -1)) : openShape(), lossDType([input, target]))
    }
    const isSmall = dimsOf(input.shape)?.length === 0
    const dims = isSmall ? [] : dimsOf(sameShape(c, input, target))
    if (dims && dims.length > 2)
      c.refuse(code, `${c.name}: the input must have 1 or 2 dims, and it is ${c.show(input.shape)}`)
    return reduced(c, dims ? shapeOf(dropsLast ? dims.slice(0, -1) : dims) : openShape(), input.dtype)
  }

const ctc: Rule = (c) => {
  const scores = c.tensor('log_probs')
  const dims = dimsOf(scores.shape)
  if (!dims) return reduced(c, openShape(), scores.dtype)
  if (dims.length !== 2 && dims.length !== 3)
    c.refuse(
      code,
      `${c.name}: log_probs must have 3 dims (time, batch, classes), or 2 without a batch, and it is ` +
        `${c.show(scores.shape)}`,
    )
  return reduced(c, shapeOf(dims.slice(1, -1)), scores.dtype)
}

const legacy = 'size_average: any = None, reduce: any = None'
const byMean = "reduction: str = 'mean'"

export const lossOps: readonly OpEntry[] = [
  [
    `mse_loss(input: Tensor, target: Tensor, ${legacy}, ${byMean}, weight: Tensor? = None)`,
    'F',
    pointwise(true, ['weight']),
  ],
  [
    `l1_loss(input: Tensor, target: Tensor, ${legacy}, ${byMean}, weight: Tensor? = None)`,
    'F',
    pointwise(true, ['weight']),
  ],
  [
    `smooth_l1_loss(input: Tensor, target: Tensor, ${legacy}, ${byMean}, beta: any = 1.0)`,
    'F',
    pointwise(true),
  ],
  [
    `huber_loss(input: Tensor, target: Tensor, ${byMean}, delta: any = 1.0, weight: Tensor? = None)`,
    'F',
    pointwise(true, ['weight']),
  ],
  [`soft_margin_loss(input: Tensor, target: Tensor, ${legacy}, ${byMean})`, 'F', pointwise(false)],
  [
    `kl_div(input: Tensor, target: Tensor, ${legacy}, ${byMean}, log_target: any = False)`,
    'F',
    pointwise(false),
  ],
  [
    `hinge_embedding_loss(input: Tensor, target: Tensor, margin: any = 1.0, ${legacy}, ${byMean})`,
    'F',
    pointwise(false),
  ],
  [
    'poisson_nll_loss(input: Tensor, target: Tensor, log_input: any = True, full: any = False, ' +
      `size_average: any = None, eps: any = 1e-08, reduce: any = None, ${byMean})`,
    'F',
    pointwise(false),
  ],
  [
    'gaussian_nll_loss(input: Tensor, target: Tensor, var: any, full: any = False, eps: any = 1e-06, ' +
      `${byMean})`,
    'F',
    gaussian,
  ],
  [
    `binary_cross_entropy(input: Tensor, target: Tensor, weight: Tensor? = None, ${legacy}, ${byMean})`,
    'F',
    binaryCrossEntropy,
  ],
  [
    'binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor? = None, ' +
      `${legacy}, ${byMean}, pos_weight: Tensor? = None)`,
    'F',
    binaryCrossEntropy,
  ],
  [
    'cross_entropy(input: Tensor, target: Tensor, weight: Tensor? = None, size_average: any = None, ' +
      `ignore_index: any = -100, reduce: any = None, ${byMean}, label_smoothing: any = 0.0)`,
    'F',
    classLoss,
  ],
  [
    'nll_loss(input: Tensor, target: Tensor, weight: Tensor? = None, size_average: any = None, ' +
      `ignore_index: any = -100, reduce: any = None, ${byMean})`,
    'F',
    classLoss,
  ],
  [
    'multi_margin_loss(input: Tensor, target: Tensor, p: any = 1, margin: any = 1.0, weight: Tensor? = ' +
      `None, ${legacy}, ${byMean})`,
    'F',
    classLoss,
  ],
  [`multilabel_margin_loss(input: Tensor, target: Tensor, ${legacy}, ${byMean})`, 'F', multilabel(true)],
  [
    `multilabel_soft_margin_loss(input: Tensor, target: Tensor, weight: Tensor? = None, ${legacy}, ` +
      `${byMean})`,
    'F',
    multilabel(true),
  ],
  [
    `cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: any = 0, ${legacy}, ` +
      `${byMean})`,
    'F',
    cosineEmbedding,
  ],
  [
    `margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: any = 0, ${legacy}, ` +
      `${byMean})`,
    'F',
    threeAlike(['input1', 'input2', 'target'], false),
  ],
  [
    'triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: any = 1.0, p: any ' +
      `= 2, eps: any = 1e-06, swap: any = False, ${legacy}, ${byMean})`,
    'F',
    threeAlike(['anchor', 'positive', 'negative'], true),
  ],
  [
    'ctc_loss(log_probs: Tensor, targets: any, input_lengths: any, target_lengths: any, blank: any = ' +
      `0, ${byMean}, zero_infinity: any = False)`,
    'F',
    ctc,
  ],
]
