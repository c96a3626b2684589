// Tensors put together: cat, stack and their kin, meshgrid, block_diag.

import { add, constant, type Dim, fresh, multiply, one, product, zero } from '../dims/dim'
import { type DType, promote } from '../tensors/dtype'
import { viewStrides } from '../tensors/layout'
import { dimsOf, leastRank, openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Layout, Tensor } from '../tensors/tensor'
import { tuple, type Value } from '../trace/values'
import { insertDim, isScalar, replaceDim, spotOf } from './axes'
import { expanded } from './expanding'
import { suggestedLayout } from './image-layout'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { isOfAnyPart, sizeOfAll } from './parts'
import { reader, sizesOf, valuesAt } from './small-values'

/** The dtype that several tensors have together; null where one is not known. */
export function commonDType(c: OpCall, tensors: readonly Tensor[]): DType | null {
  let dtype: DType | null = tensors[0]?.dtype ?? null
  let withDims: DType | null | undefined
  for (const t of tensors) {
    dtype = dtype && t.dtype && promote(dtype, t.dtype)
    if (leastRank(t.shape) > 0 || t.shape.gap)
      withDims = withDims === undefined ? t.dtype : withDims && t.dtype && promote(withDims, t.dtype)
  }
  return c.facts ? dtype : null
}

/** The tensors of an argument: a sequence of them, one by one or all alike. */
function listed(c: OpCall, name: string): { tensors: readonly Tensor[]; count: Dim | null } {
  const value = c.env.settle(c.value(name))
  const items = c.env.itemsOf(value)
  if (items) {
    const tensors = items.map((v) => c.env.asTensor(c.env.settle(v)))
    if (tensors.includes(null)) c.stop()
    return {
      tensors: (tensors as Tensor[]).map((t) => ({ ...t, shape: c.facts.resolve(t.shape) })),
      count: constant(items.length),
    }
  }
  const all = value.kind === 'list' ? value.slots.get('items') : value
  if (!all || !('kind' in all) || all.kind !== 'sequence') return c.stop()
  const element = c.env.asTensor(c.env.settle(all.element))
  return element ? { tensors: [element], count: all.length } : c.stop()
}

/** An empty list of which a program is sure; elsewhere something fills it on a path that is not followed. */
const nothing = (c: OpCall, how: 'cat' | 'stack' = 'cat'): Value =>
  c.env.isConcrete && c.env.isDecided?.() !== false
    ? c.fail(`${how}-mismatch`, `${c.name}: there are no tensors to ${how === 'cat' ? 'join' : 'stack'}`)
    : c.stop()

/** Tensors one behind the other along a dim; all other dims must be equal. */
function joined(c: OpCall, given: readonly Tensor[], dim: Dim): Value {
  // A vector of no elements is skipped, whatever the others' rank.
  const isNothing = (t: Tensor): boolean => dimsOf(t.shape)?.length === 1 && t.shape.lead[0]?.value === 0
  const dtype = commonDType(c, given)
  const tensors = given.filter((t) => !isNothing(t))
  const [first] = tensors
  if (given.length === 0) return nothing(c)
  if (!first) return { ...result(given[0]?.shape ?? openShape(), dtype), values: [] }
  const flat = tensors.find((t) => isScalar(t.shape))
  if (flat)
    return c.fail('cat-mismatch', `${c.name}: a tensor without dims cannot be joined; use torch.stack`)
  // Rank and other dims are the same for all, so what one lacks the others tell.
  // A rank that is assumed shows, and teaches no other.
  const ranked = tensors.filter((t) => !t.shape.gap)
  const known = ranked.find((t) => t.assumed !== 'rank') ?? ranked[0] ?? first
  for (const t of tensors) {
    const rank = dimsOf(known.shape)?.length
    if (rank === undefined || (known.assumed === 'rank' && t.shape.gap)) spotOf(c, t.shape, dim)
    else if (!c.facts.requireRank(t.shape, rank))
      return c.fail(
        'cat-mismatch',
        `${c.name}: all tensors must have the same number of dims, and ${c.show(known.shape)} ` +
          `and ${c.show(t.shape)} differ`,
      )
  }
  const spots = tensors.map((t) => spotOf(c, t.shape, dim))
  const [spot] = spots
  const areDense = tensors.every((t) => t.layout === 'contiguous')
  if (!spot || spots.includes(null))
    return result(
      dim.value === null && !known.shape.gap ? someOf(known.shape) : openShape(),
      dtype,
      areDense ? 'contiguous' : null,
    )
  let sum = zero
  for (const [i, other] of spots.entries()) {
    if (!other) continue
    sum = add(sum, other.size)
    if (i > 0) sameBesides(c, first, spot.index, tensors[i] ?? first, other.index, spot.side === other.side)
  }
  const at = spotOf(c, known.assumed === 'rank' ? known.shape : first.shape, dim) ?? spot
  const shape = replaceDim(at, c.facts.dims.resolve(sum))
  const out = result(shape, dtype, joinedLayout(c, tensors, shape))
  return { ...out, values: joinedValues(tensors, at.index, out) }
}

