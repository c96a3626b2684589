// “Visualise RoPE” opens a page that draws, in the real editor, from the palette and from a config.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { screenshot, tidy, until } from './editor'

const config = JSON.stringify({
  model_type: 'llama',
  hidden_size: 4096,
  num_attention_heads: 32,
  max_position_embeddings: 131072,
  rope_theta: 500000,
  rope_scaling: {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  },
})

const panels = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview)

describe('the visualisation', () => {
  afterEach(tidy)

  it('opens and draws with the parameters of the active config', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'json', content: config })
    await vscode.window.showTextDocument(document)
    const drawn: unknown = await vscode.commands.executeCommand('shapescope.visualiseRope')
    await until('the panel', panels, (found) => found.length === 1)
    assert.deepEqual(drawn, { kind: 'drawn', encoding: 'rope-llama3' })
    await screenshot('visualiser')
    await screenshot('visualiser', 'light')
  })
})
