// Functions on images and grids: interpolate, pixel_shuffle, channel_shuffle, grid_sample, affine_grid.

import { constant, type Dim, floorDivide, fresh, multiply, one, scale } from '../dims/dim'
import { dimsOf, leastRank, openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { numberOf, type Value } from '../trace/values'
import { suggestedLayout } from './image-layout'
import { append, differ, intList, sameDType, splitEnds, splitLast } from './nn-core'
import { failed, type OpEntry, type Rule, result } from './op'
import { reader, sizesOf, valuesAt } from './small-values'

const code = 'image-mismatch'

/** ⌊size · factor⌋. */
function scaled(size: Dim, factor: number | null): Dim {
  if (factor === null) return fresh()
  if (size.value !== null) return constant(Math.floor(size.value * factor))
  for (const below of [1, 2, 4, 8, 16, 32, 64])
    if (Number.isInteger(factor * below)) return floorDivide(scale(size, factor * below), constant(below))
  return fresh()
}

const modeRanks: Record<string, number> = { linear: 3, bilinear: 4, bicubic: 4, trilinear: 5, lanczos: 4 }

const mayBeNone = (value: Value): boolean =>
  value.kind === 'union' && value.options.some((o) => o.kind === 'none')

const interpolate: Rule = (c) => {
  const input = c.tensor('input')
  const mode = c.str('mode')
  const wanted = mode === null ? undefined : modeRanks[mode]
  const least = leastRank(input.shape)
  const rank = input.shape.gap ? null : least
  const misfit = (needed: string): Value =>
    c.fail(
      code,
      `${c.name}: mode '${mode}' takes an input of ${needed} dims (batch, channels and space), and it ` +
        `is ${c.show(input.shape)}`,
    )
  if (wanted !== undefined && !c.facts.requireRank(input.shape, wanted)) return misfit(String(wanted))
  if (rank !== null && (rank < 3 || rank > 5)) return misfit('3 to 5')
  const parts = splitEnds(c, input.shape, 2, 0)
  if (!parts || parts === 'too-few') return result(openShape(), input.dtype, null)
  const space = dimsOf(parts.middle)
  if (!space) return result({ ...openShape(parts.first) }, input.dtype, null)
  const [size, factor] = [c.env.settle(c.value('size')), c.env.settle(c.value('scale_factor'))]
  // Where conditions decide which of the two is given, it is not known here.
  const isEither = [c.value('size'), c.value('scale_factor')].some(mayBeNone)
  if (!isEither && (size.kind === 'none') === (factor.kind === 'none'))
    return size.kind === 'none'
      ? c.fail(code, `${c.name}: either size or scale_factor is needed`)
      : c.fail(code, `${c.name}: only one of size and scale_factor may be given`)
  let sizes: Dim[]
  if (isEither) sizes = space.map(() => fresh())
  else if (size.kind !== 'none') {
    const given = intList(c, size)
    if (given && given.length !== space.length && size.kind !== 'int')
      return c.fail(
        code,
        `${c.name}: size has ${given.length} numbers, and ${c.show(input.shape)} has ${space.length} ` +
          'dims of space',
      )
    sizes = space.map((_, i) => (given ? (given.length === 1 ? given[0] : given[i]) : undefined) ?? fresh())
  } else {
    const items = c.env.itemsOf(factor)
    if (items && items.length !== space.length)
      return c.fail(
        code,
        `${c.name}: scale_factor has ${items.length} numbers, and ${c.show(input.shape)} has ` +
          `${space.length} dims of space`,
      )
    sizes = space.map((d, i) => scaled(d, numberOf(c.env.settle(items?.[i] ?? factor))))
  }
  const shape = shapeOf([...parts.first, ...sizes])
  const known = { ...input, shape: c.facts.resolve(input.shape) }
  const isPooled = mode === 'area' && input.layout !== 'contiguous'
  const resized = result(shape, input.dtype, isPooled ? null : suggestedLayout(c, known, shape))
  return { ...resized, values: mode === 'nearest' ? nearestValues(known, shape) : null }
}

/** The elements nearest to those of another size, where they are all alike or every n-th is taken. */
function nearestValues(input: Tensor, shape: Shape): readonly Dim[] | null {
  const [read, from, to] = [reader(input), sizesOf(input.shape), sizesOf(shape)]
  const [first] = input.values ?? []
  if (!read || !from || !to || !first) return null
  if (input.values?.every((v) => v.key === first.key)) return valuesAt(to, () => first)
  const steps = from.map((n, d) => n / (to[d] ?? 1))
  return steps.every(Number.isInteger)
    ? valuesAt(to, (index) => read(index.map((i, d) => i * (steps[d] ?? 1))))
    : null
}

/** pixel_shuffle and pixel_unshuffle on the last three dims. */
const shuffle =
  (isBack: boolean): Rule =>
  (c) => {
    const input = c.tensor('input')
    const factor = c.int(isBack ? 'downscale_factor' : 'upscale_factor')
    const split = splitLast(c, input.shape, 3)
    if (split === 'too-few')
      return c.fail(code, `${c.name}: the input needs at least 3 dims, and it is ${c.show(input.shape)}`)
    if (!split) return result(openShape(), input.dtype, null)
    const [channels, height, width] = split.last as readonly [Dim, Dim, Dim]
    const squared = multiply(factor, factor)
    const checks: [Dim, Dim, number][] = isBack
      ? [
          [height, factor, -2],
          [width, factor, -1],
        ]
      : [[channels, squared, -3]]
    for (const [dim, divisor, at] of checks)
      if (c.facts.dims.divides(divisor, dim) === false)
        return c.fail(
          code,
          `${c.name}: dim ${at} of ${c.show(input.shape)} is ${c.showDim(dim)}, which does not divide ` +
            `by ${c.showDim(divisor)}`,
        )
    const dims = isBack
      ? [multiply(channels, squared), floorDivide(height, factor), floorDivide(width, factor)]
      : [floorDivide(channels, squared), multiply(height, factor), multiply(width, factor)]
    const layout = input.layout === 'contiguous' ? 'contiguous' : null
    return result(append(split.rest, ...dims.map((d) => c.facts.dims.resolve(d))), input.dtype, layout)
  }

const channelShuffle: Rule = (c) => {
  const input = c.tensor('input')
  const parts = splitEnds(c, input.shape, 2, 0)
  const rank = input.shape.gap ? null : input.shape.lead.length
  if (parts === 'too-few' || (rank !== null && rank < 3))
    return c.fail(code, `${c.name}: the input needs at least 3 dims, and it is ${c.show(input.shape)}`)
  const channels = parts?.first[1]
  if (channels && c.facts.dims.divides(c.int('groups'), channels) === false)
    return c.fail(
      code,
      `${c.name}: the ${c.showDim(channels)} channels of ${c.show(input.shape)} do not divide into ` +
        `${c.showDim(c.int('groups'))} groups`,
    )
  const known = { ...input, shape: c.facts.resolve(input.shape) }
  return result(known.shape, input.dtype, suggestedLayout(c, known, known.shape))
}

const gridSample: Rule = (c) => {
  const [input, grid] = [c.tensor('input'), c.tensor('grid')]
  const dtype = sameDType(c, [input, grid])
  if (dtype === false) return failed()
  const rankAs = (shape: Shape, other: Shape): readonly Dim[] | null => {
    const rank = dimsOf(other)?.length
    return dimsOf(shape) ?? (rank && c.assumed !== 'rank' ? c.facts.requireRank(shape, rank) : null)
  }
  const [x, b] = [rankAs(input.shape, grid.shape), rankAs(grid.shape, input.shape)]
  if (!x || !b) return result(openShape(), dtype, null)
  if (x.length !== b.length || (x.length !== 4 && x.length !== 5))
    return c.fail(
      code,
      `${c.name}: input and grid must both have 4 or 5 dims, and they are ${c.show(input.shape)} and ` +
        `${c.show(grid.shape)}`,
    )
  const [batch, last] = [b[0] as Dim, b[b.length - 1] as Dim]
  if (!c.unify(x[0] as Dim, batch))
    return c.fail(
      code,
      `${c.name}: the input ${c.show(input.shape)} and the grid ${c.show(grid.shape)} have batches of ` +
        `${c.showDim(x[0] as Dim)} and ${c.showDim(batch)}`,
    )
  if (!c.unify(last, constant(x.length - 2)))
    return c.fail(
      code,
      `${c.name}: the last dim of the grid ${c.show(grid.shape)} must be ${x.length - 2}, one number ` +
        'for each dim of space',
    )
  return result(shapeOf([x[0] as Dim, x[1] as Dim, ...b.slice(1, -1)]), dtype)
}

const affineGrid: Rule = (c) => {
  const theta = c.tensor('theta')
  const size = c.ints('size')
  const dims = dimsOf(size)
  if (!dims) return result(openShape(), theta.dtype, null)
  const space = dims.length - 2
  if (space !== 2 && space !== 3)
    return c.fail(code, `${c.name}: size must have 4 or 5 numbers, and it has ${dims.length}`)
  const t = c.facts.requireRank(theta.shape, 3)
  const fits =
    t &&
    !differ(c, t[1] as Dim, constant(space)) &&
    !differ(c, t[2] as Dim, constant(space + 1)) &&
    !differ(c, t[0] as Dim, dims[0] as Dim)
  if (!fits)
    return c.fail(
      code,
      `${c.name}: theta ${c.show(theta.shape)} must be [${c.showDim(dims[0] ?? one)}, ${space}, ` +
        `${space + 1}] for the size ${c.show(size)}`,
    )
  return result(shapeOf([dims[0] as Dim, ...dims.slice(2), constant(space)]), theta.dtype, null)
}

export const visionOps: readonly OpEntry[] = [
  [
    "interpolate(input: Tensor, size: any? = None, scale_factor: any? = None, mode: str = 'nearest', " +
      'align_corners: any = None, ' +
      'recompute_scale_factor: any = None, antialias: any = False)',
    'F',
    interpolate,
  ],
  [
    "upsample(input: Tensor, size: any = None, scale_factor: any = None, mode: str = 'nearest', " +
      'align_corners: any = None)',
    'F',
    interpolate,
  ],
  [
    "upsample_nearest(input: Tensor, size: any = None, scale_factor: any = None, mode: str = 'nearest')",
    'F',
    interpolate,
  ],
  [
    "upsample_bilinear(input: Tensor, size: any = None, scale_factor: any = None, mode: str = 'bilinear')",
    'F',
    interpolate,
  ],
  ['pixel_shuffle(input: Tensor, upscale_factor: int)', 'F torch', shuffle(false)],
  ['pixel_unshuffle(input: Tensor, downscale_factor: int)', 'F torch', shuffle(true)],
  ['channel_shuffle(input: Tensor, groups: int)', 'F torch', channelShuffle],
  ...['grid_sampler', 'grid_sampler_2d', 'grid_sampler_3d'].map(
    (name): OpEntry => [
      `${name}(input: Tensor, grid: Tensor, interpolation_mode: any, padding_mode: any, align_corners: any)`,
      'torch',
      gridSample,
    ],
  ),
  [
    "grid_sample(input: Tensor, grid: Tensor, mode: any = 'bilinear', padding_mode: any = 'zeros', " +
      'align_corners: any = None)',
    'F',
    gridSample,
  ],
  ['affine_grid(theta: Tensor, size: ints, align_corners: any = None)', 'F', affineGrid],
]
