// Lenses above functions, and a program that is followed, as the client of VS Code asks for them.

import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CodeLensRequest } from 'vscode-languageserver-protocol/node'
import { Client, until } from './client'

const model = `import torch


def scores(q):
    b, s, d = q.shape
    out = q @ q.mT
    return out


if __name__ == "__main__":
    scores(torch.zeros(2, 16, 64))
`
const train = `import torch
from model import scores

scores(torch.zeros(8, 4, 32))
`
const own = { helpAddress: 'shapescope-help:/', hasCommands: true }

describe('code lenses', () => {
  let client: Client
  let folder: string
  let uri: string

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'shapescope-lenses-')))
    writeFileSync(join(folder, 'model.py'), model)
    writeFileSync(join(folder, 'train.py'), train)
    uri = pathToFileURL(join(folder, 'model.py')).href
    client = await Client.start({ folder, own })
    await client.open(uri, model)
    await until('the program', async () => (await titles()).length > 0)
  })

  afterEach(async () => {
    assert.equal(await client.stop(), 0)
    rmSync(folder, { recursive: true })
    assert.deepEqual(client.log, [], 'the server reported a fault')
  })

  const lenses = async () =>
    (await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })) ?? []
  const titles = async (): Promise<string[]> => (await lenses()).map(({ command }) => command?.title ?? '')
  const out = async (): Promise<string | undefined> =>
    (await client.hintTexts(uri)).find((text) => text.startsWith('6:'))

  it('stand above functions that are called with known shapes', async () => {
    assert.deepEqual(await titles(), ['shapes: in general', 'from line 11 [2, 16, 64]'])
    assert.ok((await lenses()).every(({ range }) => range.start.line === 3))
  })

  it('show a function as a caller sees it', async () => {
    const [, show] = await lenses()
    const [, name, caller] = show?.command?.arguments ?? []
    await client.connection.sendRequest('shapescope/pick', { uri, name, caller })
    assert.equal(await out(), '6:7 : [2, 16, 16]')
    assert.deepEqual(await titles(), ['shapes: from line 11 [2, 16, 64]', 'in general'])
    await client.connection.sendRequest('shapescope/pick', { uri, name, caller: null })
    assert.equal(await out(), '6:7 : [b, s, s]')
  })

  it('open the visualisation above code that computes the frequencies of RoPE', async () => {
    const address = `${uri.slice(0, uri.lastIndexOf('/'))}/rope.py`
    await client.open(
      address,
      'import torch\ntheta = 10000 ** -(torch.arange(0, 64, 2) / 64)\nturned = torch.view_as_complex(theta)\n',
    )
    const [lens] =
      (await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: address } })) ?? []
    assert.equal(lens?.command?.title, 'Visualise RoPE (dim 64, base 10,000, complex)')
    const values = { head_dim: 64, rope_theta: 10000, layout: 'complex' }
    assert.deepEqual(lens?.command?.arguments, [
      { kind: 'encoding', name: 'rope.py', id: 'rope', values, context: null },
    ])
  })

  it('give the RoPE that is nearest to the cursor', async () => {
    const address = `${uri.slice(0, uri.lastIndexOf('/'))}/ropes.py`
    const config =
      'class Config:\n    model_type = "llama"\n    hidden_size = 256\n    num_attention_heads = 4\n'
    const theta = (base: number) => `    return ${base} ** -(torch.arange(0, 64, 2) / 64)\n`
    await client.open(
      address,
      `import torch\n${config}def f():\n${theta(100)}def g(config: Config):\n${theta(200)}def h(x):\n    torch.view_as_complex(x)\n`,
    )
    const at = (line: number) => client.connection.sendRequest('shapescope/rope', { uri: address, line })
    const values = { head_dim: 64, rope_theta: 100, layout: 'complex' }
    assert.deepEqual(await at(0), {
      kind: 'encoding',
      name: 'ropes.py',
      id: 'rope',
      values,
      context: null,
    })
    const text = JSON.stringify({ model_type: 'llama', hidden_size: 256, num_attention_heads: 4 }, null, 2)
    assert.deepEqual(await at(9), { kind: 'config', name: 'ropes.py (llama)', text })
    assert.equal(await client.connection.sendRequest('shapescope/rope', { uri, line: 0 }), null)
  })

  it('know configs of other files, also of such as import each other', async () => {
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
    write('sizes.py', 'from circle import Other\nclass Sizes:\n    dim: int = 64\n    base: float = 500.0\n')
    write('circle.py', 'from circle_too import Other\n')
    write('circle_too.py', 'from circle import Other\n')
    const address = `${uri.slice(0, uri.lastIndexOf('/'))}/far.py`
    await client.open(
      address,
      `import torch\nfrom sizes import Sizes\nfrom circle import Other\ndef f(sizes: Sizes, other: Other):\n    torch.view_as_complex(other)\n    return sizes.base ** -(torch.arange(0, sizes.dim, 2) / sizes.dim) * other.x\n`,
    )
    const found = await client.connection.sendRequest('shapescope/rope', { uri: address, line: 0 })
    const values = { head_dim: 64, rope_theta: 500, layout: 'complex' }
    assert.deepEqual(found, { kind: 'encoding', name: 'far.py', id: 'rope', values, context: null })
  })

  it('can be turned off', async () => {
    await client.configure({ codeLens: { enabled: false } })
    assert.deepEqual(await titles(), [])
  })

  it('are not sent to clients without their commands', async () => {
    const other = await Client.start({ folder })
    await other.open(uri, model)
    assert.equal((await other.hints(uri)).length, 2)
    const given = await other.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })
    assert.deepEqual(given, [])
    assert.equal(await other.stop(), 0)
  })

  it('tell that a program is followed', async () => {
    const entry = pathToFileURL(join(folder, 'train.py')).href
    const found = await client.connection.sendRequest('shapescope/trace', { uri: entry })
    assert.deepEqual(found, { files: [entry, uri], isCut: false })
    assert.equal(await out(), '6:7 : [8, 4, 4]')
    assert.equal((await titles())[0], 'shapes: traced')
    assert.equal(await client.connection.sendRequest('shapescope/trace', { uri: null }), null)
    assert.equal(await out(), '6:7 : [b, s, s]')
  })
})
