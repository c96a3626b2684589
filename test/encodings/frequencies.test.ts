// Frequencies, cos and sin, slopes and buckets, against transformers and PyTorch.

import assert from 'node:assert/strict'
import { cosSin, readConfig, rounding } from '../../src/encodings'
import { bloomSlopes, mptSlopes } from '../../src/encodings/alibi'
import { t5Bucket } from '../../src/encodings/t5-bias'
import { assertNear, encodingOf, golden } from './goldens'

interface RopeTypeCase {
  config: { rope_parameters: { rope_type: string } }
  length: number | null
  attention_factor: number
  inv_freq: number[]
}

interface CosSinCase {
  base: number
  dim: number
  positions: number[]
  pairs: number[]
  f64: { cos: number[]; sin: number[] }
  f32: { cos: number[]; sin: number[] }
}

interface Tables {
  slopes: Record<string, { bloom: number[]; mpt: number[] }>
  offsets: number[]
  buckets: {
    relative_attention_num_buckets: number
    relative_attention_max_distance: number
    bidirectional: boolean
    buckets: number[]
  }[]
}

describe('frequencies', () => {
  for (const [at, { config, length, attention_factor, inv_freq }] of golden<RopeTypeCase[]>(
    'rope_types.json',
  ).entries()) {
    const title = `${config.rope_parameters.rope_type}, case ${at + 1}${length === null ? '' : `, length ${length}`}`
    for (const [precision, relative] of [
      ['f64', 1e-5],
      ['f32', 3e-7],
    ] as const) {
      it(`of ${title}, in ${precision}`, () => {
        const read = readConfig(JSON.stringify(config), { precision, ...(length === null ? {} : { length }) })
        const layer = read.ok ? read.reading.layers[0] : undefined
        assert.ok(layer, JSON.stringify(read))
        assertNear(layer.encoding.frequencies?.theta ?? [], inv_freq, { relative }, title)
        assertNear([layer.encoding.rotation?.attentionFactor ?? 0], [attention_factor], { relative: 1e-6 })
      })
    }
  }
})

describe('cos and sin', () => {
  for (const { base, dim, positions, pairs, ...expected } of golden<CosSinCase[]>('cos_sin.json')) {
    for (const precision of ['f64', 'f32'] as const) {
      it(`of base ${base} up to position 1,048,575 as PyTorch has them in ${precision}`, () => {
        const { rotation } = encodingOf('rope', { head_dim: dim, rope_theta: base }, precision)
        assert.ok(rotation)
        const tables = cosSin(rotation, positions, rounding(precision))
        for (const name of ['cos', 'sin'] as const) {
          const few = positions.flatMap((_, row) =>
            pairs.map((pair) => tables[name][(row * dim) / 2 + pair] ?? 0),
          )
          assertNear(few, expected[precision][name], { absolute: 1e-6 }, name)
        }
      })
    }
  }
})

describe('tables', () => {
  const { slopes, offsets, buckets } = golden<Tables>('tables.json')

  it("are Bloom's and MPT's slopes", () => {
    for (const [heads, { bloom, mpt }] of Object.entries(slopes)) {
      assertNear(bloomSlopes(Number(heads), 8), bloom, { relative: 1e-5 }, `bloom, ${heads} heads`)
      assertNear(mptSlopes(Number(heads), 8), mpt, { relative: 1e-5 }, `mpt, ${heads} heads`)
    }
  })

  it("are T5's buckets", () => {
    for (const { buckets: expected, ...values } of buckets)
      assert.deepEqual(
        offsets.map((offset) => t5Bucket(offset, values)),
        expected,
      )
  })
})
