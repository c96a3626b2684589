// Windows, diagonals, rolls, flips and triangles of a tensor.

import {
  add,
  constant,
  type Dim,
  floorDivide,
  fresh,
  least,
  maximum,
  minimum,
  multiply,
  one,
  product,
  subtract,
  zero,
} from '../dims/dim'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { isScalar, needLeastRank, needRank, replaceDim, spotInDims, spotOf, spotsOf } from './axes'
import { ownLayout, preservedLayout } from './casting'
import { suggestedLayout } from './image-layout'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { cutBy } from './slices'
import { numbers, reader, sizesOf, valuesAt } from './small-values'
import { layoutOf, seenAs, stridesIn } from './view-size'
import { permuted } from './views'

const input = (c: OpCall): Tensor => c.tensor('input')
const bare = (t: Tensor): Tensor => ({ ...t, values: null, isParameter: false })
const both = 'torch method'

/** `unfold`: windows of a dim as a new last dim. */
const unfold: Rule = (c) => {
  const [t, size, step] = [input(c), c.int('size'), c.int('step')]
  const spot = spotOf(c, t.shape, c.int('dimension'))
  if (step.value !== null && step.value <= 0)
    return c.fail('argument-mismatch', `${c.name}: the step must be greater than 0, and it is ${step.value}`)
  if (!spot) return result(openShape(), t.dtype, null)
  const rest = subtract(spot.size, size)
  if ((rest.value !== null && rest.value < 0) || (size.value !== null && size.value < 0))
    return c.fail(
      'argument-mismatch',
      `${c.name}: a window of ${c.showDim(size)} does not fit into ${c.showDim(spot.size)} ` +
        `elements of ${c.show(t.shape)}`,
    )
  if (isScalar(spot.shape)) return result(shapeOf([size]), t.dtype, layoutOf([size], [one]))
  const counted = replaceDim(spot, add(floorDivide(rest, step), one))
  const shape = counted.gap
    ? { ...counted, trail: [...counted.trail, size] }
    : shapeOf([...counted.lead, size])
  const [dims, strides] = [dimsOf(shape), stridesIn(c, t)]
  if (!dims || !strides) return result(shape, t.dtype, null)
  const own = strides[spot.index] ?? one
  const steps = strides.map((s, i) => (i === spot.index ? multiply(own, step) : s))
  return result(shape, t.dtype, layoutOf(dims, [...steps, own]))
}

const asStrided: Rule = (c) => {
  const [t, size, stride] = [input(c), c.ints('size'), c.ints('stride')]
  const [dims, steps] = [dimsOf(size), dimsOf(stride)]
  if (dims && steps && dims.length !== steps.length)
    return c.fail(
      'argument-mismatch',
      `${c.name}: the size has ${dims.length} dims and the stride ${steps.length}`,
    )
  return result(size, t.dtype, dims && steps ? layoutOf(dims, steps) : null)
}

/** Refuses a window that reaches beyond the memory of a copy, which is the dense tensor's own. */
function needStorage(c: OpCall, t: Tensor, dims: readonly Dim[] | null, steps: readonly Dim[] | null): void {
  const [sizes, strides, own] = [numbers(dims), numbers(steps), sizesOf(t.shape)]
  const offset = c.env.settle(c.value('storage_offset'))
  const start = offset.kind === 'none' ? 0 : offset.kind === 'int' ? offset.dim.value : null
  if (!sizes || !strides || !own || start === null || t.layout !== 'contiguous' || sizes.includes(0)) return
  const last = sizes.reduce((sum, size, i) => sum + (size - 1) * (strides[i] ?? 0), start)
  const count = own.reduce((a, b) => a * b, 1)
  if (last >= count)
    c.refuse(
      'index-out-of-range',
      `${c.name}: element ${last} is beyond the ${count} elements of ${c.show(t.shape)}`,
    )
}

/** The length of a diagonal of an n × m matrix. */
function diagonalLength(c: OpCall, n: Dim, m: Dim, offset: Dim): Dim {
  const [rows, columns] = least(offset) >= 0 ? [n, subtract(m, offset)] : [add(n, offset), m]
  return c.facts.dims.resolve(maximum(minimum(rows, columns), zero))
}

