// Operations that only look at the same memory in another way: view, transpose, permute, squeeze and their kin.

import { constant, type Dim, fresh, multiply, one, product } from '../dims/dim'
import { dimsOf, leastRank, openShape, type Shape, shapeOf } from '../tensors/shape'
import { stridesOf, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { insertDim, isScalar, needLeastRank, replaceDim, someShape, spotOf } from './axes'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { reader, sizesOf, valuesAt } from './small-values'
import { completeSize, copyLayout, layoutOf, reshaped, seenAs, stridesIn } from './view-size'

export { completeSize, layoutOf, seenAs, stridesIn }

/** The tensor with its dims in another order. */
export function permuted(t: Tensor, order: readonly number[]): Tensor {
  const [dims, strides] = [dimsOf(t.shape), stridesOf(t)]
  if (!dims) return t
  const pick = <T>(from: readonly T[]): T[] => order.map((i) => from[i] as T)
  const shape = shapeOf(pick(dims))
  const read = reader(t)
  const values =
    read && valuesAt(sizesOf(shape), (index) => read(dims.map((_, d) => index[order.indexOf(d)] ?? 0)))
  return { ...seenAs(t, shape, layoutOf(pick(dims), strides && pick(strides))), values }
}

/** Dims swapped in pairs, where both of a pair lie on the same side of a gap. */
export function transposed(c: OpCall, input: Tensor, dim0: Dim, dim1: Dim): Value {
  spotOf(c, input.shape, dim0)
  const [b, a] = [spotOf(c, input.shape, dim1), spotOf(c, input.shape, dim0)]
  const shape = c.facts.resolve(input.shape)
  const t = { ...input, shape }
  if (isScalar(shape)) return t
  if (!a || !b) return dimsOf(shape) ? someOrder(t) : seenAs(t, openShape(), null)
  if (!shape.gap)
    return permuted(
      t,
      shape.lead.map((_, i) => (i === a.index ? b.index : i === b.index ? a.index : i)),
    )
  if (a.side !== b.side) return seenAs(t, openShape(), null)
  const swapped = [...shape[a.side]]
  ;[swapped[a.index], swapped[b.index]] = [b.size, a.size]
  return seenAs(t, { ...shape, [a.side]: swapped }, a.index === b.index ? t.layout : null)
}

/** A tensor of known rank with its dims in an order that is not known. */
const someOrder = (t: Tensor): Tensor => seenAs({ ...t, values: null }, someShape(leastRank(t.shape)), null)

const permute: Rule = (c) => {
  const [input, order] = [c.tensor('input'), c.ints('dims')]
  if (order.gap) return seenAs(input, openShape(), null)
  const dims = c.facts.requireRank(input.shape, order.lead.length)
  if (!dims)
    return c.fail(
      'permute-mismatch',
      `${c.name}: ${c.show(input.shape)} has ${input.shape.lead.length} dims, and the order ` +
        `${c.show(order)} names ${order.lead.length}`,
    )
  const t = { ...input, shape: shapeOf(dims) }
  const places = order.lead.map((d) => spotOf(c, t.shape, d)?.index ?? -1)
  if (places.includes(-1)) return someOrder(t)
  if (new Set(places).size < places.length)
    return c.fail('permute-mismatch', `${c.name}: the order ${c.show(order)} names a dim twice`)
  return permuted(t, places)
}

const movedim: Rule = (c) => {
  const [input, from, to] = [c.tensor('input'), c.ints('source'), c.ints('destination')]
  const dims = dimsOf(input.shape)
  if (!from.gap && !to.gap && from.lead.length !== to.lead.length)
    return c.fail(
      'permute-mismatch',
      `${c.name}: source names ${from.lead.length} dims and destination ${to.lead.length}`,
    )
  if (!dims || from.gap || to.gap) return seenAs(input, openShape(), null)
  if (dims.length === 0) return input
  const [sources, targets] = [from, to].map((s) => s.lead.map((d) => spotOf(c, input.shape, d)?.index ?? -1))
  if (!sources || !targets || [...sources, ...targets].includes(-1)) return someOrder(input)
  if (new Set(sources).size < sources.length || new Set(targets).size < targets.length)
    return c.fail('permute-mismatch', `${c.name}: a dim is given twice`)
  const rest = dims.map((_, i) => i).filter((i) => !sources.includes(i))
  const order = dims.map((_, i) =>
    targets.includes(i) ? (sources[targets.indexOf(i)] ?? 0) : (rest.shift() ?? 0),
  )
  return permuted(input, order)
}

/** All dims in the opposite order; matrices only where `T` is asked of them. */
function reversed(c: OpCall, most: number): Value {
  const input = c.tensor('input')
  const dims = dimsOf(input.shape)
  if (!dims) return seenAs(input, openShape(), null)
  if (dims.length > most)
    return c.fail(
      'rank-mismatch',
      `${c.name}: needs at most ${most} dims, and ${c.show(input.shape)} has ${dims.length}; ` +
        `use .mT or .transpose(-2, -1)`,
    )
  return permuted(
    input,
    dims.map((_, i) => dims.length - 1 - i),
  )
}

const matrixTransposed: Rule = (c) => {
  const input = c.tensor('input')
  if (isScalar(input.shape)) return input
  needLeastRank(c, input.shape, 2)
  return transposed(c, input, constant(-2), constant(-1))
}

const flatten: Rule = (c) => {
  const [input, start, end] = [c.tensor('input'), c.int('start_dim'), c.int('end_dim')]
  return flattened(c, input, start, end)
}

function flattened(c: OpCall, input: Tensor, start: Dim, end: Dim): Value {
  if (isScalar(input.shape)) {
    spotOf(c, input.shape, start)
    spotOf(c, input.shape, end)
    return seenAs(input, shapeOf([one]), 'contiguous')
  }
  if (start.value === 0 && end.value === -1 && input.shape.gap)
    return seenAs(input, shapeOf([fresh()]), copyLayout(input))
  if (end.value === -1 && input.shape.gap && input.shape.trail.length === 0 && (start.value ?? -1) > 0) {
    // All from a dim on: one dim, whatever the gap holds.
    const first = spotOf(c, input.shape, start)
    if (first)
      return seenAs(input, shapeOf([...first.shape.lead.slice(0, first.index), fresh()]), copyLayout(input))
  }
  spotOf(c, input.shape, end)
  spotOf(c, input.shape, start)
  const [from, to] = [spotOf(c, input.shape, start), spotOf(c, input.shape, end)]
  if (!from || !to) return seenAs(input, openShape(), null)
  const { shape } = to
  if (from.side !== to.side) {
    // The run goes over the gap: what lies in front of it and behind it stays.
    if (from.side === 'trail') return seenAs(input, openShape(), null)
    return seenAs(
      input,
      shapeOf([...shape.lead.slice(0, from.index), fresh(), ...shape.trail.slice(to.index + 1)]),
      copyLayout(input),
    )
  }
  if (from.index > to.index)
    return c.fail(
      'dim-out-of-range',
      `${c.name}: start_dim ${c.showDim(start)} comes after end_dim ${c.showDim(end)}`,
    )
  const side = shape[from.side]
  const changed = [
    ...side.slice(0, from.index),
    product(side.slice(from.index, to.index + 1)),
    ...side.slice(to.index + 1),
  ]
  const target = shape.gap ? { ...shape, [from.side]: changed } : shapeOf(changed)
  return shape.gap ? seenAs(input, target, copyLayout(input)) : reshaped(c, { ...input, shape }, target, true)
}

const unflatten: Rule = (c) => {
  const [input, sizes] = [c.tensor('input'), c.ints('sizes')]
  const spot = spotOf(c, input.shape, c.int('dim'))
  if (!spot || sizes.gap) return seenAs(input, openShape(), null)
  if (sizes.lead.length === 0) return c.fail('view-mismatch', `${c.name}: the new sizes are empty`)
  const part = completeSize(c, result(shapeOf([spot.size]), null), sizes)
  if (!part) return failed()
  const target = replaceDim(spot, ...part.lead)
  return target.gap
    ? seenAs(input, target, copyLayout(input))
    : reshaped(c, { ...input, shape: c.facts.resolve(spot.shape) }, target, false)
}

const unsqueeze: Rule = (c) => {
  const [input, dim] = [c.tensor('input'), c.int('dim')]
  const shape = insertDim(c, input.shape, dim, one)
  const [dims, strides] = [
    shape && dimsOf(shape),
    stridesIn(c, { ...input, shape: c.facts.resolve(input.shape) }),
  ]
  if (!shape || dim.value === null) return seenAs(input, shape ?? openShape(), null)
  if (!dims || !strides) return seenAs(input, shape, copyLayout(input))
  const at = dim.value < 0 ? dims.length + dim.value : dim.value
  const stride = at < strides.length ? multiply(dims[at + 1] ?? one, strides[at] ?? one) : one
  return seenAs(input, shape, layoutOf(dims, [...strides.slice(0, at), stride, ...strides.slice(at)]))
}

/** Drops the dims of size 1 among those that `isMeant` picks; a dim that may be 1 leaves the rank open. */
function squeezed(
  c: OpCall,
  input: Tensor,
  isMeant: (side: 'lead' | 'trail', index: number) => boolean,
): Value {
  const { shape } = input
  const kept = (side: 'lead' | 'trail'): ('gone' | 'kept' | 'open')[] =>
    shape[side].map((d, i) =>
      !isMeant(side, i)
        ? 'kept'
        : d.value === 1
          ? 'gone'
          : d.value !== null || mustExceedOne(c, d)
            ? 'kept'
            : 'open',
    )
  const [lead, trail] = [kept('lead'), kept('trail')]
  const strides = stridesIn(c, input)
  const pick = <T>(from: readonly T[], fates: readonly string[]): T[] =>
    from.filter((_, i) => fates[i] === 'kept')
  if (!shape.gap && !lead.includes('open')) {
    const dims = pick(shape.lead, lead)
    return seenAs(input, shapeOf(dims), strides ? layoutOf(dims, pick(strides, lead)) : null)
  }
  const isOpen = lead.includes('open') || trail.includes('open')
  if (shape.gap && !isOpen)
    return seenAs(
      input,
      { lead: pick(shape.lead, lead), gap: shape.gap, trail: pick(shape.trail, trail) },
      copyLayout(input),
    )
  // What lies before the first open dim and behind the last one is certain.
  const back = shape.gap ? trail : lead
  const [front, rear] = [
    lead.indexOf('open') < 0 ? lead.length : lead.indexOf('open'),
    back.lastIndexOf('open') + 1,
  ]
  const behind = shape.gap ? shape.trail : shape.lead
  return seenAs(
    { ...input, values: null },
    openShape(pick(shape.lead.slice(0, front), lead), pick(behind.slice(rear), back.slice(rear))),
    copyLayout(input),
  )
}

/** True for a size that is at least 2 whatever its names stand for. */
const mustExceedOne = (c: OpCall, d: Dim): boolean => c.facts.dims.isAtMost(constant(2), d)

const squeeze: Rule = (c) => {
  const input = c.tensor('input')
  const { gap } = input.shape
  if (gap) return seenAs({ ...input, values: null }, openShape(), copyLayout(input))
  return squeezed(c, input, () => true)
}

const squeezeDims: Rule = (c) => {
  const [input, dims] = [c.tensor('input'), c.ints('dim')]
  if (isScalar(input.shape)) {
    for (const d of dims.lead) spotOf(c, input.shape, d)
    return input
  }
  const meant = new Set<string>()
  for (const round of [0, 1])
    for (const d of [...dims.lead, ...dims.trail]) {
      const spot = spotOf(c, input.shape, d)
      if (!spot) return seenAs({ ...input, values: null }, openShape(), null)
      if (round === 1) meant.add(`${spot.side}${spot.index}`)
    }
  return squeezed(c, c.tensor('input'), (side, i) => meant.has(`${side}${i}`))
}

const toOther = (c: OpCall): Shape => c.tensor('other').shape

export const viewOps: readonly OpEntry[] = [
  [
    'view(input: Tensor, *size: ints)',
    'method',
    (c) => reshaped(c, c.tensor('input'), c.ints('size'), false),
  ],
  [
    'view_as(input: Tensor, other: Tensor)',
    'method',
    (c) => reshaped(c, c.tensor('input'), toOther(c), false),
  ],
  [
    'reshape(input: Tensor, *shape: ints)',
    'method',
    (c) => reshaped(c, c.tensor('input'), c.ints('shape'), true),
  ],
  [
    'reshape(input: Tensor, shape: ints)',
    'torch',
    (c) => reshaped(c, c.tensor('input'), c.ints('shape'), true),
  ],
  [
    'reshape_as(input: Tensor, other: Tensor)',
    'method',
    (c) => reshaped(c, c.tensor('input'), toOther(c), true),
  ],
  ...['transpose', 'swapdims', 'transpose_copy'].map(
    (name): OpEntry => [
      `${name}(input: Tensor, dim0: int, dim1: int)`,
      'torch method',
      (c) => dense(c, transposed(c, c.tensor('input'), c.int('dim0'), c.int('dim1'))),
    ],
  ),
  ...['transpose_', 'swapdims_'].map(
    (name): OpEntry => [
      `${name}(input: Tensor, dim0: int, dim1: int)`,
      'method',
      (c) => transposed(c, c.tensor('input'), c.int('dim0'), c.int('dim1')),
    ],
  ),
  ...['swapaxes', 'swapaxes_'].map(
    (name): OpEntry => [
      `${name}(input: Tensor, axis0: int, axis1: int)`,
      name.endsWith('_') ? 'method' : 'torch method',
      (c) => transposed(c, c.tensor('input'), c.int('axis0'), c.int('axis1')),
    ],
  ),
  ['t(input: Tensor)', 'torch method', (c) => reversed(c, 2)],
  ['t_(input: Tensor)', 'method', (c) => reversed(c, 2)],
  ['t_copy(input: Tensor)', 'torch', (c) => dense(c, reversed(c, 2))],
  ['T(input: Tensor)', 'attribute', (c) => reversed(c, 99)],
  [
    'H(input: Tensor)',
    'attribute',
    (c) => {
      if (dimsOf(c.tensor('input').shape)?.length === 1)
        return c.fail(
          'rank-mismatch',
          `${c.name}: needs a matrix, and the tensor is ${c.show(c.tensor('input').shape)}`,
        )
      return reversed(c, 2)
    },
  ],
  ['mT(input: Tensor)', 'attribute', matrixTransposed],
  ['mH(input: Tensor)', 'attribute', matrixTransposed],
  ['adjoint(input: Tensor)', 'torch method', matrixTransposed],
  ['permute(input: Tensor, *dims: ints)', 'method', permute],
  ['permute(input: Tensor, dims: ints)', 'torch', permute],
  ['permute_copy(input: Tensor, dims: ints)', 'torch', (c) => dense(c, permute(c))],
  ['movedim(input: Tensor, source: ints, destination: ints)', 'torch method', movedim],
  ['moveaxis(input: Tensor, source: ints, destination: ints)', 'torch method', movedim],
  ['flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1)', 'torch method', flatten],
  [
    'ravel(input: Tensor)',
    'torch method',
    (c) => {
      const flat = flattened(c, c.tensor('input'), constant(0), constant(-1))
      return flat.kind === 'tensor' ? { ...flat, layout: 'contiguous' } : flat
    },
  ],
  ['unflatten(input: Tensor, dim: int, sizes: ints)', 'torch method', unflatten],
  ['unsqueeze(input: Tensor, dim: int)', 'torch method', unsqueeze],
  ['unsqueeze_(input: Tensor, dim: int)', 'method', unsqueeze],
  ['unsqueeze_copy(input: Tensor, dim: int)', 'torch', (c) => dense(c, unsqueeze(c))],
  ...['squeeze', 'squeeze_', 'squeeze_copy'].flatMap((name): OpEntry[] => {
    const places = name === 'squeeze' ? 'torch method' : name === 'squeeze_' ? 'method' : 'torch'
    return [
      [`${name}(input: Tensor)`, places, (c) => dense(c, squeeze(c))],
      [`${name}(input: Tensor, dim: ints)`, places, (c) => dense(c, squeezeDims(c))],
    ]
  }),
]

/** A view op named `…_copy` gives the same elements in memory of their own. */
const dense = (c: OpCall, value: Value): Value =>
  c.name.endsWith('_copy') && value.kind === 'tensor' ? { ...value, layout: 'contiguous' } : value
