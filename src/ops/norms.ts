// Normalisations: layer_norm, rms_norm, batch_norm, group_norm, instance_norm, normalize.

import { type Dim, product } from '../dims/dim'
import { categoryOf } from '../tensors/dtype'
import { elementwiseStrides, isContiguous } from '../tensors/layout'
import { dimsOf, leastRank } from '../tensors/shape'
import { type Layout, stridesOf, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { toFloat } from './elementwise-core'
import { channelsLastLayout, suggestedLayout } from './image-layout'
import { splitEnds, splitLast } from './nn-core'
import { failed, type OpCall, type OpEntry, result } from './op'

const code = 'norm-mismatch'

/** False after the error that an integer tensor cannot be normalised. */
function isFloat(c: OpCall, input: Tensor): boolean {
  if (!input.dtype || !['integer', 'bool'].includes(categoryOf(input.dtype))) return true
  c.fail(
    'dtype-mismatch',
    `${c.name}: the input must be floating point, and it is torch.${input.dtype}; convert it with .float()`,
  )
  return false
}

/** The layout of an elementwise result of the same shape. */
export function likeInput(c: OpCall, input: Tensor): Layout {
  if (input.layout === 'contiguous') return 'contiguous'
  const [dims, strides] = [dimsOf(input.shape), stridesOf(input)]
  if (!dims || !strides) return null
  const known = strides.map((s) => c.facts.dims.resolve(s))
  const made = elementwiseStrides(dims, [{ dims, strides: known }], c.facts.dims)
  return made && isContiguous(dims, made, c.facts.dims) ? 'contiguous' : made
}

/** layer_norm and rms_norm: the last dims must be `normalized_shape`. */
function lastDims(c: OpCall): Value {
  const input = c.tensor('input')
  const wanted = c.ints('normalized_shape')
  if (!isFloat(c, input)) return failed()
  const sizes = dimsOf(wanted)
  const out = (): Value => result(c.facts.resolve(input.shape), input.dtype)
  if (!sizes) return out()
  if (sizes.length === 0) return c.fail(code, `${c.name}: normalized_shape must have at least one dim`)
  const split = splitLast(c, input.shape, sizes.length)
  const misfit = (): Value =>
    c.fail(
      code,
      `${c.name}: the last ${sizes.length === 1 ? 'dim' : `${sizes.length} dims`} of ` +
        `${c.show(input.shape)} must be ${c.show(wanted)}`,
    )
  if (split === 'too-few') return misfit()
  for (const [i, size] of sizes.entries()) {
    const own = split?.last[i]
    if (!own || c.unify(own, size)) continue
    return sizes.length > 1
      ? misfit()
      : c.fail(
          code,
          `${c.name}: the last dim of ${c.show(input.shape)} is ${c.showDim(own)}, and ` +
            `${c.showDim(size)} features are normalised`,
        )
  }
  for (const name of c.bound.has('bias') ? ['weight', 'bias'] : ['weight']) {
    const t = c.tensorOrNone(name)
    if (!t) continue
    const own = c.facts.requireRank(t.shape, sizes.length)
    if (!own || own.some((d, i) => !c.unify(d, sizes[i] as Dim)))
      return c.fail(
        code,
        `${c.name}: the ${name} ${c.show(t.shape)} must have the normalised shape ${c.show(wanted)}`,
      )
  }
  return out()
}

/** The channels of a [N, C, …] input. */
function channelsOf(c: OpCall, input: Tensor): Dim | null | 'failed' {
  const parts = splitEnds(c, input.shape, 2, 0)
  if (parts === 'too-few') {
    c.fail(
      code,
      `${c.name}: the input needs at least 2 dims (batch, channels), and it is ${c.show(input.shape)}`,
    )
    return 'failed'
  }
  return parts?.first[1] ?? null
}

/** Checks that parameters have one number a channel. */
function checkPerChannel(c: OpCall, input: Tensor, channels: Dim, names: readonly string[]): boolean {
  for (const name of names) {
    const t = c.tensorOrNone(name)
    if (!t) continue
    // PyTorch counts the elements and does not look at the rank.
    const size = product(dimsOf(t.shape) ?? c.facts.requireRank(t.shape, 1) ?? [])
    if (c.unify(channels, size)) continue
    c.fail(
      code,
      `${c.name}: the input ${c.show(input.shape)} has ${c.showDim(channels)} channels in dim 1, and ` +
        `the ${name} ${c.show(t.shape)} is for ${c.showDim(size)}`,
    )
    return false
  }
  return true
}

function batchNorm(c: OpCall): Value {
  const input = c.tensor('input')
  if (!isFloat(c, input)) return failed()
  // PyTorch looks at nothing where there are no elements.
  if (dimsOf(input.shape)?.some((d) => d.value === 0)) return result(input.shape, input.dtype, null)
  const channels = channelsOf(c, input)
  if (channels === 'failed') return failed()
  const names = ['running_mean', 'running_var', 'weight', 'bias']
  if (channels && !checkPerChannel(c, input, channels, names)) return failed()
  const known = { ...input, shape: c.facts.resolve(input.shape) }
  const layout =
    c.name === 'instance_norm'
      ? 'contiguous'
      : (channelsLastLayout(c, known.shape, [known]) ?? suggestedLayout(c, known, known.shape))
  return result(known.shape, input.dtype, layout)
}

function groupNorm(c: OpCall): Value {
  const input = c.tensor('input')
  const groups = c.int('num_groups')
  if (!isFloat(c, input)) return failed()
  const channels = channelsOf(c, input)
  if (channels === 'failed') return failed()
  if (channels) {
    const fits = c.facts.dims.divides(groups, channels)
    if (fits === false)
      return c.fail(
        code,
        `${c.name}: the ${c.showDim(channels)} channels of ${c.show(input.shape)} do not divide into ` +
          `${c.showDim(groups)} groups`,
      )
    if (!checkPerChannel(c, input, channels, ['weight', 'bias'])) return failed()
  }
  const known = { ...input, shape: c.facts.resolve(input.shape) }
  return result(known.shape, input.dtype, suggestedLayout(c, known, known.shape))
}

/** Same shape, dtype and strides as the input, which needs at least `rank` dims. */
const sameShape =
  (rank: number) =>
  (c: OpCall): Value => {
    const input = c.tensor('input')
    if (!input.shape.gap && leastRank(input.shape) < rank)
      return c.fail(
        code,
        `${c.name}: the input needs at least ${rank} dims, and it is ${c.show(input.shape)}`,
      )
    return result(input.shape, toFloat(input.dtype, c), likeInput(c, input))
  }

function normalize(c: OpCall): Value {
  const input = c.tensor('input')
  if (!isFloat(c, input)) return failed()
  const dim = c.value('dim')
  if (dim.kind === 'int' && c.axis(input.shape, dim.dim) === 'failed') return failed()
  return result(input.shape, input.dtype, likeInput(c, input))
}

export const normOps: readonly OpEntry[] = [
  [
    'layer_norm(input: Tensor, normalized_shape: ints, weight: Tensor? = None, bias: Tensor? = None, ' +
      'eps: any = 1e-05)',
    'F torch',
    lastDims,
  ],
  [
    'rms_norm(input: Tensor, normalized_shape: ints, weight: Tensor? = None, eps: any = None)',
    'F torch',
    lastDims,
  ],
  [
    'batch_norm(input: Tensor, running_mean: Tensor?, running_var: Tensor?, weight: Tensor? = None, ' +
      'bias: Tensor? = None, ' +
      'training: any = False, momentum: any = 0.1, eps: any = 1e-05)',
    'F',
    batchNorm,
  ],
  [
    'instance_norm(input: Tensor, running_mean: Tensor? = None, running_var: Tensor? = None, weight: ' +
      'Tensor? = None, ' +
      'bias: Tensor? = None, use_input_stats: any = True, momentum: any = 0.1, eps: any = 1e-05)',
    'F',
    batchNorm,
  ],
  [
    'group_norm(input: Tensor, num_groups: int, weight: Tensor? = None, bias: Tensor? = None, eps: any ' +
      '= 1e-05)',
    'F torch',
    groupNorm,
  ],
  [
    'local_response_norm(input: Tensor, size: any, alpha: any = 0.0001, beta: any = 0.75, k: any = 1.0)',
    'F',
    sameShape(3),
  ],
  ['normalize(input: Tensor, p: any = 2.0, dim: any = 1, eps: any = 1e-12)', 'F', normalize],
  [
    'renorm(input: Tensor, p: any, dim: int, maxnorm: any)',
    'torch method inplace',
    (c) => {
      const input = c.tensor('input')
      const axis = c.axis(input.shape, c.int('dim'))
      return axis === 'failed' ? failed() : result(input.shape, input.dtype)
    },
  ],
]
