// Scores and attention maps of every encoding against PyTorch, whole and in tiles.

import assert from 'node:assert/strict'
import {
  type AttentionInput,
  type AttentionMap,
  isSeen,
  type Mask,
  PlainTensors,
  positionTile,
  softmaxAttention,
} from '../../src/compute'
import { catalogue, normals, positionScore, score } from '../../src/encodings'
import { assertAttention, attentionCases as cases, inputOf } from './attention-cases'
import { assertNear, encodingOf } from './goldens'

const plain = new PlainTensors()

describe('attention maps', () => {
  it('are recorded for every encoding', () => {
    const recorded = new Set(cases.map(({ encoding }) => encoding))
    assert.deepEqual(
      catalogue.map(({ id }) => id).filter((id) => !recorded.has(id)),
      [],
    )
  })

  for (const one of cases) {
    it(`of ${one.name} are PyTorch's`, async () => {
      await assertAttention(plain, one)
    })
  }

  for (const one of cases.filter(({ form }) => form === 'softmax')) {
    it(`of ${one.name} have the scores of single queries and keys`, () => {
      const { encoding, heads, length, q, k } = inputOf(one)
      const dim = encoding.headDim
      const row = (x: AttentionInput['q'], head: number, at: number) =>
        x.subarray((head * length + at) * dim, (head * length + at + 1) * dim)
      const scores = Array.from({ length: heads * length * length }, (_, at) => {
        const [head, i, j] = [Math.floor(at / length / length), Math.floor(at / length) % length, at % length]
        return score(encoding, encoding.heads === 1 ? 0 : head, row(q, head, i), row(k, head, j), i, j)
      })
      assertNear(scores, one.scores, { absolute: 1e-4 })
    })
  }
})

describe('tiles of attention maps', () => {
  const long = 700
  const bigInput = (id: string, mask: Mask, values: Record<string, unknown> = {}): AttentionInput => ({
    encoding: encodingOf(id, { head_dim: 8, ...values }),
    heads: 1,
    length: long,
    q: normals(3, long * 8),
    k: normals(4, long * 8),
    mask,
  })

  const rowOf = async (map: AttentionMap<ReturnType<PlainTensors['tensor']>>, i: number) => {
    const tile = { top: i, bottom: i + 1, left: 0, right: long }
    return Array.from(await plain.read(map.weights(tile, map.normaliser(i, i + 1))))
  }

  for (const mask of [{ kind: 'none' }, { kind: 'causal' }, { kind: 'sliding', window: 40 }] as const) {
    it(`sum up to 1 in each row, with what is masked at 0: ${mask.kind}`, async () => {
      const map = softmaxAttention(plain, bigInput('rope', mask))
      for (const i of [0, 39, 511, 512, 699]) {
        const row = await rowOf(map, i)
        assertNear([row.reduce((sum, weight) => sum + weight, 0)], [1], { absolute: 1e-12 })
        assert.ok(row.every((weight, j) => isSeen(mask, i, j) || weight === 0))
      }
    })
  }

  it('are the same cut anywhere', async () => {
    for (const [id, values] of [
      ['transformer-xl', {}],
      ['shaw', { left_max_position_embeddings: 5 }],
      ['t5-bias', { num_attention_heads: 1 }],
      ['xpos', {}],
    ] as const) {
      const map = softmaxAttention(plain, bigInput(id, { kind: 'causal' }, values))
      const tile = { top: 505, bottom: 520, left: 498, right: 515 }
      const weights = Array.from(await plain.read(map.weights(tile, map.normaliser(505, 520))))
      const whole = (await rowOf(map, 510)).slice(498, 515)
      assertNear(weights.slice(5 * 17, 6 * 17), whole, { absolute: 1e-12 }, id)
    }
  })

  it('of positions alone are their scores', async () => {
    const tile = { top: 3, bottom: 6, left: 1, right: 5 }
    for (const [id, values] of [
      ['learned', {}],
      ['axial-rope', { grid_width: 3 }],
      ['nope', { attn_temperature_tuning: true, floor_scale: 1 }],
      ['alibi', {}],
    ] as const) {
      const encoding = encodingOf(id, { head_dim: 8, ...values })
      const expected = [3, 4, 5].flatMap((i) => [1, 2, 3, 4].map((j) => positionScore(encoding, 0, i, j)))
      const { values: actual } = positionTile(plain, encoding, 0, tile)
      assertNear(actual, expected, { absolute: 1e-12 }, id)
    }
  })

  it('agree in fp32', async () => {
    const input = bigInput('rope-yarn', { kind: 'causal' })
    const single = new PlainTensors('f32')
    const tile = { top: 600, bottom: 610, left: 0, right: long }
    const [map, rounded] = [softmaxAttention(plain, input), softmaxAttention(single, input)]
    const expected = Array.from(await plain.read(map.weights(tile, map.normaliser(600, 610))))
    assertNear(await single.read(rounded.weights(tile, rounded.normaliser(600, 610))), expected, {
      absolute: 1e-6,
    })
  })
})
