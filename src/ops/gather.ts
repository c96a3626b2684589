// Elements picked and placed by index tensors: gather, scatter, index_select, index_add, take and their kin.

import { type Dim, fresh, one, product } from '../dims/dim'
import { dimsOf, leastRank, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { isScalar, replaceDim, type Spot, spotOf } from './axes'
import { ownLayout, preservedLayout } from './casting'
import { broadcastAll, needInto, resultLayout } from './elementwise-core'
import { indexTensor } from './indexing'
import { failed, type OpCall, type OpEntry, type Operand, type Rule, refuseExpanded, result } from './op'
import { trueCount } from './picking'
import { reader, sizesOf, valuesAt } from './small-values'

const input = (c: OpCall): Tensor => c.tensor('input')
/** A vector of one element where there are no dims. */
const dimsAsVector = (shape: Shape): readonly Dim[] | null => (isScalar(shape) ? [one] : dimsOf(shape))

function needIndexType(c: OpCall, index: Tensor): void {
  const isEmpty = dimsOf(index.shape)?.some((d) => d.value === 0)
  if (!isEmpty && index.dtype && !['int64', 'int32'].includes(index.dtype))
    c.refuse('index-type', `${c.name}: the index must be int64, and it is torch.${index.dtype}; use .long()`)
}

function needInRange(c: OpCall, index: Tensor, size: Dim, of: Shape, allowsNegative = false): void {
  const n = size.value
  if (n === null) return
  for (const { value } of index.values ?? [])
    if (value !== null && (value >= n || value < (allowsNegative ? -n : 0)))
      c.refuse(
        'index-out-of-range',
        `${c.name}: index ${value} is out of range for ${c.show(of)}, whose dim has ${n} elements`,
      )
}

/** Refuses an index (or source) that is larger than the tensor besides the dim that it picks along. */
function needWithin(c: OpCall, inner: Shape, outer: Shape, along: number | null, what: string): void {
  const [a, b] = [dimsAsVector(inner), dimsAsVector(outer)]
  if (!a || !b) return
  if (a.length !== b.length) {
    if (a.some((d) => d.value === 0)) return
    c.refuse(
      'gather-mismatch',
      `${c.name}: ${what} ${c.show(inner)} must have as many dims as ${c.show(outer)}`,
    )
  }
  a.forEach((size, i) => {
    const whole = b[i]
    if (i === along || !whole || a.some((d) => d.value === 0)) return
    if (c.facts.dims.atMost(size, whole) === false && size.value !== null && whole.value !== null)
      c.refuse(
        'gather-mismatch',
        `${c.name}: ${what} ${c.show(inner)} is larger than ${c.show(outer)} in dim ${i}: ` +
          `${c.showDim(size)} against ${c.showDim(whole)}`,
      )
  })
}

const gather: Rule = (c) => {
  const [t, index] = [input(c), c.tensor('index')]
  needIndexType(c, index)
  const spot = spotOf(c, t.shape, c.int('dim'))
  // Both have the same number of dims, so each teaches the other.
  const rank = dimsOf(t.shape)?.length ?? dimsOf(index.shape)?.length
  if (rank && c.assumed !== 'rank')
    for (const { shape } of [t, index]) if (shape.gap) c.facts.requireRank(shape, rank)
  if (spot) {
    needWithin(c, index.shape, t.shape, spot.side === 'lead' ? spot.index : null, 'the index')
    needInRange(c, index, spot.size, t.shape)
  }
  const [read, pick] = [reader(t), reader(index)]
  const shape = c.facts.resolve(index.shape)
  const values =
    read && pick && spot && !isScalar(shape)
      ? valuesAt(sizesOf(shape), (at) => {
          const place = pick(at)?.value
          return place === null || place === undefined
            ? null
            : read([...at.slice(0, spot.index), place, ...at.slice(spot.index + 1)])
        })
      : null
  return { ...result(shape, t.dtype), values }
}

const source = (c: OpCall): Tensor | null =>
  ['src', 'source'].map((n) => c.bound.get(n)).find(isTensor) ?? null
const isTensor = (v: unknown): v is Operand =>
  typeof v === 'object' && v !== null && (v as Tensor).kind === 'tensor'

/** New memory, filled with the input and then written to. */
const written = (t: Tensor): Tensor => result(t.shape, t.dtype)

/** The input with elements of a source put where the index says. */
const scatter: Rule = (c) => {
  const [t, index, from] = [input(c), c.tensor('index'), source(c)]
  needIndexType(c, index)
  const spot = spotOf(c, t.shape, c.int('dim'))
  if (!spot) return written(t)
  const along = spot.side === 'lead' ? spot.index : null
  if (!spot.shape.gap) needWithin(c, index.shape, t.shape, along, 'the index')
  if (from && !(from as Operand).isPythonNumber) needWithin(c, index.shape, from.shape, null, 'the index')
  needInRange(c, index, spot.size, t.shape)
  return written(t)
}
const kept = (c: OpCall, t: Tensor): Tensor => result(t.shape, t.dtype, preservedLayout(c, t))

/** The number of an index vector's elements; refuses an index of more dims. */
function indexCount(c: OpCall, index: Tensor): Dim {
  if (leastRank(index.shape) > 1)
    c.refuse('gather-mismatch', `${c.name}: the index must be a vector, and it is ${c.show(index.shape)}`)
  const dims = dimsOf(index.shape)
  if (dims) return dims[0] ?? one
  return c.facts.requireRank(index.shape, 1)?.[0] ?? fresh()
}

const indexSelect: Rule = (c) => {
  const [t, index] = [input(c), c.tensor('index')]
  needIndexType(c, index)
  const [spot, count] = [spotOf(c, t.shape, c.int('dim')), indexCount(c, index)]
  if (!spot) return result(openShape(), t.dtype)
  needInRange(c, index, spot.size, t.shape)
  if (isScalar(spot.shape) && count.value !== null && count.value !== 1)
    return c.fail(
      'gather-mismatch',
      `${c.name}: a tensor without dims has 1 element, and ${count.value} are asked for`,
    )
  const read = reader(t)
  const places = index.values?.map((v) => v.value)
  const out = result(isScalar(spot.shape) ? scalar : replaceDim(spot, count), t.dtype)
  const values =
    read && places && !isScalar(spot.shape)
      ? valuesAt(sizesOf(out.shape), (at) => {
          const place = places[at[spot.index] ?? 0]
          return place === null || place === undefined
            ? null
            : read([...at.slice(0, spot.index), place, ...at.slice(spot.index + 1)])
        })
      : null
  return { ...out, values }
}

/** `index_add` and `index_copy`: the source has the input's dims, and the index's length along `dim`. */
const indexInto: Rule = (c) => {
  const [t, index, from] = [input(c), c.tensor('index'), source(c)]
  needIndexType(c, index)
  const [spot, count] = [spotOf(c, t.shape, c.int('dim')), indexCount(c, index)]
  if (!spot || !from) return written(t)
  needInRange(c, index, spot.size, t.shape)
  const [own, given] = [dimsAsVector(spot.shape), dimsAsVector(c.facts.resolve(from.shape))]
  if (!own || !given) return written(t)
  // A source without dims stands for one element where it is copied, not where it is added.
  const isCopy = c.name === 'index_copy'
  if (isCopy && isScalar(t.shape) && count.value !== null && count.value !== 1)
    return c.fail(
      'gather-mismatch',
      `${c.name}: a tensor without dims has 1 place, and the index has ${count.value}`,
    )
  const isLone = isCopy && given.length === 1 && (isScalar(from.shape) || isScalar(t.shape))
  if ((given.length !== own.length && !isLone) || (!isCopy && isScalar(from.shape) !== isScalar(t.shape)))
    return c.fail(
      'gather-mismatch',
      `${c.name}: the source ${c.show(from.shape)} must have as many dims as ${c.show(t.shape)}`,
    )
  for (const [i, size] of given.entries()) {
    const wanted = i === spot.index ? count : own[i]
    if (isLone || !wanted || c.unify(size, wanted)) continue
    return c.fail(
      'gather-mismatch',
      `${c.name}: the source ${c.show(from.shape)} must have ${c.showDim(wanted)} elements in ` +
        `dim ${i}, and it has ${c.showDim(size)}`,
    )
  }
  return written(t)
}

const indexFill: Rule = (c) => {
  const [t, index, value] = [input(c), c.tensor('index'), c.env.settle(c.value('value'))]
  needIndexType(c, index)
  indexCount(c, index)
  const spot = spotOf(c, t.shape, c.int('dim'))
  if (spot) needInRange(c, index, spot.size, t.shape, true)
  if (value.kind === 'tensor' && leastRank(value.shape) > 0)
    return c.fail(
      'gather-mismatch',
      `${c.name}: the value must have no dims, and it is ${c.show(value.shape)}`,
    )
  return kept(c, t)
}

const indexPut: Rule = (c) => {
  const [t, values] = [input(c), c.tensor('values')]
  const items = c.env.itemsOf(c.env.settle(c.value('indices')))
  if (!items) return kept(c, t)
  const places = indexTensor(c, t, {
    kind: 'tuple',
    items: items.map((v) => (c.env.settle(v).kind === 'none' ? whole : v)),
  })
  needInto(c, 'index-assign-mismatch', places.shape, values.shape, false)
  if (c.op.isInPlace) refuseExpanded(c, t)
  return kept(c, t)
}
const whole: Value = {
  kind: 'slice',
  lower: { kind: 'none' },
  upper: { kind: 'none' },
  step: { kind: 'none' },
}

const take: Rule = (c) => {
  const [t, index] = [input(c), c.tensor('index')]
  needIndexType(c, index)
  const dims = dimsOf(t.shape)
  if (dims?.some((d) => d.value === 0) && !dimsOf(index.shape)?.some((d) => d.value === 0))
    return c.fail('index-out-of-range', `${c.name}: ${c.show(t.shape)} has no elements to take`)
  const read = t.values
  const values =
    read &&
    index.values?.map((v) =>
      v.value === null ? undefined : read[v.value < 0 ? v.value + read.length : v.value],
    )
  return {
    ...result(index.shape, t.dtype, layoutOfIndex(c, index)),
    values: values && !values.includes(undefined) ? (values as Dim[]) : null,
  }
}
const layoutOfIndex = (c: OpCall, index: Tensor): Tensor['layout'] => resultLayout(c, index.shape, [index])

/** `take_along_dim`: the index broadcasts against the input, or both are flat. */
const takeAlong: Rule = (c) => {
  const [t, index, dim] = [input(c), c.tensor('indices'), c.intOrNone('dim')]
  needIndexType(c, index)
  if (!dim) {
    const sizes = dimsOf(index.shape)
    return result(shapeOf([sizes ? product(sizes) : fresh()]), t.dtype)
  }
  const [own, at] = [dimsAsVector(t.shape), dimsAsVector(index.shape)]
  const spot = spotOf(c, t.shape, dim)
  if (!own || !at || !spot) return result(openShape(), t.dtype)
  if (own.length !== at.length)
    return c.fail(
      'gather-mismatch',
      `${c.name}: the indices ${c.show(index.shape)} must have as many dims as ${c.show(t.shape)}`,
    )
  const sizes = own.map((size, i) => {
    const other = at[i] ?? one
    if (i === spot.index) return other
    if (
      size.value !== null &&
      other.value !== null &&
      size.value !== other.value &&
      size.value !== 1 &&
      other.value !== 1
    )
      c.refuse(
        'gather-mismatch',
        `${c.name}: ${c.show(t.shape)} and the indices ${c.show(index.shape)} do not broadcast: ` +
          `in dim ${i} the sizes are ` +
          `${c.showDim(size)} and ${c.showDim(other)}`,
      )
    return size.value === 1 ? other : size
  })
  return result(shapeOf(sizes), t.dtype)
}
const maskedScatter: Rule = (c) => {
  const [t, mask] = [input(c), c.tensor('mask')]
  const [count, trues] = [sizesOf(c.tensor('source').shape), trueCount(mask)?.value ?? null]
  if (c.op.isInPlace) needInto(c, 'broadcast-mismatch', t.shape, mask.shape)
  else if (count && trues !== null && trues > count.reduce((a, b) => a * b, 1))
    return c.fail(
      'gather-mismatch',
      `${c.name}: the mask has ${trues} true elements, and the source ` +
        `${c.show(c.tensor('source').shape)} has fewer`,
    )
  if (!t.shape.gap && !mask.shape.gap && t.shape.lead.length >= mask.shape.lead.length)
    needMask(c, t.shape, mask.shape)
  const joined = broadcastAll(c, [t, mask])
  return joined ? { ...result(joined.shape, t.dtype), assumed: joined.assumed } : failed()
}
const needMask = (c: OpCall, shape: Shape, mask: Shape): void => {
  const loose = shapeOf(shape.lead.map((d) => (d.value === 1 ? fresh() : d)))
  needInto(c, 'broadcast-mismatch', loose, mask, true)
}
const put: Rule = (c) => {
  needIndexType(c, c.tensor('index'))
  const [places, given] = ['index', 'source'].map((name) => dimsOf(c.tensor(name).shape))
  if (places && given && !c.unify(product(places), product(given)))
    return c.fail(
      'gather-mismatch',
      `${c.name}: the index ${c.show(shapeOf(places))} and the source ${c.show(shapeOf(given))} ` +
        `must have equally many elements`,
    )
  return kept(c, input(c))
}

/** A slice or an element of a dim replaced by a source of its shape. */
function replacing(c: OpCall, wanted: (spot: Spot) => Shape | null): Value {
  const [t, from] = [input(c), c.tensor('src')]
  const spot = spotOf(c, t.shape, c.int('dim'))
  const shape = spot && wanted(spot)
  if (shape && !c.alike(from.shape, shape))
    return c.fail(
      'gather-mismatch',
      `${c.name}: the source must be ${c.show(shape)}, and it is ${c.show(from.shape)}`,
    )
  // The copy has the very strides of the input, gaps and all.
  return result(t.shape, t.dtype, ownLayout(c, t))
}

const everywhere = 'torch method inplace'

export const gatherOps: readonly OpEntry[] = [
  ['gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False)', 'torch method', gather],
  [
    'scatter(input: Tensor, dim: int, index: Tensor, src: operand, *, reduce: any = None)',
    everywhere,
    scatter,
  ],
  [
    'scatter(input: Tensor, dim: int, index: Tensor, value: operand, *, reduce: any = None)',
    everywhere,
    scatter,
  ],
  ['scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor)', everywhere, scatter],
  [
    'scatter_reduce(input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: any, *, ' +
      'include_self: bool = True)',
    everywhere,
    scatter,
  ],
  ['index_select(input: Tensor, dim: int, index: Tensor)', 'torch method', indexSelect],
  [
    'index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: any = 1)',
    everywhere,
    indexInto,
  ],
  ['index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor)', everywhere, indexInto],
  [
    'index_reduce(input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: any, *, ' +
      'include_self: bool = True)',
    everywhere,
    indexInto,
  ],
  ['index_fill(input: Tensor, dim: int, index: Tensor, value: any)', everywhere, indexFill],
  ['index_put(input: Tensor, indices: any, values: Tensor, accumulate: bool = False)', everywhere, indexPut],
  ['take(input: Tensor, index: Tensor)', 'torch method', take],
  ['put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False)', everywhere, put],
  ['take_along_dim(input: Tensor, indices: Tensor, dim: int? = None)', 'torch method', takeAlong],
  ['masked_scatter(input: Tensor, mask: Tensor, source: Tensor)', everywhere, maskedScatter],
  [
    'select_scatter(input: Tensor, src: Tensor, dim: int, index: int)',
    'torch method',
    (c) =>
      replacing(c, (spot) => {
        const [at, size] = [c.int('index').value, spot.size.value]
        if (at !== null && size !== null && (at >= size || at < -size))
          c.refuse(
            'index-out-of-range',
            `${c.name}: index ${at} is out of range for a dim of ${size} elements`,
          )
        return replaceDim(spot)
      }),
  ],
]
