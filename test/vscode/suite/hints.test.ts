// Shapes in the text and on hover, in the samples as they are.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { diagnostics, find, hints, hover, openSample, openText, screenshot, tidy, until } from './editor'

/** The hint on the line that holds `code`, without the line's number; it fails where there is none. */
async function hintAt(document: vscode.TextDocument, code: string): Promise<string> {
  const line = find(document, code).start.line + 1
  const hint = (await hints(document)).find((text) => text.startsWith(`${line} `))
  assert.ok(hint, `no hint on line ${line}: ${code}`)
  return hint.slice(`${line} `.length)
}

describe('shapes of a sample', () => {
  afterEach(tidy)

  it('stand after assignments, named as the code names the dimensions', async () => {
    const { document } = await openSample('rope_attention.py')
    await until(
      'hints',
      () => hints(document),
      (found) => found.length > 10,
    )
    assert.match(await hintAt(document, 'q = self.wq(x)'), /^q: \[batch, seq_len, .*\]$/)
    assert.match(await hintAt(document, 'scores = q @ k'), /^scores: \[batch, .*, seq_len, seq_len\]$/)
    assert.match(await hintAt(document, 'out = out.transpose(1, 2)'), /^out: \[batch, seq_len, dim\]$/)
  })

  it('stand after parameters', async () => {
    const { document } = await openSample('rope_attention.py')
    const hint = await hintAt(document, 'def forward(self, x, freqs_cis, mask=None)')
    assert.match(hint, /^x: \[batch, seq_len, /)
  })

  it('are told on hover, with dtype and layout', async () => {
    const editor = await openSample('rope_attention.py')
    const { document } = editor
    const angles = find(document, 'angles = torch.outer').start
    const told = await until('a hover', () => hover(document, angles), Boolean)
    assert.match(told, /length/)
    assert.match(told, /float32/)
    assert.match(told, /contiguous/)
    const place = find(document, 'k.transpose(-2, -1)').start
    assert.match(await hover(document, place), /batch, .*seq_len/)
    editor.selection = new vscode.Selection(place, place)
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenter)
    await vscode.commands.executeCommand('editor.action.showHover')
    await screenshot('hover')
    await vscode.commands.executeCommand('editor.action.showHover')
    await screenshot('hover', 'light')
  })

  it('are found in a file that was never saved', async () => {
    const { document } = await openText('import torch\n\nx = torch.zeros(2, 3)\ny = x.T\n')
    const found = await until(
      'hints',
      () => hints(document),
      (all) => all.length === 2,
    )
    assert.deepEqual(found, ['3 x: [2, 3]', '4 y: [3, 2]'])
  })

  for (const name of [
    'alibi.py',
    'linear_attention.py',
    'llama_gqa.py',
    'nanogpt_block.py',
    'relative_attention.py',
    'rope_attention.py',
    'sinusoidal_attention.py',
    't5_bias.py',
    'torch_layers.py',
  ]) {
    it(`show in ${name}, which has no mistake`, async () => {
      const { document } = await openSample(name)
      await until(
        'hints',
        () => hints(document),
        (found) => found.length > 5,
      )
      const errors = diagnostics(document).filter(
        ({ severity }) => severity === vscode.DiagnosticSeverity.Error,
      )
      assert.deepEqual(
        errors.map(({ message, range }) => `${range.start.line + 1}: ${message}`),
        [],
      )
    })
  }
})
