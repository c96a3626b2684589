// Sorting, searching and counting: sort, topk, unique, nonzero, bincount, searchsorted and their kin.

import { add, constant, type Dim, fresh, one, product, subtract, zero } from '../dims/dim'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { sequence, tuple, type Value } from '../trace/values'
import { isScalar, replaceDim, spotInDims, spotOf } from './axes'
import { preservedLayout } from './casting'
import { broadcastAll } from './elementwise-core'
import { realOf } from './near-values'
import { splitLast } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { trueCount, truePlaces } from './picking'
import { exactly, heldBy, reader, sizesOf, valuesAt, withValues } from './small-values'
import { layoutOf } from './view-size'

const input = (c: OpCall): Tensor => c.tensor('input')
const both = 'torch method'
const indicesOf = (t: Tensor): Tensor => ({ ...t, dtype: 'int64', values: null, isParameter: false })
const bare = (c: OpCall, t: Tensor): Tensor => result(t.shape, t.dtype, preservedLayout(c, t))

/** The input sorted, and where each element was. */
const sort: Rule = (c) => {
  spotOf(c, input(c).shape, c.int('dim'))
  const sorted = bare(c, input(c))
  return tuple([sorted, indicesOf(sorted)], ['values', 'indices'])
}
const argsort: Rule = (c) => {
  spotOf(c, input(c).shape, c.int('dim'))
  return indicesOf(bare(c, input(c)))
}

const topk: Rule = (c) => {
  const [{ shape, dtype }, k] = [input(c), c.int('k')]
  const spot = spotOf(c, shape, c.int('dim'))
  if (spot && spot.size.value !== null && k.value !== null && (k.value > spot.size.value || k.value < 0))
    return c.fail(
      'index-out-of-range',
      `${c.name}: ${k.value} elements cannot be taken of ${spot.size.value} in dim ` +
        `${c.showDim(c.int('dim'))} of ${c.show(shape)}`,
    )
  const values = result(spot ? (isScalar(spot.shape) ? scalar : replaceDim(spot, k)) : openShape(), dtype)
  return tuple([values, indicesOf(values)], ['values', 'indices'])
}

/** The distinct elements, which of them each element is, and how often each is there. */
interface Distinct {
  readonly values: readonly Dim[]
  readonly inverse: readonly Dim[]
  readonly counts: readonly Dim[]
}

/** The distinct elements in order, where all are known; of runs of equal ones each run's. */
function distinctOf(c: OpCall): Distinct | null {
  const isInRuns = c.name === 'unique_consecutive'
  const known = isInRuns || c.bool('sorted') ? input(c).values?.map(realOf) : undefined
  if (!known || known.includes(null)) return null
  const numbers = known as number[]
  const starts = numbers.map((n, i) => i === 0 || n !== numbers[i - 1])
  const found = isInRuns ? numbers.filter((_, i) => starts[i]) : [...new Set(numbers)].sort((a, b) => a - b)
  const values = found.map((n) => exactly(n))
  if (values.includes(null)) return null
  let run = -1
  const inverse = numbers.map((n, i) => (isInRuns ? (run += starts[i] ? 1 : 0) : found.indexOf(n)))
  const counts = found.map((_, k) => inverse.filter((place) => place === k).length)
  return { values: values as Dim[], inverse: inverse.map(constant), counts: counts.map(constant) }
}

/** The distinct elements, of a number that mostly only the data tell. */
const unique: Rule = (c) => {
  const { shape, dtype } = input(c)
  const dim = c.intOrNone('dim')
  const distinct = dim ? null : distinctOf(c)
  const count = distinct ? constant(distinct.values.length) : fresh()
  const spot = dim ? spotInDims(c, shape, dim) : null
  const values = result(
    dim ? (spot ? replaceDim(spot, count) : openShape()) : shapeOf([count]),
    dtype,
    dim ? null : 'contiguous',
  )
  const inverse = result(spot ? shapeOf([spot.size]) : dim ? openShape() : shape, 'int64')
  const [hasInverse, hasCounts] = [c.bool('return_inverse'), c.bool('return_counts')]
  if (hasInverse === null || hasCounts === null) return c.stop()
  const parts = [
    withValues(values, distinct?.values ?? null),
    ...(hasInverse ? [withValues(inverse, distinct?.inverse ?? null)] : []),
    ...(hasCounts ? [withValues(result(shapeOf([count]), 'int64'), distinct?.counts ?? null)] : []),
  ]
  const [only] = parts
  return parts.length === 1 && only ? only : tuple(parts)
}

