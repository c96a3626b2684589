// Attention maps of every encoding on every backend of the page, against PyTorch's.

import assert from 'node:assert/strict'
import { attentionCases, inputOf } from '../encodings/attention-cases'
import { assertNear } from '../encodings/goldens'
import type { MapCase, Maps } from './maps'
import { type Bench, startBench } from './page'

describe('attention maps on the backends of the page', () => {
  let bench: Bench
  before(async () => {
    bench = await startBench()
  })
  after(() => bench?.close())

  for (const backend of ['webgpu', 'webgl', 'wasm', 'cpu'] as const) {
    it(`are PyTorch's on ${backend}, for every encoding`, async function () {
      const page = await bench.openTests()
      const cases = attentionCases.map((one) => ({
        ...one,
        mask: inputOf(one).mask,
        scores: [],
        weights: [],
      }))
      const computed = await page
        .evaluate(
          ({ backend, cases }) =>
            (
              globalThis as unknown as { computeMaps(name: string, cases: MapCase[]): Promise<Maps> }
            ).computeMaps(backend, cases),
          { backend, cases },
        )
        .catch((problem: Error) => problem)
      await page.close()
      if (computed instanceof Error) {
        const isMissing = /no WebGPU|no adapter|did not start|16 bits/.test(computed.message)
        assert.ok(isMissing, computed.message)
        console.log(`        ${backend} is missing here: ${computed.message.split('\n')[0]}`)
        this.skip()
      }
      assert.equal(computed.maps.length, attentionCases.length)
      for (const [at, one] of attentionCases.entries()) {
        const { scores = [], weights = [] } = computed.maps[at] ?? {}
        assertNear(scores, one.scores, { absolute: 1e-4 }, `${one.name}: scores`)
        assertNear(weights, one.weights, { absolute: 1e-4 }, `${one.name}: weights`)
      }
      console.log(`        ${computed.maps.length} maps with ${computed.title}`)
    })
  }
})
