// What code asks of a tensor: its size, rank, dtype, strides, single values.

import { constant, type Dim, fresh, multiply, product } from '../dims/dim'
import { categoryOf, dtypeBytes } from '../tensors/dtype'
import { isContiguous } from '../tensors/layout'
import { dimsOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import {
  bool,
  dtypeValue,
  float,
  int,
  list,
  none,
  sizeValue,
  someBool,
  str,
  tuple,
  unknown,
  type Value,
} from '../trace/values'
import { spotInDims } from './axes'
import { realOf } from './near-values'
import type { OpCall, OpEntry, Rule } from './op'
import { sizesOf } from './small-values'
import { stridesIn } from './view-size'

const input = (c: OpCall): Tensor => c.tensor('input')
const someInt = (c: OpCall): Value => unknown(`${c.name} of a tensor of unknown rank`)

const count = (c: OpCall): Dim | null => {
  const dims = dimsOf(input(c).shape)
  return dims && product(dims)
}
const rank: Rule = (c) => {
  const dims = dimsOf(input(c).shape)
  return dims ? int(dims.length) : someInt(c)
}
const numel: Rule = (c) => {
  const n = count(c)
  return n ? int(n) : someInt(c)
}
const sizeAt: Rule = (c) => {
  const spot = spotInDims(c, input(c).shape, c.int('dim'))
  return spot ? int(spot.size) : someInt(c)
}
const strides: Rule = (c) => {
  const known = stridesIn(c, input(c))
  return known ? tuple(known.map((s) => int(s))) : someInt(c)
}
const strideAt: Rule = (c) => {
  const spot = spotInDims(c, input(c).shape, c.int('dim'))
  const known = stridesIn(c, input(c))?.[spot?.index ?? -1]
  return spot && known && !spot.shape.gap ? int(known) : someInt(c)
}
const contiguity: Rule = (c) => {
  const t = input(c)
  const [dims, known] = [dimsOf(t.shape), stridesIn(c, t)]
  if (t.layout === 'contiguous') return bool(true)
  return dims && known ? bool(isContiguous(dims, known, c.facts.dims)) : someBool
}

/** The Python number that an element is. */
function element(t: Tensor, value: Dim | null): Value {
  if (!t.dtype) return unknown('an element of a tensor of unknown dtype')
  const category = categoryOf(t.dtype)
  if (category === 'bool')
    return bool(value?.value === undefined || value.value === null ? null : value.value === 1)
  if (category === 'float') return float(value && realOf(value))
  if (category === 'complex') return { kind: 'complex' }
  return int(value ?? fresh(null, -Infinity))
}

const item: Rule = (c) => {
  const t = input(c)
  const n = count(c)
  if (n && n.value !== null && n.value !== 1)
    return c.fail(
      'item-of-many',
      `${c.name}: needs a tensor of one element, and ${c.show(t.shape)} has ${n.value}`,
    )
  return element(t, t.values?.[0] ?? null)
}

const tolist: Rule = (c) => {
  const t = input(c)
  const sizes = sizesOf(t.shape)
  if (!sizes || sizes.reduce((a, b) => a * b, 1) > 256) return unknown('the elements of a tensor')
  let next = 0
  const level = (depth: number): Value =>
    depth === sizes.length
      ? element(t, t.values?.[next++] ?? null)
      : list(Array.from({ length: sizes[depth] ?? 0 }, () => level(depth + 1)))
  return level(0)
}

const isCategory =
  (...categories: string[]): Rule =>
  (c) => {
    const { dtype } = input(c)
    return bool(dtype ? categories.includes(categoryOf(dtype)) : null)
  }
const itemBytes: Rule = (c) => {
  const { dtype } = input(c)
  return dtype ? int(dtypeBytes[dtype]) : unknown('the size of an element of unknown dtype')
}
const totalBytes: Rule = (c) => {
  const [{ dtype }, n] = [input(c), count(c)]
  return dtype && n ? int(multiply(n, constant(dtypeBytes[dtype]))) : someInt(c)
}
const always =
  (value: Value): Rule =>
  () =>
    value

export const attributeOps: readonly OpEntry[] = [
  ['shape(input: Tensor)', 'attribute', (c) => sizeValue(input(c).shape, c.isGuess)],
  ['size(input: Tensor)', 'method', (c) => sizeValue(input(c).shape, c.isGuess)],
  ['size(input: Tensor, dim: int)', 'method', sizeAt],
  ['dim(input: Tensor)', 'method', rank],
  ['ndimension(input: Tensor)', 'method', rank],
  ['ndim(input: Tensor)', 'attribute', rank],
  [
    '__len__(input: Tensor)',
    'method',
    (c) => {
      const spot = spotInDims(c, input(c).shape, constant(0))
      return spot ? int(spot.size) : someInt(c)
    },
  ],
  ['numel(input: Tensor)', 'torch method', numel],
  ['nelement(input: Tensor)', 'method', numel],
  ['stride(input: Tensor)', 'method', strides],
  ['stride(input: Tensor, dim: int)', 'method', strideAt],
  ['storage_offset(input: Tensor)', 'method', (c) => unknown(c.name)],
  ['is_contiguous(input: Tensor)', 'method', contiguity],
  ['item(input: Tensor)', 'method', item],
  ['tolist(input: Tensor)', 'method', tolist],
  [
    '__bool__(input: Tensor)',
    'method',
    (c) => {
      const value = item(c)
      if (value.kind === 'bool') return value
      return value.kind === 'int' && value.dim.value !== null ? bool(value.dim.value !== 0) : someBool
    },
  ],
  [
    '__int__(input: Tensor)',
    'method',
    (c) => {
      const value = item(c)
      return value.kind === 'int' ? value : unknown('an element of a tensor')
    },
  ],
  ['__index__(input: Tensor)', 'method', item],
  [
    '__float__(input: Tensor)',
    'method',
    (c) => {
      const value = item(c)
      return value.kind === 'unknown' ? value : float(value.kind === 'int' ? value.dim.value : null)
    },
  ],
  ['element_size(input: Tensor)', 'method', itemBytes],
  ['itemsize(input: Tensor)', 'attribute', itemBytes],
  ['nbytes(input: Tensor)', 'attribute', totalBytes],
  ['dtype(input: Tensor)', 'attribute', (c) => dtypeValue(input(c).dtype)],
  ['device(input: Tensor)', 'attribute', (c) => c.env.devices.ofTensor(c.env.isConcrete)],
  ['is_floating_point(input: Tensor)', 'torch method', isCategory('float')],
  ['is_complex(input: Tensor)', 'torch method', isCategory('complex')],
  [
    'is_signed(input: Tensor)',
    'method',
    (c) => {
      const { dtype } = input(c)
      return bool(dtype ? dtype !== 'bool' && !dtype.startsWith('u') : null)
    },
  ],
  ['is_nonzero(input: Tensor)', 'torch method', (c) => (item(c).kind === 'unknown' ? item(c) : someBool)],
  ['is_tensor(input: Tensor)', 'torch', always(bool(true))],
  ['is_same_size(input: Tensor, other: Tensor)', 'torch method', always(someBool)],
  ...['cpu', 'cuda', 'meta', 'mps', 'xpu'].map(
    (type): OpEntry => [
      `is_${type}(input: Tensor)`,
      'attribute',
      (c) => {
        const lies = c.env.devices.ofTensor(c.env.isConcrete).type
        return bool(lies === null ? null : lies === type)
      },
    ],
  ),
  ...['requires_grad', 'is_leaf', 'is_sparse', 'is_quantized'].map(
    (name): OpEntry => [
      `${name}(input: Tensor)`,
      'attribute',
      always(name === 'is_sparse' || name === 'is_quantized' ? bool(false) : someBool),
    ],
  ),
  [
    'layout(input: Tensor)',
    'attribute',
    (c) => {
      const tensor = c.bound.get('input') as Value
      return tensor.kind === 'tensor' && c.env.isDense?.(tensor) ? str('torch.strided') : unknown('a layout')
    },
  ],
  ['data(input: Tensor)', 'attribute', input],
  ['grad(input: Tensor)', 'attribute', () => unknown('a gradient')],
  ['grad_fn(input: Tensor)', 'attribute', () => unknown('a gradient')],
  [
    'get_device(input: Tensor)',
    'torch method',
    (c) =>
      c.env.devices.ofTensor(c.env.isConcrete).type === 'cpu' ? int(-1) : unknown('the index of a device'),
  ],
  ['data_ptr(input: Tensor)', 'method', (c) => unknown(c.name)],
  [
    'backward(input: Tensor, gradient: any = None, retain_graph: any = None, create_graph: bool = False)',
    'method',
    always(none),
  ],
  ['register_hook(input: Tensor, hook: any)', 'method', (c) => unknown(c.name)],
  ['retain_grad(input: Tensor)', 'method', always(none)],
]
