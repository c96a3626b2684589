// `npm run bench:webview`: how soon the page of the visualisation paints, redraws and computes, in headless Chromium; with `-- PART…` only some.

import { cpus, loadavg } from 'node:os'
import { readBundle } from '../webview/bundle'
import { type Bench, type FakeHost, type Opened, type Options, startBench } from '../webview/page'
import { quantile } from './server'

const backends = ['webgpu', 'webgl', 'wasm', 'cpu'] as const

/** Device pixels a CSS pixel at which the picture of 600 × 600 CSS pixels has 1024 × 1024. */
const density = 1024 / 600

const state = (change: Record<string, unknown>) => ({
  version: 1,
  first: { kind: 'rope', typed: {} },
  ...change,
})

const milliseconds = (times: readonly number[]): string =>
  `median ${quantile(times, 0.5).toFixed(0)} ms, 95 % ${quantile(times, 0.95).toFixed(0)} ms`

/** Opens a page for one measurement and closes it again. */
async function on<T>(bench: Bench, options: Options, work: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = await bench.open(options)
  try {
    const result = await work(opened)
    if (opened.complaints.length > 0) throw new Error(opened.complaints.join('\n'))
    return result
  } finally {
    await opened.page.close()
  }
}

/** From the start of loading until the first content is painted, and until the page says that it is drawn. */
function firstPaint(bench: Bench): Promise<{ painted: number; drawn: number }> {
  return on(bench, {}, async ({ page }) => {
    await page.waitForFunction(
      () =>
        (globalThis as unknown as { fakeHost: FakeHost }).fakeHost.times.drawn !== undefined &&
        performance.getEntriesByName('first-contentful-paint').length > 0,
    )
    return page.evaluate(() => {
      const [entry] = performance.getEntriesByName('first-contentful-paint')
      const { times } = (globalThis as unknown as { fakeHost: FakeHost }).fakeHost
      return { painted: entry?.startTime ?? Number.NaN, drawn: times.drawn ?? Number.NaN }
    })
  })
}

/** From each text that is typed into a field until the frame with it is painted; and the page's own work in it. */
function redraws({ page }: Opened, field: string, texts: readonly string[]) {
  return page.evaluate(
    async ({ field, texts }) => {
      const input = document.querySelector<HTMLInputElement>(`aside input[name=${field}]`)
      if (!input) throw new Error(`there is no field ${field}`)
      const message = () =>
        new Promise<void>((done) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => done()
          port2.postMessage(null)
        })
      const frame = () => new Promise((done) => requestAnimationFrame(done))
      const found: { work: number; painted: number }[] = []
      for (const text of texts) {
        await frame()
        await message()
        const begun = performance.now()
        input.value = text
        input.dispatchEvent(new InputEvent('input', { bubbles: true }))
        await message()
        const work = performance.now() - begun
        await frame()
        await message()
        found.push({ work, painted: performance.now() - begun })
      }
      return found
    },
    { field, texts },
  )
}

/** Every array of numbers that the page makes is counted, so that a map held whole would show. */
const countingArrays = `
  globalThis.mostValues = 0
  for (const name of ['Float32Array', 'Float64Array', 'Array']) {
    globalThis[name] = new Proxy(globalThis[name], {
      construct(target, given, made) {
        const array = Reflect.construct(target, given, made)
        globalThis.mostValues = Math.max(globalThis.mostValues, array.length)
        return array
      },
    })
  }`

const mostValues = ({ page }: Opened): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { mostValues: number }).mostValues)

/** From the length that is typed until the first tile and until the last one stand on the page. */
function tiles({ page }: Opened, length: number): Promise<{ first: number; all: number; count: number }> {
  return page.evaluate(async (length) => {
    const input = document.querySelector<HTMLInputElement>('#view input[name="positions"]')
    if (!input) throw new Error('there is no field for the length')
    const begun = performance.now()
    input.value = String(length)
    input.dispatchEvent(new InputEvent('input', { bubbles: true }))
    let [first, count] = [Number.NaN, 0]
    for (;;) {
      await new Promise((done) => requestAnimationFrame(done))
      const words = /Computing: (\d+) of (\d+) tiles/.exec(document.querySelector('.busy')?.textContent ?? '')
      if (words) {
        if (Number.isNaN(first) && Number(words[1]) > 0) first = performance.now() - begun
        count = Number(words[2])
      } else if (!Number.isNaN(first)) return { first, all: performance.now() - begun, count }
      if (performance.now() - begun > 120_000) throw new Error('no tiles came within two minutes')
    }
  }, length)
}

