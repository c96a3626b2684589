// The frequency table: one row a pair, with its wavelength, its turns and what the scaling did; and as CSV.

import type { Band, Frequencies } from './encoding'

export interface FrequencyRow {
  readonly pair: number
  /** θ before any scaling, in radians a position. */
  readonly unscaled: number
  /** θ as it is used. */
  readonly theta: number
  /** 2π/θ in positions; infinite for pairs that stand still. */
  readonly wavelength: number
  /** Full turns within the context. */
  readonly turns: number
  /** Of YaRN and Llama 3 alone. */
  readonly band: Band | null
}

/** The rows for a context of so many positions. */
export function frequencyTable({ theta, unscaled, bands }: Frequencies, context: number): FrequencyRow[] {
  return Array.from(theta, (scaled, pair) => ({
    pair,
    unscaled: unscaled[pair] ?? scaled,
    theta: scaled,
    wavelength: (2 * Math.PI) / scaled,
    turns: (scaled * context) / (2 * Math.PI),
    band: bands?.[pair] ?? null,
  }))
}

export const frequencyColumns = ['pair', 'theta', 'theta_scaled', 'wavelength', 'turns', 'band'] as const

/** The cells of a row in the order of `frequencyColumns`; wavelength and turns are those of the scaled θ. */
export const frequencyCells = ({
  pair,
  unscaled,
  theta,
  wavelength,
  turns,
  band,
}: FrequencyRow): string[] => [
  String(pair),
  String(unscaled),
  String(theta),
  Number.isFinite(wavelength) ? String(wavelength) : '',
  String(turns),
  band ?? '',
]
