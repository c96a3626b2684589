// Dynamic NTK scaling: the base grows with the sequence once this is longer than the context.

import { defineEncoding } from './encoding'
import { currentLength, scalingFactor, trainedLength } from './rope-scaling'
import { pairProblems, powersOf, rotaryParameters, rotatedDim, turning } from './rotation'

export const ropeDynamic = defineEncoding({
  id: 'rope-dynamic',
  title: 'RoPE, dynamic NTK scaling',
  family: 'rotary',
  summary: 'Base b·(s·n/M − (s − 1))^(d/(d−2)) for a sequence of n beyond the context M; b up to it.',
  source: 'emozilla, 2023; transformers, rope_type dynamic',
  parameters: {
    ...rotaryParameters,
    factor: scalingFactor,
    max_position_embeddings: { ...trainedLength, meaning: 'The context beyond which the base grows, M.' },
    seq_len: currentLength,
  },
  check: (values) => [...pairProblems(values), ...exponentProblems(rotatedDim(values))],
  effects: (values, round) => {
    const { rope_theta, factor: s, max_position_embeddings: most } = values
    const dim = rotatedDim(values)
    const length = Math.max(values.seq_len ?? 0, most)
    const grown = rope_theta * ((s * length) / most - (s - 1)) ** (dim / (dim - 2))
    return turning(values, {
      unscaled: powersOf(rope_theta, dim, round),
      theta: powersOf(grown, dim, round),
    })
  },
})

/** d/(d−2) needs more than two dimensions. */
export const exponentProblems = (dim: number) =>
  dim === 2 ? [{ key: 'head_dim', message: 'head_dim turns 2 dimensions: NTK scaling needs at least 4' }] : []
