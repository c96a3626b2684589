// Copies, dtypes and devices: operations that keep the shape.

import { constant, type Dim } from '../dims/dim'
import { type DType, promote } from '../tensors/dtype'
import { isContiguous } from '../tensors/layout'
import { dimsOf } from '../tensors/shape'
import { type Layout, stridesOf, type Tensor } from '../tensors/tensor'
import { dtypeValue, str, type Value } from '../trace/values'
import { defaultDType } from './defaults'
import { needInto, promotedDType, resultLayout } from './elementwise-core'
import { channelsLast, suggestedLayout } from './image-layout'
import { rangeOf } from './near-values'
import { failed, type OpCall, type OpEntry, type Rule } from './op'
import { heldBy, reader, sizesOf, valuesAt } from './small-values'
import { typedTensors } from './tensor-names'
import { completeSize, layoutOf } from './view-size'

/** The layout of a copy: the same strides if they are dense, else as TensorIterator orders them. */
export const preservedLayout = (c: OpCall, t: Tensor): Layout => resultLayout(c, t.shape, [t])

/** The layout of a copy with the very same strides, unless elements share places. */
export const ownLayout = (c: OpCall, t: Tensor): Layout => {
  const [dims, strides] = [dimsOf(t.shape), stridesOf(t)]
  const isShared = strides?.some((s, i) => dims && s.value === 0 && dims[i]?.value !== 1)
  return isShared ? preservedLayout(c, t) : t.layout
}

const isInteger = (dtype: DType | null): boolean => dtype !== null && !/float|complex|bool/.test(dtype)

/** The elements as another dtype: floats lose their fractions in whole numbers. */
function converted(values: readonly Dim[] | null, dtype: DType | null): readonly Dim[] | null {
  if (!isInteger(dtype)) return heldBy(dtype, values)
  const whole = values?.map((v) => {
    const range = rangeOf(v)
    const [low, high] = range ? range.map(Math.trunc) : []
    return low !== undefined && low === high ? constant(low) : v
  })
  return heldBy(dtype, whole ?? null)
}

/** The tensor as another dtype; itself where it has that one already. */
export function cast(c: OpCall, t: Tensor, dtype: DType | null): Tensor {
  if (dtype !== null && dtype === t.dtype) return { ...t, isParameter: false }
  const copy = preservedLayout(c, t)
  const isCopy = t.dtype !== null && dtype !== null
  return {
    ...t,
    dtype,
    layout: isCopy || hasLayout(t, copy) ? copy : null,
    values: converted(t.values, dtype),
    isParameter: false,
  }
}

/** True for a tensor that surely has this layout. */
function hasLayout(t: Tensor, layout: Layout): boolean {
  const [own, other] = [stridesOf(t), stridesOf({ ...t, layout })]
  return layout === t.layout || (own?.every((s, i) => s.key === other?.[i]?.key) ?? false)
}

const input = (c: OpCall): Tensor => c.tensor('input')
const same: Rule = (c) => ({ ...input(c), isParameter: false })
const castTo =
  (dtype: DType): Rule =>
  (c) =>
    inFormat(c, input(c), cast(c, input(c), dtype))

/** A converted tensor in the memory format asked for, if one was. */
function inFormat(c: OpCall, from: Tensor, to: Tensor): Tensor {
  if (!c.isGiven('memory_format')) return to
  const format = c.env.settle(c.value('memory_format'))
  const isPreserving = format.kind === 'str' && format.value === 'preserve_format'
  // A float of a float is the tensor itself unless its layout has to change.
  if (isPreserving) return to
  const wanted = formattedLayout(c, from)
  if (to.dtype !== from.dtype) return { ...to, layout: wanted }
  const suggested = suggestedLayout(c, from, from.shape)
  if (suggested === null || wanted === null) return { ...to, layout: null }
  return (suggested === 'contiguous') === (wanted === 'contiguous') ? to : { ...to, layout: wanted }
}

