// Functions of `torch` that lie below those of torch.nn.functional and take the same arguments in another order.

import { type Dim, one, zero } from '../dims/dim'
import { dimsOf, openShape, shapeOf } from '../tensors/shape'
import { tuple, type Value } from '../trace/values'
import { embeddingOps } from './embedding'
import { normOps } from './norms'
import { type OpEntry, type Rule, result } from './op'

/** The rule of an operation of another family, found by its name. */
const ruleOf = (entries: readonly OpEntry[], name: string): Rule => {
  const found = entries.find(([signature]) => signature.startsWith(`${name}(`))
  return found?.[2] ?? ((c) => c.stop())
}

/** What a norm gives: the result, and the means and deviations that it found. */
const withStatistics = (out: Value, sizes: readonly Dim[] | null): Value => {
  if (out.kind !== 'tensor') return out
  const part = sizes ? result(shapeOf(sizes), out.dtype) : result(openShape(), out.dtype, null)
  return tuple([out, part, part])
}

const layerNorm = ruleOf(normOps, 'layer_norm')
const batchNorm = ruleOf(normOps, 'batch_norm')

const nativeLayerNorm: Rule = (c) => {
  const [dims, own] = [dimsOf(c.tensor('input').shape), dimsOf(c.ints('normalized_shape'))]
  const front = dims && own ? dims.length - own.length : 0
  return withStatistics(layerNorm(c), dims && own && dims.map((d, i) => (i < front ? d : one)))
}

const nativeGroupNorm: Rule = (c) => {
  const input = c.tensor('input')
  return withStatistics(result(input.shape, input.dtype), [c.int('N'), c.int('group')])
}

const nativeBatchNorm: Rule = (c) => {
  const channels = dimsOf(c.tensor('input').shape)?.[1]
  const training = c.bool('training')
  // Without training there is nothing to find.
  const sizes = training === null || !channels ? null : training ? [channels] : [zero]
  return withStatistics(batchNorm(c), sizes)
}

const affine = 'weight: Tensor?, bias: Tensor?'
const running = 'running_mean: Tensor?, running_var: Tensor?'

export const lowLevelOps: readonly OpEntry[] = [
  [
    `batch_norm(input: Tensor, ${affine}, ${running}, training: any, momentum: any, eps: any, ` +
      'cudnn_enabled: any)',
    'torch',
    batchNorm,
  ],
  [
    `instance_norm(input: Tensor, ${affine}, ${running}, use_input_stats: any, momentum: any, eps: any, ` +
      'cudnn_enabled: any)',
    'torch',
    ruleOf(normOps, 'instance_norm'),
  ],
  [`native_layer_norm(input: Tensor, normalized_shape: ints, ${affine}, eps: any)`, 'torch', nativeLayerNorm],
  [
    `native_group_norm(input: Tensor, ${affine}, N: int, C: int, HxW: int, group: int, eps: any)`,
    'torch',
    nativeGroupNorm,
  ],
  [
    `native_batch_norm(input: Tensor, ${affine}, ${running}, training: bool, momentum: any, eps: any)`,
    'torch',
    nativeBatchNorm,
  ],
  [
    'embedding(weight: Tensor, input: Tensor, padding_idx: any = -1, scale_grad_by_freq: any = False, ' +
      'sparse: any = False)',
    'torch',
    ruleOf(embeddingOps, 'embedding'),
  ],
]