/** The memory format that all tensors suggest, else a dense one. */
function joinedLayout(c: OpCall, tensors: readonly Tensor[], shape: Shape): Layout {
  const layouts = tensors.map((t) => suggestedLayout(c, t, shape))
  if (layouts.includes('contiguous')) return 'contiguous'
  return layouts.includes(null) ? null : (layouts[0] ?? null)
}

const someOf = (shape: Shape): Shape => shapeOf(shape.lead.map(() => fresh()))

/** Refuses two tensors whose dims differ besides the one they are joined along. */
function sameBesides(c: OpCall, a: Tensor, atA: number, b: Tensor, atB: number, isSameSide: boolean): void {
  const [x, y] = [c.facts.resolve(a.shape), c.facts.resolve(b.shape)]
  if (!isSameSide || (x.gap === null) !== (y.gap === null)) return
  const [left, right] = x.gap ? [[...x.lead], [...y.lead]] : [x.lead, y.lead]
  const compare = (p: Dim | undefined, q: Dim | undefined, i: number): void => {
    if (!p || !q || c.unify(p, q)) return
    c.refuse(
      'cat-mismatch',
      `${c.name}: ${c.show(x)} and ${c.show(y)} differ in dim ${i}: ${c.showDim(p)} and ${c.showDim(q)}; ` +
        `only the dim that they are joined along (${atA}) may differ`,
    )
  }
  if (!x.gap) left.forEach((p, i) => i !== atA && compare(p, right[i], i))
  else if (x.gap === y.gap)
    for (let i = 1; i <= Math.min(x.trail.length, y.trail.length); i++) {
      if (x.trail.length - i !== atA || y.trail.length - i !== atB)
        compare(x.trail[x.trail.length - i], y.trail[y.trail.length - i], -i)
    }
}

/** The elements of tensors one behind the other along a dim. */
export function joinedValues(tensors: readonly Tensor[], at: number, out: Tensor): readonly Dim[] | null {
  const readers = tensors.map(reader)
  const sizes = tensors.map((t) => sizesOf(t.shape)?.[at])
  if (readers.includes(null) || sizes.includes(undefined)) return null
  return valuesAt(sizesOf(out.shape), (index) => {
    let rest = index[at] ?? 0
    for (const [i, size] of sizes.entries()) {
      if (rest < (size ?? 0)) return readers[i]?.([...index.slice(0, at), rest, ...index.slice(at + 1)])
      rest -= size ?? 0
    }
    return null
  })
}

const cat: Rule = (c) => {
  const { tensors, count } = listed(c, 'tensors')
  const dim = c.int('dim')
  const [only] = tensors
  if (count?.value === tensors.length || !only) return joined(c, tensors, dim)
  // All alike, of a number that is not known here.
  const spot = spotOf(c, only.shape, dim)
  return result(spot ? replaceDim(spot, total(spot.size, count)) : openShape(), only.dtype)
}

/** How long so many tensors are together that are each as long as `size` says of any of them. */
function total(size: Dim, count: Dim | null): Dim {
  if (!count) return fresh()
  return sizeOfAll(size, count) ?? (isOfAnyPart(size) ? fresh() : multiply(size, count))
}

/** Tensors of one shape along a new dim. */
function stacked(c: OpCall, tensors: readonly Tensor[], count: Dim, dim: Dim): Value {
  const [first] = tensors
  if (!first) return nothing(c, 'stack')
  for (const t of tensors.slice(1)) {
    if (c.alike(first.shape, t.shape)) continue
    return c.fail(
      'stack-mismatch',
      `${c.name}: all tensors must have the same shape, and ${c.show(first.shape)} is not ${c.show(t.shape)}`,
    )
  }
  const known = tensors.find((t) => dimsOf(c.facts.resolve(t.shape))) ?? first
  const shape = insertDim(c, known.shape, dim, count) ?? openShape()
  const out = result(shape, commonDType(c, tensors), stackedLayout(c, tensors, shape, dim))
  const readers = tensors.map(reader)
  const rank = shape.lead.length
  const at = dim.value === null ? 0 : dim.value < 0 ? dim.value + rank : dim.value
  if (readers.includes(null) || count.value !== tensors.length) return out
  const values = valuesAt(sizesOf(shape), (index) =>
    readers[index[at] ?? 0]?.([...index.slice(0, at), ...index.slice(at + 1)]),
  )
  return { ...out, values }
}

