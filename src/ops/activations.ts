// Activations, softmax and dropout: operations that keep the shape.

import { constant, floorDivide } from '../dims/dim'
import { openShape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { isScalar, needLeastRank, replaceDim, spotInDims, spotOf } from './axes'
import { elementwise, resultLayout, toFloat } from './elementwise-core'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { stridesIn } from './view-size'

const input = (c: OpCall): Tensor => c.tensor('input')
const same: Rule = (c) => elementwise(c, [input(c)], input(c).dtype)
const inPlace = 'inplace: bool = False'

const entry = (signature: string, rule: Rule = same): OpEntry[] => {
  const name = signature.split('(')[0] ?? ''
  // The variant that changes its argument has the same options besides `inplace`.
  return [
    [signature, 'F', rule],
    [`${name}_${signature.slice(name.length)}`, 'F', rule],
  ]
}

/** Probabilities along a dim. */
const softmax: Rule = (c) => {
  const t = input(c)
  const dim = c.intOrNone('dim')
  const spot = dim ? spotOf(c, t.shape, dim) : null
  const asked = c.dtype('dtype')
  const dtype = asked === undefined ? t.dtype : asked
  const shape = spot ? spot.shape : c.facts.resolve(t.shape)
  return result(shape, dtype)
}

/** Half of a dim gates the other half. */
const glu: Rule = (c) => {
  const t = input(c)
  if (isScalar(t.shape))
    return c.fail('rank-mismatch', `${c.name}: needs at least 1 dim, and the tensor has none`)
  const spot = spotInDims(c, t.shape, c.int('dim'))
  if (!spot) return result(openShape(), t.dtype, t.layout === 'contiguous' ? 'contiguous' : null)
  const { size } = spot
  if (size.value !== null && size.value % 2 !== 0)
    return c.fail(
      'split-mismatch',
      `${c.name}: the dim must be even to be halved, and ${c.show(t.shape)} has ${size.value}`,
    )
  const assumption = size.value === null ? c.facts.dims.learnDivides(constant(2), size, false) : null
  if (assumption) c.env.noteAssumption(assumption)
  const shape = replaceDim(spot, c.facts.dims.resolve(floorDivide(size, constant(2))))
  return result(
    shape,
    t.dtype,
    t.layout === 'contiguous'
      ? 'contiguous'
      : resultLayout(c, shape, [result(shape, t.dtype, stridesIn(c, t))]),
  )
}

const prelu: Rule = (c) => {
  const [t, weight] = [input(c), c.tensor('weight')]
  const [dims, own] = [weight.shape.gap ? null : weight.shape.lead, t.shape.gap ? null : t.shape.lead]
  if (dims && dims.length > 1)
    return c.fail(
      'rank-mismatch',
      `${c.name}: the weight must be a number or a vector, and it is ${c.show(weight.shape)}`,
    )
  const count = dims?.[0]
  const channels = own && (own[1] ?? constant(1))
  if (count && count.value !== 1 && channels && !c.unify(count, channels))
    return c.fail(
      'channel-mismatch',
      `${c.name}: there are ${c.showDim(count)} weights for the ${c.showDim(channels)} channels ` +
        `of ${c.show(t.shape)}`,
    )
  return elementwise(c, [t], t.dtype)
}

/** The input itself where nothing is dropped, else a new tensor. */
const dropping: Rule = (c) => {
  if (c.name === 'feature_alpha_dropout' && c.bool(c.bound.has('train') ? 'train' : 'training'))
    needLeastRank(c, input(c).shape, 2)
  const trains = c.bool(c.bound.has('train') ? 'train' : 'training')
  const [own, made] = [input(c), same(c)]
  const isOff = trains === false || c.float('p') === 0
  if (isOff) return { ...own, isParameter: false }
  const isSure = (trains && c.float('p') !== null) || own.layout === 'contiguous'
  return made.kind === 'tensor' && !isSure && made.layout !== own.layout ? { ...made, layout: null } : made
}
const dropout = (name: string, rule: Rule = dropping): OpEntry[] => [
  [
    `${name}(input: Tensor, p: float = 0.5, training: bool = ${/alpha/.test(name) ? 'False' : 'True'}, ${inPlace})`,
    'F',
    rule,
  ],
  [`${name}(input: Tensor, p: float, train: bool)`, 'torch', rule],
]

const softmaxes = ['softmax', 'log_softmax'].flatMap((name): OpEntry[] => [
  [`${name}(input: Tensor, dim: int, dtype: dtype? = None)`, 'torch method special', softmax],
  [`${name}(input: Tensor, dim: int? = None, _stacklevel: any = 3, dtype: dtype? = None)`, 'F', softmax],
])

export const activationOps: readonly OpEntry[] = [
  ...softmaxes,
  ['softmin(input: Tensor, dim: int? = None, _stacklevel: any = 3, dtype: dtype? = None)', 'F', softmax],
  [
    'gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1)',
    'F',
    (c) => {
      const t = c.tensor('logits')
      return result(spotOf(c, t.shape, c.int('dim'))?.shape ?? c.facts.resolve(t.shape), t.dtype)
    },
  ],
  ...['relu', 'relu6', 'hardswish', 'hardsigmoid', 'silu', 'mish', 'selu'].flatMap((name) =>
    entry(`${name}(input: Tensor, ${inPlace})`),
  ),
  ...['relu', 'selu', 'celu'].map(
    (name): OpEntry => [`${name}(input: Tensor)`, 'torch method inplace', same],
  ),
  ...entry(`leaky_relu(input: Tensor, negative_slope: float = 0.01, ${inPlace})`),
  ...entry(`elu(input: Tensor, alpha: float = 1.0, ${inPlace})`),
  ...entry(`celu(input: Tensor, alpha: float = 1.0, ${inPlace})`),
  ...entry(`hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, ${inPlace})`),
  ...entry(`threshold(input: Tensor, threshold: any, value: any, ${inPlace})`),
  ...entry(
    `rrelu(input: Tensor, lower: float = 0.125, upper: float = 0.3, training: bool = False, ${inPlace})`,
    (c) => result(input(c).shape, input(c).dtype, input(c).layout === 'contiguous' ? 'contiguous' : null),
  ),
  ['gelu(input: Tensor, *, approximate: any = none)', 'F', same],
  ['softplus(input: Tensor, beta: any = 1, threshold: any = 20)', 'F', same],
  ['softshrink(input: Tensor, lambd: any = 0.5)', 'F', same],
  ['hardshrink(input: Tensor, lambd: any = 0.5)', 'torch method F', same],
  ...['softsign', 'tanhshrink', 'sigmoid', 'tanh'].map(
    (name): OpEntry => [
      `${name}(input: Tensor)`,
      'F',
      (c) => elementwise(c, [input(c)], toFloat(input(c).dtype, c)),
    ],
  ),
  ['logsigmoid(input: Tensor)', 'F', (c) => result(c.facts.resolve(input(c).shape), input(c).dtype)],
  ['threshold(input: Tensor, threshold: any, value: any)', 'torch', same],
  ['prelu(input: Tensor, weight: Tensor)', 'torch method F', prelu],
  ['glu(input: Tensor, dim: int = -1)', 'F', glu],
  ...dropout('dropout'),
  ...dropout('alpha_dropout'),
  ...dropout('feature_dropout'),
  ...['dropout1d', 'dropout2d', 'dropout3d', 'feature_alpha_dropout'].flatMap((name) => dropout(name)),
]
