// xPos: RoPE whose queries grow and keys shrink with the position, so that scores decay with the distance.

import { defineEncoding } from './encoding'
import { real } from './parameters'
import { pairProblems, powersOf, rotaryParameters, rotatedDim, turning } from './rotation'

export const xpos = defineEncoding({
  id: 'xpos',
  title: 'xPos',
  family: 'rotary',
  summary: 'RoPE times ζᵢ^((i − j)/512) with ζᵢ = (2i + 0.4d)/1.4d; for causal attention.',
  source: 'Sun et al., A Length-Extrapolatable Transformer, 2022 (arXiv 2212.10554)',
  parameters: {
    ...rotaryParameters,
    scale_base: real(512, {
      meaning: 'The distance over which pair i decays by ζᵢ.',
      unit: 'positions',
      above: 0,
      most: 1e9,
    }),
  },
  check: pairProblems,
  effects: (values, round) => {
    const dim = rotatedDim(values)
    const zeta = Float64Array.from({ length: dim / 2 }, (_, i) => (2 * i + 0.4 * dim) / (1.4 * dim))
    return turning(values, {
      theta: powersOf(values.rope_theta, dim, round),
      growth: { zeta, scaleBase: values.scale_base },
    })
  },
})
