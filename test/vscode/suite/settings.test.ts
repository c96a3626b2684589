// Every command and setting does what it says at once, without a restart.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { configure, find, hints, openSample, openText, screenshot, tidy, until } from './editor'

const generic = `import torch


def scores(q, k):
    b, s, d = q.shape
    out = q @ k.transpose(1, 2)
    return out


result = scores(torch.zeros(2, 16, 64), torch.zeros(2, 16, 64))
`

const some = (found: string[]) => found.length > 0
const none = (found: string[]) => found.length === 0

describe('commands', () => {
  afterEach(tidy)

  it('toggle the hints off and on', async () => {
    const editor = await openSample('rope_attention.py')
    const { document } = editor
    await until('hints', () => hints(document), some)
    const code = find(document, 'q = self.wq(x)')
    editor.revealRange(code, vscode.TextEditorRevealType.InCenter)
    await screenshot('hints')
    await screenshot('hints', 'light')
    await vscode.commands.executeCommand('shapescope.toggleInlayHints')
    await until('no hints', () => hints(document), none)
    await vscode.commands.executeCommand('shapescope.toggleInlayHints')
    await until('hints', () => hints(document), some)
  })

  it('restart the server, which then answers again', async () => {
    const { document } = await openSample('rope_attention.py')
    await until('hints', () => hints(document), some)
    await vscode.commands.executeCommand('shapescope.restartServer')
    await until('hints', () => hints(document), some)
  })

  it('are all there', async () => {
    const commands = await vscode.commands.getCommands(true)
    for (const name of ['toggleInlayHints', 'restartServer', 'showOutput']) {
      assert.ok(commands.includes(`shapescope.${name}`), name)
    }
  })
})

describe('settings', () => {
  afterEach(tidy)

  async function changes(name: string, value: unknown, good: (found: string[]) => boolean): Promise<void> {
    const { document } = await openText(generic)
    await until('hints', () => hints(document), some)
    await configure(name, value)
    try {
      await until(`hints with ${name}`, () => hints(document), good)
    } finally {
      await configure(name, undefined)
    }
  }

  it('inlayHints.enabled', () => changes('shapescope.inlayHints.enabled', false, none))

  it('inlayHints.parameters', () =>
    changes(
      'shapescope.inlayHints.parameters',
      false,
      (found) => found.length > 0 && !found.some((hint) => hint.startsWith('4 ')),
    ))

  it('inlayHints.style', () =>
    changes('shapescope.inlayHints.style', 'numbers', (found) => found.includes('6 out: [2, 16, 16]')))

  it('inlayHints.maximumLength', () =>
    changes('shapescope.inlayHints.maximumLength', 12, (found) => {
      const shapes = found.map((hint) => hint.slice(hint.indexOf(': ') + 2))
      return shapes.length > 0 && shapes.every((shape) => shape.length <= 12)
    }))

  it('searchPaths', async () => {
    const { document } = await openText('from shapes_elsewhere import make\n\nx = make()\n')
    await until(
      'no hints',
      () => hints(document),
      (found) => found.length === 0,
    )
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri
    assert.ok(folder)
    const module = vscode.Uri.joinPath(folder, 'elsewhere', 'shapes_elsewhere.py')
    const source = 'import torch\n\n\ndef make():\n    return torch.zeros(4, 5)\n'
    await vscode.workspace.fs.writeFile(module, new TextEncoder().encode(source))
    await configure('shapescope.searchPaths', ['elsewhere'])
    try {
      await until(
        'hints',
        () => hints(document),
        (found) => found.includes('3 x: [4, 5]'),
      )
    } finally {
      await configure('shapescope.searchPaths', undefined)
    }
  })
})
