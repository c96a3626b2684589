// Mistakes are underlined while a person types, and the line goes when the mistake is mended.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import {
  configure,
  diagnostics,
  find,
  hints,
  openSample,
  openText,
  replace,
  screenshot,
  tidy,
  until,
} from './editor'

const feedForward = `import torch.nn as nn


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(512, 2048)
        self.down = nn.Linear(2048, 512)

    def forward(self, x):
        hidden = self.up(x)
        return self.down(hidden)
`

const errorsIn = (document: vscode.TextDocument) =>
  diagnostics(document).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)

describe('a shape mistake', () => {
  afterEach(tidy)

  it('is underlined where it happens, in words that name both sizes', async () => {
    const { document } = await openText(feedForward.replace('Linear(2048, 512)', 'Linear(1024, 512)'))
    const [error] = await until(
      'an error',
      () => errorsIn(document),
      (found) => found.length > 0,
    )
    assert.ok(error)
    assert.equal(error.range.start.line, find(document, 'self.down(hidden)').start.line)
    assert.match(error.message, /1024/)
    assert.match(error.message, /2048/)
    assert.ok(typeof error.code === 'object' && error.code.target.path.includes(`${error.code.value}`))
  })

  it('appears with the edit that makes it and goes with the edit that mends it', async () => {
    const editor = await openSample('rope_attention.py')
    const { document } = editor
    await until(
      'hints',
      () => hints(document),
      (found) => found.length > 10,
    )
    assert.deepEqual(errorsIn(document), [])

    await replace(editor, 'view(1, seq_len, 1, pairs)', 'view(1, seq_len, 2, pairs)')
    const [error] = await until(
      'an error',
      () => errorsIn(document),
      (found) => found.length > 0,
    )
    const place = find(document, 'view(1, seq_len, 2, pairs)')
    assert.equal(error?.range.start.line, place.start.line)
    editor.selection = new vscode.Selection(place.start, place.start)
    editor.revealRange(place, vscode.TextEditorRevealType.InCenter)
    await vscode.commands.executeCommand('editor.action.marker.next')
    await screenshot('error')

    await replace(editor, 'view(1, seq_len, 2, pairs)', 'view(1, seq_len, 1, pairs)')
    await until(
      'no error',
      () => errorsIn(document),
      (found) => found.length === 0,
    )
  })

  it('is not underlined when diagnostics are off, and is again when they are back', async () => {
    const { document } = await openText(feedForward.replace('Linear(2048, 512)', 'Linear(1024, 512)'))
    await until(
      'an error',
      () => errorsIn(document),
      (found) => found.length > 0,
    )
    await configure('shapescope.diagnostics.level', 'off')
    await until(
      'no error',
      () => errorsIn(document),
      (found) => found.length === 0,
    )
    await configure('shapescope.diagnostics.level', undefined)
    await until(
      'an error',
      () => errorsIn(document),
      (found) => found.length > 0,
    )
  })
})
