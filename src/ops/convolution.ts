// Convolutions, transposed convolutions, and their patches as columns (unfold, fold).

import { add, constant, type Dim, floorDivide, fresh, multiply, one, product, subtract } from '../dims/dim'
import { dimsOf, leastRank, openShape, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { Code } from '../trace/codes'
import type { Value } from '../trace/values'
import { suggestedLayout } from './image-layout'
import { append, differ, perDim, rankOf, type Split, sameDType, splitLast, spread } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'

const code = 'conv-mismatch'

const spaceNames = ['t', 'h', 'w']

/** Takes an input to have a batch dim, under names that count where the code gives none. */
function assumeBatch(c: OpCall, input: Tensor, count: number): void {
  const dims = c.facts.requireRank(input.shape, count + 2) ?? []
  const names = ['batch', 'channels', ...(count === 1 ? ['length'] : spaceNames.slice(-count))]
  for (const [i, dim] of dims.entries()) {
    const { symbol } = c.facts.dims.resolve(dim)
    if (symbol) c.facts.dims.name(symbol, names[i] ?? '', 0)
  }
}

/** The last `count + 1` dims (channels and space) of an input that may lack a batch dim. */
export function channelsAndSpace(
  c: OpCall,
  input: Tensor,
  count: number,
  errorCode: Code,
): Split | null | 'failed' {
  if (c.facts.resolve(input.shape).gap) {
    c.env.batches.areOpen = true
    if (c.env.batches.areAssumed) assumeBatch(c, input, count)
  }
  if (dimsOf(c.facts.resolve(input.shape))?.length === count + 1) c.env.batches.areMissing = true
  const split = splitLast(c, input.shape, count + 1)
  const known = split && split !== 'too-few' ? leastRank(split.rest) <= 1 : split === null
  if (!known) {
    c.fail(
      errorCode,
      `${c.name}: the input must have ${count + 2} dims (batch, channels, ${count} of space), or ` +
        `${count + 1} without a batch, and it is ${c.show(input.shape)}`,
    )
    return 'failed'
  }
  return split === 'too-few' ? 'failed' : split
}

/** ⌊(size + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1; `padding` counts both sides. */
export function windows(size: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim): Dim {
  const span = add(multiply(dilation, subtract(kernel, one)), one)
  return add(floorDivide(subtract(add(size, padding), span), stride), one)
}

interface Settings {
  kernel: readonly Dim[]
  stride: readonly Dim[]
  padding: readonly Dim[] | 'same'
  dilation: readonly Dim[]
}

/** The numbers of a convolution; null where some are not known one by one. */
function settings(c: OpCall, kernel: readonly Dim[], isTransposed: boolean): Settings | null | 'failed' {
  const count = kernel.length
  const [stride, dilation] = [perDim(c, 'stride', count), perDim(c, 'dilation', count)]
  if (stride === 'failed' || dilation === 'failed') return 'failed'
  const given = c.value('padding')
  let padding: readonly Dim[] | 'same' | null | 'failed'
  if (given.kind === 'str') {
    if (isTransposed || (given.value !== null && !['same', 'valid'].includes(given.value))) {
      c.fail(
        code,
        `${c.name}: padding must be numbers${isTransposed ? '' : " or 'same' or 'valid'"}, and it is ` +
          `'${given.value}'`,
      )
      return 'failed'
    }
    padding = given.value === 'same' ? 'same' : given.value === 'valid' ? kernel.map(() => constant(0)) : null
    if (padding === 'same' && stride?.some((s) => s.value !== null && s.value !== 1)) {
      c.fail(code, `${c.name}: padding='same' needs a stride of 1`)
      return 'failed'
    }
  } else {
    const size = given.kind === 'int' ? shapeOf([given.dim]) : c.env.asSize(given)
    padding = size ? spread(c, 'padding', size, count) : null
    if (padding === 'failed') return 'failed'
  }
  return stride && dilation && padding ? { kernel, stride, padding, dilation } : null
}

/** Input channels against the weight's, and the bias's length. */
function checkChannels(
  c: OpCall,
  input: Tensor,
  weight: Tensor,
  channels: Dim,
  wanted: Dim,
  out: Dim,
): boolean {
  if (!c.unify(channels, wanted)) {
    c.fail(
      code,
      `${c.name}: the input ${c.show(input.shape)} has ${c.showDim(channels)} channels, and the weight ` +
        `${c.show(weight.shape)} takes ${c.showDim(wanted)}`,
    )
    return false
  }
  const bias = c.tensorOrNone('bias')
  const [size] = bias ? (c.facts.requireRank(bias.shape, 1) ?? []) : []
  if (!bias || (size && c.unify(size, out))) return true
  c.fail(
    code,
    `${c.name}: the bias ${c.show(bias.shape)} must have one number for each of the ${c.showDim(out)} ` +
      'output channels',
  )
  return false
}

/** The output's size in each spatial dim, or null after an error. */
function outputSpace(c: OpCall, input: Tensor, space: readonly Dim[], s: Settings): Dim[] | null {
  const out: Dim[] = []
  for (const [i, size] of space.entries()) {
    if (s.padding === 'same') {
      out.push(size)
      continue
    }
    const [kernel, stride, padding, dilation] = [
      s.kernel[i] ?? one,
      s.stride[i] ?? one,
      s.padding[i] ?? one,
      s.dilation[i] ?? one,
    ]
    const padded = add(size, multiply(constant(2), padding))
    const span = add(multiply(dilation, subtract(kernel, one)), one)
    if (c.facts.dims.atMost(span, padded) === false) {
      c.fail(
        code,
        `${c.name}: the kernel spans ${c.showDim(span)}, and the input ${c.show(input.shape)} with its ` +
          `padding has only ${c.showDim(padded)} in dim ${i - space.length}`,
      )
      return null
    }
    out.push(c.facts.dims.resolve(windows(size, kernel, stride, multiply(constant(2), padding), dilation)))
  }
  return out
}

const convolution =
  (count: number): Rule =>
  (c) => {
    const [input, weight] = [c.tensor('input'), c.tensor('weight')]
    const dtype = sameDType(c, [input, weight, c.tensorOrNone('bias')])
    if (dtype === false) return failed()
    const w = c.facts.requireRank(weight.shape, count + 2)
    if (!w)
      return c.fail(
        code,
        `${c.name}: the weight must have ${count + 2} dims, and it is ${c.show(weight.shape)}`,
      )
    const [out, perGroup, ...kernel] = w as readonly [Dim, Dim, ...Dim[]]
    const split = channelsAndSpace(c, input, count, code)
    const s = settings(c, kernel, false)
    if (split === 'failed' || s === 'failed') return failed()
    const groups = c.int('groups')
    if (c.facts.dims.divides(groups, out) === false)
      return c.fail(
        code,
        `${c.name}: the ${c.showDim(out)} output channels do not divide into ${c.showDim(groups)} groups`,
      )
    if (!split) return result(openShape(), dtype, null)
    const [channels, ...space] = split.last
    if (!channels || !checkChannels(c, input, weight, channels, multiply(perGroup, groups), out))
      return failed()
    if (!s) return result(append(split.rest, out, ...space.map(() => fresh())), dtype, null)
    const sizes = outputSpace(c, input, space, s)
    return sizes ? imageResult(c, input, split, [out, ...sizes], dtype) : failed()
  }

/**
 * The result of a convolution; a weight in another memory format may decide the result's too. Over three
 * dims PyTorch keeps channels last or not by what computes it, which sizes and threads decide.
 */
function imageResult(
  c: OpCall,
  input: Tensor,
  split: Split,
  dims: readonly Dim[],
  dtype: Tensor['dtype'],
): Value {
  const shape = append(split.rest, ...dims)
  const known = { ...input, shape: c.facts.resolve(input.shape) }
  const isPlain =
    c.tensor('weight').layout === 'contiguous' &&
    (input.layout === 'contiguous' || (dims.length > 2 && shape.lead.length > dims.length))
  const layout = isPlain ? suggestedLayout(c, known, shape) : null
  return result(shape, dtype, dims.length > 3 && layout !== 'contiguous' ? null : layout)
}

const transposedConvolution =
  (count: number): Rule =>
  (c) => {
    const [input, weight] = [c.tensor('input'), c.tensor('weight')]
    const dtype = sameDType(c, [input, weight, c.tensorOrNone('bias')])
    if (dtype === false) return failed()
    const w = c.facts.requireRank(weight.shape, count + 2)
    if (!w)
      return c.fail(
        code,
        `${c.name}: the weight must have ${count + 2} dims, and it is ${c.show(weight.shape)}`,
      )
    const [taken, perGroup, ...kernel] = w as readonly [Dim, Dim, ...Dim[]]
    const split = channelsAndSpace(c, input, count, code)
    const s = settings(c, kernel, true)
    const extra = perDim(c, 'output_padding', count)
    if (split === 'failed' || s === 'failed' || extra === 'failed') return failed()
    const out = multiply(perGroup, c.int('groups'))
    if (!split) return result(openShape(), dtype, null)
    const [channels, ...space] = split.last
    if (!channels || !checkChannels(c, input, weight, channels, taken, out)) return failed()
    if (!s || !extra || s.padding === 'same')
      return result(append(split.rest, out, ...space.map(() => fresh())), dtype, null)
    const sizes: Dim[] = []
    for (const [i, size] of space.entries()) {
      const [stride, dilation, more] = [s.stride[i] ?? one, s.dilation[i] ?? one, extra[i] ?? one]
      if (c.facts.dims.atMost(stride, more) === true && c.facts.dims.atMost(dilation, more) === true)
        return c.fail(
          code,
          `${c.name}: output_padding ${c.showDim(more)} must be smaller than the stride or the dilation`,
        )
      const spread = multiply(subtract(size, one), stride)
      const span = multiply(dilation, subtract(s.kernel[i] ?? one, one))
      const cut = multiply(constant(2), s.padding[i] ?? one)
      const total = c.facts.dims.resolve(add(add(subtract(spread, cut), span), add(more, one)))
      if (total.value !== null && total.value < 1)
        return c.fail(code, `${c.name}: the output would have size ${total.value} in dim ${i - count}`)
      sizes.push(total)
    }
    return imageResult(c, input, split, [out, ...sizes], dtype)
  }

/** The number of positions of a sliding window over the padded space, per dim; null where not known. */
function positions(
  c: OpCall,
  space: readonly Dim[],
): { kernel: readonly Dim[]; counts: Dim[] } | null | 'failed' {
  const names = ['kernel_size', 'dilation', 'padding', 'stride'] as const
  const given = names.map((name) => perDim(c, name, space.length))
  if (given.includes('failed')) return 'failed'
  const [kernel, dilation, padding, stride] = given as (readonly Dim[] | null)[]
  if (!kernel || !dilation || !padding || !stride) return null
  const counts = space.map((size, i) =>
    windows(
      size,
      kernel[i] ?? one,
      stride[i] ?? one,
      multiply(constant(2), padding[i] ?? one),
      dilation[i] ?? one,
    ),
  )
  return { kernel, counts: counts.map((n) => c.facts.dims.resolve(n)) }
}

const unfold: Rule = (c) => {
  const input = c.tensor('input')
  const split = channelsAndSpace(c, input, 2, code)
  if (split === 'failed') return failed()
  if (!split) return result(openShape(), input.dtype)
  const [channels, ...space] = split.last
  const found = positions(c, space)
  if (found === 'failed') return failed()
  if (!channels || !found) return result(append(split.rest, fresh(), fresh()), input.dtype)
  if (found.counts.some((n) => n.value !== null && n.value < 1))
    return c.fail(
      code,
      `${c.name}: the window is larger than the input ${c.show(input.shape)} with its padding`,
    )
  return result(append(split.rest, product([channels, ...found.kernel]), product(found.counts)), input.dtype)
}

const fold: Rule = (c) => {
  const input = c.tensor('input')
  const rank = rankOf(input.shape)
  const split = splitLast(c, input.shape, 2)
  if (split === 'too-few' || (rank !== null && rank > 3))
    return c.fail(
      code,
      `${c.name}: the input must have 3 dims (batch, channels · kernel, positions), or 2 without a ` +
        `batch, and it is ${c.show(input.shape)}`,
    )
  const size = perDim(c, 'output_size', 2)
  if (size === 'failed') return failed()
  const found = size ? positions(c, size) : null
  if (found === 'failed') return failed()
  if (!split || !size || !found) return result(openShape([], size ?? []), input.dtype)
  const [columns, count] = split.last as readonly [Dim, Dim]
  const cells = product(found.kernel)
  const wanted = product(found.counts)
  if (differ(c, count, wanted) || !c.unify(count, wanted))
    return c.fail(
      code,
      `${c.name}: the input ${c.show(input.shape)} has ${c.showDim(count)} positions in its last dim, ` +
        `and output_size ${c.show(shapeOf(size))} has ${c.showDim(wanted)}`,
    )
  if (c.facts.dims.divides(cells, columns) === false)
    return c.fail(
      code,
      `${c.name}: dim -2 of the input ${c.show(input.shape)} is ${c.showDim(columns)}, which does not ` +
        `divide by the kernel's ${c.showDim(cells)} cells`,
    )
  return result(append(split.rest, floorDivide(columns, cells), ...size), input.dtype)
}

const kernelOf = (n: number): string =>
  `conv${n}d(input: Tensor, weight: Tensor, bias: Tensor? = None, stride: ints = 1, padding: any = 0, ` +
  'dilation: ints = 1, groups: int = 1)'
const transposedOf = (n: number): string =>
  `conv_transpose${n}d(input: Tensor, weight: Tensor, bias: Tensor? = None, stride: ints = 1, padding: ` +
  'any = 0, ' +
  'output_padding: ints = 0, groups: int = 1, dilation: ints = 1)'

export const convolutionOps: readonly OpEntry[] = [
  ...[1, 2, 3].flatMap((n): OpEntry[] => [
    [kernelOf(n), 'F torch', convolution(n)],
    [transposedOf(n), 'F torch', transposedConvolution(n)],
  ]),
  [
    'unfold(input: Tensor, kernel_size: ints, dilation: ints = 1, padding: ints = 0, stride: ints = 1)',
    'F',
    unfold,
  ],
  [
    'fold(input: Tensor, output_size: ints, kernel_size: ints, dilation: ints = 1, padding: ints = 0, ' +
      'stride: ints = 1)',
    'F',
    fold,
  ],
]