/** A stack is the tensors joined, then seen with one dim more. */
function stackedLayout(c: OpCall, tensors: readonly Tensor[], shape: Shape, dim: Dim): Layout {
  if (tensors.every((t) => t.layout === 'contiguous')) return 'contiguous'
  const [dims, at] = [dimsOf(shape), dim.value]
  if (!dims || at === null) return null
  const place = at < 0 ? at + dims.length : at
  if (place === dims.length - 1 || dims.length !== 5) return 'contiguous'
  const flat = [
    ...dims.slice(0, place),
    multiply(dims[place] ?? one, dims[place + 1] ?? one),
    ...dims.slice(place + 2),
  ]
  const layout = joinedLayout(c, tensors, shapeOf(flat))
  if (layout === 'contiguous' || layout === null) return layout
  const view = viewStrides(flat, layout, dims, c.facts.dims)
  return view.kind === 'legal' ? view.strides : null
}

const stack: Rule = (c) => {
  const { tensors, count } = listed(c, 'tensors')
  return stacked(c, tensors, count ?? fresh(), c.int('dim'))
}

/** The tensor with at least `rank` dims, as `atleast_1d` and its kin give it. */
function atLeast(c: OpCall, t: Tensor, rank: number): Tensor {
  const dims = dimsOf(t.shape)
  if (!dims) return leastRank(t.shape) >= rank ? t : result(openShape(), t.dtype, null)
  if (dims.length >= rank) return t
  const shaped = (target: readonly Dim[]): Tensor => ({
    ...result(shapeOf(target), t.dtype, t.layout === 'contiguous' ? 'contiguous' : null),
    values: t.values,
  })
  if (rank === 3 && dims.length === 2) return shaped([...dims, one])
  if (rank === 3 && dims.length === 1) return shaped([one, ...dims, one])
  return c.facts ? shaped([...Array.from({ length: rank - dims.length }, () => one), ...dims]) : t
}

const atLeastRule =
  (rank: number): Rule =>
  (c) => {
    const tensors = c.tensors('tensors').map((t) => atLeast(c, t, rank))
    const given = c.bound.get('tensors')
    return tensors.length === 1 && Array.isArray(given) ? (tensors[0] ?? c.stop()) : tuple(tensors)
  }

/** `hstack`, `vstack`, `dstack`: joined along a dim after each has enough dims. */
const alongside =
  (rank: number, axis: number): Rule =>
  (c) => {
    const { tensors, count } = listed(c, 'tensors')
    if (count?.value === 0) return nothing(c)
    if (count?.value !== tensors.length) return result(openShape(), commonDType(c, tensors))
    const all = tensors.map((t) => atLeast(c, t, rank))
    const isFlat = axis === 1 && rank === 1
    const first = all[0] && dimsOf(all[0].shape)
    if (isFlat && !first) return result(openShape(), commonDType(c, tensors))
    return joined(c, all, constant(isFlat ? (first?.length === 1 ? 0 : 1) : axis))
  }

const columnStack: Rule = (c) => {
  const { tensors, count } = listed(c, 'tensors')
  if (count?.value !== tensors.length || tensors.some((t) => t.shape.gap))
    return result(openShape(), commonDType(c, tensors))
  const columns = tensors.map((t) => {
    const dims = t.shape.lead
    return dims.length > 1 ? t : { ...t, shape: shapeOf([dims[0] ?? one, one]), layout: null }
  })
  return joined(c, columns, one)
}

const blockDiag: Rule = (c) => {
  const tensors = c.tensors('tensors')
  const tooMany = tensors.find((t) => leastRank(t.shape) > 2)
  if (tooMany)
    return c.fail(
      'rank-mismatch',
      `${c.name}: needs tensors of at most 2 dims, and one is ${c.show(tooMany.shape)}`,
    )
  if (tensors.some((t) => t.shape.gap)) return result(shapeOf([fresh(), fresh()]), commonDType(c, tensors))
  const rows = tensors.map((t) => (t.shape.lead.length === 2 ? (t.shape.lead[0] ?? one) : one))
  const columns = tensors.map((t) => t.shape.lead.at(-1) ?? one)
  return result(shapeOf([rows.reduce(add, zero), columns.reduce(add, zero)]), commonDType(c, tensors))
}

