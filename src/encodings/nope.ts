// No encoding at all, as in every fourth layer of Llama 4, which warms its queries with the position.

import { defineEncoding } from './encoding'
import { flag, real } from './parameters'
import { headDim } from './rotation'

export const nope = defineEncoding({
  id: 'nope',
  title: 'NoPE',
  family: 'none',
  summary:
    'Positions are left to the causal mask. Llama 4 multiplies queries by 0.1·ln(1 + ⌊(p + 1)/8192⌋) + 1.',
  source: 'Kazemnejad et al., 2023 (arXiv 2305.19466); Llama 4',
  parameters: {
    head_dim: headDim,
    attn_temperature_tuning: flag(false, 'Whether queries are multiplied as in Llama 4.'),
    attn_scale: real(0.1, { meaning: 'How much the queries grow.', least: 0, most: 1000 }),
    floor_scale: real(8192, {
      meaning: 'The positions after which they grow.',
      unit: 'positions',
      above: 0,
      most: 2 ** 31,
    }),
  },
  effects: ({ head_dim, attn_temperature_tuning: isTuned, attn_scale, floor_scale }, round) => {
    if (!isTuned) return { headDim: head_dim, heads: 1, isToeplitz: true }
    return {
      headDim: head_dim,
      heads: 1,
      queryScale: (position) =>
        round(round(round(Math.log1p(Math.floor((position + 1) / floor_scale))) * attn_scale) + 1),
      isToeplitz: false,
    }
  },
})