/** The layout that `memory_format=` asks for (`torch.channels_last` is a string); null if unknown. */
export function formattedLayout(c: OpCall, t: Tensor): Layout {
  const format = c.env.settle(c.value('memory_format'))
  const name = format.kind === 'str' ? format.value : null
  if (name === 'contiguous_format') return 'contiguous'
  if (name === 'preserve_format') return preservedLayout(c, t)
  if (name !== 'channels_last' && name !== 'channels_last_3d') return null
  const rank = name === 'channels_last' ? 4 : 5
  const dims = c.facts.requireRank(t.shape, rank)
  if (!dims)
    return c.refuse(
      'rank-mismatch',
      `${c.name}: torch.${name} needs ${rank} dims, and ${c.show(t.shape)} has ${t.shape.lead.length}`,
    )
  return layoutOf(dims, channelsLast(dims))
}

const copied =
  (byDefault: 'preserve' | 'contiguous'): Rule =>
  (c) => {
    const t = input(c)
    const isGiven = c.isGiven('memory_format')
    const layout = isGiven
      ? formattedLayout(c, t)
      : byDefault === 'contiguous'
        ? 'contiguous'
        : preservedLayout(c, t)
    return { ...t, layout, isParameter: false }
  }

/** `contiguous()`: the tensor itself if it is dense already, which keeps the strides of dims of size 1. */
const contiguous: Rule = (c) => {
  const t = input(c)
  if (c.isGiven('memory_format')) return copied('contiguous')(c)
  const [dims, strides] = [dimsOf(t.shape), stridesOf(t)]
  const isDense = dims && strides && isContiguous(dims, strides, c.facts.dims)
  return isDense ? { ...t, isParameter: false } : { ...t, layout: 'contiguous', isParameter: false }
}

/** `to` takes a dtype, a device or another tensor, in any of three places. */
const to: Rule = (c) => {
  const t = input(c)
  let dtype: DType | null | undefined
  let isClear = true
  for (const name of ['first', 'second', 'dtype', 'other']) {
    const value = c.env.settle(c.value(name))
    const named = c.env.dtypeOf(value)
    if (named === undefined && isDevice(value)) c.env.devices.note(value)
    if (named !== undefined) dtype = named
    else if (value.kind === 'tensor') dtype = value.dtype
    else if (value.kind === 'unknown' || value.kind === 'object' || value.kind === 'union')
      isClear = isClear && name === 'second'
  }
  const own = orCopy(c, t)
  if (dtype !== undefined) return inFormat(c, t, cast(c, own, dtype))
  // Something unknown is taken to be a device, the most common argument; it may still change the dtype.
  if (isClear) return inFormat(c, t, { ...own, isParameter: false })
  return { ...own, dtype: deviceOrDType(c, t), isParameter: false }
}
/** True for a value that is a device, or may be one. */
const isDevice = ({ kind }: Value): boolean =>
  kind === 'device' || kind === 'str' || kind === 'unknown' || kind === 'object' || kind === 'union'

/** The tensor itself, or its copy if `to` was asked for one. */
const orCopy = (c: OpCall, t: Tensor): Tensor => {
  const isCopy = c.bool('copy')
  if (isCopy === false) return t
  const layout = preservedLayout(c, t)
  return { ...t, layout: isCopy || (layout === 'contiguous' && t.layout === layout) ? layout : null }
}
const deviceOrDType = (c: OpCall, t: Tensor): DType | null => {
  const value = c.env.settle(c.value('first'))
  return value.kind === 'unknown' && value.name !== null && /device|rank|gpu|cuda/.test(value.name)
    ? t.dtype
    : null
}

const type: Rule = (c) => {
  const dtype = c.env.settle(c.value('dtype'))
  const named = c.env.dtypeOf(dtype)
  if (named !== undefined) return cast(c, input(c), named)
  if (dtype.kind === 'none') return typeName(c, input(c).dtype)
  const text = dtype.kind === 'str' ? (dtype.value ?? dtype.pattern ?? '') : ''
  const [name = ''] = /[A-Z]\w*$/.exec(text) ?? []
  return cast(c, input(c), typedTensors[name] ?? null)
}

