// Settings take effect at once, from clients that can be asked for them and from those that send them.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defaultSettings, readSettings } from '../../src/protocol/settings'
import { Client, until } from './client'

const uri = 'file:///project/model.py'

const source = `import torch


def scores(q, k):
    b, s, d = q.shape
    out = q @ k.transpose(1, 2)
    return out


result = scores(torch.zeros(2, 16, 64), torch.zeros(2, 16, 64))
wrong = torch.zeros(2, 3) @ torch.zeros(4, 5)
`

describe('settings', () => {
  it('have defaults for whatever is missing or of the wrong kind', () => {
    assert.deepEqual(readSettings(undefined), defaultSettings)
    assert.deepEqual(
      readSettings({ inlayHints: { enabled: 'yes', style: 7 }, searchPaths: 'lib' }),
      defaultSettings,
    )
    assert.equal(readSettings({ inlayHints: { maximumLength: 3.5 } }).inlayHints.maximumLength, 12)
    assert.deepEqual(readSettings({ searchPaths: ['lib', 3, ''] }).searchPaths, ['lib'])
  })

  for (const asked of [true, false]) {
    describe(asked ? 'that the server asks for' : 'that the client sends', () => {
      let client: Client

      beforeEach(async () => {
        client = await Client.start(asked ? { settings: {} } : {})
        await client.open(uri, source)
        assert.ok((await client.hints(uri)).length > 0)
      })

      afterEach(() => client.stop())

      it('inlayHints.enabled', async () => {
        await client.configure({ inlayHints: { enabled: false } })
        await until('no hints', async () => (await client.hints(uri)).length === 0)
        await until('a refresh', () => client.refreshes > 0)
        await client.configure({})
        await until('hints', async () => (await client.hints(uri)).length > 0)
      })

      it('inlayHints.style', async () => {
        await client.configure({ inlayHints: { style: 'numbers' } })
        await until('numbers', async () => (await client.hintTexts(uri)).includes('6:7 : [2, 16, 16]'))
      })

      it('inlayHints.parameters', async () => {
        await client.configure({ inlayHints: { parameters: false } })
        await until('no parameters', async () => {
          const hints = await client.hintTexts(uri)
          return hints.length > 0 && !hints.some((hint) => hint.startsWith('4:'))
        })
      })

      it('inlayHints.maximumLength', async () => {
        await client.configure({ inlayHints: { maximumLength: 12 } })
        await until('short hints', async () =>
          (await client.hints(uri)).every(({ label }) => String(label).length <= ': '.length + 12),
        )
      })

      it('diagnostics.level', async () => {
        const count = () => client.published.findLast((sent) => sent.uri === uri)?.diagnostics.length
        await until('an error', () => count() === 1)
        await client.configure({ diagnostics: { level: 'off' } })
        await until('no error', () => count() === 0)
        await client.configure({ diagnostics: { level: 'errors' } })
        await until('an error', () => count() === 1)
      })
    })
  }
})

describe('searchPaths', () => {
  it('name folders of importable modules, counted from the workspace folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shapescope-'))
    mkdirSync(join(folder, 'elsewhere'))
    writeFileSync(
      join(folder, 'elsewhere/made.py'),
      'import torch\n\n\ndef make():\n    return torch.zeros(4, 5)\n',
    )
    const client = await Client.start({ folder, settings: {} })
    try {
      const main = pathToFileURL(join(folder, 'main.py')).href
      await client.open(main, 'from made import make\n\nx = make()\n')
      assert.deepEqual(await client.hintTexts(main), [])
      await client.configure({ searchPaths: ['elsewhere'] })
      await until('a hint', async () => (await client.hintTexts(main)).includes('3:1 : [4, 5]'))
    } finally {
      await client.stop()
      rmSync(folder, { recursive: true })
    }
  })
})