const meshgrid: Rule = (c) => {
  const [tensors, indexing] = [c.tensors('tensors'), c.isGiven('indexing') ? c.str('indexing') : 'ij']
  const lengths = tensors.map((t) => {
    const dims = isScalar(t.shape) ? [one] : c.facts.requireRank(t.shape, 1)
    return (
      dims?.[0] ??
      c.refuse('rank-mismatch', `${c.name}: needs tensors of at most 1 dim, and one is ${c.show(t.shape)}`)
    )
  })
  if (indexing !== 'ij' && indexing !== 'xy') return c.stop()
  const swaps = indexing === 'xy' && lengths.length >= 2
  const order = swaps ? [lengths[1] ?? one, lengths[0] ?? one, ...lengths.slice(2)] : lengths
  const places = lengths.map((_, i) => (swaps && i < 2 ? 1 - i : i))
  return tuple(
    tensors.map((t, i) => {
      const alone = order.map((_, d) => (d === places[i] ? (lengths[i] ?? one) : one))
      const line = { ...result(shapeOf(alone), t.dtype), values: t.values }
      const strided = { ...line, layout: t.layout === 'contiguous' ? line.layout : null }
      return expanded(c, strided, shapeOf(order))
    }),
  )
}

const cartesian: Rule = (c) => {
  const tensors = c.tensors('tensors')
  const lengths = tensors.map((t) => {
    const dims = c.facts.requireRank(t.shape, 1)
    return dims?.[0] ?? c.refuse('rank-mismatch', `${c.name}: needs vectors, and one is ${c.show(t.shape)}`)
  })
  if (lengths.length === 1) return tensors[0] ?? c.stop()
  return result(shapeOf([product(lengths), constant(lengths.length)]), commonDType(c, tensors))
}

const combinations: Rule = (c) => {
  const [input, r] = [c.tensor('input'), c.int('r')]
  const dims = c.facts.requireRank(input.shape, 1)
  if (!dims)
    return c.fail('rank-mismatch', `${c.name}: needs a vector, and the input is ${c.show(input.shape)}`)
  const [n, k, repeats] = [dims[0]?.value ?? null, r.value, c.bool('with_replacement')]
  if (k !== null && k < 0) return c.fail('argument-mismatch', `${c.name}: ${k} elements cannot be chosen`)
  if (k === 0) return result(shapeOf([zero]), input.dtype)
  if (n === null || k === null || repeats === null) return result(shapeOf([fresh(), r]), input.dtype)
  const of = repeats ? n + k - 1 : n
  let count = of < k ? 0 : 1
  for (let i = 0; i < k && count > 0; i++) count = (count * (of - i)) / (i + 1)
  return result(shapeOf([constant(Math.round(count)), r]), input.dtype)
}

export const joiningOps: readonly OpEntry[] = [
  ['cat(tensors: any, dim: int = 0)', 'torch', cat],
  ['concat(tensors: any, dim: int = 0)', 'torch', cat],
  ['concatenate(tensors: any, dim: int = 0)', 'torch', cat],
  ['stack(tensors: any, dim: int = 0)', 'torch', stack],
  ['hstack(tensors: any)', 'torch', alongside(1, 1)],
  ['vstack(tensors: any)', 'torch', alongside(2, 0)],
  ['row_stack(tensors: any)', 'torch', alongside(2, 0)],
  ['dstack(tensors: any)', 'torch', alongside(3, 2)],
  ['column_stack(tensors: any)', 'torch', columnStack],
  ['atleast_1d(*tensors: Tensors)', 'torch', atLeastRule(1)],
  ['atleast_2d(*tensors: Tensors)', 'torch', atLeastRule(2)],
  ['atleast_3d(*tensors: Tensors)', 'torch', atLeastRule(3)],
  ['block_diag(*tensors: Tensors)', 'torch', blockDiag],
  ['meshgrid(*tensors: Tensors, indexing: str? = None)', 'torch', meshgrid],
  ['cartesian_prod(*tensors: Tensors)', 'torch', cartesian],
  ['combinations(input: Tensor, r: int = 2, with_replacement: bool = False)', 'torch', combinations],
]
