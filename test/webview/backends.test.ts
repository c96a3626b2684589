// Every backend of the page computes what the reference computes; one that is missing here is skipped by name.

import assert from 'node:assert/strict'
import { Head, isSeen, PlainTensors } from '../../src/compute'
import { encodingOf } from '../encodings/goldens'
import { type Bench, type Opened, startBench } from './page'

const names = { webgpu: 'WebGPU', webgl: 'WebGL', wasm: 'WebAssembly', cpu: 'CPU' } as const

const encodings = ['rope', 't5-bias', 'transformer-xl', 'xpos']

/** Longer than a tile, so that tiles have seams. */
const length = 300

const mask = { kind: 'sliding', window: 40 } as const

const attention = { heads: 2, length, seed: 5, window: 40, mask: 'sliding', stage: 'weights', head: 1 }

async function shown({ page }: Opened): Promise<number[][]> {
  await page.getByRole('button', { name: 'CSV' }).first().click()
  const csv = await page.evaluate(() => {
    const { heard } = (globalThis as unknown as { fakeHost: { heard: { content: { data: string } }[] } })
      .fakeHost
    return heard.at(-1)?.content.data ?? ''
  })
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) =>
      line
        .split(',')
        .slice(1)
        .map((cell) => (cell === '' ? Number.NaN : Number(cell))),
    )
}

