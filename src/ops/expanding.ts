// Operations that repeat elements: expand, broadcast_to, repeat, tile, repeat_interleave.

import { add, type Dim, fresh, multiply, one, product, zero } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { dimsOf, leastRank, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { tuple, type Value } from '../trace/values'
import { isScalar, replaceDim, spotOf } from './axes'
import { broadcastAll } from './elementwise-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { widened } from './reductions'
import { numbers, reader, sizesOf, valuesAt } from './small-values'
import { layoutOf, seenAs, stridesIn } from './view-size'

/** The tensor seen with its dims of size 1 repeated at stride 0. */
export function expanded(c: OpCall, input: Tensor, target: Shape): Value {
  const { shape } = input
  const wanted = dimsOf(target)
  const own = dimsOf(shape)
  if (!wanted) return expandedOpen(input, target)
  if (leastRank(shape) > wanted.length)
    return c.fail(
      'expand-mismatch',
      `${c.name}: ${c.show(shape)} has more dims than ${c.show(target)}; dims can only be added in front`,
    )
  const missing = wanted.length - (own ?? []).length
  const strides = stridesIn(c, input)
  const steps: (Dim | null)[] = []
  const dims = wanted.map((size, i) => {
    const from = own ? own[i - missing] : shape.trail[i - wanted.length + shape.trail.length]
    const step = strides?.[i - missing] ?? null
    if (!from) {
      if (size.value === -1 && own)
        c.refuse(
          'expand-mismatch',
          `${c.name}: ${c.show(target)} has -1 for a dim that ${c.show(shape)} does not have`,
        )
      steps.push(own ? zero : null)
      return size.value === -1 ? fresh() : size
    }
    if (size.value === -1 || size.key === from.key) {
      steps.push(step)
      return from
    }
    if (from.value === 1) {
      steps.push(zero)
      return size
    }
    // A number that the code has for such a dim is 0.
    if (from.value === 0 && size.value === null) {
      steps.push(step)
      return from
    }
    // A dim of size 1 would be repeated; any other must be as wanted.
    if (from.value === null ? size.value !== null : c.unify(size, from)) {
      steps.push(from.value === null ? null : step)
      return from.value === null ? size : from
    }
    if (from.value === null) {
      steps.push(null)
      return size
    }
    return c.refuse(
      'expand-mismatch',
      `${c.name}: ${c.show(shape)} cannot become ${c.show(target)}: dim ${i - wanted.length} has ` +
        `${c.showDim(from)} elements, not ${c.showDim(size)}; only dims of size 1 can be expanded`,
    )
  })
  const known = steps.includes(null) ? null : (steps as Dim[])
  const read = reader(input)
  return {
    ...seenAs(input, shapeOf(dims), known && layoutOf(dims, known)),
    values: read && valuesAt(sizesOf(shapeOf(dims)), read),
  }
}

/** To an open target: what its last dims say. */
function expandedOpen(input: Tensor, target: Shape): Value {
  const own = input.shape.gap ? input.shape.trail : input.shape.lead
  const trail = target.trail.map((size, i) =>
    size.value === -1 ? (own[own.length - target.trail.length + i] ?? fresh()) : size,
  )
  const lead = target.lead.map((size) => (size.value === -1 ? fresh() : size))
  return { ...seenAs(input, { lead, gap: target.gap, trail }, null), values: null }
}

const broadcastTensors: Rule = (c) => {
  const inputs = c.tensors('tensors')
  const joined = broadcastAll(c, inputs)
  if (!joined) return failed()
  const views = inputs.map((t) => expanded(c, t, joined.shape))
  return tuple(
    views.map((v) => (v.kind === 'tensor' && joined.assumed ? { ...v, assumed: joined.assumed } : v)),
  )
}

/** Each dim repeated so many times, with new dims in front. */
function repeated(c: OpCall, input: Tensor, times: Shape, padsTimes: boolean): Value {
  const own = dimsOf(input.shape)
  if (times.gap || (!own && padsTimes)) return result(openShape(), input.dtype)
  let counts = times.lead
  if (own && padsTimes && counts.length < own.length)
    counts = [...Array.from({ length: own.length - counts.length }, () => one), ...counts]
  const negative = counts.find((d) => d.value !== null && d.value < 0)
  if (negative)
    return c.fail('repeat-mismatch', `${c.name}: ${c.showDim(negative)} is not a number of repetitions`)
  if (counts.length < leastRank(input.shape))
    return c.fail(
      'repeat-mismatch',
      `${c.name}: ${c.show(input.shape)} has ${leastRank(input.shape)} dims, and only ` +
        `${counts.length} numbers of repetitions are given`,
    )
  const sizes = own ?? input.shape.trail
  const dims = counts.map((n, i) => {
    const size = sizes[i - counts.length + sizes.length]
    return size ? multiply(n, size) : own ? n : n.value === 0 ? zero : fresh()
  })
  const shape = shapeOf(dims)
  const [read, from] = [reader(input), sizesOf(input.shape)]
  const values =
    read &&
    from &&
    valuesAt(sizesOf(shape), (index) =>
      read(from.map((size, d) => (index[index.length - from.length + d] ?? 0) % Math.max(size, 1))),
    )
  return { ...result(shape, input.dtype), values }
}

/** Each element so many times: a number for all, or one a position. */
/** The elements, each in a dim (or of all in one row) as often as told; one number tells it for all. */
function repeatedValues(
  input: Tensor,
  dim: number | null,
  times: readonly Dim[] | null | undefined,
  out: Tensor,
): readonly Dim[] | null {
  const [read, sizes, counts] = [reader(input), sizesOf(input.shape), numbers(times ?? null)]
  if (!read || !sizes || !counts) return null
  const length = dim === null ? (input.values?.length ?? 0) : (sizes[dim] ?? 1)
  const [first = 0] = counts
  const source = Array.from({ length }, (_, i) =>
    Array<number>(counts.length === 1 ? first : (counts[i] ?? 0)).fill(i),
  ).flat()
  return valuesAt(sizesOf(out.shape), (index) =>
    dim === null
      ? input.values?.[source[index[0] ?? 0] ?? 0]
      : read(index.map((i, d) => (d === dim ? (source[i] ?? 0) : i))),
  )
}

const repeatInterleave: Rule = (c) => {
  const [input, dim, size] = [c.tensor('input'), c.intOrNone('dim'), c.intOrNone('output_size')]
  const times = c.tensor('repeats')
  const flat = dim ? null : dimsOf(input.shape)
  const spot = dim ? spotOf(c, input.shape, dim) : null
  if (dim && !spot) return result(openShape(), input.dtype)
  const count = spot ? spot.size : flat && product(flat)
  const into = (n: Dim): Value => {
    const out = result(
      spot ? (isScalar(spot.shape) ? shapeOf([n]) : replaceDim(spot, n)) : shapeOf([n]),
      input.dtype,
    )
    const values = repeatedValues(input, spot ? spot.index : null, single ? [single] : times.values, out)
    return { ...out, values }
  }
  const known = dimsOf(times.shape)
  const isOne = known?.every((d) => d.value === 1)
  const single = isOne ? times.values?.[0] : undefined
  if (single?.value !== undefined && single.value !== null && single.value < 0)
    return c.fail('repeat-mismatch', `${c.name}: ${single.value} is not a number of repetitions`)
  if (single && count) return into(multiply(count, single))
  if (known && known.length > 1)
    return c.fail('repeat-mismatch', `${c.name}: repeats must have one dim, and it is ${c.show(times.shape)}`)
  const [length] = known ?? []
  if (length && count && !isOne && !c.unify(length, count))
    return c.fail(
      'repeat-mismatch',
      `${c.name}: there are ${c.showDim(length)} numbers of repetitions for ${c.showDim(count)} elements`,
    )
  if (size) return into(size)
  return into(times.values && !isOne ? times.values.reduce(add, zero) : fresh())
}

/** The repeats themselves: position i so many times. */
const repeatedPositions: Rule = (c) => {
  const { values, shape, dtype } = c.tensor('repeats')
  if ((dimsOf(shape) ?? [one]).length !== 1)
    return c.fail('repeat-mismatch', `${c.name}: repeats must have one dim, and it is ${c.show(shape)}`)
  return result(shapeOf([c.intOrNone('output_size') ?? values?.reduce(add, zero) ?? fresh()]), dtype)
}

/** The sum of an expanded tensor back to a shape that broadcasts to its own. */
const sumToSize: Rule = (c) => {
  const [input, size] = [c.tensor('input'), c.ints('size')]
  const joined = broadcastShapes(size, input.shape, c.facts)
  const tooMany = !size.gap && !input.shape.gap && size.lead.length > input.shape.lead.length
  const clashes = dimsOf(size)?.some((d, i, all) => {
    const own = dimsOf(input.shape)?.at(i - all.length)
    return d.value !== 1 && own && d.value !== null && own.value !== null && d.value !== own.value
  })
  if (joined.kind === 'clash' || tooMany || clashes)
    return c.fail('expand-mismatch', `${c.name}: ${c.show(input.shape)} cannot be summed to ${c.show(size)}`)
  if (dimsOf(size)?.length === 0) return result(size, widened(input.dtype))
  const [own, wanted] = [dimsOf(input.shape), dimsOf(size)]
  if (!own || !wanted) return result(size, widened(input.dtype) === input.dtype ? input.dtype : null, null)
  if (wanted.length === own.length && wanted.every((d, i) => d.key === own[i]?.key)) return input
  // Nothing may have to be summed: then it is the tensor itself.
  const sums = own.length > wanted.length || wanted.some((d, i) => d.value === 1 && (own[i]?.value ?? 1) > 1)
  if (sums) return result(size, widened(input.dtype))
  return result(
    size,
    widened(input.dtype) === input.dtype ? input.dtype : null,
    input.layout === 'contiguous' ? 'contiguous' : null,
  )
}

const into = (c: OpCall, name: string): Value => expanded(c, c.tensor('input'), c.ints(name))

export const expandingOps: readonly OpEntry[] = [
  ['expand(input: Tensor, *size: ints)', 'method', (c) => into(c, 'size')],
  ['expand(input: Tensor, *size: ints, implicit: bool)', 'method', (c) => into(c, 'size')],
  [
    'expand_as(input: Tensor, other: Tensor)',
    'method',
    (c) => expanded(c, c.tensor('input'), c.tensor('other').shape),
  ],
  [
    'expand_copy(input: Tensor, size: ints)',
    'torch',
    (c) => {
      const value = into(c, 'size')
      return value.kind === 'tensor' ? { ...value, layout: 'contiguous' } : value
    },
  ],
  ['broadcast_to(input: Tensor, size: ints)', 'torch', (c) => into(c, 'size')],
  ['broadcast_to(input: Tensor, *size: ints)', 'method', (c) => into(c, 'size')],
  ['broadcast_tensors(*tensors: Tensors)', 'torch', broadcastTensors],
  [
    'broadcast_shapes(*shapes: any)',
    'torch',
    (c) => {
      let joined: Shape = scalar
      for (const value of c.rest('shapes')) {
        const shape = value.kind === 'int' ? shapeOf([value.dim]) : c.env.asSize(value)
        const next = shape ? broadcastAll(c, [result(joined, null), result(shape, null)]) : c.stop()
        if (!next) return failed()
        joined = next.shape
      }
      return joined.gap
        ? { kind: 'size', shape: joined }
        : tuple(joined.lead.map((dim) => ({ kind: 'int', dim })))
    },
  ],
  [
    'repeat(input: Tensor, *repeats: ints)',
    'method',
    (c) => repeated(c, c.tensor('input'), c.ints('repeats'), false),
  ],
  ['tile(input: Tensor, *dims: ints)', 'method', (c) => repeated(c, c.tensor('input'), c.ints('dims'), true)],
  ['tile(input: Tensor, dims: ints)', 'torch', (c) => repeated(c, c.tensor('input'), c.ints('dims'), true)],
  [
    'repeat_interleave(input: Tensor, repeats: operand, dim: int? = None, *, output_size: int? = None)',
    'torch method',
    repeatInterleave,
  ],
  ['repeat_interleave(repeats: Tensor, *, output_size: int? = None)', 'torch', repeatedPositions],
  ['sum_to_size(input: Tensor, *size: ints)', 'method', sumToSize],
]
