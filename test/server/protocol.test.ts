// The language server as an editor meets it: a real client over stdio.

import assert from 'node:assert/strict'
import { CancellationTokenSource, InlayHintRequest } from 'vscode-languageserver-protocol/node'
import { Client, positionOf, rangeOf, until } from './client'

const uri = 'file:///project/model.py'

const source = `import torch.nn as nn


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(512, 2048)
        self.down = nn.Linear(2048, 512)

    def forward(self, x):
        b, s, d = x.shape
        hidden = self.up(x)
        return self.down(hidden)
`

const wrong = source.replace('Linear(2048, 512)', 'Linear(1024, 512)')

const named = ['10:23 : [b, s, 512]', '12:14 : [b, s, 2048]']

describe('language server', () => {
  let client: Client

  beforeEach(async () => {
    client = await Client.start()
  })

  afterEach(async () => {
    assert.equal(await client.stop(), 0)
    assert.deepEqual(client.log, [], 'the server reported a fault')
  })

  it('says what it can do', () => {
    const { capabilities, serverInfo } = client.initialised
    assert.equal(serverInfo?.name, 'ShapeScope')
    assert.equal(capabilities.hoverProvider, true)
    assert.deepEqual(capabilities.inlayHintProvider, { resolveProvider: true })
    assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2 })
  })

  it('gives hints of an open document', async () => {
    await client.open(uri, source)
    assert.deepEqual(await client.hintTexts(uri), named)
  })

  it('gives only the hints of the wanted lines', async () => {
    await client.open(uri, source)
    const hints = await client.hints(uri, rangeOf(source, 'hidden = self.up(x)'))
    assert.deepEqual(
      hints.map(({ position }) => position.line),
      [11],
    )
  })

  it('gives the tooltip of a hint that is shown', async () => {
    await client.open(uri, source)
    const [, hint] = await client.hints(uri)
    assert.ok(hint && !hint.tooltip)
    assert.match(JSON.stringify((await client.resolved(hint)).tooltip), /"markdown".*\[b, s, 2048\]/)
    const moved = { ...hint, position: { line: 0, character: 0 } }
    assert.deepEqual(await client.resolved(moved), moved, 'a hint that is no longer there')
    assert.deepEqual(await client.resolved({ ...hint, data: 7 }), { ...hint, data: 7 })
  })

  it('gives tooltips with the hints to a client that does not ask for them', async () => {
    const simple = await Client.start({ resolvesTooltips: false })
    await simple.open(uri, source)
    const tooltips = (await simple.hints(uri)).map(({ tooltip }) => JSON.stringify(tooltip))
    assert.equal(await simple.stop(), 0)
    assert.match(tooltips[1] ?? '', /"markdown".*\[b, s, 2048\]/)
  })

  it('gives the hints of a screen before the rest of a long file', async () => {
    const functions = Array.from({ length: 400 }, (_, i) => source.replace('FeedForward', `FeedForward${i}`))
    const text = functions.join('\n')
    await client.open(uri, text)
    const whole = client.hints(uri)
    const screen = await client.hints(uri, rangeOf(text, 'class FeedForward390'))
    assert.deepEqual(screen, [])
    assert.equal(client.published.length, 0, 'the diagnostics of the whole file were there first')
    assert.equal((await whole).length, 800)
  })

  it('gives a hover with its range', async () => {
    await client.open(uri, source)
    const hover = await client.hover(uri, positionOf(source, 'hidden = '))
    assert.ok(hover)
    assert.deepEqual(hover.range, rangeOf(source, 'hidden'))
    assert.match(JSON.stringify(hover.contents), /2048/)
    assert.equal(await client.hover(uri, { line: 1, character: 0 }), null)
  })

  it('pushes diagnostics with a code and where the shapes come from', async () => {
    await client.open(uri, wrong)
    const [diagnostic, ...others] = await client.diagnostics(uri)
    assert.ok(diagnostic)
    assert.deepEqual(others, [])
    assert.equal(diagnostic.severity, 1)
    assert.equal(diagnostic.source, 'ShapeScope')
    assert.equal(typeof diagnostic.code, 'string')
    assert.equal(diagnostic.range.start.line, positionOf(wrong, 'self.down(hidden)').line)
    assert.ok(diagnostic.relatedInformation?.some(({ location }) => location.uri === uri))
  })

  it('follows incremental changes', async () => {
    await client.open(uri, source)
    assert.deepEqual(await client.diagnostics(uri), [])
    await client.change(uri, rangeOf(source, '2048, 512'), '1024, 512')
    assert.equal((await client.diagnostics(uri)).length, 1)
    await client.change(uri, rangeOf(wrong, '1024, 512'), '2048, 512')
    assert.deepEqual(await client.diagnostics(uri), [])
    const lines = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
    await client.change(uri, lines, '# one line more\n')
    assert.deepEqual(await client.hintTexts(uri), ['11:23 : [b, s, 512]', '13:14 : [b, s, 2048]'])
  })

  it('answers a burst of keystrokes from the last text', async () => {
    await client.open(uri, source)
    const end = { line: source.split('\n').length - 1, character: 0 }
    for (const letter of '# typing') await client.change(uri, { start: end, end }, letter)
    assert.deepEqual(await client.hintTexts(uri), named)
  })

  it('counts columns in UTF-16 as the protocol does, and takes CRLF', async () => {
    await client.open(uri, 'import torch\r\ns = "😀"; x = torch.zeros(2, 3)\r\n')
    assert.deepEqual(await client.hintTexts(uri), ['2:11 : [2, 3]'])
  })

  it('lives on after a cancelled request', async () => {
    await client.open(uri, source)
    const cancelling = new CancellationTokenSource()
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }
    const parameters = { textDocument: { uri }, range }
    const answer = client.connection.sendRequest(InlayHintRequest.type, parameters, cancelling.token)
    cancelling.cancel()
    await answer.then(
      () => {},
      () => {},
    )
    assert.deepEqual(await client.hintTexts(uri), named)
  })

  it('answers about a document that is not open with nothing', async () => {
    assert.deepEqual(await client.hints('file:///nowhere.py'), [])
    assert.equal(await client.hover('file:///nowhere.py', { line: 0, character: 0 }), null)
  })

  it('takes back the diagnostics of a closed document', async () => {
    await client.open(uri, wrong)
    assert.equal((await client.diagnostics(uri)).length, 1)
    await client.close(uri)
    await until('empty diagnostics', () => client.published.at(-1)?.diagnostics.length === 0)
  })

  it('analyses documents that have no file', async () => {
    await client.open('untitled:Untitled-1', source)
    assert.deepEqual(await client.hintTexts('untitled:Untitled-1'), named)
  })

  it('answers for text that is no Python', async () => {
    for (const text of ['', '\0', 'def (((', '\ufeffx = 1', 'class\n  :::\n\tdef', `${'('.repeat(5000)}`]) {
      await client.open(uri, text)
      assert.deepEqual(await client.hints(uri), [], JSON.stringify(text.slice(0, 20)))
      await client.close(uri)
    }
  })
})

describe('language server, ended by its client', () => {
  it('exits when the client goes away without a word', async () => {
    const client = await Client.start()
    await client.open(uri, source)
    assert.notEqual(await client.abandon(), null)
  })
})
