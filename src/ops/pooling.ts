// Pooling: max, average, Lp, adaptive, fractional, and max_unpool.

import {
  add,
  ceilDivide,
  constant,
  type Dim,
  fresh,
  maximum,
  multiply,
  one,
  subtract,
  zero,
} from '../dims/dim'
import type { DType } from '../tensors/dtype'
import { openShape, type Shape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { tuple, unknown, type Value } from '../trace/values'
import { channelsAndSpace, windows } from './convolution'
import { toFloat } from './elementwise-core'
import { suggestedLayout } from './image-layout'
import { append, perDim, type Split, spread } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { eachAt, numbers, reader, sizesOf, valuesAt, withValues } from './small-values'

const code = 'pool-mismatch'

/** The size of a pooled dim (`pooling_output_shape` in aten/src/ATen/native/Pool.h). */
function pooledSize(
  size: Dim,
  kernel: Dim,
  stride: Dim,
  padding: Dim,
  dilation: Dim,
  ceil: boolean | null,
): Dim {
  const twice = multiply(constant(2), padding)
  if (ceil === false) return windows(size, kernel, stride, twice, dilation)
  const [n, k, s, p, d] = [size, kernel, stride, padding, dilation].map((x) => x.value)
  if (ceil === null || k == null || s == null || p == null || d == null) return fresh()
  const span = d * (k - 1)
  if (n != null) {
    const count = Math.ceil((n + 2 * p - span - 1) / s) + 1
    return constant((count - 1) * s >= n + p ? count - 1 : count)
  }
  // The last window starts inside the input or its left padding for every size.
  if (p + s - 2 >= span) return fresh()
  return add(ceilDivide(subtract(add(size, twice), constant(span + 1)), stride), one)
}

interface Window {
  kernel: readonly Dim[]
  stride: readonly Dim[]
  padding: readonly Dim[]
  dilation: readonly Dim[]
}

/** The window of a pooling call; null where some numbers are not known. */
function windowOf(c: OpCall, count: number): Window | null | 'failed' {
  const kernel = perDim(c, 'kernel_size', count)
  if (kernel === 'failed' || !kernel) return kernel
  const optional = (name: string, fallback: readonly Dim[]): readonly Dim[] | null | 'failed' => {
    const given = c.bound.has(name) ? c.intsOrNone(name) : null
    if (!given || (!given.gap && given.lead.length === 0)) return fallback
    return spread(c, name, given, count)
  }
  const [stride, padding, dilation] = [
    optional('stride', kernel),
    optional(
      'padding',
      kernel.map(() => zero),
    ),
    optional(
      'dilation',
      kernel.map(() => one),
    ),
  ]
  if (stride === 'failed' || padding === 'failed' || dilation === 'failed') return 'failed'
  return stride && padding && dilation ? { kernel, stride, padding, dilation } : null
}

/** Each pooled spatial dim, or null after an error. */
function pooledSpace(c: OpCall, input: Tensor, space: readonly Dim[], w: Window): Dim[] | null {
  const ceil = c.bound.has('ceil_mode') ? c.bool('ceil_mode') : false
  const sizes: Dim[] = []
  for (const [i, size] of space.entries()) {
    const [kernel, padding, dilation] = [w.kernel[i] ?? one, w.padding[i] ?? zero, w.dilation[i] ?? one]
    const [k, p, d] = [kernel.value, padding.value, dilation.value]
    for (const [name, n] of [
      ['kernel_size', kernel],
      ['stride', w.stride[i] ?? one],
    ] as const)
      if (n.value !== null && n.value < 1)
        c.refuse(code, `${c.name}: ${name} must be greater than 0, and it is ${n.value}`)
    if (p !== null && p < 0) c.refuse(code, `${c.name}: padding must not be negative, and it is ${p}`)
    if (k !== null && p !== null && d !== null && p > Math.floor((d * (k - 1) + 1) / 2)) {
      c.fail(code, `${c.name}: padding ${p} is more than half of the kernel size ${k}`)
      return null
    }
    const pooled = c.facts.dims.resolve(pooledSize(size, kernel, w.stride[i] ?? one, padding, dilation, ceil))
    if (pooled.value !== null && pooled.value < 1) {
      c.fail(
        code,
        `${c.name}: the window of ${c.showDim(kernel)} is larger than the input ${c.show(input.shape)} ` +
          `in dim ${i - space.length}`,
      )
      return null
    }
    sizes.push(pooled)
  }
  return sizes
}

/** One pooled tensor, with the indices too where they are asked for. */
function pooled(
  c: OpCall,
  input: Tensor,
  split: Split,
  sizes: readonly Dim[],
  isBoth: boolean | null,
): Value {
  const [channels] = split.last
  const shape = channels ? append(split.rest, channels, ...sizes) : openShape()
  const known = { ...input, shape: c.facts.resolve(input.shape) }
  const layout = poolLayout(c, known, shape, sizes.length)
  const out = result(shape, input.dtype, layout)
  if (isBoth === false) return out
  return isBoth ? tuple([out, result(shape, 'int64', layout)]) : result(openShape(), null, null)
}

/** Average pools of 1 dim go through those of 2, which may keep channels last; those of 3 never do. */
function poolLayout(c: OpCall, input: Tensor, shape: Shape, count: number): Tensor['layout'] {
  if (input.layout === 'contiguous') return 'contiguous'
  if (count === 1) return null
  if (count === 3 && !c.name.startsWith('max')) return c.name.includes('avg') ? 'contiguous' : null
  return suggestedLayout(c, input, shape)
}

/** What a pool gives where the input's dims are hidden. */
function hidden(dtype: DType | null, isBoth: boolean | null): Value {
  const values = result(openShape(), dtype, null)
  if (isBoth === null) return unknown('return_indices is not known')
  return isBoth ? tuple([values, result(openShape(), 'int64', null)]) : values
}

const pool =
  (count: number, withIndices: boolean | 'flag' = false): Rule =>
  (c) => {
    const input = c.tensor('input')
    const split = channelsAndSpace(c, input, count, code)
    const w = windowOf(c, count)
    if (split === 'failed' || w === 'failed') return failed()
    const isBoth = withIndices === 'flag' ? c.bool('return_indices') : withIndices
    if (!split) return hidden(input.dtype, isBoth)
    const norm = c.bound.get('norm_type') as Value | undefined
    const isPower = norm !== undefined && !(norm.kind === 'float' && norm.value === Infinity)
    const space = split.last.slice(1)
    const sizes = w ? pooledSpace(c, input, space, w) : space.map(() => fresh())
    if (!sizes) return failed()
    const out = pooled(
      c,
      isPower ? { ...input, dtype: toFloat(input.dtype, c) } : input,
      split,
      sizes,
      isBoth,
    )
    const isMaximum = c.name.startsWith('max') && out.kind === 'tensor'
    return w && isMaximum ? withValues(out, greatestOf(input, out.shape, w)) : out
  }

/** The greatest of the known elements in each window, of which those outside of the input are none. */
function greatestOf(input: Tensor, shape: Shape, w: Window): readonly Dim[] | null {
  const [read, within, sizes] = [reader(input), sizesOf(input.shape), sizesOf(shape)]
  const kernel = numbers(w.kernel)
  const [stride, padding, dilation] = [w.stride, w.padding, w.dilation].map(numbers)
  if (!read || !within || !sizes || !kernel || !stride || !padding || !dilation) return null
  const outer = sizes.length - kernel.length
  return valuesAt(sizes, (index) => {
    const seen = eachAt(kernel, (offset) => {
      const at = offset.map(
        (o, d) => (index[outer + d] ?? 0) * (stride[d] ?? 1) - (padding[d] ?? 0) + o * (dilation[d] ?? 1),
      )
      const isInside = at.every((i, d) => i >= 0 && i < (within[outer + d] ?? 0))
      return [(isInside && read([...index.slice(0, outer), ...at])) || null]
    })
    return seen?.flat().reduce((a, b) => (a && b ? maximum(a, b) : (a ?? b)), null)
  })
}

function notNegative(c: OpCall, size: Dim): Dim {
  const { value } = size
  return value !== null && value < 0
    ? c.refuse(code, `${c.name}: output_size must not be negative, and it has ${value}`)
    : size
}

/** The sizes of an `output_size` with None for «as it is»; null where it is not known. */
function targetSizes(c: OpCall, given: Value, space: readonly Dim[]): Dim[] | null | 'failed' {
  const settled = c.env.settle(given)
  if (settled.kind === 'int') return space.map(() => notNegative(c, settled.dim))
  if (settled.kind === 'none') return [...space]
  const items = c.env.itemsOf(settled)
  if (!items) return null
  const list = items.length === 1 && items[0] && space.length > 1 ? space.map(() => items[0] as Value) : items
  if (list.length !== space.length) {
    c.fail(code, `${c.name}: output_size has ${items.length} numbers; ${space.length} are needed`)
    return 'failed'
  }
  return list.map((item, i) => {
    const value = c.env.settle(item)
    return value.kind === 'none' ? (space[i] ?? one) : notNegative(c, c.env.asInt(value) ?? fresh())
  })
}

const adaptive =
  (count: number, hasIndices: boolean | 'always'): Rule =>
  (c) => {
    const input = c.tensor('input')
    const split = channelsAndSpace(c, input, count, code)
    if (split === 'failed') return failed()
    const isBoth = hasIndices === 'always' || (hasIndices ? c.bool('return_indices') : false)
    if (!split) return hidden(input.dtype, isBoth)
    const space = split.last.slice(1)
    const sizes = targetSizes(c, c.value('output_size'), space)
    if (sizes === 'failed') return failed()
    return pooled(c, input, split, sizes ?? space.map(() => fresh()), isBoth)
  }

const fractional =
  (count: number): Rule =>
  (c) => {
    const input = c.tensor('input')
    const split = channelsAndSpace(c, input, count, code)
    if (split === 'failed') return failed()
    const isBoth = c.name.endsWith('_indices') || c.bool('return_indices')
    if (!split) return hidden(input.dtype, isBoth)
    const space = split.last.slice(1)
    const isRatio = c.value('output_size').kind === 'none'
    let sizes: Dim[] | null | 'failed' = null
    if (!isRatio) sizes = targetSizes(c, c.value('output_size'), space)
    else {
      const ratio = c.env.settle(c.value('output_ratio'))
      const items = ratio.kind === 'float' ? space.map(() => ratio) : (c.env.itemsOf(ratio) ?? [])
      sizes = space.map((d, i) => {
        const item = items[i]
        const factor = item?.kind === 'float' ? item.value : null
        return factor !== null && d.value !== null ? constant(Math.trunc(d.value * factor)) : fresh()
      })
    }
    if (sizes === 'failed') return failed()
    const out = pooled(
      c,
      { ...input, layout: 'contiguous' },
      split,
      sizes ?? space.map(() => fresh()),
      isBoth,
    )
    return out
  }

/** The sizes that a pool of this window may have had before it. */
const unpooledSpace = (space: readonly Dim[], w: Window): Dim[] =>
  space.map((d, i) =>
    subtract(
      add(multiply(subtract(d, one), w.stride[i] ?? one), w.kernel[i] ?? one),
      multiply(constant(2), w.padding[i] ?? zero),
    ),
  )

/** Refuses an output size that is a stride or more away from the usual one. */
function checkUnpooled(c: OpCall, sizes: readonly Dim[], usual: readonly Dim[], w: Window): void {
  for (const [i, size] of sizes.entries()) {
    const [given, own, step] = [size.value, usual[i]?.value ?? null, w.stride[i]?.value ?? null]
    if (given !== null && own !== null && step !== null && Math.abs(given - own) >= Math.max(step, 0))
      c.refuse(
        code,
        `${c.name}: an output size of ${given} is not within a stride of ${own}, which this window gives`,
      )
  }
}

const unpool =
  (count: number): Rule =>
  (c) => {
    const [input, indices] = [c.tensor('input'), c.tensor('indices')]
    const split = channelsAndSpace(c, input, count, code)
    if (split === 'failed') return failed()
    if (!c.alike(input.shape, indices.shape))
      return c.fail(
        code,
        `${c.name}: the indices ${c.show(indices.shape)} must have the input's shape ${c.show(input.shape)}`,
      )
    const w = windowOf(c, count)
    if (w === 'failed') return failed()
    if (!split) return result(openShape(), input.dtype, null)
    const [channels, ...space] = split.last
    const given = c.intsOrNone('output_size')
    let sizes: readonly Dim[] | null = null
    const usual = w && unpooledSpace(space, w)
    if (given) sizes = given.gap ? null : given.lead.slice(-count)
    else sizes = usual
    if (given && sizes && usual && w) checkUnpooled(c, sizes, usual, w)
    const shape = append(split.rest, channels ?? fresh(), ...(sizes ?? space.map(() => fresh())))
    const known = { ...input, shape: c.facts.resolve(input.shape) }
    return result(shape, input.dtype, count === 2 ? suggestedLayout(c, known, shape) : 'contiguous')
  }

const windowed = 'input: Tensor, kernel_size: ints, stride: ints? = None, padding: ints = 0'
const divisor = (n: number): string => (n === 1 ? '' : ', divisor_override: any = None')

export const poolingOps: readonly OpEntry[] = [1, 2, 3].flatMap((n): OpEntry[] => [
  [
    `max_pool${n}d(${windowed}, dilation: ints = 1, ceil_mode: bool = False, return_indices: bool = False)`,
    'F',
    pool(n, 'flag'),
  ],
  [`max_pool${n}d(${windowed}, dilation: ints = 1, ceil_mode: bool = False)`, 'torch', pool(n)],
  [
    `max_pool${n}d_with_indices(${windowed}, dilation: ints = 1, ceil_mode: bool = False, ` +
      'return_indices: bool = False)',
    'F',
    pool(n, true),
  ],
  [
    `avg_pool${n}d(${windowed}, ceil_mode: bool = False, count_include_pad: any = True${divisor(n)})`,
    n === 1 ? 'F torch' : 'F',
    pool(n),
  ],
  [
    `lp_pool${n}d(input: Tensor, norm_type: any, kernel_size: ints, stride: ints? = None, ceil_mode: ` +
      'bool = False)',
    'F',
    pool(n),
  ],
  [`adaptive_avg_pool${n}d(input: Tensor, output_size: any)`, n === 1 ? 'F torch' : 'F', adaptive(n, false)],
  [
    `adaptive_max_pool${n}d(input: Tensor, output_size: any, return_indices: bool = False)`,
    'F',
    adaptive(n, true),
  ],
  [
    `adaptive_max_pool${n}d_with_indices(input: Tensor, output_size: any, return_indices: bool = True)`,
    'F',
    adaptive(n, 'always'),
  ],
  [
    `max_unpool${n}d(input: Tensor, indices: Tensor, kernel_size: ints, stride: ints? = None, padding: ` +
      'ints = 0, output_size: ints? = None)',
    'F',
    unpool(n),
  ],
  ...(n === 1
    ? []
    : ['', '_with_indices'].map(
        (ending): OpEntry => [
          `fractional_max_pool${n}d${ending}(input: Tensor, kernel_size: ints, output_size: any = None, ` +
            'output_ratio: any = None, return_indices: bool = False, _random_samples: any = None)',
          'F',
          fractional(n),
        ],
      )),
])
