// Transformer-XL's relative positions: queries meet a sinusoid of the distance, and have a bias for each half.

import { defineEncoding } from './encoding'
import { seed } from './learned'
import { integer } from './parameters'
import { normals, seedOf } from './random'
import { base, headDim } from './rotation'
import { dot } from './scores'
import { sinusoidalFrequencies, sinusoids } from './sinusoidal'

export const transformerXl = defineEncoding({
  id: 'transformer-xl',
  title: 'Transformer-XL relative',
  family: 'relative',
  summary: 'Scores are ((q + u)·k + (q + v)·W·r(i − j))/√d with r sinusoidal; u, v and W are random here.',
  source: 'Dai et al., Transformer-XL, 2019 (arXiv 1901.02860); XLNet',
  parameters: {
    head_dim: { ...headDim, default: 64 },
    num_attention_heads: integer(1, { meaning: 'How many heads.', unit: 'heads', least: 1, most: 1024 }),
    rope_theta: { ...base, meaning: 'The longest wavelength is about 2π times this.' },
    seed,
  },
  check: ({ head_dim }) =>
    head_dim % 2 === 0
      ? []
      : [
          {
            key: 'head_dim',
            message: `head_dim is ${head_dim}: it has to be even, a sine and a cosine each`,
          },
        ],
  effects: ({ head_dim: dim, num_attention_heads: heads, rope_theta, seed }, round) => {
    const theta = sinusoidalFrequencies(rope_theta, dim, 'concatenated', round)
    const learned = Array.from({ length: heads }, (_, head) => ({
      content: normals(seedOf(seed, 3 * head), dim),
      position: normals(seedOf(seed, 3 * head + 1), dim),
      projection: normals(seedOf(seed, 3 * head + 2), dim * dim, 1 / Math.sqrt(dim)),
    }))
    return {
      headDim: dim,
      heads,
      frequencies: { theta, unscaled: theta, bands: null },
      relative: {
        vector: (head, offset) => {
          const wave = sinusoids(-offset, theta, 'concatenated', round)
          return product(learned[head]?.projection ?? new Float64Array(dim * dim), wave)
        },
        contentBias: (head) => learned[head]?.content ?? null,
        positionBias: (head) => learned[head]?.position ?? null,
      },
      isToeplitz: true,
    }
  },
})

/** A square matrix, row by row, times a vector. */
function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const dim = vector.length
  return vector.map((_, row) => dot(matrix.subarray(row * dim, (row + 1) * dim), vector))
}
