// Queries and keys that a person gives to the page, and links to what it shows.

import assert from 'node:assert/strict'
import { Head, PlainTensors } from '../../src/compute'
import { encodingOf } from '../encodings/goldens'
import { type Bench, type Opened, startBench } from './page'

const q = [
  [1, 0, 2, 0],
  [0, 1, 0, 1],
  [0.5, 0.5, -1, 2],
]
const k = [
  [1, 1, 0, 0],
  [0, 2, 0, 1],
  [1, 0, 1, -1],
]

describe('given queries and keys on the page', () => {
  let bench: Bench
  let opened: Opened
  before(async () => {
    bench = await startBench()
  })
  after(() => bench?.close())
  afterEach(async () => {
    await opened.page.close()
    assert.deepEqual(opened.complaints, [])
  })

  const open = async () => {
    opened = await bench.open({ state: { version: 1, view: 'attention' } })
    await opened.page.locator('select[name=source]').selectOption('given')
    return opened.page
  }

  it('attend as the reference says, with the head_dim that they have', async () => {
    const page = await open()
    await page.getByText('Paste queries and keys').waitFor()
    await page.locator('textarea[name=q]').fill(JSON.stringify(q))
    await page.locator('textarea[name=k]').fill(JSON.stringify(k))
    await page.getByText('q has 4 in dim -1').waitFor()
    await page.getByRole('button', { name: 'Set head_dim to 4' }).click()
    const canvas = page.locator('.heatmap canvas').first()
    await canvas.waitFor()
    await canvas.focus()
    const request = {
      encoding: encodingOf('rope', { head_dim: 4 }),
      head: 0,
      length: 3,
      seed: 0,
      mask: { kind: 'causal' },
      form: 'softmax',
      given: (side: 'query' | 'key', _: number, position: number) =>
        (side === 'query' ? q : k)[position] ?? [],
    } as const
    const tile = { top: 0, bottom: 3, left: 0, right: 3 }
    const expected = (await new Head(new PlainTensors(), request).weights(tile))[3] ?? Number.NaN
    // from the middle cell one to the left: query 1, key 0
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(
      (value) => {
        const reading = document.querySelector('.attention .reading')?.textContent ?? ''
        const read = Number(reading.split(': ').at(-1)?.replace('−', '-'))
        return reading.startsWith('query 1, key 0') && Math.abs(read - value) < 1e-4
      },
      expected,
      { timeout: 10_000 },
    )
  })

  it('may be fewer queries than keys, which are the last ones unless it is said otherwise', async () => {
    const page = await open()
    await page.locator('aside [name=head_dim]').fill('4')
    await page.locator('textarea[name=q]').fill(JSON.stringify(q.slice(2)))
    await page.locator('textarea[name=k]').fill(JSON.stringify(k))
    const canvas = page.locator('.heatmap canvas').first()
    await canvas.waitFor()
    const first = page.locator('#view [name="first query"]')
    assert.equal(await first.inputValue(), '2')
    await reads(page, await weightOf(2, 2))
    await first.fill('7')
    await reads(page, await weightOf(2, 7))
  })

  /** Of key 1 for a query at a position. */
  async function weightOf(row: number, from: number): Promise<number> {
    const request = {
      encoding: encodingOf('rope', { head_dim: 4 }),
      head: 0,
      length: 3,
      queries: { count: 1, from },
      seed: 0,
      mask: { kind: 'causal' },
      form: 'softmax',
      given: (side: 'query' | 'key', _: number, at: number) => (side === 'query' ? q[row] : k[at]) ?? [],
    } as const
    const tile = { top: 0, bottom: 1, left: 0, right: 3 }
    return (await new Head(new PlainTensors(), request).weights(tile))[1] ?? Number.NaN
  }

  async function reads(page: Opened['page'], expected: number): Promise<void> {
    await page.locator('.heatmap canvas').first().focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(
      (value) => {
        const reading = document.querySelector('.attention .reading')?.textContent ?? ''
        const read = Number(reading.split(': ').at(-1)?.replace('−', '-'))
        return reading.startsWith('query 0, key 1') && Math.abs(read - value) < 1e-4
      },
      expected,
      { timeout: 10_000 },
    )
  }

  it('are refused beside their field, and the last picture stays', async () => {
    const page = await open()
    await page.locator('aside [name=head_dim]').fill('4')
    await page.locator('textarea[name=q]').fill(JSON.stringify(q))
    await page.locator('textarea[name=k]').fill(JSON.stringify(k))
    await page.locator('.heatmap canvas').first().waitFor()
    for (const [text, message] of [
      ['[[1, 2], [3, 4], [5, 6]]', /k has 2 in dim -1, q has 4/],
      ['[[[1, 2, 3, 4]], [[1, 2, 3, 4]]]', /k has 2 in dim -3, q has 1/],
      ['[[1, 2', /k cannot be read: it is no JSON/],
    ] as const) {
      await page.locator('textarea[name=k]').fill(text)
      assert.match((await page.locator('.array:has([name=k]) .problem').textContent()) ?? '', message)
      assert.ok(await page.locator('.heatmap canvas').first().isVisible())
    }
  })

  it('come from a file that the host reads', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Load …' }).first().click()
    assert.deepEqual((await opened.heard()).at(-1), { type: 'load', side: 'q' })
    await page.evaluate((text) => {
      window.postMessage(
        { type: 'loaded', side: 'q', name: 'q.json', data: new TextEncoder().encode(text) },
        '*',
      )
      window.postMessage({ type: 'unloaded', side: 'k', name: 'k.npy', problem: 'it is gone' }, '*')
    }, JSON.stringify(q))
    await page.getByText('[3, 4]', { exact: true }).waitFor()
    await page.getByText('k cannot be read: k.npy: it is gone').waitFor()
  })
})

describe('a link', () => {
  let bench: Bench
  before(async () => {
    bench = await startBench()
  })
  after(() => bench?.close())

  it('shows the picture again that it was copied from', async () => {
    const first = await bench.open()
    await first.page.locator('aside [name="rope_theta"]').fill('500000')
    await first.page.getByRole('tab', { name: 'Positions' }).click()
    await first.page.getByRole('button', { name: 'Copy link' }).click()
    const copied = (await first.heard()).find((message) => message.type === 'link')
    assert.ok(copied?.type === 'link' && copied.state.length < 200)
    await first.page.close()
    const second = await bench.open()
    await second.page.getByRole('button', { name: 'Open link' }).click()
    await second.page.getByLabel('Link', { exact: true }).fill('vscode://no')
    await second.page.getByText('This is no link of ShapeScope').waitFor()
    const link = `vscode://shapescope.shapescope/visualise?state=${copied.state}`
    await second.page.getByLabel('Link', { exact: true }).fill(link)
    assert.equal(await second.page.locator('aside [name="rope_theta"]').inputValue(), '500000')
    assert.equal(await second.page.locator('[role=tab][aria-selected=true]').textContent(), 'Positions')
    await second.page.close()
    const third = await bench.open()
    await third.send({ type: 'show', subject: { kind: 'state', name: 'link', text: copied.state } })
    await third.page.locator('.check.good').waitFor()
    await third.send({ type: 'show', subject: { kind: 'state', name: 'link', text: 'e30' } })
    await third.page.getByText('The link cannot be opened').waitFor()
    assert.equal(await third.page.locator('aside [name="rope_theta"]').inputValue(), '500000')
    assert.deepEqual(
      [first, second, third].flatMap(({ complaints }) => complaints),
      [],
    )
    await third.page.close()
  })
})
