// Absolute sinusoidal positions: sines and cosines of many wavelengths, added to the input.

import { defineEncoding, type Round } from './encoding'
import { choice } from './parameters'
import { base, headDim, powersOf } from './rotation'

const forms = ['interleaved', 'concatenated', 'tensor2tensor'] as const
type Form = (typeof forms)[number]

export const sinusoidal = defineEncoding({
  id: 'sinusoidal',
  title: 'Sinusoidal',
  family: 'absolute',
  summary: 'sin(pθᵢ) and cos(pθᵢ) are added to the input at position p.',
  source: 'Vaswani et al., Attention Is All You Need, 2017 (arXiv 1706.03762)',
  parameters: {
    head_dim: { ...headDim, meaning: 'The size of the vector that is added.' },
    rope_theta: { ...base, meaning: 'The longest wavelength is about 2π times this.' },
    form: choice(
      'interleaved',
      forms,
      'interleaved: sin and cos in turn, as in the paper. concatenated: all sines, then all cosines, as in RoFormer and GPT-J. tensor2tensor: the same with exponents over d/2 − 1, as in FSMT and Whisper.',
    ),
  },
  check: ({ head_dim, form }) => {
    if (head_dim % 2 !== 0)
      return [
        { key: 'head_dim', message: `head_dim is ${head_dim}: it has to be even, a sine and a cosine each` },
      ]
    if (form === 'tensor2tensor' && head_dim === 2)
      return [
        {
          key: 'head_dim',
          message: 'head_dim is 2: this form divides by d/2 − 1, so that it needs at least 4',
        },
      ]
    return []
  },
  effects: ({ head_dim: dim, rope_theta, form }, round) => {
    const theta = sinusoidalFrequencies(rope_theta, dim, form, round)
    return {
      headDim: dim,
      heads: 1,
      frequencies: { theta, unscaled: theta, bands: null },
      added: (position) => sinusoids(position, theta, form, round),
      isToeplitz: true,
    }
  },
})

export function sinusoidalFrequencies(base: number, dim: number, form: Form, round: Round): Float64Array {
  if (form !== 'tensor2tensor') return powersOf(base, dim, round)
  const step = Math.log(base) / (dim / 2 - 1)
  return Float64Array.from({ length: dim / 2 }, (_, i) => round(Math.exp(round(-step * i))))
}

/** The sines and cosines at one position. */
export function sinusoids(position: number, theta: Float64Array, form: Form, round: Round): Float64Array {
  const pairs = theta.length
  const table = new Float64Array(2 * pairs)
  for (let i = 0; i < pairs; i++) {
    const turned = round(position * (theta[i] ?? 0))
    const [sine, cosine] = form === 'interleaved' ? [2 * i, 2 * i + 1] : [i, pairs + i]
    table[sine] = round(Math.sin(turned))
    table[cosine] = round(Math.cos(turned))
  }
  return table
}
