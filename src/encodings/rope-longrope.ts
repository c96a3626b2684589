// LongRoPE: each pair has a factor of its own, searched for; one list for short and one for long sequences.

import { defineEncoding } from './encoding'
import { list, type Problem } from './parameters'
import { attentionFactor, currentLength, scalingFactor, trainedLength } from './rope-scaling'
import { pairProblems, type RotaryValues, rotaryParameters, rotatedDim, turning } from './rotation'

const factors = { above: 0, most: 1e6 }

const parameters = {
  ...rotaryParameters,
  short_factor: list([], { ...factors, meaning: 'What divides each θ up to L; empty for ones.' }),
  long_factor: list([], { ...factors, meaning: 'What divides each θ beyond L; empty for ones.' }),
  factor: { ...scalingFactor, default: 1, meaning: 'The new context over L, s; gives the attention factor.' },
  original_max_position_embeddings: trainedLength,
  attention_factor: attentionFactor,
  seq_len: currentLength,
}

export const ropeLongRope = defineEncoding({
  id: 'rope-longrope',
  title: 'RoPE, LongRoPE',
  family: 'rotary',
  summary: 'θᵢ divided by the i-th short or long factor, whichever the sequence calls for.',
  source: 'Ding et al., LongRoPE, 2024 (arXiv 2402.13753)',
  parameters,
  check: (values) => [
    ...pairProblems(values),
    ...lengthProblems('short_factor', values.short_factor, values),
    ...lengthProblems('long_factor', values.long_factor, values),
  ],
  effects: (values, round) => {
    const { rope_theta, factor: s, original_max_position_embeddings: trained } = values
    const dim = rotatedDim(values)
    const chosen = (values.seq_len ?? 0) > trained ? values.long_factor : values.short_factor
    const power = (i: number): number => round(round(rope_theta) ** round((2 * i) / dim))
    const derived = s <= 1 ? 1 : Math.sqrt(1 + Math.log(s) / Math.log(trained))
    const pairs = Array.from({ length: dim / 2 }, (_, i) => i)
    return turning(values, {
      unscaled: Float64Array.from(pairs, (i) => round(1 / power(i))),
      theta: Float64Array.from(pairs, (i) => round(1 / round(round(chosen[i] ?? 1) * power(i)))),
      attentionFactor: values.attention_factor ?? derived,
    })
  },
})

function lengthProblems(key: string, factors: readonly number[], values: RotaryValues): Problem[] {
  const pairs = rotatedDim(values) / 2
  if (factors.length === 0 || factors.length === pairs) return []
  return [
    { key, message: `${key} has ${factors.length} numbers: it needs one for each of the ${pairs} pairs` },
  ]
}
