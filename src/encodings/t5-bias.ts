// T5's bias: distances fall into buckets, exact ones near and logarithmic ones far, each with a number a head.

import { defineEncoding } from './encoding'
import { seed } from './learned'
import { flag, integer } from './parameters'
import { normals } from './random'
import { headDim } from './rotation'

const parameters = {
  head_dim: { ...headDim, default: 64 },
  num_attention_heads: integer(8, { meaning: 'How many heads.', unit: 'heads', least: 1, most: 1024 }),
  relative_attention_num_buckets: integer(32, {
    meaning: 'How many buckets; half of them are exact.',
    unit: 'buckets',
    least: 4,
    most: 65536,
    even: true,
  }),
  relative_attention_max_distance: integer(128, {
    meaning: 'The distance from which all share the last bucket.',
    unit: 'positions',
    least: 2,
    most: 2 ** 31 - 1,
  }),
  bidirectional: flag(true, 'As in the encoder: half of the buckets are for keys after the query.'),
  seed,
}

interface Buckets {
  readonly relative_attention_num_buckets: number
  readonly relative_attention_max_distance: number
  readonly bidirectional: boolean
}

export const t5Bias = defineEncoding({
  id: 't5-bias',
  title: 'T5 relative bias',
  family: 'bias',
  summary:
    'A number for each bucket of distances and each head is added to the score, which T5 does not scale.',
  source: 'Raffel et al., T5, 2019 (arXiv 1910.10683)',
  parameters,
  check: (values) => {
    const exact = exactBuckets(values)
    return values.relative_attention_max_distance > exact && exact >= 1
      ? []
      : [
          {
            key: 'relative_attention_max_distance',
            message: `relative_attention_max_distance is ${values.relative_attention_max_distance}: it has to be above the ${exact} exact buckets`,
          },
        ]
  },
  effects: (values) => {
    const { num_attention_heads: heads, relative_attention_num_buckets: buckets } = values
    const table = normals(values.seed, buckets * heads)
    return {
      headDim: values.head_dim,
      heads,
      scale: 1,
      bias: (head, offset) => table[t5Bucket(offset, values) * heads + head] ?? 0,
      isToeplitz: true,
    }
  },
})

const side = ({ bidirectional, relative_attention_num_buckets: buckets }: Buckets): number =>
  bidirectional ? Math.floor(buckets / 2) : buckets

const exactBuckets = (values: Buckets): number => Math.floor(side(values) / 2)

/**
 * The bucket of a distance j − i. The logarithm is taken in fp32, as PyTorch does, since its
 * rounding decides which bucket a distance at a border falls into.
 */
export function t5Bucket(offset: number, values: Buckets): number {
  const count = side(values)
  const exact = exactBuckets(values)
  const first = values.bidirectional && offset > 0 ? count : 0
  const distance = values.bidirectional ? Math.abs(offset) : Math.max(-offset, 0)
  if (distance < exact) return first + distance
  const { fround, log, trunc } = Math
  const span = fround(log(values.relative_attention_max_distance / exact))
  const steps = fround(fround(fround(log(fround(distance / exact))) / span) * (count - exact))
  return first + Math.min(exact + trunc(steps), count - 1)
}
