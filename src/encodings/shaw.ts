// Shaw's relative positions: a vector for each clipped distance, whose product with the query joins the score.

import { defineEncoding } from './encoding'
import { seed } from './learned'
import { integer, real } from './parameters'
import { normals, seedOf } from './random'
import { headDim } from './rotation'

const limit = { unit: 'positions', least: 0, most: 65536 }

export const shaw = defineEncoding({
  id: 'shaw',
  title: 'Shaw relative',
  family: 'relative',
  summary: 'Scores are (q·k + q·r)/√d with r of the distance j − i, clipped on both sides; r is random here.',
  source:
    'Shaw et al., Self-Attention with Relative Position Representations, 2018 (arXiv 1803.02155); Tensor2Tensor',
  parameters: {
    head_dim: headDim,
    left_max_position_embeddings: integer(64, {
      ...limit,
      meaning: 'The distance to the left beyond which all are alike.',
    }),
    right_max_position_embeddings: integer(8, { ...limit, meaning: 'The same to the right.' }),
    initializer_range: real(1, { meaning: 'The standard deviation of the table.', above: 0, most: 1000 }),
    seed,
  },
  effects: (values) => {
    const { head_dim: dim, left_max_position_embeddings: left, right_max_position_embeddings: right } = values
    const none = () => null
    return {
      headDim: dim,
      heads: 1,
      relative: {
        vector: (_, offset) => {
          const row = Math.min(Math.max(offset, -left), right) + left
          return normals(seedOf(values.seed, row), dim, values.initializer_range)
        },
        contentBias: none,
        positionBias: none,
      },
      isToeplitz: true,
    }
  },
})
