// Proportional RoPE of Gemma 4: the first angles of the whole head, the rest of its pairs stand still.

import { defineEncoding } from './encoding'
import { real } from './parameters'
import { pairProblems, rotaryParameters, turning } from './rotation'

const parameters = {
  ...rotaryParameters,
  partial_rotary_factor: { ...rotaryParameters.partial_rotary_factor, default: 0.25 },
  factor: real(1, { meaning: 'What divides every frequency, s.', above: 0, most: 1e6 }),
}

export const ropeProportional = defineEncoding({
  id: 'rope-proportional',
  title: 'RoPE, proportional',
  family: 'rotary',
  summary:
    'The first ⌊p·D/2⌋ pairs turn by b^(−2i/D) over the whole head D, the others not at all; all over s.',
  source: 'transformers, rope_type proportional (Gemma 4)',
  parameters,
  check: (values) => pairProblems({ ...values, partial_rotary_factor: 1 }),
  effects: (values, round) => {
    const dim = values.head_dim
    const turned = Math.floor((values.partial_rotary_factor * dim) / 2)
    const unscaled = Float64Array.from({ length: dim / 2 }, (_, i) =>
      i < turned ? round(1 / round(round(values.rope_theta) ** round((2 * i) / dim))) : 0,
    )
    const theta = unscaled.map((one) => round(one / round(values.factor)))
    return turning(values, { dim, unscaled, theta })
  },
})
