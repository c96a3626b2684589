// ALiBi: scores fall with the distance, at another slope in each head.

import { defineEncoding } from './encoding'
import { choice, integer, real } from './parameters'
import { headDim } from './rotation'

export const alibi = defineEncoding({
  id: 'alibi',
  title: 'ALiBi',
  family: 'bias',
  summary: 'm·(j − i) is added to the score, with slopes m = 2^(−8h/H); for causal attention.',
  source: 'Press et al., Train Short, Test Long, 2021 (arXiv 2108.12409); Bloom; MPT',
  parameters: {
    head_dim: headDim,
    num_attention_heads: integer(8, { meaning: 'How many heads, H.', unit: 'heads', least: 1, most: 1024 }),
    slopes: choice(
      'bloom',
      ['bloom', 'mpt'],
      'Where H is no power of two, Bloom fills up with every other slope of twice the heads, and MPT takes the odd ones first.',
    ),
    alibi_bias_max: real(8, { meaning: 'The last slope is 2 to the minus this.', above: 0, most: 1000 }),
  },
  effects: ({ head_dim, num_attention_heads: heads, slopes, alibi_bias_max: most }) => {
    const slope = slopes === 'mpt' ? mptSlopes(heads, most) : bloomSlopes(heads, most)
    return {
      headDim: head_dim,
      heads,
      bias: (head, offset) => (slope[head] ?? 0) * offset,
      isToeplitz: true,
    }
  },
})

const powers = (count: number, most: number): number[] =>
  Array.from({ length: count }, (_, h) => 2 ** ((-most * (h + 1)) / count))

/** The slopes of the greatest power of two heads, then every other one of twice as many. */
export function bloomSlopes(heads: number, most: number): number[] {
  const whole = 2 ** Math.floor(Math.log2(heads))
  const between = powers(2 * whole, most).filter((_, h) => h % 2 === 0)
  return [...powers(whole, most), ...between.slice(0, heads - whole)]
}

/** The slopes of the next power of two heads: every other one from the second, then the rest. */
export function mptSlopes(heads: number, most: number): number[] {
  const whole = 2 ** Math.ceil(Math.log2(heads))
  const all = powers(whole, most)
  if (whole === heads) return all
  return [...all.filter((_, h) => h % 2 === 1), ...all.filter((_, h) => h % 2 === 0)].slice(0, heads)
}