/** `'torch.FloatTensor'`, with the device in it where that is not the processor. */
function typeName(c: OpCall, dtype: DType | null): Value {
  const name = Object.keys(typedTensors).find((n) => typedTensors[n] === dtype)
  const isHere = c.env.devices.ofTensor(c.env.isConcrete).type === 'cpu'
  if (name === undefined) return { kind: 'str', value: null }
  return isHere ? str(`torch.${name}`) : { kind: 'str', value: null, pattern: `torch.*${name}` }
}

const casts: Record<string, DType> = {
  float: 'float32',
  double: 'float64',
  half: 'float16',
  bfloat16: 'bfloat16',
  long: 'int64',
  int: 'int32',
  short: 'int16',
  byte: 'uint8',
  char: 'int8',
  bool: 'bool',
  cfloat: 'complex64',
  cdouble: 'complex128',
  chalf: 'complex32',
}

/** What dtype two dtypes, or two operands, have together. */
const promotedTypes: Rule = (c) => {
  const [a, b] = [c.dtype('type1'), c.dtype('type2')]
  return dtypeValue(a && b ? promote(a, b) : null)
}

export const castingOps: readonly OpEntry[] = [
  ['promote_types(type1: dtype?, type2: dtype?)', 'torch', promotedTypes],
  [
    'result_type(tensor1: operand, tensor2: operand)',
    'torch',
    (c) => dtypeValue(promotedDType([c.tensor('tensor1'), c.tensor('tensor2')])),
  ],
  ['get_default_dtype()', 'torch', (c) => dtypeValue(defaultDType(c.env))],
  ...Object.entries(casts).map(
    ([name, dtype]): OpEntry => [
      `${name}(input: Tensor, memory_format: any = None)`,
      'method',
      castTo(dtype),
    ],
  ),
  [
    'to(input: Tensor, first: any = None, second: any = None, third: any = None, fourth: any = ' +
      'None, *, dtype: any = None, other: any = None, copy: bool = False, memory_format: any = None)',
    'method',
    to,
  ],
  ['type(input: Tensor, dtype: any = None)', 'method', type],
  ['type_as(input: Tensor, other: Tensor)', 'method', (c) => cast(c, input(c), c.tensor('other').dtype)],
  ['contiguous(input: Tensor, *, memory_format: any = None)', 'method', contiguous],
  ['clone(input: Tensor, *, memory_format: any = None)', 'torch method', copied('preserve')],
  ['alias_copy(input: Tensor)', 'torch', copied('preserve')],
  [
    'view_copy(input: Tensor, size: ints)',
    'torch',
    (c) => {
      const shape = completeSize(c, input(c), c.ints('size'))
      return shape ? { ...input(c), shape, layout: 'contiguous' } : failed()
    },
  ],
  ...['cpu', 'pin_memory', 'share_memory_'].map(
    (name): OpEntry => [`${name}(input: Tensor, *rest: any)`, 'method', same],
  ),
  ...['cuda', 'xpu', 'mps'].map(
    (name): OpEntry => [
      `${name}(input: Tensor, *rest: any)`,
      'method',
      (c) => {
        c.env.devices.note(str(name))
        return same(c)
      },
    ],
  ),
  ...[
    'detach',
    'detach_',
    'requires_grad_',
    'resolve_conj',
    'resolve_neg',
    'rename',
    'refine_names',
    'coalesce',
    'to_dense',
    'dequantize',
  ].map(
    (name): OpEntry => [
      `${name}(input: Tensor, *rest: any)`,
      /^res|^deta/.test(name) ? 'torch method' : 'method',
      same,
    ],
  ),
  ['conj(input: Tensor)', 'torch method', same],
  ['lift_fresh(input: Tensor)', 'torch', same],

  ['from_numpy(ndarray: Tensor)', 'torch', (c): Value => c.tensor('ndarray')],
  [
    'copy_(input: Tensor, src: operand, non_blocking: bool = False)',
    'method',
    (c) => {
      const [t, from] = [input(c), c.tensor('src')]
      needInto(c, 'copy-mismatch', t.shape, from.shape)
      const read = reader(from)
      return { ...t, values: read && converted(valuesAt(sizesOf(t.shape), read), t.dtype) }
    },
  ],
]
