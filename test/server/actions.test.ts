// Code actions as an editor asks for them, and the edits that they make.

import assert from 'node:assert/strict'
import { Client, rangeOf } from './client'

const uri = 'file:///project/heads.py'

const source = `import torch

x = torch.zeros(2, 10, 4, 16)
merged = x.transpose(1, 2).view(2, 4, 160)
total = x[0].sum(3)
`

describe('code actions', () => {
  let client: Client

  beforeEach(async () => {
    client = await Client.start()
    await client.open(uri, source)
  })

  afterEach(async () => {
    assert.equal(await client.stop(), 0)
    assert.deepEqual(client.log, [], 'the server reported a fault')
  })

  it('say what they mend and which one is preferred', async () => {
    const actions = await client.actions(uri, rangeOf(source, 'view'))
    assert.deepEqual(
      actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred]),
      [
        ['Use reshape, which copies where a view cannot be made', 'quickfix', true],
        ['Insert .contiguous() before view', 'quickfix', false],
      ],
    )
    const [diagnostic] = await client.diagnostics(uri)
    assert.deepEqual(actions[0]?.diagnostics, [diagnostic])
  })

  it('edit the document', async () => {
    const [action] = await client.actions(uri, rangeOf(source, 'view'))
    assert.deepEqual(action?.edit?.changes, {
      [uri]: [{ range: rangeOf(source, 'view'), newText: 'reshape' }],
    })
  })

  it('come with a page about the code, for clients that can show one', async () => {
    const [without] = await client.diagnostics(uri)
    assert.equal(without?.codeDescription, undefined)
    const other = await Client.start({ own: { helpAddress: 'shapescope-help:/' } })
    await other.open(uri, source)
    const [diagnostic] = await other.diagnostics(uri)
    assert.deepEqual(diagnostic?.codeDescription, { href: 'shapescope-help:/illegal-view.md' })
    assert.equal(await other.stop(), 0)
  })

  it('are those of the range alone', async () => {
    assert.deepEqual(await client.actions(uri, rangeOf(source, 'import')), [])
    const mended = source.replace('.view', '.reshape')
    await client.change(uri, rangeOf(source, 'view'), 'reshape')
    const [action] = await client.actions(uri, rangeOf(mended, 'x[0].sum'))
    assert.equal(action?.title, 'Use dim -1, the last one')
  })

  it('are of the kinds that are asked for', async () => {
    const range = rangeOf(source, 'view')
    assert.equal((await client.actions(uri, range, ['quickfix'])).length, 2)
    assert.deepEqual(await client.actions(uri, range, ['refactor']), [])
    assert.deepEqual(await client.actions(uri, range, ['source.fixAll']), [])
  })

  it('are not offered where diagnostics are off', async () => {
    await client.configure({ diagnostics: { level: 'off' } })
    assert.deepEqual(await client.actions(uri, rangeOf(source, 'view')), [])
  })
})
