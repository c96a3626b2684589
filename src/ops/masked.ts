// torch.masked: reductions and normalisations that leave some elements out.

import { dimsOf, openShape, scalar, shapeOf } from '../tensors/shape'
import { reducedShape, spotOf } from './axes'
import { elementwise, promotedDType, toFloat } from './elementwise-core'
import { type DTypeRule, keep } from './elementwise-rules'
import { intList } from './nn-core'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { widened } from './reductions'

const dtypeOf = (c: OpCall, rule: DTypeRule): ReturnType<DTypeRule> => {
  const asked = c.dtype('dtype')
  return asked === undefined ? rule(c.tensor('input').dtype, c) : asked
}

/** A mask is expanded to the input, and never the other way round. */
function checkMask(c: OpCall): void {
  const [input, mask] = [c.tensor('input'), c.tensorOrNone('mask')]
  const [own, other] = [dimsOf(input.shape), mask && dimsOf(mask.shape)]
  if (mask && own && other && other.length > own.length)
    c.refuse(
      'broadcast-mismatch',
      `${c.name}: the mask ${c.show(mask.shape)} has more dims than the input ${c.show(input.shape)}`,
    )
}

const over =
  (rule: DTypeRule): Rule =>
  (c) => {
    checkMask(c)
    const [shape, given] = [c.tensor('input').shape, c.env.settle(c.value('dim'))]
    const dims = given.kind === 'none' ? scalar : intList(c, given)
    const places = dims === null ? openShape() : 'gap' in dims ? null : shapeOf(dims)
    return result(reducedShape(c, shape, places, c.bool('keepdim')), dtypeOf(c, rule))
  }

const along: Rule = (c) => {
  checkMask(c)
  const input = c.tensor('input')
  spotOf(c, input.shape, c.int('dim'))
  const made = elementwise(c, [input], dtypeOf(c, keep))
  return c.isGiven('mask') && made.kind === 'tensor' && input.layout !== 'contiguous'
    ? { ...made, layout: null }
    : made
}

const both: Rule = (c) => {
  const of = [c.tensor('input'), c.tensor('other')]
  return elementwise(c, of, promotedDType(of))
}

const options = 'dtype: dtype? = None, mask: Tensor? = None'
const reduction = (name: string, more = ''): string =>
  `${name}(input: Tensor, ${more}dim: any = None, *, keepdim: bool = False, ${options})`

export const maskedOps: readonly OpEntry[] = [
  ...['sum', 'prod'].map((name): OpEntry => [reduction(name), 'masked', over(widened)]),
  ...['amax', 'amin', 'argmax', 'argmin', 'logsumexp'].map(
    (name): OpEntry => [reduction(name), 'masked', over(keep)],
  ),
  [reduction('mean'), 'masked', over(toFloat)],
  [reduction('norm', 'ord: any = 2.0, '), 'masked', over(keep)],
  ...['var', 'std'].map(
    (name): OpEntry => [
      `${name}(input: Tensor, dim: any = None, unbiased: any = None, *, correction: any = None, ` +
        `keepdim: bool = False, ${options})`,
      'masked',
      over(toFloat),
    ],
  ),
  [`median(input: Tensor, dim: any = -1, *, keepdim: bool = False, ${options})`, 'masked', over(keep)],
  ...['cumsum', 'cumprod', 'softmax', 'log_softmax', 'softmin'].map(
    (name): OpEntry => [`${name}(input: Tensor, dim: int, *, ${options})`, 'masked', along],
  ),
  [`normalize(input: Tensor, ord: any, dim: int, *, eps: any = 1e-12, ${options})`, 'masked', along],
  [
    'logaddexp(input: Tensor, other: Tensor, *, dtype: dtype? = None, input_mask: any = None, ' +
      'other_mask: any = None)',
    'masked',
    both,
  ],
]
