// Linear scaling, or position interpolation: every frequency divided by one factor.

import { defineEncoding } from './encoding'
import { scalingFactor } from './rope-scaling'
import { pairProblems, powersOf, rotaryParameters, rotatedDim, turning } from './rotation'

export const ropeLinear = defineEncoding({
  id: 'rope-linear',
  title: 'RoPE, linear scaling',
  family: 'rotary',
  summary: 'θᵢ / s: positions are squeezed into the trained context.',
  source: 'Chen et al., Extending Context Window via Position Interpolation, 2023 (arXiv 2306.15595)',
  parameters: { ...rotaryParameters, factor: scalingFactor },
  check: pairProblems,
  effects: (values, round) => {
    const unscaled = powersOf(values.rope_theta, rotatedDim(values), round)
    return turning(values, { unscaled, theta: unscaled.map((theta) => round(theta / round(values.factor))) })
  },
})