/** The places of what is not 0: one row each, or a tensor of places a dim. */
const nonzero: Rule = (c) => {
  const t = input(c)
  const [dims, count] = [dimsOf(t.shape), trueCount(t) ?? fresh()]
  if (c.bool('as_tuple')) {
    const places = result(shapeOf([count]), 'int64')
    const known = truePlaces(t)
    return dims
      ? tuple(
          Array.from({ length: Math.max(dims.length, 1) }, (_, d) => withValues(places, known?.[d] ?? null)),
        )
      : sequence(places, null)
  }
  const [rows, places] = [placesOf(dims, count), truePlaces(t)]
  const inRows = places?.[0]?.flatMap((_, i) => places.map((column) => column[i] ?? zero)) ?? null
  return withValues(rows, inRows)
}
/** Places as the rows of a matrix that lies column by column. */
const placesOf = (dims: readonly Dim[] | null, count: Dim): Tensor => {
  const shape = [count, dims ? constant(dims.length) : fresh()]
  const isPlain = dims && dims.length <= 1
  return result(
    shapeOf(shape),
    'int64',
    isPlain ? 'contiguous' : count.value !== null ? layoutOf(shape, [one, count]) : null,
  )
}

const bincount: Rule = (c) => {
  const { shape, values } = input(c)
  const dims = c.facts.requireRank(shape, 1)
  if (!dims) return c.fail('rank-mismatch', `${c.name}: needs a vector, and the input is ${c.show(shape)}`)
  const weights = c.tensorOrNone('weights')
  if (weights && !c.alike(weights.shape, shapeOf(dims)))
    return c.fail(
      'gather-mismatch',
      `${c.name}: the weights ${c.show(weights.shape)} do not match the input ${c.show(shape)}`,
    )
  const numbers = values?.map((v) => v.value)
  const least = c.int('minlength').value
  const known = numbers && !numbers.includes(null) && least !== null
  const length = known ? constant(Math.max(least, ...numbers.map((n) => (n ?? 0) + 1))) : fresh()
  const dtype = weights ? (weights.dtype === 'float32' ? 'float32' : weights.dtype && 'float64') : 'int64'
  return result(shapeOf([length]), dtype)
}

/** Where values would go in sorted ones; of several rows the leading dims must be equal. */
const search =
  (sorted: string, wanted: string): Rule =>
  (c) => {
    const [rows, values] = [c.tensor(sorted), c.tensor(wanted)]
    const [a, b] = [dimsOf(rows.shape), dimsOf(values.shape)]
    if (a?.length === 0 || (sorted === 'boundaries' && a && a.length !== 1))
      return c.fail(
        'rank-mismatch',
        `${c.name}: the sorted values must be a ` +
          `vector${sorted === 'boundaries' ? '' : ' at least'}, and they are ${c.show(rows.shape)}`,
      )
    if (a && b && a.length > 1) {
      const differs = a.length !== b.length || a.slice(0, -1).some((d, i) => !c.unify(d, b[i] ?? one))
      if (differs)
        return c.fail(
          'gather-mismatch',
          `${c.name}: ${c.show(rows.shape)} and ${c.show(values.shape)} must have the same dims ` +
            `besides the last`,
        )
    }
    const sorter = c.bound.has('sorter') ? c.env.settle(c.value('sorter')) : null
    if (sorter?.kind === 'tensor' && !c.alike(sorter.shape, rows.shape))
      return c.fail(
        'gather-mismatch',
        `${c.name}: the sorter ${c.show(sorter.shape)} must have the shape of the sorted values ` +
          `${c.show(rows.shape)}`,
      )
    return result(values.shape, c.bool('out_int32') ? 'int32' : 'int64')
  }

