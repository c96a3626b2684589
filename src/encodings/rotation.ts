// What all rotary encodings share: parameters, frequencies, layouts, and the turning of a vector.

import { type Effects, type Frequencies, type Layout, layouts, type Rotation, type Round } from './encoding'
import { choice, integer, type Problem, real } from './parameters'

export const headDim = integer(128, {
  meaning: 'The size of a head.',
  unit: 'dimensions',
  least: 2,
  most: 65536,
})

export const base = real(10000, {
  meaning: 'The base b of θᵢ = b^(−2i/d): the larger, the slower the last pairs turn.',
  above: 0,
  most: 1e15,
})

export const layout = choice('half-split', layouts, 'Which dimensions of a head form a pair.')

export const tableLayout = choice(
  'as the layout',
  ['as the layout', 'half-split', 'interleaved'],
  'The order of the columns of the cos and sin tables. Another one than the layout is a mistake: scores then no longer depend on i − j alone.',
)

/** The parameters of every rotary encoding of text. */
export const rotaryParameters = {
  head_dim: headDim,
  rope_theta: base,
  partial_rotary_factor: real(1, {
    meaning: 'The part of a head that is turned; the rest passes through.',
    above: 0,
    most: 1,
  }),
  layout,
  table_layout: tableLayout,
}

export interface RotaryValues {
  readonly head_dim: number
  readonly rope_theta: number
  readonly partial_rotary_factor: number
  readonly layout: Layout
  readonly table_layout: 'as the layout' | 'half-split' | 'interleaved'
}

/** How many dimensions of the head are turned. */
export const rotatedDim = (values: Pick<RotaryValues, 'head_dim' | 'partial_rotary_factor'>): number =>
  Math.trunc(values.head_dim * values.partial_rotary_factor)

/** Pairs need an even number of dimensions, at least two. */
export function pairProblems(values: RotaryValues): Problem[] {
  const dim = rotatedDim(values)
  if (dim >= 2 && dim % 2 === 0) return []
  if (values.partial_rotary_factor === 1)
    return [
      {
        key: 'head_dim',
        message: `head_dim is ${dim}: it has to be even, since dimensions are turned in pairs`,
      },
    ]
  const message = `partial_rotary_factor ${values.partial_rotary_factor} turns ${dim} of ${values.head_dim} dimensions: it has to be an even number, at least 2`
  return [{ key: 'partial_rotary_factor', message }]
}

/** θᵢ = b^(−2i/d), rounded as PyTorch does. */
export function powersOf(base: number, dim: number, round: Round): Float64Array {
  const b = round(base)
  return Float64Array.from({ length: dim / 2 }, (_, i) => round(1 / round(b ** round((2 * i) / dim))))
}

interface Turning extends Partial<Frequencies> {
  readonly theta: Float64Array
  readonly attentionFactor?: number
  readonly dim?: number
  readonly coordinates?: Rotation['coordinates']
  readonly axes?: Rotation['axes']
  readonly growth?: Rotation['growth']
  readonly isToeplitz?: boolean
}

/** The effects of turning queries and keys; what is left out is as in plain text with the default RoPE. */
export function turning(values: Omit<RotaryValues, 'rope_theta'>, turn: Turning): Effects {
  const tableLayout = values.table_layout === 'as the layout' ? values.layout : values.table_layout
  const rotation: Rotation = {
    dim: turn.dim ?? rotatedDim(values),
    theta: turn.theta,
    unscaled: turn.unscaled ?? turn.theta,
    bands: turn.bands ?? null,
    attentionFactor: turn.attentionFactor ?? 1,
    layout: values.layout,
    tableLayout,
    coordinates: turn.coordinates ?? ((position) => [position]),
    axes: turn.axes ?? Array.from(turn.theta, () => 0),
    growth: turn.growth ?? null,
  }
  const isMixed = isHalfSplit(values.layout) !== isHalfSplit(tableLayout)
  return {
    headDim: values.head_dim,
    heads: 1,
    frequencies: rotation,
    rotation,
    isToeplitz: !isMixed && (turn.isToeplitz ?? true),
  }
}

const isHalfSplit = (layout: Layout): boolean => layout === 'half-split'

/** For each turned dimension: its pair's other dimension, and the sign that this gets: x' = x·cos + sign·x[partner]·sin. */
export function partners(dim: number, layout: Layout): { partner: number[]; sign: number[] } {
  const indices = Array.from({ length: dim }, (_, m) => m)
  const half = dim / 2
  const isFirst = (m: number): boolean => (isHalfSplit(layout) ? m < half : m % 2 === 0)
  const step = isHalfSplit(layout) ? half : 1
  return {
    partner: indices.map((m) => (isFirst(m) ? m + step : m - step)),
    sign: indices.map((m) => (isFirst(m) ? -1 : 1)),
  }
}

/** The pair whose cos and sin stand in a column of the table. */
export const pairOfColumn = (column: number, dim: number, tableLayout: Layout): number =>
  isHalfSplit(tableLayout) ? column % (dim / 2) : Math.floor(column / 2)

/** The angle by which a pair is turned at a position, in radians. */
export function angle(rotation: Rotation, position: number, pair: number, round: Round): number {
  const coordinate = rotation.coordinates(position)[rotation.axes[pair] ?? 0] ?? 0
  return round(round(coordinate) * (rotation.theta[pair] ?? 0))
}

export interface CosSin {
  /** [positions, pairs], row by row; the attention factor is in them. */
  readonly cos: Float64Array
  readonly sin: Float64Array
}

/** cos and sin of each pair at some positions, times the attention factor. */
export function cosSin(rotation: Rotation, positions: readonly number[], round: Round): CosSin {
  const pairs = rotation.theta.length
  const cos = new Float64Array(positions.length * pairs)
  const sin = new Float64Array(positions.length * pairs)
  const factor = round(rotation.attentionFactor)
  for (const [row, position] of positions.entries()) {
    for (let pair = 0; pair < pairs; pair++) {
      const turned = angle(rotation, position, pair, round)
      cos[row * pairs + pair] = round(round(Math.cos(turned)) * factor)
      sin[row * pairs + pair] = round(round(Math.sin(turned)) * factor)
    }
  }
  return { cos, sin }
}

/** xPos's factor of a pair at a position; 1 elsewhere. */
export function growthAt({ growth }: Rotation, side: Side, position: number, pair: number): number {
  if (!growth) return 1
  const power = (side === 'query' ? position : -position) / growth.scaleBase
  return (growth.zeta[pair] ?? 1) ** power
}

export type Side = 'query' | 'key'

/** A vector of one head turned to its position; dimensions beyond the turned ones stay. */
export function rotate(
  rotation: Rotation,
  vector: ArrayLike<number>,
  side: Side,
  position: number,
  round: Round,
): Float64Array {
  const { dim, layout, tableLayout } = rotation
  const { cos, sin } = cosSin(rotation, [position], round)
  const { partner, sign } = partners(dim, layout)
  return Float64Array.from(vector, (value, m) => {
    if (m >= dim) return value
    const pair = pairOfColumn(m, dim, tableLayout)
    const other = (sign[m] ?? 0) * (vector[partner[m] ?? 0] ?? 0)
    const turned = round(round(value * (cos[pair] ?? 0)) + round(other * (sin[pair] ?? 0)))
    return turned * growthAt(rotation, side, position, pair)
  })
}
