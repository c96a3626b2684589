// RoPE as it was published: each pair of dimensions is turned by its own multiple of the position.

import { defineEncoding } from './encoding'
import { pairProblems, powersOf, rotaryParameters, rotatedDim, turning } from './rotation'

export const rope = defineEncoding({
  id: 'rope',
  title: 'RoPE',
  family: 'rotary',
  summary:
    'Pair i of queries and keys is turned by p·b^(−2i/d), so that scores depend on the distance alone.',
  source: 'Su et al., RoFormer, 2021 (arXiv 2104.09864)',
  parameters: rotaryParameters,
  check: pairProblems,
  effects: (values, round) =>
    turning(values, { theta: powersOf(values.rope_theta, rotatedDim(values), round) }),
})
