// An edited file shows what the same text shows when it is opened: what is kept over edits changes nothing.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileSystem, HintOptions, Workspace } from '../../src/ide/api'
import { createWorkspace } from '../../src/ide/workspace'
import { loadGrammar } from '../../src/syntax/grammar'

const folder = 'media/samples'
const path = '/project/model.py'
const files: FileSystem = { read: () => null, isFile: () => false, isFolder: () => false }
const options: HintOptions = { style: 'names', maximumLength: 60, parameters: true }

function finish(work: Iterator<void>): void {
  while (!work.next().done);
}

/** The factors of a product stand in the order in which their names came up, which an edit may change. */
const ordered = (text: string): string =>
  text.replace(/[\w·*]*\w[·*]\w[\w·*]*/g, (product) => product.split(/[·*]/).sort().join('*'))

/** All that the editor shows of the file, with nothing left to do. */
function shown(workspace: Workspace, text: string): unknown {
  finish(workspace.update(path))
  finish(workspace.settle(path))
  return {
    hints: workspace
      .hints(path, 0, text.length, options)
      .map(({ offset, label }) => [offset, ordered(label)]),
    diagnostics: workspace
      .diagnostics(path)
      .map(({ start, end, code, message }) => [start, end, code, message]),
  }
}

function opened(text: string): unknown {
  const workspace = createWorkspace(files, { searchPaths: [] })
  workspace.setText(path, text)
  return shown(workspace, text)
}

/** Edits of a line: a size changed, a line taken out, a line doubled, a statement before it. */
const edits: ((line: string) => string)[] = [
  (line) => line.replace(/\b(\d+)\b/, (n) => `${Number(n) + 1}`),
  () => '',
  (line) => `${line}\n${line}`,
  (line) => line.replace(/^(\s*)/, '$1unused = 1\n$1'),
]

describe('edits', () => {
  before(async () => {
    await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
  })
  for (const name of readdirSync(folder)
    .filter((n) => n.endsWith('.py'))
    .sort()) {
    it(`leave ${name} as it is when opened`, () => {
      const text = readFileSync(join(folder, name), 'utf8')
      const lines = text.split('\n')
      const inside = lines.flatMap((line, at) => (/^ {8}\w.* = .*[)\]]$/.test(line) ? [at] : []))
      const workspace = createWorkspace(files, { searchPaths: [] })
      workspace.setText(path, text)
      shown(workspace, text)
      edits.forEach((edit, i) => {
        const at = inside[Math.floor(((i + 0.5) * inside.length) / edits.length)]
        if (at === undefined) return
        const changed = lines.with(at, edit(lines[at] ?? '')).join('\n')
        workspace.setText(path, changed)
        assert.deepEqual(shown(workspace, changed), opened(changed), `line ${at + 1}: ${lines[at]}`)
      })
      workspace.setText(path, text)
      assert.deepEqual(shown(workspace, text), opened(text))
    })
  }

  it('of the docstring of a class reach the method that it speaks of', () => {
    const text = [
      'from torch import nn',
      'class Layer(nn.Module):',
      '    """',
      '    Input: tensor of shape (B, C)',
      '    """',
      '    def __init__(self):',
      '        super().__init__()',
      '    def forward(self, x):',
      '        b, t, c = x.shape',
      '        return x',
    ].join('\n')
    const workspace = createWorkspace(files, { searchPaths: [] })
    for (const changed of [text, text.replace('(B, C)', '(B, T, C)'), text.replace('tensor', 'any tensor')]) {
      workspace.setText(path, changed)
      assert.deepEqual(shown(workspace, changed), opened(changed))
    }
  })
})
