// Lenses, Trace from Here, fixes and help pages, as a person meets them in the window.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { configure, diagnostics, find, hints, openSample, openText, screenshot, tidy, until } from './editor'

const model = `import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=512, heads=8):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x, mask=None):
        b, s, d = x.shape
        q, k, v = self.qkv(x).view(b, s, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1)
        out = scores.softmax(-1) @ v
        return out.transpose(1, 2).reshape(b, s, d)


if __name__ == "__main__":
    attention = Attention()
    long = attention(torch.randn(8, 16, 512))
    short = attention(torch.randn(2, 4, 512))
`

const wrong = `import torch

q = torch.randn(2, 8, 16, 64)
k = torch.randn(2, 8, 16, 64)
scores = q @ k
heads = q.transpose(1, 2).view(2, 16, 512)
`

const lenses = async (document: vscode.TextDocument): Promise<string[]> => {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
  )
  return found.flatMap(({ command }) => (command?.command.startsWith('shapescope.') ? command.title : []))
}

describe('contexts in the window', () => {
  afterEach(tidy)
  afterEach(() => vscode.commands.executeCommand('shapescope.clearTrace'))

  it('are offered by lenses above functions, and picked', async () => {
    const { document } = await openText(model)
    const shown = await until(
      'lenses',
      () => lenses(document),
      (found) => found.length >= 3,
    )
    assert.deepEqual(shown, ['shapes: in general', 'from line 21 [8, 16, 512]', '1 more…'])
    await screenshot('lens')
    await screenshot('lens', 'light')
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    )
    const show = found.find(({ command }) => command?.title.startsWith('from line 21'))?.command
    assert.ok(show)
    await vscode.commands.executeCommand(show.command, ...(show.arguments ?? []))
    await until(
      'the shapes of line 21',
      () => hints(document),
      (all) => all.some((hint) => hint.includes('scores: [8, 8, 16, 16]')),
    )
    await screenshot('lens-picked')
    await configure('shapescope.codeLens.enabled', false)
    await until(
      'no lenses',
      () => lenses(document),
      (all) => all.length === 0,
    )
    await configure('shapescope.codeLens.enabled', undefined)
  })

  it('follow a program from here, and end when it is cleared', async () => {
    const { document } = await openSample('rope_attention.py')
    await until(
      'hints',
      () => hints(document),
      (found) => found.length > 10,
    )
    await vscode.commands.executeCommand('shapescope.traceFrom')
    await until(
      'numbers',
      () => hints(document),
      (found) => found.some((hint) => /scores: \[\d+, \d+, \d+, \d+\]/.test(hint)),
    )
    await screenshot('traced')
    await vscode.commands.executeCommand('shapescope.clearTrace')
    await until(
      'the names',
      () => hints(document),
      (found) => found.some((hint) => /scores: \[batch, n_heads/.test(hint)),
    )
  })
})

describe('a mistake in the window', () => {
  afterEach(tidy)

  it('has fixes that mend it', async () => {
    const editor = await openText(wrong)
    const { document } = editor
    const [first] = await until(
      'two errors',
      () => diagnostics(document),
      (found) => found.length === 2,
    )
    assert.ok(first)
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      first.range,
      vscode.CodeActionKind.QuickFix.value,
    )
    const fix = actions.find(({ title }) => title === 'Transpose the last two dims of k')
    assert.ok(fix?.edit, actions.map(({ title }) => title).join())
    assert.equal(fix.isPreferred, true)
    editor.selection = new vscode.Selection(first.range.start, first.range.start)
    await vscode.commands.executeCommand('editor.action.quickFix')
    await screenshot('fixes')
    await screenshot('fixes', 'light')
    await vscode.commands.executeCommand('hideCodeActionWidget')
    assert.ok(await vscode.workspace.applyEdit(fix.edit))
    assert.equal(document.getText(find(document, 'scores = q @ k.transpose(-2, -1)')).length, 32)
    await until(
      'one error',
      () => diagnostics(document),
      (found) => found.length === 1,
    )
  })

  it('has a page that explains it', async () => {
    const editor = await openText(wrong)
    const { document } = editor
    const [first] = await until(
      'two errors',
      () => diagnostics(document),
      (found) => found.length === 2,
    )
    assert.ok(first && typeof first.code === 'object')
    assert.equal(first.code.target.toString(), 'shapescope-help:/matmul-mismatch.md')
    const page = await vscode.workspace.openTextDocument(first.code.target)
    assert.match(page.getText(), /^# matmul-mismatch\n/)
    editor.selection = new vscode.Selection(first.range.start, first.range.start)
    await vscode.commands.executeCommand('editor.action.showHover')
    await screenshot('explained')
    await vscode.commands.executeCommand('vscode.open', first.code.target, vscode.ViewColumn.Beside)
    await until(
      'the preview',
      () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ label }) => label),
      (labels) => labels.some((label) => label.includes('matmul-mismatch')),
    )
    await screenshot('help')
    await screenshot('help', 'light')
  })
})
