// What a person sees and does on the page of the visualisation, in a real browser.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { Head, PlainTensors } from '../../src/compute'
import { encodingKind, frequencyTable, positionScore } from '../../src/encodings'
import { encodingOf } from '../encodings/goldens'
import { llama31 } from '../encodings/llama31'
import { readBundle } from './bundle'
import { type Bench, type Opened, startBench } from './page'
import type { themes } from './themes'

const pictures = 'out/screenshots/webview'

/** The value that a heatmap's line reads at a cell, reached by keys from its middle. */
async function readAt({ page }: Opened, heatmap: number, keys: string[]): Promise<string> {
  const section = page.locator('.heatmap').nth(heatmap)
  await section.locator('canvas').focus()
  for (const key of keys) await page.keyboard.press(key)
  return (await section.locator('.reading').textContent()) ?? ''
}

const numberIn = (reading: string): number => Number(reading.split(': ').at(-1)?.replace('−', '-'))

it('the bundle of the page is small before its backends', () => {
  assert.ok(readBundle().atOnce < 1_200_000)
})

describe('the page', () => {
  let bench: Bench
  let opened: Opened
  before(async () => {
    mkdirSync(pictures, { recursive: true })
    bench = await startBench()
  })
  after(() => bench?.close())
  afterEach(async () => {
    await opened.page.close()
    assert.deepEqual(opened.complaints, [])
  })

  const tab = (name: string) => opened.page.getByRole('tab', { name }).click()
  const field = (name: string) => opened.page.locator(`aside [name="${name}"]`)

  it('shows the frequencies of the default RoPE, sorted by the column that is clicked', async () => {
    opened = await bench.open()
    const { page } = opened
    const rows = page.locator('.rows tbody tr:has(td)')
    const first = await rows.first().locator('td').allTextContents()
    assert.deepEqual(first.slice(0, 3), ['0', '1', '6.283185'])
    await page.getByRole('button', { name: 'wavelength' }).click()
    await page.getByRole('button', { name: 'wavelength' }).click()
    assert.equal(await rows.first().locator('td').first().textContent(), '63')
    assert.equal(await page.locator('th[aria-sort=descending]').count(), 1)
  })

  it('copies the table as CSV in full precision', async () => {
    opened = await bench.open()
    await opened.page.getByRole('button', { name: 'Copy', exact: true }).click()
    const copied = (await opened.heard()).find((message) => message.type === 'copy')
    const lines = copied?.text.trim().split('\n') ?? []
    const { frequencies } = encodingOf('rope')
    assert.ok(frequencies)
    const row = frequencyTable(frequencies, 4096)[40]
    assert.equal(lines.length, 65)
    // two engines may differ in the last bit of a power
    assert.ok(row && Math.abs(Number(lines[41]?.split(',')[2]) / row.theta - 1) < 1e-14)
  })

  it('opens a config with its scaling, and says what is wrong with a broken one', async () => {
    opened = await bench.open()
    const { page } = opened
    await opened.send({ type: 'show', subject: { kind: 'config', name: 'llama/config.json', text: llama31 } })
    // the last of what a config sets
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('aside [name="context"]')?.value === '131072',
    )
    assert.equal(await page.locator('aside select').first().inputValue(), 'rope-llama3')
    assert.equal(await field('rope_theta').inputValue(), '500000')
    assert.ok((await page.locator('.band.blended').count()) > 0)
    await opened.send({
      type: 'show',
      subject: { kind: 'config', name: 'config.json', text: '{"rope_theta": }' },
    })
    const problem = await page.locator('.source .problem').textContent()
    assert.match(problem ?? '', /config\.json cannot be read: line 1, column 16/)
    assert.ok((await page.locator('.band.blended').count()) > 0, 'the last good picture stays')
  })

  it('says what is wrong beside the field, and keeps the last good picture', async () => {
    opened = await bench.open()
    const { page } = opened
    const before = await page.locator('.rows').textContent()
    for (const [name, text, message] of [
      ['head_dim', '63', /even/],
      ['rope_theta', '0', /above 0/],
      ['rope_theta', 'NaN', /number/],
      ['length', '10000000', /at most/],
      ['length', '', /number/],
    ] as const) {
      const usual = await field(name).inputValue()
      await field(name).fill(text)
      const box = page.locator(`.field:has([name="${name}"])`)
      assert.match((await box.locator('.problem').textContent()) ?? '', message)
      assert.equal(await field(name).getAttribute('aria-invalid'), 'true')
      assert.equal(await page.locator('.rows').textContent(), before)
      await field(name).fill(usual)
      assert.equal(await box.locator('.problem').count(), 0)
    }
  })

  it('reads exact values of the position-only map by keys and by pointer', async () => {
    opened = await bench.open()
    await tab('Positions')
    const reading = await readAt(opened, 0, ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown'])
    assert.match(reading, /^i 513, j 514: /)
    const expected = positionScore(encodingOf('rope'), 0, 513, 514)
    assert.ok(Math.abs(numberIn(reading) - expected) < 1e-6)
    const box = await opened.page.locator('.heatmap canvas').boundingBox()
    assert.ok(box)
    await opened.page.mouse.move(box.x + box.width / 4, box.y + box.height / 2)
    const pointed = (await opened.page.locator('.heatmap .reading').textContent()) ?? ''
    assert.match(pointed, /^i 51\d, j 25\d: /)
    assert.equal(await opened.page.locator('.hair').count(), 2)
  })

  it('zooms by keys and shows the same values as a table', async () => {
    opened = await bench.open()
    const { page } = opened
    await tab('Cos and sin')
    await readAt(opened, 0, ['ArrowUp', '+', '+'])
    await page.getByRole('button', { name: 'Table' }).click()
    assert.ok((await page.locator('.cells td').count()) < 4000, 'only what shows is made')
    const position = Number(await page.locator('.cells tbody th').first().textContent())
    const pair = Number(await page.locator('.cells thead th').nth(2).textContent())
    const value = Number(
      (await page.locator('.cells tbody td:not(.gap)').first().textContent())?.replace('−', '-'),
    )
    const theta = encodingOf('rope').frequencies?.theta[pair] ?? 0
    assert.ok(Math.abs(value - Math.cos(position * theta)) < 1e-5)
  })

  it('tells a mixed layout by scores that do not depend on the distance alone', async () => {
    opened = await bench.open()
    const { page } = opened
    await tab('Positions')
    assert.match((await page.locator('.check').textContent()) ?? '', /depend on i − j alone/)
    await field('table_layout').selectOption('interleaved')
    assert.match(
      (await page.locator('.check.bad').textContent()) ?? '',
      /do not depend .* give both one layout/,
    )
  })

  it('compares two encodings and draws their difference', async () => {
    opened = await bench.open()
    const { page } = opened
    await page.getByRole('button', { name: 'Compare with another' }).click()
    await page
      .locator('.form select')
      .nth(2)
      .or(page.locator('fieldset:has-text("Second") select'))
      .first()
      .waitFor()
    await page
      .locator('fieldset:has(legend:text("Second encoding")) select')
      .first()
      .selectOption('rope-yarn')
    await tab('Positions')
    await page.locator('.heatmap').nth(2).waitFor()
    const [a, b, both] = await Promise.all(
      [0, 1, 2].map((at) => page.locator('.heatmap').nth(at).isVisible()),
    )
    assert.ok(a && b && both)
    const reading = await readAt(opened, 2, ['ArrowRight', 'ArrowRight'])
    const difference =
      positionScore(encodingOf('rope'), 0, 512, 513) - positionScore(encodingOf('rope-yarn'), 0, 512, 513)
    assert.ok(Math.abs(numberIn(reading) - difference) < 1e-6)
  })

  it('reads differences of attention maps, under the pointer of any of the three', async () => {
    const attention = { heads: 1, length: 40, seed: 5, mask: 'causal', stage: 'scores' }
    const second = { kind: 'rope', typed: { rope_theta: '500000' } }
    opened = await bench.open({ state: { version: 1, view: 'attention', second, attention } })
    const { page } = opened
    const scoreAt = async (base: number): Promise<number> => {
      const encoding = encodingOf('rope', { rope_theta: base })
      const mask = { kind: 'causal' } as const
      const request = { encoding, head: 0, length: 40, seed: 5, mask, form: 'softmax' } as const
      const tile = { top: 20, bottom: 21, left: 21, right: 22 }
      return (await new Head(new PlainTensors(), request).scores(tile))[0] ?? Number.NaN
    }
    const expected = (await scoreAt(10_000)) - (await scoreAt(500_000))
    await page.locator('.heatmap').nth(2).waitFor()
    await readAt(opened, 0, ['ArrowRight', 'ArrowRight'])
    await page.waitForFunction(
      () => !document.querySelectorAll('.heatmap .reading')[2]?.textContent?.includes('computed'),
    )
    const reading = (await page.locator('.heatmap .reading').nth(2).textContent()) ?? ''
    assert.match(reading, /^query 20, key 21: /)
    assert.ok(Math.abs(numberIn(reading) - expected) < 1e-4, `${reading}, not ${expected}`)
  })

  it('moves numbers by sliders and keys', async () => {
    opened = await bench.open()
    const { page } = opened
    await page.getByRole('slider', { name: 'rope_theta' }).focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await field('rope_theta').first().inputValue(), '11000')
    await page.keyboard.press('End')
    assert.equal(await field('rope_theta').first().inputValue(), '100000000')
    assert.equal(await page.locator('.form .problem').count(), 0)
  })

  it('shows 131,072 positions and holds none of their pairs', async () => {
    const attention = { heads: 1, length: 131_072, mask: 'sliding', window: 64 }
    opened = await bench.open({ state: { version: 1, view: 'attention', attention }, backend: 'wasm' })
    await opened.page.getByText('Every 256th query and key').waitFor()
    assert.match(await readAt(opened, 0, ['ArrowRight', 'ArrowRight']), /^query 65536, key 65792: masked/)
    await field('length').fill('131072')
    await tab('Positions')
    const reading = await readAt(opened, 0, ['ArrowRight', 'ArrowRight', 'ArrowRight'])
    assert.match(reading, /^i 65536, j 65538: /)
    assert.ok(Math.abs(numberIn(reading) - positionScore(encodingOf('rope'), 0, 65_536, 65_538)) < 1e-6)
  })

  it('exports PNG, SVG and CSV', async () => {
    opened = await bench.open()
    await tab('Cos and sin')
    for (const name of ['PNG', 'SVG', 'CSV']) await opened.page.getByRole('button', { name }).click()
    const saved = (await opened.heard()).flatMap((message) => (message.type === 'save' ? [message] : []))
    assert.deepEqual(
      saved.map(({ file }) => file),
      ['RoPE-cos.png', 'RoPE-cos.svg', 'RoPE-cos.csv'],
    )
    const [png, svg, csv] = saved.map(({ content }) =>
      Buffer.from(content.data, content.encoding === 'text' ? 'utf8' : 'base64'),
    )
    assert.equal(png?.subarray(1, 4).toString(), 'PNG')
    assert.match(svg?.toString() ?? '', /^<svg .*<text/s)
    const line = csv?.toString().split('\n')[11]?.split(',') ?? []
    assert.ok(Math.abs(Number(line[1]) - Math.cos(10)) < 1e-12)
  })

  it('shows again what it showed before it was reloaded', async () => {
    opened = await bench.open()
    await field('rope_theta').fill('500000')
    await tab('Positions')
    const state = await opened.state()
    await opened.page.close()
    opened = await bench.open({ state })
    assert.equal(await field('rope_theta').inputValue(), '500000')
    assert.equal(await opened.page.locator('[role=tab][aria-selected=true]').textContent(), 'Positions')
  })

  it('plays and steps the pairs', async () => {
    opened = await bench.open()
    const { page } = opened
    await tab('Pairs')
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Step' }).click()
    assert.match((await page.locator('.clocks li').first().getAttribute('title')) ?? '', /^pair 0: 15 rad/)
    await page.getByRole('button', { name: 'Play' }).click()
    await page.locator('.clocks li[title^="pair 0: 15 rad"]').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Pause' }).click()
  })

  it('draws every encoding in every view without a fault', async () => {
    opened = await bench.open()
    const { page } = opened
    const kinds = await page
      .locator('.form select')
      .first()
      .locator('option')
      .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))
    await field('length').fill('64')
    for (const name of ['Positions', 'Pairs', 'Cos and sin', 'Frequencies']) {
      await tab(name)
      for (const kind of kinds) {
        await page.locator('.form select').first().selectOption(kind)
        assert.equal(await page.locator('.form .problem').count(), 0, `${kind} in ${name}`)
      }
    }
    assert.ok(kinds.every((kind) => encodingKind(kind)))
  })

  it('is drawn in a narrow window, and with two encodings', async () => {
    const second = { kind: 'rope', typed: {} }
    const wide = { state: { version: 1, view: 'attention', second } }
    for (const [name, options] of [
      ['narrow', { width: 500, state: { version: 1, view: 'positions' } }],
      ['compared', wide],
    ] as const) {
      if (name === 'compared') await opened.page.close()
      opened = await bench.open(options)
      await opened.page
        .locator('.heatmap')
        .nth(name === 'compared' ? 2 : 0)
        .waitFor()
      await opened.page.waitForTimeout(300)
      await opened.page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
      const isTooWide = await opened.page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      assert.ok(!isTooWide, `${name} needs no scrolling to the side`)
    }
  })

  for (const theme of ['dark', 'light', 'contrast'] as (keyof typeof themes)[]) {
    it(`is drawn in ${theme}`, async () => {
      opened = await bench.open({ theme })
      await opened.send({
        type: 'show',
        subject: { kind: 'config', name: 'llama/config.json', text: llama31 },
      })
      await opened.page.locator('.band.kept').first().waitFor()
      assert.ok((await leastContrast(opened, '.band')) >= 4.5)
      for (const name of ['Frequencies', 'Cos and sin', 'Positions', 'Attention', 'Pairs']) {
        await tab(name)
        if (name === 'Attention') await opened.page.locator('.heads canvas').nth(7).waitFor()
        await opened.page.waitForTimeout(name === 'Attention' ? 1500 : 100)
        const file = `${pictures}/${name.replaceAll(' ', '-').toLowerCase()}-${theme}.png`
        await opened.page.screenshot({ path: file })
        assert.ok(readFileSync(file).length > 10_000)
      }
    })
  }
})

/** WCAG's ratio of an element's colour to the editor's background, the least of all that match. */
const leastContrast = ({ page }: Opened, selector: string): Promise<number> =>
  page.evaluate((selector) => {
    const pixel = document.createElement('canvas').getContext('2d')
    const luminance = (colour: string): number => {
      if (!pixel) return Number.NaN
      pixel.fillStyle = colour
      pixel.fillRect(0, 0, 1, 1)
      const [r = 0, g = 0, b = 0] = Array.from(pixel.getImageData(0, 0, 1, 1).data, (value) => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const behind = luminance(getComputedStyle(document.body).backgroundColor)
    const ratios = Array.from(document.querySelectorAll(selector), (one) => {
      const own = luminance(getComputedStyle(one).color)
      return (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05)
    })
    return Math.min(...ratios)
  }, selector)