const attention = { heads: 8, length: 256, seed: 1, window: 64, mask: 'causal', stage: 'weights', head: 0 }

/** The first map of a backend compiles its shaders; those after it are what a person waits for. */
async function measureBackend(bench: Bench, backend: (typeof backends)[number]): Promise<void> {
  const options = { backend, density, width: 1600, state: state({ view: 'attention', attention }) }
  await on(bench, options, async (opened) => {
    const { page } = opened
    await page.locator('.backend b').waitFor({ timeout: 60_000 })
    const title = (await page.locator('.backend b').textContent()) ?? ''
    await page.locator('.heads canvas').nth(7).waitFor()
    await page.waitForTimeout(3000)
    const cold = await tiles(opened, 2048)
    const runs: { first: number; all: number; count: number }[] = []
    for (let run = 0; run < 3; run++) {
      await tiles(opened, 2047)
      runs.push(await tiles(opened, 2048))
    }
    const firsts = runs.map(({ first }) => first)
    const wholes = runs.map(({ all }) => all)
    console.log(
      `2048 × 2048 from q and k, ${backend}, ${title}: first tile ${cold.first.toFixed(0)} ms, then ${milliseconds(firsts)}; ` +
        `all ${cold.count} tiles ${cold.all.toFixed(0)} ms, then ${milliseconds(wholes)}`,
    )
  })
}

function bundleSizes(): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`
  const { atOnce, later } = readBundle()
  const backendSizes = later.map(({ name, bytes }) => `${name} ${kilobytes(bytes)}`)
  return `bundle before backends: ${kilobytes(atOnce)} (at most 1200); loaded when needed: ${backendSizes.join(', ')}`
}

async function measurePaint(bench: Bench): Promise<void> {
  await firstPaint(bench)
  const paints: { painted: number; drawn: number }[] = []
  for (let run = 0; run < 9; run++) paints.push(await firstPaint(bench))
  console.log(
    `first paint after opening: ${milliseconds(paints.map(({ painted }) => painted))}; ` +
      `drawn: ${milliseconds(paints.map(({ drawn }) => drawn))} (at most 300)`,
  )
}

async function measureRedraw(bench: Bench): Promise<void> {
  const options = { density, width: 1600, state: state({ view: 'positions', length: 1024 }) }
  await on(bench, options, async (opened) => {
    const size = await opened.page.locator('.heatmap canvas').evaluate((one) => {
      const { width, height } = one as HTMLCanvasElement
      return `${width} × ${height} pixels`
    })
    const bases = Array.from({ length: 60 }, (_, at) => String(10_000 + 250 * at))
    const times = (await redraws(opened, 'rope_theta', bases)).slice(10)
    console.log(
      `redraw of a 1024 × 1024 position-only map on ${size}: ${milliseconds(times.map(({ painted }) => painted))}; ` +
        `of it the page's own work ${milliseconds(times.map(({ work }) => work))} (at most 60 in software, 16 on a GPU)`,
    )
  })
}

async function measureLarge(bench: Bench): Promise<void> {
  const shown = state({ view: 'positions', length: 1024 })
  await on(bench, { density, width: 1600, before: countingArrays, state: shown }, async (opened) => {
    const lengths = Array.from({ length: 12 }, (_, at) => String(4096 - (at % 2)))
    const times = await redraws(opened, 'length', lengths)
    const most = await mostValues(opened)
    console.log(
      `a 4096 × 4096 position-only map: ${milliseconds(times.map(({ painted }) => painted))}; ` +
        `the longest array of numbers had ${most.toLocaleString('en')} values, of 16,777,216 in the map`,
    )
  })
}

const parts: Record<string, (bench: Bench) => Promise<void>> = {
  paint: measurePaint,
  redraw: measureRedraw,
  large: measureLarge,
  ...Object.fromEntries(backends.map((name) => [name, (bench: Bench) => measureBackend(bench, name)])),
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; name some of ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}
console.log(bundleSizes())
console.log(`other load: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors`)
const bench = await startBench()
try {
  for (const [name, measure] of Object.entries(parts))
    if (named.length === 0 || named.includes(name)) await measure(bench)
} finally {
  await bench.close()
}
