// Llama 3's scaling: by wavelength, short ones stay, long ones are divided, those between are blended.

import { type Band, defineEncoding } from './encoding'
import { real } from './parameters'
import { scalingFactor, trainedLength } from './rope-scaling'
import { pairProblems, powersOf, rotaryParameters, rotatedDim, turning } from './rotation'

const parameters = {
  ...rotaryParameters,
  factor: { ...scalingFactor, default: 8 },
  low_freq_factor: real(1, {
    meaning: 'Wavelengths above L over this are divided by the factor.',
    unit: 'turns',
    above: 0,
    most: 1e6,
  }),
  high_freq_factor: real(4, {
    meaning: 'Wavelengths below L over this are kept.',
    unit: 'turns',
    above: 0,
    most: 1e6,
  }),
  original_max_position_embeddings: trainedLength,
}

export const ropeLlama3 = defineEncoding({
  id: 'rope-llama3',
  title: 'RoPE, Llama 3 scaling',
  family: 'rotary',
  summary: 'θ for wavelengths below L/high, θ/s above L/low, blended between them.',
  source: 'Llama Team, The Llama 3 Herd of Models, 2024 (arXiv 2407.21783); transformers, rope_type llama3',
  parameters,
  check: (values) => [
    ...pairProblems(values),
    ...(values.high_freq_factor < values.low_freq_factor
      ? [
          {
            key: 'high_freq_factor',
            message: `high_freq_factor is ${values.high_freq_factor}: it has to be at least low_freq_factor, ${values.low_freq_factor}`,
          },
        ]
      : []),
  ],
  effects: (values, round) => {
    const { factor: s, low_freq_factor: low, high_freq_factor: high } = values
    const trained = values.original_max_position_embeddings
    const bands: Band[] = []
    const unscaled = powersOf(values.rope_theta, rotatedDim(values), round)
    const theta = unscaled.map((kept) => {
      const wavelength = round(round(2 * Math.PI) / kept)
      const band = wavelength < trained / high ? 'kept' : wavelength > trained / low ? 'divided' : 'blended'
      bands.push(band)
      if (band === 'kept') return kept
      if (band === 'divided') return round(kept / s)
      const smooth = round(round(round(trained / wavelength) - low) / (high - low))
      return round(round(round(round(1 - smooth) * kept) / s) + round(smooth * kept))
    })
    return turning(values, { unscaled, theta, bands })
  },
})
