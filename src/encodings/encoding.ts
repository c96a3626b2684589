// What an encoding is: a kind with parameters, and with their values what it does to queries, keys and scores.

import { checkValues, type Parameters, type Problem, type Result, type ValuesOf } from './parameters'

/** `f32`: rounded to fp32 wherever PyTorch rounds. */
export type Precision = 'f64' | 'f32'

/** Rounds one step of a computation to the precision that is asked for. */
export type Round = (value: number) => number

export const rounding = (precision: Precision): Round =>
  precision === 'f32' ? Math.fround : (value) => value

/** How the dimensions of a head are taken as pairs: (i, i + d/2), or (2i, 2i + 1), as a complex number or not. */
export const layouts = ['half-split', 'interleaved', 'complex'] as const
export type Layout = (typeof layouts)[number]

/** What a scaling did to a pair: kept its θ, divided it by the factor, or took a mean of both. */
export type Band = 'kept' | 'blended' | 'divided'

/** θ of each pair, in radians a position. */
export interface Frequencies {
  readonly theta: Float64Array
  /** Before any scaling. */
  readonly unscaled: Float64Array
  /** Of YaRN and Llama 3 alone. */
  readonly bands: readonly Band[] | null
}

/** Queries and keys are turned: pair i of a vector at position p by the angle p·θᵢ. */
export interface Rotation extends Frequencies {
  /** How many of the head's first dimensions are turned; two a pair. */
  readonly dim: number
  /** Multiplies cos and sin. */
  readonly attentionFactor: number
  readonly layout: Layout
  /** The order of the columns of the cos and sin tables. Another one than `layout` is a mistake that is made. */
  readonly tableLayout: Layout
  /** The coordinates of a position: one for text, several for images and video. */
  readonly coordinates: (position: number) => readonly number[]
  /** Which coordinate turns each pair. */
  readonly axes: readonly number[]
  /** xPos: queries grow by ζᵢ^(p / scaleBase), and keys shrink by it. */
  readonly growth: { readonly zeta: Float64Array; readonly scaleBase: number } | null
}

/** A vector for each distance j − i, whose product with the query is added to the score. */
export interface RelativeTable {
  readonly vector: (head: number, offset: number) => Float64Array
  /** Transformer-XL's u, added to the query where it meets the key; null for none. */
  readonly contentBias: (head: number) => Float64Array | null
  /** Transformer-XL's v, added to the query where it meets the table; null for none. */
  readonly positionBias: (head: number) => Float64Array | null
}

/**
 * What an encoding does to attention. i is the query's position and j the key's; a score is
 * scale · ((q + u)·k + (q + v)·r(j − i)) + bias(j − i), with q and k as they are after the table is
 * added, the rotation and the query's own scale.
 */
export interface Effects {
  /** The size of a head. */
  readonly headDim: number
  /** The heads that differ in it; 1 where all are alike. */
  readonly heads: number
  /** Multiplies q·k; 1/√headDim if left out. */
  readonly scale?: number
  /** Of a rotation or a sinusoidal table. */
  readonly frequencies?: Frequencies
  readonly rotation?: Rotation
  /** The vector that is added to queries and keys at a position. */
  readonly added?: (position: number) => Float64Array
  readonly relative?: RelativeTable
  /** Added to the score, after the scale; the offset is j − i. */
  readonly bias?: (head: number, offset: number) => number
  /** Multiplies the query at a position. */
  readonly queryScale?: (position: number) => number
  /** True if the position-only map depends on i − j alone. */
  readonly isToeplitz: boolean
}

export interface Encoding extends Effects {
  readonly kind: EncodingKind
  readonly values: Readonly<Record<string, unknown>>
  readonly precision: Precision
  readonly scale: number
}

export type Family = 'rotary' | 'absolute' | 'relative' | 'bias' | 'none'

/** One way to tell attention about positions, with its parameters described. */
export interface EncodingKind {
  readonly id: string
  readonly title: string
  readonly family: Family
  /** One or two sentences for people. */
  readonly summary: string
  /** Where it was published. */
  readonly source: string
  readonly parameters: Parameters
  /** The encoding with these values, and the defaults of those that are missing. */
  create(given?: Readonly<Record<string, unknown>>, precision?: Precision): Result<Encoding>
}

interface Definition<P extends Parameters> extends Omit<EncodingKind, 'create'> {
  readonly parameters: P
  /** What is wrong between parameters that are fine by themselves. */
  readonly check?: (values: ValuesOf<P>) => readonly Problem[]
  readonly effects: (values: ValuesOf<P>, round: Round) => Effects
}

export function defineEncoding<P extends Parameters>(definition: Definition<P>): EncodingKind {
  const { check, effects, ...described } = definition
  const kind: EncodingKind = {
    ...described,
    create(given = {}, precision = 'f64') {
      const checked = checkValues(definition.parameters, given)
      if (!checked.ok) return checked
      const problems = check?.(checked.value) ?? []
      if (problems.length > 0) return { ok: false, problems }
      const made = effects(checked.value, rounding(precision))
      const scale = made.scale ?? 1 / Math.sqrt(made.headDim)
      return { ok: true, value: { ...made, scale, kind, values: checked.value, precision } }
    },
  }
  return kind
}