/** A diagonal of two dims as a new last dim. */
function diagonalOf(c: OpCall, t: Tensor, first: Dim, second: Dim, offset: Dim): Tensor {
  needLeastRank(c, t.shape, 2)
  spotInDims(c, t.shape, second)
  const [a, b] = [spotInDims(c, t.shape, first), spotInDims(c, t.shape, second)]
  if (a && b && a.side === b.side && a.index === b.index)
    c.refuse('dim-out-of-range', `${c.name}: the two dims must differ`)
  const dims = dimsOf(c.facts.resolve(t.shape))
  if (!a || !b || !dims) return result(openShape(), t.dtype, null)
  const kept = dims.map((_, i) => i).filter((i) => i !== a.index && i !== b.index)
  const length = diagonalLength(c, a.size, b.size, offset)
  const strides = stridesIn(c, t)
  const own = strides && [
    ...kept.map((i) => strides[i] ?? one),
    add(strides[a.index] ?? one, strides[b.index] ?? one),
  ]
  const out = [...kept.map((i) => dims[i] ?? one), length]
  const [read, by] = [reader(t), offset.value]
  const values =
    read && by !== null
      ? valuesAt(sizesOf(shapeOf(out)), (index) => {
          const at = index.at(-1) ?? 0
          return read(
            dims.map((_, i) =>
              i === a.index
                ? at + Math.max(-by, 0)
                : i === b.index
                  ? at + Math.max(by, 0)
                  : (index[kept.indexOf(i)] ?? 0),
            ),
          )
        })
      : null
  return { ...result(shapeOf(out), t.dtype, layoutOf(out, own)), values }
}

/** A vector as the diagonal of a new matrix. */
function embedded(c: OpCall, t: Tensor, offset: Dim, dim1: Dim, dim2: Dim): Value {
  const spot = spotInDims(c, t.shape, constant(-1))
  if (!spot) return result(openShape(), t.dtype)
  const side = least(offset) >= 0 ? add(spot.size, offset) : subtract(spot.size, offset)
  const rest = dimsOf(replaceDim(spot))
  if (!rest)
    return dim1.value === -2 && dim2.value === -1
      ? result(replaceDim(spot, side, side), t.dtype)
      : result(openShape(), t.dtype)
  const rank = rest.length + 2
  const [a, b] = [dim1, dim2].map((d) => (d.value === null ? null : d.value < 0 ? d.value + rank : d.value))
  if (a === undefined || b === undefined || a === null || b === null) return result(openShape(), t.dtype)
  if (a < 0 || b < 0 || a >= rank || b >= rank)
    return c.fail(
      'dim-out-of-range',
      `${c.name}: dims ${c.showDim(dim1)} and ${c.showDim(dim2)} are not both within ${-rank} to ${rank - 1}`,
    )
  if (a === b) return c.fail('dim-out-of-range', `${c.name}: the two dims must differ`)
  const left = [...rest]
  const dims = Array.from({ length: rank }, (_, i) => (i === a || i === b ? side : (left.shift() ?? one)))
  return result(shapeOf(dims), t.dtype)
}

const diag: Rule = (c) => {
  const [t, offset] = [input(c), c.int('diagonal')]
  const dims = dimsOf(t.shape)
  if (!dims) return result(openShape(), t.dtype)
  if (dims.length === 1) return embedded(c, t, offset, constant(-2), constant(-1))
  if (dims.length !== 2)
    return c.fail('rank-mismatch', `${c.name}: needs 1 or 2 dims, and ${c.show(t.shape)} has ${dims.length}`)
  return { ...diagonalOf(c, t, zero, one, offset), layout: 'contiguous' }
}

/** Elements moved around within their dims. */
const roll: Rule = (c) => {
  const [t, shifts, dims] = [input(c), c.ints('shifts'), c.intsOrNone('dims') ?? scalar]
  if (
    !shifts.gap &&
    !dims.gap &&
    dims.lead.length !== shifts.lead.length &&
    !(dims.lead.length === 0 && shifts.lead.length === 1)
  )
    return c.fail(
      'argument-mismatch',
      `${c.name}: there are ${shifts.lead.length} shifts for ${dims.lead.length} dims`,
    )
  const isEmpty = dimsOf(t.shape)?.some((d) => d.value === 0)
  if (isScalar(t.shape) && dims.lead.length > 0)
    return c.fail('dim-out-of-range', `${c.name}: the tensor has no dims`)
  if (!isEmpty) for (const d of dims.lead) spotOf(c, t.shape, d)
  // One dim after the other, each roll joins two parts.
  const shape = c.facts.resolve(t.shape)
  return result(shape, t.dtype, dims.lead.length === 0 ? 'contiguous' : suggestedLayout(c, t, shape))
}

