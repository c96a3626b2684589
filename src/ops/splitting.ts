// Parts of a tensor as views: narrow, select, split, chunk, unbind.

import { add, constant, type Dim, floorDivide, fresh, multiply, one, zero } from '../dims/dim'
import { dimsOf, openShape, type Shape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { sequence, tuple, type Value } from '../trace/values'
import { needLeastRank, replaceDim, type Spot, spotInDims } from './axes'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { sizeOfAnyPart } from './parts'
import { ceilOf } from './slices'
import { reader, sizesOf, valuesAt } from './small-values'
import { layoutOf, stridesIn } from './view-size'

/** The part of a dim from `start` on; `size` null drops the dim (a select). */
export function part(
  c: OpCall,
  t: Tensor,
  spot: Spot,
  start: Dim,
  size: Dim | null,
  step: Dim = one,
): Tensor {
  const shape = size ? replaceDim(spot, size) : replaceDim(spot)
  const strides = stridesIn(c, { ...t, shape: spot.shape })
  const dims = dimsOf(shape)
  const [from, by] = [start.value, step.value]
  const read = from === null || by === null ? null : reader(t)
  const values =
    read &&
    valuesAt(sizesOf(shape), (index) => {
      const at = size ? (from ?? 0) + (index[spot.index] ?? 0) * (by ?? 1) : (from ?? 0)
      return read([...index.slice(0, spot.index), at, ...index.slice(spot.index + (size ? 1 : 0))])
    })
  const stay = size ? [multiply(strides?.[spot.index] ?? one, step)] : []
  const kept = strides && [...strides.slice(0, spot.index), ...stay, ...strides.slice(spot.index + 1)]
  const isFront = t.layout === 'contiguous' && spot.side === 'lead' && spot.index === 0 && step.value === 1
  return {
    ...result(shape, t.dtype, dims && kept ? layoutOf(dims, kept) : isFront ? 'contiguous' : null),
    values,
  }
}

const unknownPart = (t: Tensor): Tensor => result(openShape(), t.dtype, null)

const narrow: Rule = (c) => {
  const [input, start, length] = [c.tensor('input'), c.value('start'), c.int('length')]
  const spot = spotInDims(c, input.shape, c.int('dim'))
  if (!spot) return unknownPart(input)
  const from = start.kind === 'int' ? c.facts.dims.resolve(start.dim) : null
  const [first, count, size] = [from?.value ?? null, length.value, spot.size.value]
  if (count !== null && count < 0)
    return c.fail('index-out-of-range', `${c.name}: the length ${count} is negative`)
  if (first !== null && count !== null && size !== null) {
    const begin = first < 0 ? first + size : first
    if (begin < 0 || begin + count > size)
      return c.fail(
        'index-out-of-range',
        `${c.name}: start ${first} and length ${count} reach beyond dim ` +
          `${c.showDim(c.int('dim'))} of ${c.show(input.shape)}, which has ${size}`,
      )
  }
  return part(
    c,
    input,
    spot,
    from && first !== null && first < 0 ? add(from, spot.size) : (from ?? fresh()),
    length,
  )
}

/** One element of a dim, which goes; refused where it is out of range. */
export function selected(c: OpCall, input: Tensor, spot: Spot, index: Dim, dim: string): Tensor {
  const [at, size] = [index.value, spot.size.value]
  if (at !== null && size !== null && (at >= size || at < -size))
    c.refuse(
      'index-out-of-range',
      `${c.name}: index ${at} is out of range for dim ${dim} of ${c.show(input.shape)}, which ` +
        `has ${size} elements`,
    )
  return part(c, input, spot, at !== null && at < 0 ? add(index, spot.size) : index, null)
}

const select: Rule = (c) => {
  const input = c.tensor('input')
  const spot = spotInDims(c, input.shape, c.int('dim'))
  return spot ? selected(c, input, spot, c.int('index'), c.showDim(c.int('dim'))) : unknownPart(input)
}

/** Parts of the given sizes, one after the other. */
function parts(c: OpCall, input: Tensor, spot: Spot, sizes: readonly Dim[]): Value {
  let start = zero
  return tuple(
    sizes.map((size) => {
      const piece = part(c, input, spot, start, size)
      start = add(start, size)
      return piece
    }),
  )
}

const mostParts = 256

/** Parts of which it is not known how large each is; `count` of them, if that is known. */
function someParts(c: OpCall, input: Tensor, spot: Spot, count: Dim = fresh()): Value {
  return sequence(part(c, input, spot, fresh(), sizeOfAnyPart(spot.size, count)), count)
}

/** Parts of one size; the last may be smaller. */
function splitBySize(c: OpCall, input: Tensor, spot: Spot, size: Dim): Value {
  const [whole, each] = [spot.size.value, size.value]
  if (each !== null && each < 0) return c.fail('split-mismatch', `${c.name}: the size ${each} is negative`)
  if (each === 0 && whole !== 0)
    return whole === null
      ? c.stop()
      : c.fail('split-mismatch', `${c.name}: parts of size 0 never make up ${whole}`)
  if (whole === 0) return parts(c, input, spot, [zero])
  if (whole !== null && each !== null) {
    const count = Math.ceil(whole / each)
    if (count > mostParts) return someParts(c, input, spot, constant(count))
    return parts(
      c,
      input,
      spot,
      Array.from({ length: count }, (_, i) => constant(Math.min(each, whole - i * each))),
    )
  }
  const number = ceilOf(c, spot.size, size)
  const count = number.value
  const ratio = floorDivide(spot.size, size).value
  if (spot.size.key === size.key) return parts(c, input, spot, [size])
  if (count !== null && count === ratio && count <= mostParts)
    return parts(
      c,
      input,
      spot,
      Array.from({ length: count }, () => size),
    )
  return c.facts.dims.divides(size, spot.size)
    ? sequence(part(c, input, spot, fresh(), size), number)
    : someParts(c, input, spot, number)
}

function splitBySizes(c: OpCall, input: Tensor, spot: Spot, sizes: Shape): Value {
  if (sizes.gap) return someParts(c, input, spot)
  const negative = sizes.lead.find((d) => d.value !== null && d.value < 0)
  if (negative) return c.fail('split-mismatch', `${c.name}: the size ${c.showDim(negative)} is negative`)
  const sum = sizes.lead.reduce(add, zero)
  if (!c.unify(spot.size, sum))
    return c.fail(
      'split-mismatch',
      `${c.name}: the sizes ${c.show(sizes)} add up to ${c.showDim(sum)}, and the dim of ` +
        `${c.show(input.shape)} has ${c.showDim(spot.size)}`,
    )
  return parts(c, input, spot, sizes.lead)
}

/** Python calls the tensor and the sizes by other names as a function than as a method. */
const split =
  (tensor: string, sizes: string): Rule =>
  (c) => {
    const [input, by] = [c.tensor(tensor), c.env.settle(c.value(sizes))]
    const spot = spotInDims(c, input.shape, c.int('dim'))
    if (!spot) return sequence(unknownPart(input), null)
    if (by.kind === 'int') return splitBySize(c, input, spot, c.facts.dims.resolve(by.dim))
    const each = by.kind === 'unknown' ? null : c.env.asSize(by)
    return each ? splitBySizes(c, input, spot, c.facts.resolve(each)) : someParts(c, input, spot)
  }

/** So many parts of equal size, rounded up: fewer than asked for where they run out. */
const chunk: Rule = (c) => {
  const [input, chunks] = [c.tensor('input'), c.int('chunks')]
  const spot = spotInDims(c, input.shape, c.int('dim'))
  const count = chunks.value
  if (count !== null && count <= 0)
    return c.fail('split-mismatch', `${c.name}: ${count} parts cannot be made`)
  if (!spot || count === null || count > mostParts)
    return spot ? someParts(c, input, spot) : sequence(unknownPart(input), null)
  const size = spot.size.value
  if (size === 0)
    return parts(
      c,
      input,
      spot,
      Array.from({ length: count }, () => zero),
    )
  if (size !== null) return splitBySize(c, input, spot, constant(Math.ceil(size / count)))
  if (count > 1 && c.facts.dims.divides(chunks, spot.size) !== true) {
    const assumption = c.facts.dims.learnDivides(chunks, spot.size, false)
    if (assumption) c.env.noteAssumption(assumption)
  }
  const each = c.facts.dims.resolve(floorDivide(spot.size, chunks))
  return parts(
    c,
    input,
    spot,
    Array.from({ length: count }, () => each),
  )
}

/** So many parts, the first ones one larger where it does not come out even; or cut at indices. */
function tensorSplit(c: OpCall, input: Tensor, spot: Spot | null, by: Value, isEven: boolean): Value {
  if (!spot) return sequence(unknownPart(input), null)
  const settled = c.env.settle(by)
  const indices =
    settled.kind === 'tensor' && settled.values && dimsOf(settled.shape)?.length === 1 ? settled.values : null
  const only =
    settled.kind === 'tensor' && dimsOf(settled.shape)?.length === 0 ? (settled.values?.[0] ?? null) : null
  const number = settled.kind === 'int' ? c.facts.dims.resolve(settled.dim) : only
  if (settled.kind === 'tensor' && (dimsOf(settled.shape)?.length ?? 0) > 1)
    return c.fail(
      'split-mismatch',
      `${c.name}: the indices must have at most one dim, and they are ${c.show(settled.shape)}`,
    )
  const size = spot.size.value
  if (number) return intoEqual(c, input, spot, number, isEven)
  const cuts =
    indices ??
    (settled.kind === 'tensor' || settled.kind === 'unknown' ? null : (c.env.asSize(settled)?.lead ?? null))
  if (!cuts) return someParts(c, input, spot)
  const clip = (d: Dim): number | null =>
    d.value === null || size === null
      ? null
      : Math.min(Math.max(d.value < 0 ? d.value + size : d.value, 0), size)
  const ends = [...cuts.map(clip), size]
  const sizes = ends.map((end, i) => {
    const begin = i === 0 ? 0 : ends[i - 1]
    return end === null || end === undefined || begin === null || begin === undefined
      ? fresh()
      : constant(Math.max(end - begin, 0))
  })
  return parts(c, input, spot, sizes)
}

function intoEqual(c: OpCall, input: Tensor, spot: Spot, number: Dim, isEven: boolean): Value {
  const [count, size] = [number.value, spot.size.value]
  if (count !== null && count <= 0)
    return c.fail('split-mismatch', `${c.name}: ${count} parts cannot be made`)
  if (count === null || count > mostParts) return someParts(c, input, spot, number)
  if (size !== null && isEven && size % count !== 0)
    return c.fail(
      'split-mismatch',
      `${c.name}: ${size} elements of ${c.show(input.shape)} do not divide into ${count} equal parts`,
    )
  if (size === null)
    return parts(
      c,
      input,
      spot,
      Array.from({ length: count }, (_, i) => floorDivide(add(spot.size, constant(count - 1 - i)), number)),
    )
  return parts(
    c,
    input,
    spot,
    Array.from({ length: count }, (_, i) => constant(Math.floor(size / count) + (i < size % count ? 1 : 0))),
  )
}

/** `hsplit`, `vsplit`, `dsplit`: along the second (of a vector the first), first or third dim. */
const splitAlong =
  (axis: number, least: number): Rule =>
  (c) => {
    const input = c.tensor('input')
    needLeastRank(c, input.shape, least)
    const at = axis === 1 && dimsOf(input.shape)?.length === 1 ? 0 : axis
    if (axis === 1 && input.shape.gap) return sequence(unknownPart(input), null)
    return tensorSplit(
      c,
      input,
      spotInDims(c, input.shape, constant(at)),
      c.value('indices_or_sections'),
      true,
    )
  }

const unbind: Rule = (c) => {
  const input = c.tensor('input')
  const spot = spotInDims(c, input.shape, c.int('dim'))
  if (!spot) return sequence(unknownPart(input), null)
  const count = spot.size.value
  if (count === null || count > mostParts) return sequence(part(c, input, spot, fresh(), null), spot.size)
  return tuple(Array.from({ length: count }, (_, i) => part(c, input, spot, constant(i), null)))
}

/** Parts in memory of their own. */
const copies = (value: Value): Value => {
  if (value.kind === 'tensor') return { ...value, layout: 'contiguous' }
  return value.kind === 'tuple' ? tuple(value.items.map(copies)) : value
}

const withSizes: Rule = (c) => {
  const input = c.tensor('input')
  const spot = spotInDims(c, input.shape, c.int('dim'))
  return spot ? splitBySizes(c, input, spot, c.ints('split_sizes')) : sequence(unknownPart(input), null)
}

export const splittingOps: readonly OpEntry[] = [
  ['narrow(input: Tensor, dim: int, start: any, length: int)', 'torch method', narrow],
  ['narrow_copy(input: Tensor, dim: int, start: any, length: int)', 'torch method', (c) => copies(narrow(c))],
  ['select(input: Tensor, dim: int, index: int)', 'torch method', select],
  [
    'split(tensor: Tensor, split_size_or_sections: any, dim: int = 0)',
    'torch',
    split('tensor', 'split_size_or_sections'),
  ],
  ['split(input: Tensor, split_size: any, dim: int = 0)', 'method', split('input', 'split_size')],
  [
    'unsafe_split(input: Tensor, split_size_or_sections: any, dim: int = 0)',
    'torch method',
    split('input', 'split_size_or_sections'),
  ],
  ['split_with_sizes(input: Tensor, split_sizes: ints, dim: int = 0)', 'torch method', withSizes],
  [
    'split_with_sizes_copy(input: Tensor, split_sizes: ints, dim: int = 0)',
    'torch',
    (c) => copies(withSizes(c)),
  ],
  ['chunk(input: Tensor, chunks: int, dim: int = 0)', 'torch method', chunk],
  ['unsafe_chunk(input: Tensor, chunks: int, dim: int = 0)', 'torch method', chunk],
  [
    'tensor_split(input: Tensor, indices_or_sections: any, dim: int = 0)',
    'torch method',
    (c) =>
      tensorSplit(
        c,
        c.tensor('input'),
        spotInDims(c, c.tensor('input').shape, c.int('dim')),
        c.value('indices_or_sections'),
        false,
      ),
  ],
  ['hsplit(input: Tensor, indices_or_sections: any)', 'torch method', splitAlong(1, 1)],
  ['vsplit(input: Tensor, indices_or_sections: any)', 'torch method', splitAlong(0, 2)],
  ['dsplit(input: Tensor, indices_or_sections: any)', 'torch method', splitAlong(2, 3)],
  ['unbind(input: Tensor, dim: int = 0)', 'torch method', unbind],
  ['unbind_copy(input: Tensor, dim: int = 0)', 'torch', (c) => copies(unbind(c))],
]
