// Differences, integrals, distances and statistics: diff, trapezoid, cross, cdist, cov and their kin.

import { add, constant, type Dim, fresh, maximum, one, subtract, zero } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { categoryOf } from '../tensors/dtype'
import { dimsOf, leastRank, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import { contiguousStrides, type Tensor } from '../tensors/tensor'
import { bool, sequence, someBool, tuple, type Value } from '../trace/values'
import { isScalar, replaceDim, type Spot, spotInDims, spotOf, spotsOf } from './axes'
import { preservedLayout } from './casting'
import { broadcastAll, elementwise, promotedDType, resultLayout, toFloat } from './elementwise-core'
import { commonDType, joinedValues } from './joining'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { reader, sizesOf, valuesAt, withValues } from './small-values'
import { layoutOf, stridesIn } from './view-size'

const input = (c: OpCall): Tensor => c.tensor('input')
const both = 'torch method'

/** The shape with a dim's size changed. */
const resized = (spot: Spot | null, change: (size: Dim) => Dim): Shape =>
  spot ? replaceDim(spot, change(spot.size)) : openShape()

/** The n-th difference along a dim, after other tensors were put before and behind. */
const diff: Rule = (c) => {
  const [t, n] = [input(c), c.int('n')]
  if (n.value === 0) return { ...t, layout: preservedLayout(c, t), isParameter: false }
  const spot = spotInDims(c, t.shape, c.int('dim'))
  const ends = ['prepend', 'append'].map((name) => c.tensorOrNone(name)).filter((e) => e !== null)
  const extra = ends.map((e) => {
    if (leastRank(e.shape) > 0 && !e.shape.gap && !t.shape.gap && e.shape.lead.length !== t.shape.lead.length)
      c.refuse('cat-mismatch', `${c.name}: ${c.show(e.shape)} must have as many dims as ${c.show(t.shape)}`)
    const own = isScalar(e.shape) ? null : spotInDims(c, e.shape, c.int('dim'))
    dimsOf(e.shape)?.forEach((d, i) => {
      const other = dimsOf(t.shape)?.[i]
      if (!isScalar(e.shape) && i !== spot?.index && other && !c.unify(d, other))
        c.refuse(
          'cat-mismatch',
          `${c.name}: ${c.show(e.shape)} and ${c.show(t.shape)} differ in dim ${i}: ` +
            `${c.showDim(d)} and ${c.showDim(other)}`,
        )
    })
    return isScalar(e.shape) ? one : (own?.size ?? fresh())
  })
  if (n.value !== null && n.value < 0)
    return c.fail('argument-mismatch', `${c.name}: the order ${n.value} is negative`)
  const length = (size: Dim): Dim => {
    const whole = extra.reduce(add, size)
    const rest = subtract(whole, n)
    return whole.value !== null && n.value !== null ? maximum(rest, zero) : rest
  }
  const dtype = commonDType(c, [t, ...ends])
  const shape = resized(spot, length)
  const out = result(shape, dtype, ends.length > 0 ? 'contiguous' : differenceLayout(c, t, shape))
  if (n.value !== 1 || !spot || dtype === 'bool') return out
  const [front, back] = ['prepend', 'append'].map((name) => c.tensorOrNone(name))
  const parts = [front, t, back].filter((part) => !!part)
  const whole = result(
    resized(spot, (size) => extra.reduce(add, size)),
    dtype,
  )
  return withValues(out, differences(parts, spot.index, whole, sizesOf(shape)))
}

/** What each element of the joined parts is more than the one before it in a dim. */
function differences(
  parts: readonly Tensor[],
  at: number,
  whole: Tensor,
  sizes: readonly number[] | null,
): Dim[] | null {
  if (parts.some((part) => isScalar(part.shape))) return null
  const read = reader(withValues(whole, joinedValues(parts, at, whole)))
  if (!read) return null
  return valuesAt(sizes, (index) => {
    const next = read(index.map((i, d) => (d === at ? i + 1 : i)))
    const own = read(index)
    return next && own ? subtract(next, own) : null
  })
}

/** The layout of the difference of two parts of a tensor. */
const differenceLayout = (c: OpCall, t: Tensor, shape: Shape): Tensor['layout'] =>
  t.layout === 'contiguous' ? 'contiguous' : resultLayout(c, shape, [result(shape, t.dtype, stridesIn(c, t))])

/** Integrals along a dim: one number, or the running ones. */
const trapezoid =
  (isRunning: boolean): Rule =>
  (c) => {
    const y = c.tensor('y')
    const spot = spotInDims(c, y.shape, c.int('dim'))
    const x = c.bound.has('x') ? c.tensor('x') : null
    const dtype = x ? promotedDType([y, x]) : y.dtype
    const isWhole = dtype !== null && ['bool', 'integer'].includes(categoryOf(dtype))
    const type = isWhole ? 'float32' : dtype
    const shape = isRunning
      ? resized(spot, (size) => (size.value === 0 ? size : subtract(size, one)))
      : spot
        ? replaceDim(spot)
        : openShape()
    const points = x && dimsOf(x.shape)
    if (points?.length === 1 && spot && points[0] && !c.unify(points[0], spot.size))
      return c.fail(
        'argument-mismatch',
        `${c.name}: there are ${c.showDim(points[0])} points x for ${c.showDim(spot.size)} values`,
      )
    const isPlain = !x || points?.length === 1
    const over = x && !isPlain ? broadcastShapes(y.shape, x.shape, c.facts) : null
    if (x && points && points.length > 1) {
      // Points of several dims: their differences meet those of the values.
      const widths = spotInDims(c, x.shape, c.int('dim'))
      const [p, q] = [widths?.size.value ?? null, spot?.size.value ?? null]
      if (p !== null && q !== null && p !== q && p > 2 && q > 2)
        return c.fail(
          'broadcast-mismatch',
          `${c.name}: there are ${p} points x for ${q} values in dim ${c.showDim(c.int('dim'))}`,
        )
    }
    const isDense = !isRunning || y.layout === 'contiguous'
    if (isPlain) return result(shape, type, isDense ? 'contiguous' : null)
    const wide =
      over?.kind === 'fits' && (c.int('dim').value ?? 0) < 0 ? spotInDims(c, over.shape, c.int('dim')) : null
    if (!wide) return result(openShape(), type, null)
    return result(
      isRunning ? replaceDim(wide, subtract(wide.size, one)) : replaceDim(wide),
      type,
      isRunning ? null : 'contiguous',
    )
  }

const gradient: Rule = (c) => {
  const t = input(c)
  const [dims, dim] = [dimsOf(t.shape), c.env.settle(c.value('dim'))]
  const asked = dim.kind === 'int' ? 1 : (c.env.itemsOf(dim)?.length ?? null)
  const spacing = c.env.settle(c.value('spacing'))
  const given = dim.kind === 'none' ? (c.env.itemsOf(spacing)?.length ?? dims?.length ?? null) : asked
  if (dims) {
    const places = dim.kind === 'none' ? null : dim.kind === 'int' ? shapeOf([dim.dim]) : c.env.asSize(dim)
    const spots = places && spotsOf(c, t.shape, places)
    const order = c.env.settle(c.value('edge_order'))
    const least = (order.kind === 'int' ? (order.dim.value ?? 1) : 1) + 1
    const short = dims.find((d, i) => d.value !== null && d.value < least && (!spots || spots.has('lead', i)))
    if (short)
      return c.fail(
        'argument-mismatch',
        `${c.name}: each dim needs at least ${least} elements, and ${c.show(t.shape)} has one ` +
          `of ${short.value}`,
      )
    const steps = c.env.itemsOf(spacing)?.length
    if (steps !== undefined && given !== null && steps !== given)
      return c.fail('argument-mismatch', `${c.name}: ${steps} spacings are given for ${given} dims`)
  }
  const points = c.env.itemsOf(spacing)?.filter((v) => c.env.settle(v).kind === 'tensor') ?? []
  const part = result(points.length > 0 ? openShape() : t.shape, toFloat(t.dtype, c), null)
  return given === null ? sequence(part, null) : tuple(Array.from({ length: given }, () => part))
}

/** The product of 3-vectors along a dim. */
const cross: Rule = (c) => {
  const [a, b] = [input(c), c.tensor('other')]
  const joined = broadcastAll(c, [a, b])
  if (!joined) return failed()
  if (!a.shape.gap && !b.shape.gap && a.shape.lead.length !== b.shape.lead.length)
    return c.fail(
      'rank-mismatch',
      `${c.name}: ${c.show(a.shape)} and ${c.show(b.shape)} must have the same number of dims`,
    )
  const dim = c.intOrNone('dim')
  const all = elementwise(c, [a, b], promotedDType([a, b]))
  const out = all.kind === 'tensor' ? { ...all, layout: 'contiguous' as const } : all
  if (!dim) {
    const dims = dimsOf(joined.shape)
    if (!joined.assumed && dims?.every((d) => d.value !== null && d.value !== 3))
      return c.fail('cross-mismatch', `${c.name}: one dim must be 3, and ${c.show(joined.shape)} has none`)
    return out
  }
  for (const t of [a, b]) {
    const spot = spotInDims(c, t.shape, dim)
    if (spot && !c.unify(spot.size, constant(3)))
      return c.fail(
        'cross-mismatch',
        `${c.name}: dim ${c.showDim(dim)} must be 3, and ${c.show(t.shape)} has ${c.showDim(spot.size)}`,
      )
  }
  return out
}

/** Distances of each row of one to each row of the other. */
const cdist: Rule = (c) => {
  const [a, b] = [c.tensor('x1'), c.tensor('x2')]
  for (const t of [a, b])
    if (!c.facts.requireTrail(t.shape, 2))
      return c.fail('rank-mismatch', `${c.name}: needs at least 2 dims, and one tensor is ${c.show(t.shape)}`)
  const [rows, width] = [-2, -1].map((i) => [c.facts.at(a.shape, i), c.facts.at(b.shape, i)])
  const [p, q] = width ?? []
  if (isDim(p) && isDim(q) && !c.unify(p, q))
    return c.fail(
      'cdist-mismatch',
      `${c.name}: the last dims must be equal, and ${c.show(a.shape)} has ${c.showDim(p)}, ` +
        `${c.show(b.shape)} has ${c.showDim(q)}`,
    )
  const [m, n] = rows ?? []
  const [x, y] = [a, b].map((t) => c.facts.resolve(t.shape)).map(front)
  if (!isDim(m) || !isDim(n) || !x || !y) return result(openShape(), a.dtype)
  const joined = broadcastShapes(x, y, c.facts)
  if (joined.kind === 'clash')
    return c.fail(
      'broadcast-mismatch',
      `${c.name}: the batch dims of ${c.show(a.shape)} and ${c.show(b.shape)} do not broadcast`,
    )
  const { lead, gap, trail } = joined.shape
  const out = result(
    gap ? { lead, gap, trail: [...trail, m, n] } : shapeOf([...lead, m, n]),
    promotedDType([a, b]),
  )
  return joined.assumed && gap ? { ...out, assumed: joined.assumed } : out
}
const isDim = (d: Dim | 'out-of-range' | null | undefined): d is Dim =>
  d !== null && d !== undefined && d !== 'out-of-range'
/** The shape without its last two dims. */
const front = (shape: Shape): Shape | null => {
  if (!shape.gap) return shapeOf(shape.lead.slice(0, -2))
  return shape.trail.length >= 2 ? { ...shape, trail: shape.trail.slice(0, -2) } : null
}

const pdist: Rule = (c) => {
  const dims = c.facts.requireRank(input(c).shape, 2)
  if (!dims)
    return c.fail('rank-mismatch', `${c.name}: needs a matrix, and the input is ${c.show(input(c).shape)}`)
  const n = dims[0]?.value ?? null
  return result(shapeOf([n === null ? fresh() : constant((n * (n - 1)) / 2)]), input(c).dtype)
}

/** A comparison of vectors that lie along a dim of two tensors. */
const cosine =
  (names: readonly [string, string], dimName: string): Rule =>
  (c) => {
    const [a, b] = names.map((name) => c.tensor(name))
    if (!a || !b) return c.stop()
    const joined = broadcastAll(c, [a, b])
    if (!joined) return failed()
    const spot = joined.assumed ? null : spotOf(c, joined.shape, c.int(dimName))
    const keeps = c.bound.has('keepdim') ? c.bool('keepdim') : false
    const type = promotedDType([a, b])
    if (!spot || keeps === null) return result(openShape(), type)
    return { ...result(keeps ? replaceDim(spot, one) : replaceDim(spot), type), assumed: joined.assumed }
  }

/** Covariances of the rows of a matrix. */
const covariance: Rule = (c) => {
  const { shape, dtype } = input(c)
  if (leastRank(shape) > 2)
    return c.fail('rank-mismatch', `${c.name}: needs at most 2 dims, and ${c.show(shape)} has more`)
  for (const name of ['fweights', 'aweights']) {
    const weights = c.bound.has(name) ? c.tensorOrNone(name) : null
    const [dims, count] = [
      weights && dimsOf(weights.shape),
      dimsOf(shape)?.at(-1) ?? (isScalar(shape) ? one : null),
    ]
    if (dims && dims.length > 1)
      return c.fail(
        'rank-mismatch',
        `${c.name}: ${name} must be a vector, and it is ${c.show(shapeOf(dims))}`,
      )
    if (dims?.[0] && count && !c.unify(dims[0], count))
      return c.fail(
        'argument-mismatch',
        `${c.name}: there are ${c.showDim(dims[0])} ${name} for ${c.showDim(count)} observations`,
      )
  }
  const type = toFloat(dtype, c)
  const dims = dimsOf(shape)
  if (!dims) return result(openShape(), type)
  const [rows] = dims
  return dims.length < 2 || rows?.value === 1
    ? result(scalar, type)
    : result(shapeOf([rows ?? one, rows ?? one]), type)
}

/** Flat places as one tensor of indices a dim. */
const unravel: Rule = (c) => {
  const [indices, size] = [c.tensor('indices'), c.ints('shape')]
  if (size.gap) return sequence(result(indices.shape, 'int64', null), null)
  // They are made as one tensor with a last dim for the parts, and taken apart.
  const dims = dimsOf(indices.shape)
  const strides = dims && contiguousStrides([...dims, constant(size.lead.length)]).slice(0, -1)
  return tuple(size.lead.map(() => result(indices.shape, 'int64', dims && layoutOf(dims, strides))))
}

const comparison: Rule = (c) => {
  const joined = broadcastAll(c, [input(c), c.tensor('other')])
  return joined ? bool(sameData(c)) : failed()
}

/** What the data of two tensors says, by how both were made. */
const sameData = (c: OpCall): boolean | null => {
  const [a, b] = [c.bound.get('input') as Value, c.bound.get('other') as Value]
  return a.kind === 'tensor' && b.kind === 'tensor' ? (c.env.haveSameData?.(a, b) ?? null) : null
}

/** Tensors of different shapes are not equal; of the same the values say it. */
const equalTensors: Rule = (c) => {
  const [a, b] = [dimsOf(input(c).shape), dimsOf(c.tensor('other').shape)]
  if (!a || !b) return someBool
  const differs = a.some((d, i) => c.facts.dims.equal(d, b[i] ?? d).kind === 'refuted')
  return bool(a.length !== b.length || differs ? false : sameData(c))
}

export const calculusOps: readonly OpEntry[] = [
  [
    'diff(input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor? = None, append: Tensor? = None)',
    both,
    diff,
  ],
  ...['trapezoid', 'trapz', 'cumulative_trapezoid'].flatMap((name): OpEntry[] => [
    [`${name}(y: Tensor, *, dx: any = 1, dim: int = -1)`, 'torch', trapezoid(name.startsWith('cum'))],
    [`${name}(y: Tensor, x: Tensor, *, dim: int = -1)`, 'torch', trapezoid(name.startsWith('cum'))],
  ]),
  [
    'gradient(input: Tensor, *, spacing: any = None, dim: any = None, edge_order: any = 1)',
    'torch',
    gradient,
  ],
  ['cross(input: Tensor, other: Tensor, dim: int? = None)', both, cross],
  ['cross(input: Tensor, other: Tensor, *, dim: int = -1)', 'linalg', cross],
  ['cdist(x1: Tensor, x2: Tensor, p: any = 2.0, compute_mode: any = None)', 'torch', cdist],
  ['pdist(input: Tensor, p: any = 2)', 'torch F', pdist],
  [
    'cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: any = 1e-8)',
    'torch F',
    cosine(['x1', 'x2'], 'dim'),
  ],
  [
    'cov(input: Tensor, *, correction: any = 1, fweights: Tensor? = None, aweights: Tensor? = None)',
    both,
    covariance,
  ],
  ['corrcoef(input: Tensor)', both, covariance],
  ['unravel_index(indices: Tensor, shape: ints)', 'torch', unravel],
  ['equal(input: Tensor, other: Tensor)', both, equalTensors],
  [
    'allclose(input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False)',
    both,
    comparison,
  ],
]