const binCount = (c: OpCall, bins: Value): Dim | null => {
  const settled = c.env.settle(bins)
  return settled.kind === 'int' ? c.facts.dims.resolve(settled.dim) : null
}

const histogram: Rule = (c) => {
  const bins = c.env.settle(c.value('bins'))
  const count = binCount(c, bins)
  if (count && count.value !== null && count.value <= 0)
    return c.fail('argument-mismatch', `${c.name}: ${count.value} is not a number of bins`)
  const edges =
    bins.kind === 'tensor'
      ? c.facts.resolve(bins.shape)
      : count
        ? shapeOf([c.facts.dims.resolve(addOne(count))])
        : openShape()
  const inner = bins.kind === 'tensor' ? shrunk(edges) : shapeOf([count ?? fresh()])
  return tuple([result(inner, input(c).dtype), result(edges, input(c).dtype)], ['hist', 'bin_edges'])
}
const addOne = (d: Dim): Dim => (d.value === null ? fresh() : constant(d.value + 1))
const shrunk = (edges: Shape): Shape => {
  const [only] = dimsOf(edges) ?? []
  return shapeOf([only && only.value !== null ? constant(only.value - 1) : fresh()])
}

/** Running sums and extremes along a dim. */
const scan: Rule = (c) => {
  const t = input(c)
  const spot = spotOf(c, t.shape, c.int('dim'))
  const asked = c.bound.has('dtype') ? c.dtype('dtype') : undefined
  const isSum = c.name === 'cumsum' || c.name === 'cumprod'
  const widened = isSum && t.dtype !== null && !/float|complex/.test(t.dtype) ? 'int64' : t.dtype
  const out = result(c.tensor('input').shape, asked === undefined ? widened : asked)
  const sums = c.name === 'cumsum' && spot?.side === 'lead' ? runningSums(t, spot.index) : null
  return { ...out, values: heldBy(out.dtype, sums) }
}

/** Each element with those before it in a dim added. */
function runningSums(t: Tensor, at: number): Dim[] | null {
  const [read, sizes] = [reader(t), sizesOf(t.shape)]
  if (!read || !sizes) return null
  const stride = sizes.slice(at + 1).reduce((a, b) => a * b, 1)
  const sums: Dim[] = []
  return valuesAt(sizes, (index) => {
    const own = read(index)
    if (!own) return null
    const sum = index[at] ? add(sums[sums.length - stride] ?? zero, own) : own
    sums.push(sum)
    return sum
  })
}

const scanExtreme: Rule = (c) => {
  const t = input(c)
  spotOf(c, t.shape, c.int('dim'))
  const values = result(t.shape, t.dtype)
  return tuple([values, indicesOf(values)], ['values', 'indices'])
}

const maskedSelect: Rule = (c) => {
  const [t, mask] = [input(c), c.tensor('mask')]
  if (!broadcastAll(c, [t, mask])) return failed()
  return result(
    shapeOf([trueCount(mask) && sameCount(t, mask) ? (trueCount(mask) ?? fresh()) : fresh()]),
    t.dtype,
  )
}
const sameCount = (t: Tensor, mask: Tensor): boolean =>
  product(t.shape.lead).key === product(mask.shape.lead).key &&
  !t.shape.gap &&
  !mask.shape.gap &&
  t.shape.lead.length === mask.shape.lead.length

