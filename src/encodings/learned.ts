// Learned absolute positions, here random: a vector for each position, added to the input.

import { defineEncoding } from './encoding'
import { integer, lengthOptions, real } from './parameters'
import { normals, seedOf } from './random'
import { headDim } from './rotation'

export const seed = integer(0, { meaning: 'Which random numbers.', least: 0, most: 2 ** 31 - 1 })

export const learned = defineEncoding({
  id: 'learned',
  title: 'Learned absolute',
  family: 'absolute',
  summary:
    'A vector for each position is added to the input: random here, learned in a model; none beyond the table.',
  source: 'Gehring et al., 2017 (arXiv 1705.03122); BERT, GPT-2',
  parameters: {
    head_dim: { ...headDim, meaning: 'The size of the vector that is added.' },
    max_position_embeddings: integer(1024, {
      ...lengthOptions,
      meaning: 'How many positions the table has.',
    }),
    initializer_range: real(0.02, { meaning: 'The standard deviation of the table.', above: 0, most: 1000 }),
    seed,
  },
  effects: ({ head_dim: dim, max_position_embeddings: most, initializer_range: deviation, seed }) => ({
    headDim: dim,
    heads: 1,
    added: (position) =>
      position < most
        ? normals(seedOf(seed, position), dim, deviation)
        : new Float64Array(dim).fill(Number.NaN),
    isToeplitz: false,
  }),
})