const flipped = (c: OpCall, t: Tensor, dims: Shape): Tensor => {
  const spots = spotsOf(c, t.shape, dims)
  const [read, sizes] = [reader(t), sizesOf(t.shape)]
  const values =
    read && sizes && spots
      ? valuesAt(sizes, (index) =>
          read(index.map((i, d) => (spots.has('lead', d) ? (sizes[d] ?? 1) - 1 - i : i))),
        )
      : null
  return { ...result(c.facts.resolve(t.shape), t.dtype, preservedLayout(c, t)), values }
}

const rot90: Rule = (c) => {
  const [t, k, dims] = [input(c), c.int('k').value, c.intsOrNone('dims') ?? shapeOf([zero, one])]
  if (!dims.gap && dims.lead.length !== 2)
    return c.fail('argument-mismatch', `${c.name}: needs 2 dims, and ${dims.lead.length} are given`)
  needLeastRank(c, t.shape, 2)
  const [first, second] = dims.lead
  if (!first || !second) return result(openShape(), t.dtype, null)
  spotInDims(c, t.shape, second)
  const [a, b] = [spotInDims(c, t.shape, first), spotInDims(c, t.shape, second)]
  if (a && b && a.side === b.side && a.index === b.index)
    return c.fail('dim-out-of-range', `${c.name}: the two dims must differ`)
  const sizes = dimsOf(c.facts.resolve(t.shape))
  if (!a || !b || !sizes || k === null) return result(openShape(), t.dtype, null)
  if (k % 4 === 0) return result(shapeOf(sizes), t.dtype)
  if (k % 2 === 0) return result(shapeOf(sizes), t.dtype, preservedLayout(c, t))
  // The copy is made by a flip, and then transposed.
  const turned = result(shapeOf(sizes), t.dtype, preservedLayout(c, t))
  return permuted(
    turned,
    sizes.map((_, i) => (i === a.index ? b.index : i === b.index ? a.index : i)),
  )
}

/** The part of matrices on one side of a diagonal. */
const triangle =
  (isLower: boolean): Rule =>
  (c) => {
    needLeastRank(c, input(c).shape, 2)
    if (isScalar(input(c).shape))
      return c.fail('rank-mismatch', `${c.name}: needs at least 2 dims, and the tensor has none`)
    const [t, offset] = [input(c), c.int('diagonal').value]
    const out = result(t.shape, t.dtype)
    const read = reader(t)
    if (!read || offset === null) return out
    return {
      ...out,
      values: valuesAt(sizesOf(t.shape), (index) => {
        const distance = (index.at(-1) ?? 0) - (index.at(-2) ?? 0)
        return (isLower ? distance <= offset : distance >= offset) ? read(index) : zero
      }),
    }
  }

const trace: Rule = (c) => {
  needRank(c, input(c).shape, 2)
  const { dtype } = input(c)
  return result(scalar, dtype && !/float|complex/.test(dtype) ? 'int64' : dtype)
}

/** A slice of a dim replaced by a source of its shape. */
const scattered =
  (wanted: (c: OpCall) => Shape | null): Rule =>
  (c) => {
    const [t, from] = [input(c), c.tensor('src')]
    if (c.name === 'as_strided_scatter') needStorage(c, t, dimsOf(c.ints('size')), dimsOf(c.ints('stride')))
    const shape = wanted(c)
    if (shape && !c.alike(from.shape, shape))
      return c.fail(
        'gather-mismatch',
        `${c.name}: the source must be ${c.show(shape)}, and it is ${c.show(from.shape)}`,
      )
    return result(t.shape, t.dtype, ownLayout(c, t))
  }
