// NTK-aware scaling: a larger base, which slows the last pairs and leaves the first.

import { defineEncoding } from './encoding'
import { exponentProblems } from './rope-dynamic'
import { scalingFactor } from './rope-scaling'
import { pairProblems, powersOf, rotaryParameters, rotatedDim, turning } from './rotation'

export const ropeNtk = defineEncoding({
  id: 'rope-ntk',
  title: 'RoPE, NTK-aware scaling',
  family: 'rotary',
  summary: 'Base b·s^(d/(d−2)): the last pair is slowed by s, the first not at all.',
  source: 'bloc97, NTK-aware scaled RoPE, 2023',
  parameters: { ...rotaryParameters, factor: scalingFactor },
  check: (values) => [...pairProblems(values), ...exponentProblems(rotatedDim(values))],
  effects: (values, round) => {
    const dim = rotatedDim(values)
    const grown = values.rope_theta * values.factor ** (dim / (dim - 2))
    return turning(values, {
      unscaled: powersOf(values.rope_theta, dim, round),
      theta: powersOf(grown, dim, round),
    })
  },
})
