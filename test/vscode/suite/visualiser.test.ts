// “Visualise RoPE” opens a page that draws, in the real editor, from the palette and from a config.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { llama31 as config } from '../../encodings/llama31'
import { activate, openSample, screenshot, tidy, until } from './editor'

const panels = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview)

describe('the visualisation', () => {
  afterEach(tidy)

  it('opens and draws with the parameters of the active config', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'json', content: config })
    await activate(document)
    const drawn: unknown = await vscode.commands.executeCommand('shapescope.visualiseRope')
    await until('the panel', panels, (found) => found.length === 1)
    assert.deepEqual(drawn, { kind: 'drawn', encoding: 'rope-llama3' })
    await screenshot('visualiser')
    await screenshot('visualiser', 'light')
  })

  it('opens with the RoPE at the cursor of a Python file', async () => {
    const editor = await openSample('rope_attention.py')
    await activate(editor.document)
    const drawn: unknown = await vscode.commands.executeCommand('shapescope.visualiseRope')
    assert.deepEqual(drawn, { kind: 'drawn', encoding: 'rope' })
    assert.deepEqual(
      panels().map(({ label }) => label),
      [`RoPE: ${editor.document.fileName.split(/[\\/]/).pop()}`],
    )
    await screenshot('visualiser-code')
  })

  it('opens without a file, with the defaults', async () => {
    const drawn: unknown = await vscode.commands.executeCommand('shapescope.visualiseRope')
    assert.deepEqual(drawn, { kind: 'drawn', encoding: 'rope' })
    assert.deepEqual(
      panels().map(({ label }) => label),
      ['RoPE'],
    )
  })

  it('has a lens in a config, above what it says of RoPE', async () => {
    const lensesIn = async (content: string) => {
      const document = await vscode.workspace.openTextDocument({ language: 'json', content })
      await activate(document)
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      )
      return found.map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`)
    }
    assert.deepEqual(await lensesIn(JSON.stringify(JSON.parse(config), null, 2)), ['7: Visualise RoPE'])
    await screenshot('config-lens')
    assert.deepEqual(await lensesIn('{ "model_type": "t5" }'), ['1: Visualise RoPE'])
    assert.deepEqual(await lensesIn('{ "name": "a package" }'), [])
  })
})
