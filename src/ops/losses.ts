// Losses: the shape by reduction, and targets that fit their inputs.

import type { Dim } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { categoryOf, type DType } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { classLoss } from './class-losses'
import { broadcastAll, promotedDType, toFloat } from './elementwise-core'
import { code, lossDType, reduced, sameShape } from './loss-core'
import { cannotExpand, differ, rankOf } from './nn-core'
import type { OpCall, OpEntry, Rule } from './op'

/** The dtype of a loss that is computed elementwise with fractions. */
const fractional = (c: OpCall, tensors: readonly Tensor[]): DType | null =>
  tensors.some((t) => t.dtype === null || t.dtype === 'bool') ? null : toFloat(promotedDType(tensors), c)

/** Warns of two shapes that only fit by broadcasting, as PyTorch does. */
function warnBroadcast(c: OpCall, input: Tensor, target: Tensor): void {
  const [a, b] = [dimsOf(input.shape), dimsOf(target.shape)]
  if (!a || !b) return
  // A size that is not known may be 1 too.
  const isOneOfTwo = (p: Dim, q: Dim | undefined): boolean =>
    p.value !== null && q !== undefined && q.value !== null && (p.value === 1) !== (q.value === 1)
  const differs = a.length !== b.length || a.some((d, i) => isOneOfTwo(d, b[i]))
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
    const all = [input, target, ...others]
    const dtype = c.name === 'poisson_nll_loss' ? fractional(c, all) : lossDType(all)
    const out = reduced(c, joined.shape, dtype, [input, target])
    return joined.assumed && out.shape !== scalar ? { ...out, assumed: joined.assumed } : out
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

const cosineEmbedding: Rule = (c) => {
  const [x, y, target] = [c.tensor('input1'), c.tensor('input2'), c.tensor('target')]
  const rank = rankOf(target.shape)
  if (rank !== null && rank > 1)
    c.refuse(code, `${c.name}: the target must have at most 1 dim, and it is ${c.show(target.shape)}`)
  const joined = broadcastAll(c, [x, y])
  if (!joined) return c.stop()
  const inputs = dimsOf(joined.shape)
  const dtype = fractional(c, [x, y])
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
    return reduced(c, shape, fractional(c, tensors), tensors)
  }

const gaussian: Rule = (c) => {
  const [input, target] = [c.tensor('input'), c.tensor('target')]
  const joined = broadcastAll(c, [input, target])
  if (!joined) return c.stop()
  const given = c.env.settle(c.value('var'))
  const spread = given.kind === 'tensor' ? c.facts.resolve(given.shape) : null
  const [a, b] = [dimsOf(input.shape), spread && dimsOf(spread)]
  if (a && b) {
    // At most one dim may have one number for all.
    const other = a.length === b.length ? a.filter((d, i) => differ(c, d, b[i] as Dim)).length : 2
    const isWide = other < 2 && !a.some((d, i) => cannotExpand(c, b[i] as Dim, d))
    const isShort = b.length === a.length - 1 && b.every((d, i) => !differ(c, d, a[i] as Dim))
    if (!isWide && !isShort)
      c.refuse(
        code,
        `${c.name}: var ${c.show(spread as Shape)} must have the input's shape ${c.show(input.shape)}, ` +
          'or one number for one of its dims',
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
      return reduced(c, dims ? shapeOf(dims.slice(0, -1)) : openShape(), fractional(c, [input, target]))
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
