// Documents that import each other: changes in one are seen in the other, on disk and in the editor.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client, rangeOf, until } from './client'

const maker = (size: number) => `import torch\n\n\ndef make():\n    return torch.zeros(4, ${size})\n`
const user = 'from maker import make\n\nx = make()\n'

describe('language server, across files', () => {
  let folder: string
  let client: Client
  let makerUri: string
  let userUri: string

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shapescope-'))
    makerUri = pathToFileURL(join(folder, 'maker.py')).href
    userUri = pathToFileURL(join(folder, 'user.py')).href
    writeFileSync(join(folder, 'maker.py'), maker(5))
    client = await Client.start({ folder, settings: {} })
    await client.open(userUri, user)
    assert.deepEqual(await client.hintTexts(userUri), ['3:1 : [4, 5]'])
  })

  afterEach(async () => {
    await client.stop()
    rmSync(folder, { recursive: true })
  })

  it('sees a file that changed on disk', async () => {
    writeFileSync(join(folder, 'maker.py'), maker(6))
    await client.fileChanged(makerUri)
    assert.deepEqual(await client.hintTexts(userUri), ['3:1 : [4, 6]'])
    await until('a refresh', () => client.refreshes > 0)
  })

  it('sees a file that is gone', async () => {
    rmSync(join(folder, 'maker.py'))
    await client.fileChanged(makerUri)
    assert.deepEqual(await client.hintTexts(userUri), [])
  })

  it('sees data that a program reads as it is made and changes', async () => {
    const readerUri = pathToFileURL(join(folder, 'reader.py')).href
    const data = pathToFileURL(join(folder, 'sizes.json')).href
    const path = "Path(__file__).parent / 'sizes.json'"
    const text = `import json\nfrom pathlib import Path\nimport torch\n\nx = torch.zeros(1, json.loads((${path}).read_text())['n'])\n`
    await client.open(readerUri, text)
    assert.deepEqual(await client.hintTexts(readerUri), ['5:1 : [1, n]'])
    for (const size of [3, 7]) {
      writeFileSync(join(folder, 'sizes.json'), `{"n": ${size}}`)
      await client.fileChanged(data)
      assert.deepEqual(await client.hintTexts(readerUri), [`5:1 : [1, ${size}]`])
    }
  })

  it('sees what is typed in another document, and the disk again when that is closed', async () => {
    await client.open(makerUri, maker(5))
    await client.change(makerUri, rangeOf(maker(5), '4, 5'), '7, 8')
    assert.deepEqual(await client.hintTexts(userUri), ['3:1 : [7, 8]'])
    await client.close(makerUri)
    assert.deepEqual(await client.hintTexts(userUri), ['3:1 : [4, 5]'])
  })
})