const slicePlace = (c: OpCall): Shape | null => {
  const spot = spotInDims(c, input(c).shape, c.int('dim'))
  const slice = {
    kind: 'slice',
    lower: c.value('start'),
    upper: c.value('end'),
    step: c.value('step'),
  } as const
  return spot && replaceDim(spot, cutBy(c, slice, spot.size).size)
}
const diagonalPlace = (c: OpCall): Shape =>
  diagonalOf(c, input(c), c.int('dim1'), c.int('dim2'), c.int('offset')).shape

const dense = (value: Value): Value => (value.kind === 'tensor' ? { ...value, layout: 'contiguous' } : value)
const diagonal: Rule = (c) => diagonalOf(c, input(c), c.int('dim1'), c.int('dim2'), c.int('offset'))

const resized: Rule = (c) => {
  const size = c.bound.has('other') ? c.tensor('other').shape : c.ints('size')
  return { ...seenAs(bare(input(c)), size, 'contiguous') }
}

export const windowOps: readonly OpEntry[] = [
  ['unfold(input: Tensor, dimension: int, size: int, step: int)', 'method', unfold],
  ['unfold_copy(input: Tensor, dimension: int, size: int, step: int)', 'torch', (c) => dense(unfold(c))],
  ['as_strided(input: Tensor, size: ints, stride: ints, storage_offset: any = None)', both, asStrided],
  ['as_strided_(input: Tensor, size: ints, stride: ints, storage_offset: any = None)', 'method', asStrided],
  [
    'as_strided_copy(input: Tensor, size: ints, stride: ints, storage_offset: any = None)',
    'torch',
    (c) => dense(asStrided(c)),
  ],
  [
    'as_strided_scatter(input: Tensor, src: Tensor, size: ints, stride: ints, storage_offset: any = None)',
    both,
    scattered((c) => c.ints('size')),
  ],
  ['diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1)', both, diagonal],
  [
    'diagonal_copy(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1)',
    'torch',
    (c) => dense(diagonal(c)),
  ],
  [
    'diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1)',
    'linalg',
    (c) => diagonalOf(c, c.tensor('A'), c.int('dim1'), c.int('dim2'), c.int('offset')),
  ],
  ['diag(input: Tensor, diagonal: int = 0)', both, diag],
  [
    'diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1)',
    both,
    (c) => embedded(c, input(c), c.int('offset'), c.int('dim1'), c.int('dim2')),
  ],
  [
    'diagflat(input: Tensor, offset: int = 0)',
    both,
    (c) => {
      const dims = dimsOf(input(c).shape)
      const flat = result(shapeOf([dims ? product(dims) : fresh()]), input(c).dtype)
      return embedded(c, flat, c.int('offset'), constant(-2), constant(-1))
    },
  ],
  ['roll(input: Tensor, shifts: ints, dims: ints? = None)', both, roll],
  ['flip(input: Tensor, dims: ints)', 'torch', (c) => flipped(c, input(c), c.ints('dims'))],
  ['flip(input: Tensor, *dims: ints)', 'method', (c) => flipped(c, input(c), c.ints('dims'))],
  [
    'fliplr(input: Tensor)',
    both,
    (c) => {
      needLeastRank(c, input(c).shape, 2)
      return flipped(c, input(c), shapeOf([one]))
    },
  ],
  [
    'flipud(input: Tensor)',
    both,
    (c) => {
      needLeastRank(c, input(c).shape, 1)
      return flipped(c, input(c), shapeOf([zero]))
    },
  ],
  ['rot90(input: Tensor, k: int = 1, dims: ints? = None)', both, rot90],
  ['tril(input: Tensor, diagonal: int = 0)', 'torch method inplace', triangle(true)],
  ['triu(input: Tensor, diagonal: int = 0)', 'torch method inplace', triangle(false)],
  ['trace(input: Tensor)', both, trace],
  [
    'slice_scatter(input: Tensor, src: Tensor, dim: int = 0, start: any = None, end: any = ' +
      'None, step: any = 1)',
    both,
    scattered(slicePlace),
  ],
  [
    'diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1)',
    both,
    scattered(diagonalPlace),
  ],
  ['resize_(input: Tensor, *size: ints)', 'method', resized],
  ['set_(input: Tensor, source: Tensor)', 'method', (c) => bare(c.tensor('source'))],
  ['resize_as_(input: Tensor, other: Tensor, *, memory_format: any = None)', 'method torch', resized],
]