describe('the backends of the page', () => {
  let bench: Bench
  before(async () => {
    bench = await startBench()
  })
  after(() => bench?.close())

  for (const backend of ['webgpu', 'webgl', 'wasm', 'cpu'] as const) {
    for (const form of ['softmax', 'linear'] as const) {
      it(`${backend} computes ${form} attention as the reference does`, async function () {
        const state = {
          version: 1,
          view: 'attention',
          attention: { ...attention, form },
          first: { kind: 'rope', typed: {} },
        }
        const opened = await bench.open({ state, backend })
        const { page } = opened
        try {
          await page.locator('.backend b').waitFor()
          const title = (await page.locator('.backend').textContent()) ?? ''
          if (!title.includes(`Computed with ${names[backend]}`)) {
            console.log(`        ${backend} is missing here: ${title}`)
            this.skip()
          }
          for (const id of form === 'linear' ? ['rope', 'rope-yarn'] : encodings) {
            await page.locator('.form select').first().selectOption(id)
            await comesToShow(opened, id, form)
          }
          assert.deepEqual(opened.complaints, [])
        } finally {
          await page.close()
        }
      })
    }
  }

  it('comes back when the device is lost', async function () {
    const before = `
      globalThis.devices = []
      if (globalThis.GPUAdapter) {
        const request = GPUAdapter.prototype.requestDevice
        GPUAdapter.prototype.requestDevice = async function (...all) {
          const device = await request.apply(this, all)
          devices.push(device)
          return device
        }
      }`
    const state = {
      version: 1,
      view: 'attention',
      attention: { ...attention, form: 'softmax' },
      first: { kind: 'rope', typed: {} },
    }
    const opened = await bench.open({ state, backend: 'webgpu', before })
    const { page } = opened
    try {
      await page.locator('.backend b').waitFor()
      if (!(await page.locator('.backend').textContent())?.includes('Computed with WebGPU')) this.skip()
      await comesToShow(opened, 'rope', 'softmax')
      await page.evaluate(() =>
        (globalThis as unknown as { devices: { destroy(): void }[] }).devices.at(-1)?.destroy(),
      )
      await page.getByText('The device was lost').waitFor()
      assert.match((await page.locator('.backend').textContent()) ?? '', /Computed with WebGPU/)
      await page.locator('aside [name=head_dim]').fill('64')
      await comesToShow(opened, 'rope', 'softmax', { head_dim: 64 })
    } finally {
      await page.close()
    }
  })

  it('comes back when the WebGL context is lost', async function () {
    const before = `
      globalThis.contexts = []
      for (const kind of [HTMLCanvasElement, globalThis.OffscreenCanvas]) {
        const get = kind.prototype.getContext
        kind.prototype.getContext = function (...all) {
          const context = get.apply(this, all)
          if (String(all[0]).startsWith('webgl') && context) contexts.push(context)
          return context
        }
      }`
    const state = { version: 1, view: 'attention', attention: { ...attention, form: 'softmax' } }
    const opened = await bench.open({ state, backend: 'webgl', before })
    const { page } = opened
    try {
      await page.locator('.backend b').waitFor()
      if (!(await page.locator('.backend').textContent())?.includes('Computed with WebGL')) this.skip()
      await comesToShow(opened, 'rope', 'softmax')
      await page.evaluate(() => {
        for (const context of (globalThis as unknown as { contexts: WebGLRenderingContext[] }).contexts)
          context.getExtension('WEBGL_lose_context')?.loseContext()
      })
      await page.getByText('The device was lost').waitFor()
      await page.locator('aside input[name=head_dim]').fill('64')
      await comesToShow(opened, 'rope', 'softmax', { head_dim: 64 })
    } finally {
      await page.close()
    }
  })

  it('takes no processor that stands in for a GPU unless it is asked for', async function () {
    const state = { version: 1, view: 'attention', attention: { ...attention, form: 'softmax' } }
    const asked = await bench.open({ state, backend: 'webgpu' })
    await asked.page.locator('.backend b').waitFor()
    const title = (await asked.page.locator('.backend').textContent()) ?? ''
    await asked.page.close()
    if (!title.includes('Computed with WebGPU in software')) this.skip()
    const { page, complaints } = await bench.open({ state, backend: 'auto' })
    try {
      await page.locator('.backend b').waitFor()
      const words = (await page.locator('.backend').textContent()) ?? ''
      assert.match(words, /Computed with WebAssembly/)
      assert.match(words, /webgpu does not serve: there is no GPU behind it/)
      assert.deepEqual(complaints, [])
    } finally {
      await page.close()
    }
  })

  it('says what serves where there is no GPU, and where there is no WebAssembly either', async () => {
    const noGpu = `
      Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined })
      for (const kind of [HTMLCanvasElement, globalThis.OffscreenCanvas]) {
        const get = kind.prototype.getContext
        kind.prototype.getContext = function (type, ...all) {
          return String(type).includes('webgl') ? null : get.call(this, type, ...all)
        }
      }`
    const state = { version: 1, view: 'attention', attention: { ...attention, form: 'softmax' } }
    for (const [before, serves] of [
      [noGpu, /Computed with WebAssembly/],
      [`${noGpu}; delete globalThis.WebAssembly`, /Computed with CPU \(JavaScript\)/],
    ] as const) {
      const opened = await bench.open({ state, backend: 'auto', before })
      const { page } = opened
      try {
        await page.locator('.backend b').waitFor()
        const words = (await page.locator('.backend').textContent()) ?? ''
        assert.match(words, serves)
        assert.match(words, /webgpu does not serve: this browser has no WebGPU/)
        assert.match(words, /webgl does not serve/)
        await comesToShow(opened, 'rope', 'softmax')
      } finally {
        await page.close()
      }
    }
  })
})

/** The picture before stays until the new one has begun, so that it is looked at again for a while. */
async function comesToShow(
  opened: Opened,
  id: string,
  form: 'softmax' | 'linear',
  values = {},
): Promise<void> {
  const tile = { top: 0, bottom: length, left: 0, right: length }
  const request = { encoding: encodingOf(id, values), head: 1, length, seed: 5, mask, form }
  const expected = await new Head(new PlainTensors(), request).weights(tile)
  for (const end = Date.now() + 30_000; ; await opened.page.waitForTimeout(200)) {
    const wrong = whatIsWrong(await shown(opened), expected)
    if (wrong === null) return
    if (Date.now() > end) assert.fail(`${id}: ${wrong}`)
  }
}

function whatIsWrong(rows: number[][], expected: ArrayLike<number>): string | null {
  if (rows.length !== length) return `${rows.length} rows`
  for (const [i, row] of rows.entries()) {
    for (const [j, value] of row.entries()) {
      const visible = isSeen(mask, i, j)
      if (Number.isNaN(value) === visible) return `${value} at ${i}, ${j}`
      const deviation = Math.abs(value - (expected[i * length + j] ?? Number.NaN))
      if (visible && !(deviation < 1e-4)) return `it deviates by ${deviation} at ${i}, ${j}`
    }
  }
  return null
}