/** Counts of points in a grid of bins: one number of bins a dim, or their edges. */
const histogramGrid: Rule = (c) => {
  const t = input(c)
  const split = splitLast(c, t.shape, 1)
  if (split === 'too-few' || dimsOf(t.shape)?.length === 1)
    return c.fail('rank-mismatch', `${c.name}: the input needs at least 2 dims, and it is ${c.show(t.shape)}`)
  const [bins, points] = [c.env.settle(c.value('bins')), split?.last[0]?.value ?? null]
  const items =
    bins.kind === 'int' && points !== null ? Array.from({ length: points }, () => bins) : c.env.itemsOf(bins)
  if (!items) return c.stop()
  if (points !== null && items.length !== points)
    return c.fail(
      'argument-mismatch',
      `${c.name}: bins are given for ${items.length} dims, and the points of ${c.show(t.shape)} have ${points}`,
    )
  const edges = items.map((item) => {
    const given = c.env.settle(item)
    return given.kind === 'tensor'
      ? (dimsOf(given.shape)?.[0] ?? fresh())
      : add(c.env.asInt(given) ?? fresh(), one)
  })
  const counts = result(shapeOf(edges.map((e) => subtract(e, one))), t.dtype)
  return tuple([counts, tuple(edges.map((e) => result(shapeOf([e]), t.dtype)))], ['hist', 'bin_edges'])
}

export const orderingOps: readonly OpEntry[] = [
  ['sort(input: Tensor, dim: int = -1, descending: bool = False)', both, sort],
  ['sort(input: Tensor, *, stable: any = False, dim: int = -1, descending: bool = False)', both, sort],
  ['msort(input: Tensor)', both, (c) => bare(c, input(c))],
  ['argsort(input: Tensor, dim: int = -1, descending: bool = False)', both, argsort],
  ['topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True)', both, topk],
  [
    'unique(input: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: ' +
      'bool = False, dim: int? = None)',
    both,
    unique,
  ],
  [
    'unique_consecutive(input: Tensor, return_inverse: bool = False, return_counts: bool = ' +
      'False, dim: int? = None)',
    both,
    unique,
  ],
  ['nonzero(input: Tensor, *, as_tuple: bool = False)', both, nonzero],
  [
    'nonzero_static(input: Tensor, *, size: int, fill_value: int = -1)',
    both,
    (c) => {
      const dims = dimsOf(input(c).shape)
      return result(shapeOf([c.int('size'), dims ? constant(dims.length) : fresh()]), 'int64')
    },
  ],
  [
    'argwhere(input: Tensor)',
    both,
    (c) => {
      const dims = dimsOf(input(c).shape)
      return placesOf(dims, trueCount(input(c)) ?? fresh())
    },
  ],
  [
    'where(condition: Tensor)',
    'torch method',
    (c) => {
      const dims = dimsOf(c.tensor('condition').shape)
      const places = result(shapeOf([trueCount(c.tensor('condition')) ?? fresh()]), 'int64')
      return dims
        ? tuple(Array.from({ length: Math.max(dims.length, 1) }, () => places))
        : sequence(places, null)
    },
  ],
  ['bincount(input: Tensor, weights: Tensor? = None, minlength: int = 0)', both, bincount],
  [
    'histc(input: Tensor, bins: int = 100, min: any = 0, max: any = 0)',
    both,
    (c) => result(shapeOf([c.int('bins')]), input(c).dtype),
  ],
  [
    'histogram(input: Tensor, bins: any, *, range: any = None, weight: Tensor? = None, density: ' +
      'bool = False)',
    both,
    histogram,
  ],
  [
    'histogramdd(input: Tensor, bins: any, range: any = None, weight: any = None, density: any = False)',
    'torch',
    histogramGrid,
  ],
  [
    'searchsorted(sorted_sequence: Tensor, input: operand, *, out_int32: bool = False, right: ' +
      'bool = False, side: any = None, sorter: any = None)',
    'torch',
    search('sorted_sequence', 'input'),
  ],
  [
    'bucketize(input: operand, boundaries: Tensor, *, out_int32: bool = False, right: bool = False)',
    'torch',
    search('boundaries', 'input'),
  ],
  ['cumsum(input: Tensor, dim: int, *, dtype: dtype? = None)', 'torch method inplace', scan],
  ['cumprod(input: Tensor, dim: int, *, dtype: dtype? = None)', 'torch method inplace', scan],
  ['logcumsumexp(input: Tensor, dim: int)', both, scan],
  ['cummax(input: Tensor, dim: int)', both, scanExtreme],
  ['cummin(input: Tensor, dim: int)', both, scanExtreme],
  ['masked_select(input: Tensor, mask: Tensor)', both, maskedSelect],
]
