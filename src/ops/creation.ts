// New tensors: zeros, arange, linspace, tensor, randint, eye and their kin.

import { between, constant, type Dim, fresh, one, zero } from '../dims/dim'
import { categoryOf, type DType } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import { contiguousStrides, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { formattedLayout, preservedLayout } from './casting'
import { defaultDType } from './defaults'
import { broadcastAll, promotedDType, toFloat } from './elementwise-core'
import { literalTensor } from './literals'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { widened } from './reductions'
import { floating, heldBy, mostValues, numbers, sizesOf, valuesAt, withValues } from './small-values'
import { layoutOf } from './view-size'

/** A size that a tensor can have: no negative number. */
export function newSize(c: OpCall, size: Shape): Shape {
  const negative = [...size.lead, ...size.trail].find((d) => d.value !== null && d.value < 0)
  if (negative)
    c.refuse(
      'negative-size',
      `${c.name}: ${c.show(size)} has the size ${c.showDim(negative)}; sizes cannot be negative`,
    )
  return size
}

/** The dtype asked for, or another where none was. */
export const dtypeOr = (c: OpCall, byDefault: DType | null): DType | null => {
  const dtype = c.dtype('dtype')
  return dtype === undefined ? byDefault : dtype
}

export const isWhole = (dtype: DType | null): boolean =>
  dtype !== null && ['bool', 'integer'].includes(categoryOf(dtype))

/** A tensor of one value throughout. */
function filled(t: Tensor, value: Dim | null): Tensor {
  const values =
    value &&
    heldBy(
      t.dtype,
      valuesAt(sizesOf(t.shape), () => value),
    )
  return withValues(t, values)
}

const fixed: Record<string, Dim | null> = { zeros: zero, ones: one, empty: null, rand: null, randn: null }

/** The dim of a Python number that fills a tensor, and the dtype that it brings. */
function fillOf(c: OpCall, value: Value): { dim: Dim | null; dtype: DType | null } {
  if (value.kind === 'int') return { dim: value.dim, dtype: 'int64' }
  if (value.kind === 'bool')
    return { dim: value.value === null ? null : constant(value.value ? 1 : 0), dtype: 'bool' }
  if (value.kind === 'float') return { dim: floating(value.value), dtype: defaultDType(c.env) }
  if (value.kind === 'complex') return { dim: null, dtype: 'complex64' }
  return value.kind === 'tensor'
    ? { dim: value.values?.[0] ?? null, dtype: value.dtype }
    : { dim: null, dtype: null }
}

/** Like another tensor: its shape, its dtype unless one is given, its strides where they are dense. */
function like(c: OpCall, value: Dim | null): Value {
  const input = c.tensor('input')
  const layout = c.isGiven('memory_format') ? formattedLayout(c, input) : preservedLayout(c, input)
  return filled(result(input.shape, dtypeOr(c, input.dtype), layout), value)
}

const family = (name: string): OpEntry[] => {
  const value = fixed[name] ?? null
  const make: Rule = (c) => filled(result(newSize(c, c.ints('size')), dtypeOr(c, defaultDType(c.env))), value)
  const entries: OpEntry[] = [
    [`${name}(*size: ints, dtype: dtype? = None)`, 'torch', make],
    [
      `${name}_like(input: Tensor, *, dtype: dtype? = None, memory_format: any = None)`,
      'torch',
      (c) => like(c, value),
    ],
  ]
  if (name.startsWith('rand')) return entries
  entries.push([
    `new_${name}(input: Tensor, *size: ints, dtype: dtype? = None)`,
    'method',
    (c) => filled(result(newSize(c, c.ints('size')), dtypeOr(c, c.tensor('input').dtype)), value),
  ])
  return entries
}

/** A new tensor whose dims lie in memory in a given order. */
const permutedSize: Rule = (c) => {
  const [size, order] = [newSize(c, c.ints('size')), c.ints('physical_layout')]
  const [dims, places] = [dimsOf(size), numbers(dimsOf(order))]
  if (!dims || !places) return result(size, dtypeOr(c, defaultDType(c.env)), null)
  if (
    places.length !== dims.length ||
    new Set(places).size < places.length ||
    places.some((p) => p < 0 || p >= dims.length)
  )
    return c.fail(
      'permute-mismatch',
      `${c.name}: the layout ${c.show(order)} is not an order of the ${dims.length} dims of ${c.show(size)}`,
    )
  const dense = contiguousStrides(places.map((p) => dims[p] ?? one))
  return result(
    size,
    dtypeOr(c, defaultDType(c.env)),
    layoutOf(
      dims,
      dims.map((_, i) => dense[places.indexOf(i)] ?? one),
    ),
  )
}

const full: Rule = (c) => {
  const { dim, dtype } = fillOf(c, c.value('fill_value'))
  return filled(result(newSize(c, c.ints('size')), dtypeOr(c, dtype)), dim)
}

/** A stride tuple given by hand. */
const strided = (c: OpCall, dtype: DType | null): Value => {
  const [size, stride] = [newSize(c, c.ints('size')), c.ints('stride')]
  const dims = dimsOf(size)
  if (dims && !stride.gap && dims.length !== stride.lead.length)
    return c.fail(
      'argument-mismatch',
      `${c.name}: the size has ${dims.length} dims and the stride ${stride.lead.length}`,
    )
  return result(size, dtypeOr(c, dtype), stride.gap ? null : stride.lead)
}

const eye: Rule = (c) => {
  const [n, m] = [c.int('n'), c.intOrNone('m') ?? c.int('n')]
  const out = result(newSize(c, shapeOf([n, m])), dtypeOr(c, defaultDType(c.env)))
  return withValues(
    out,
    isWhole(out.dtype) ? valuesAt(sizesOf(out.shape), ([i, j]) => constant(i === j ? 1 : 0)) : null,
  )
}

/** A tensor made of a tensor or of an array's: `as_tensor` gives that one itself where it has the dtype asked for. */
function takenOver(c: OpCall, given: Tensor): Tensor {
  const dtype = dtypeOr(c, given.dtype)
  const isItself = c.name.startsWith('as') && dtype !== null && dtype === given.dtype
  const { assumed } = given
  return isItself ? given : { ...result(given.shape, dtype, preservedLayout(c, given)), assumed }
}

/** A tensor of nested lists, or a copy of a tensor. */
const fromData =
  (name: string): Rule =>
  (c) => {
    const data = c.env.settle(c.value(name))
    const tensor = literalTensor(c.env, data)
    const given = data.kind === 'tensor' || data.kind === 'object' ? c.env.asTensor(data) : null
    if (!tensor) return given ? takenOver(c, given) : result(openShape(), dtypeOr(c, null), null)
    if (tensor.ragged)
      return c.fail(
        'ragged-list',
        `${c.name}: the lists do not have the same length throughout: ` +
          `${c.show(tensor.ragged.left)} and ${c.show(tensor.ragged.right)}`,
      )
    if (tensor.many && data.kind !== 'tensor')
      return c.fail(
        'argument-mismatch',
        `${c.name}: a tensor in a list must have one element, and it is ${c.show(tensor.many)}; use torch.stack`,
      )
    const isFloats = data.kind !== 'tensor' && tensor.dtype === 'float32'
    const own = isFloats ? defaultDType(c.env) : tensor.dtype
    const dtype = dtypeOr(c, c.name === 'new_tensor' ? c.tensor('input').dtype : own)
    const { values } = tensor
    if (given) return { ...takenOver(c, given), dtype, values: heldBy(dtype, values) }
    return { ...result(tensor.shape, dtype), values: heldBy(dtype, values) }
  }

const randint =
  (low: string | null): Rule =>
  (c) => {
    if (low !== null && !c.bound.has(low)) return c.stop()
    const made = result(newSize(c, c.ints('size')), dtypeOr(c, 'int64'))
    return randomFrom(made, low === null ? 0 : c.int(low).value, c.int('high').value)
  }

/** Random whole numbers from `low` to below `high`: each element is one that nothing else tells. */
function randomFrom(made: Tensor, low: number | null, high: number | null): Tensor {
  if (low === null || high === null || categoryOf(made.dtype ?? 'bool') !== 'integer') return made
  const sizes = sizesOf(made.shape)
  const count = sizes?.reduce((a, b) => a * b, 1) ?? Infinity
  return count > mostValues
    ? made
    : withValues(
        made,
        valuesAt(sizes, () => between(low, high - 1)),
      )
}

/** `normal(mean, std)`: over both, or of a size of its own. */
const normal: Rule = (c) => {
  const [mean, std] = [c.tensor('mean'), c.tensor('std')]
  const joined = broadcastAll(c, [mean, std])
  if (!joined) return failed()
  return {
    ...result(joined.shape, toFloat(promotedDType([mean, std]), c)),
    assumed: joined.assumed,
  }
}

const multinomial: Rule = (c) => {
  const [input, count] = [c.tensor('input'), c.int('num_samples')]
  const dims = dimsOf(input.shape)
  if (dims && (dims.length === 0 || dims.length > 2))
    return c.fail(
      'rank-mismatch',
      `${c.name}: needs 1 or 2 dims, and ${c.show(input.shape)} has ${dims.length}`,
    )
  const choices = dims?.at(-1)?.value ?? null
  if (choices !== null && count.value !== null && count.value > choices && c.bool('replacement') === false)
    return c.fail(
      'argument-mismatch',
      `${c.name}: ${count.value} of ${choices} cannot be drawn without replacement`,
    )
  return result(dims ? shapeOf([...dims.slice(0, -1), count]) : openShape(), 'int64')
}

const oneHot: Rule = (c) => {
  const [input, classes] = [c.tensor('tensor'), c.int('num_classes')]
  const highest = input.values?.map((v) => v.value)
  const found =
    highest && !highest.includes(null) && highest.length > 0
      ? constant(Math.max(...highest.map((v) => v ?? 0)) + 1)
      : fresh()
  const size = classes.value === -1 ? found : classes
  const { lead, gap, trail } = input.shape
  return result(gap ? { lead, gap, trail: [...trail, size] } : shapeOf([...lead, size]), 'int64')
}

/** The old constructors: of sizes, or of data; `Tensor` makes floats as by default. */
const legacyTypes: Record<string, DType | null> = {
  Tensor: null,
  FloatTensor: 'float32',
  DoubleTensor: 'float64',
  HalfTensor: 'float16',
  BFloat16Tensor: 'bfloat16',
  LongTensor: 'int64',
  IntTensor: 'int32',
  ShortTensor: 'int16',
  ByteTensor: 'uint8',
  BoolTensor: 'bool',
}
/** A tensor without elements, which something fills later where that is not followed. */
const placeholder = (c: OpCall, empty: Tensor): Tensor => ({
  ...empty,
  assumed: c.env.isConcrete ? false : 'rank',
})

const legacyTensor =
  (asked: (c: OpCall) => DType | null): Rule =>
  (c) => {
    const dtype = asked(c)
    const given = c.rest('data').map((v) => c.env.settle(v))
    const [first] = given
    if (!first) return placeholder(c, result(shapeOf([zero]), dtype))
    // Several are sizes, one may be the data.
    const sizes = given.map((v) => (v.kind === 'int' || given.length > 1 ? c.env.asInt(v) : null))
    if (!sizes.includes(null)) return result(newSize(c, shapeOf(sizes as Dim[])), dtype)
    if (given.length > 1) return result(openShape(), dtype)
    const size =
      first.kind === 'size' || (first.kind === 'tuple' && first.isSize) ? c.env.asSize(first) : null
    const data = size ? null : literalTensor(c.env, first)
    const values = data && dtype ? heldBy(dtype, data.values) : null
    // An array keeps its order in memory.
    const array = size || !['tensor', 'object'].includes(first.kind) ? null : c.env.asTensor(first)
    const isMade = size ?? ['list', 'tuple'].includes(first.kind)
    const layout = array ? preservedLayout(c, array) : isMade ? 'contiguous' : null
    return { ...result(size ?? data?.shape ?? openShape(), dtype, layout), values }
  }

const initialisers = (
  'uniform_ normal_ trunc_normal_ constant_ ones_ zeros_ eye_ dirac_ xavier_uniform_ xavier_normal_ ' +
  'kaiming_uniform_ kaiming_normal_ orthogonal_ sparse_'
).split(' ')
const signals =
  'exponential gaussian kaiser hamming hann bartlett blackman cosine general_cosine general_hamming nuttall'
const windows = 'hann_window hamming_window blackman_window bartlett_window kaiser_window'.split(' ')

export const creationOps: readonly OpEntry[] = [
  ...Object.keys(fixed).flatMap(family),
  ['empty_permuted(size: ints, physical_layout: ints, *, dtype: dtype? = None)', 'torch', permutedSize],
  [
    'empty_strided(size: ints, stride: ints, *, dtype: dtype? = None)',
    'torch',
    (c) => strided(c, defaultDType(c.env)),
  ],
  [
    'new_empty_strided(input: Tensor, size: ints, stride: ints, *, dtype: dtype? = None)',
    'method',
    (c) => strided(c, c.tensor('input').dtype),
  ],
  ['full(size: ints, fill_value: any, *, dtype: dtype? = None)', 'torch', full],
  [
    'full_like(input: Tensor, fill_value: any, *, dtype: dtype? = None, memory_format: any = None)',
    'torch',
    (c) => like(c, fillOf(c, c.value('fill_value')).dim),
  ],
  [
    'new_full(input: Tensor, size: ints, fill_value: any, *, dtype: dtype? = None)',
    'method',
    (c) =>
      filled(
        result(newSize(c, c.ints('size')), dtypeOr(c, c.tensor('input').dtype)),
        fillOf(c, c.value('fill_value')).dim,
      ),
  ],
  ['eye(n: int, m: int? = None, *, dtype: dtype? = None)', 'torch', eye],
  ['tensor(data: any, *, dtype: dtype? = None)', 'torch', fromData('data')],
  ['as_tensor(data: any, dtype: dtype? = None)', 'torch', fromData('data')],
  ['asarray(obj: any, *, dtype: dtype? = None)', 'torch', fromData('obj')],
  ...Object.entries(legacyTypes).map(
    ([name, dtype]): OpEntry => [
      `${name}(*data: any)`,
      'torch',
      legacyTensor((c) => dtype ?? defaultDType(c.env)),
    ],
  ),
  ['new(input: Tensor, *data: any)', 'method', legacyTensor((c) => c.tensor('input').dtype)],
  ['new_tensor(input: Tensor, data: any, *, dtype: dtype? = None)', 'method', fromData('data')],
  [
    'scalar_tensor(s: any, *, dtype: dtype? = None)',
    'torch',
    (c) => filled(result(scalar, dtypeOr(c, defaultDType(c.env))), fillOf(c, c.value('s')).dim),
  ],
  ['randint(high: int, size: ints, *, dtype: dtype? = None)', 'torch', randint(null)],
  ['randint(low: int, high: int, size: ints, *, dtype: dtype? = None)', 'torch', randint('low')],
  [
    'randint_like(input: Tensor, high: any, *, dtype: dtype? = None, memory_format: any = None)',
    'torch',
    (c) => like(c, null),
  ],
  [
    'randint_like(input: Tensor, low: any, high: any, *, dtype: dtype? = None, memory_format: any = None)',
    'torch',
    (c) => like(c, null),
  ],
  [
    'randperm(n: int, *, dtype: dtype? = None)',
    'torch',
    (c) => result(newSize(c, shapeOf([c.int('n')])), dtypeOr(c, 'int64')),
  ],
  ['normal(mean: operand, std: operand = 1.0)', 'torch', normal],
  [
    'normal(mean: operand, std: operand, size: ints, *, dtype: dtype? = None)',
    'torch',
    (c) => result(newSize(c, c.ints('size')), dtypeOr(c, defaultDType(c.env))),
  ],
  [
    'bernoulli(input: Tensor, p: float = None)',
    'torch method',
    (c) => result(c.tensor('input').shape, c.tensor('input').dtype),
  ],
  ['poisson(input: Tensor)', 'torch', (c) => result(c.tensor('input').shape, c.tensor('input').dtype)],
  ['multinomial(input: Tensor, num_samples: int, replacement: bool = False)', 'torch method', multinomial],
  ['one_hot(tensor: Tensor, num_classes: int = -1)', 'F', oneHot],
  ...windows.map(
    (name): OpEntry => [
      `${name}(window_length: int, *rest: any, dtype: dtype? = None, periodic: any = True, ` +
        `beta: any = None, alpha: any = None)`,
      'torch',
      (c) => result(newSize(c, shapeOf([c.int('window_length')])), dtypeOr(c, defaultDType(c.env))),
    ],
  ),
  ...signals
    .split(' ')
    .map(
      (name): OpEntry => [
        `${name}(M: int, *, sym: any = True, dtype: dtype? = None, center: any = None, tau: any = 1.0, ` +
          'std: any = 1.0, beta: any = 12.0, a: any = None, alpha: any = 0.54)',
        'signal',
        (c) => result(newSize(c, shapeOf([c.int('M')])), dtypeOr(c, defaultDType(c.env))),
      ],
    ),
  [
    'vander(x: Tensor, N: int? = None, increasing: bool = False)',
    'torch',
    (c) => {
      const [x, n] = [c.tensor('x'), c.intOrNone('N')]
      const [size] = c.facts.requireRank(x.shape, 1) ?? []
      return size
        ? result(shapeOf([size, n ?? size]), widened(x.dtype))
        : c.fail('rank-mismatch', `${c.name}: needs a vector, and the input is ${c.show(x.shape)}`)
    },
  ],
  ...initialisers.map(
    (name): OpEntry => [
      `${name}(tensor: Tensor, *rest: any, **options: any)`,
      'init',
      (c) => c.tensor('tensor'),
    ],
  ),
]
