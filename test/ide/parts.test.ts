// What the editor shows of a file is analysed first, and what it says then stays true.

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

function opened(text: string): Workspace {
  const workspace = createWorkspace(files, { searchPaths: [] })
  workspace.setText(path, text)
  return workspace
}

const labels = (workspace: Workspace, start: number, end: number): [number, string][] =>
  workspace.hints(path, start, end, options).map(({ offset, label }) => [offset, label])

function run(work: Iterator<void>, atEachStep = (): void => {}): void {
  while (!work.next().done) atEachStep()
}

/** Steps that an update takes until a part is ready, and until its end. */
function steps(
  workspace: Workspace,
  start: number,
  end: number,
  whenReady: () => void,
): { part: number; all: number } {
  const work = workspace.update(path)
  let [part, all] = [0, 0]
  while (!work.next().done) {
    all++
    if (part > 0 || !workspace.isReady(path, start, end)) continue
    part = all
    whenReady()
  }
  return { part, all }
}

describe('a part of a file', () => {
  before(async () => {
    await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
  })
  for (const name of readdirSync(folder).filter((n) => n.endsWith('.py')))
    it(`of ${name} is there before the rest`, () => {
      const text = readFileSync(join(folder, name), 'utf8')
      const whole = opened(text)
      const every = labels(whole, 0, text.length)
      let [parts, ends] = [0, 0]
      for (const quarter of [0, 1, 2, 3]) {
        const [start, end] = [quarter / 4, (quarter + 1) / 4].map((share) => Math.floor(share * text.length))
        if (start === undefined || end === undefined) continue
        const workspace = opened(text)
        workspace.attend(path, start, end)
        const { part, all } = steps(workspace, start, end, () => {
          // What only callers know comes with them.
          const known = new Map(labels(whole, start, end))
          for (const [at, label] of labels(workspace, start, end)) assert.equal(label, known.get(at))
        })
        parts += part
        ends += all
        assert.deepEqual(labels(workspace, 0, text.length), every)
      }
      assert.ok(parts < ends, `${parts} of ${ends} steps`)
      const workspace = opened(text)
      steps(workspace, 0, text.length, () => {
        assert.deepEqual(labels(workspace, 0, text.length), every)
      })
    })

  it('waits for what it was asked for last', () => {
    const functions = Array.from({ length: 9 }, (_, i) => `def f${i}(x):\n    b, d = x.shape\n`)
    const text = `import torch\n${functions.join('')}`
    const workspace = opened(text)
    const work = workspace.update(path)
    work.next()
    const at = text.indexOf('def f8') + 10
    assert.equal(workspace.isReady(path, at, at), false)
    workspace.attend(path, at, at)
    work.next()
    assert.equal(workspace.isReady(path, at, at), true)
    assert.equal(workspace.isReady(path, 0, text.length), false)
    // A change takes the rest back.
    workspace.setText(path, `${text}\n`)
    assert.equal(workspace.isReady(path, at, at), false)
  })

  describe('that was analysed when the next change came', () => {
    const text = [
      'import torch',
      'class Layer(torch.nn.Module):',
      '    def __init__(self, dim):',
      '        super().__init__()',
      '        self.up = torch.nn.Linear(dim, 4 * dim)',
      '    def first(self, x):',
      '        b, s, d = x.shape',
      '        return self.up(x)',
      '    def second(self, x):',
      '        n, d = x.shape',
      '        return self.up(x)',
      '',
    ].join('\n')
    const edited = text.replace('b, s, d = x', 'b,  s, d = x').replace('n, d = x', 'n,  d = x')
    const first = edited.indexOf('b,  s')
    const second = edited.indexOf('n,  d')
    /** Edits both methods, and leaves the update off once the first is there. */
    const leftOff = (): Workspace => {
      const workspace = opened(text)
      run(workspace.update(path))
      workspace.setText(path, edited)
      workspace.attend(path, first, first)
      const work = workspace.update(path)
      while (!workspace.isReady(path, first, first)) assert.ok(!work.next().done)
      assert.equal(workspace.isReady(path, second, second), false)
      work.return?.()
      return workspace
    }

    it('is not analysed again', () => {
      const workspace = leftOff()
      workspace.setText(path, edited.replace('n,  d = x', 'n,   d = x'))
      const work = workspace.update(path)
      work.next()
      assert.equal(workspace.isReady(path, first, first), true)
      assert.equal(workspace.isReady(path, second, second), false)
    })
    it('has in the end what a new workspace has', () => {
      const workspace = leftOff()
      const last = edited.replace('b,  s, d = x', 'rows, s, d = x').replace('n,  d = x', 'm,  d = x')
      workspace.setText(path, last)
      run(workspace.update(path))
      const anew = opened(last)
      run(anew.update(path))
      assert.deepEqual(labels(workspace, 0, last.length), labels(anew, 0, last.length))
      assert.match(`${labels(workspace, 0, last.length)}`, /\[rows, s, d\].*\[m, d\]/)
    })
  })
  describe('that is edited where shapes are assumed', () => {
    const text = [
      'import torch',
      'def mixed(hidden_states, mask):',
      '    gates = mask.foo()  # [batch, heads, length]',
      '    hidden_states = hidden_states * 2',
      '    return hidden_states, gates',
      '',
    ].join('\n')
    const labelsAfter = (edited: string): { early: string[] | null; late: string[] } => {
      const workspace = opened(text)
      run(workspace.update(path))
      workspace.setText(path, edited)
      const shown = (): string[] => labels(workspace, 0, edited.length).map(([, label]) => label)
      let early: string[] | null = null
      run(workspace.update(path), () => {
        const [hints, hover] = [true, false].map((forHints) =>
          workspace.isReady(path, 0, edited.length, forHints),
        )
        if (hints && !hover) early ??= shown()
      })
      return { early, late: shown() }
    }

    it('has its labels before it is known which are assumed', () => {
      const { early, late } = labelsAfter(text.replace('* 2', '* 3'))
      assert.deepEqual(early, late)
      assert.deepEqual(late, ['[batch, seq, hidden]', '[batch, heads, length]', '[batch, seq, hidden]'])
    })
    it('waits where the edit speaks against what was assumed', () => {
      const { early, late } = labelsAfter(text.replace(' * 2', '.permute(3, 0, 1, 2)'))
      assert.ok(early === null || early.join() === late.join(), `${early}`)
    })
    it('has in the end what a new workspace has', () => {
      for (const [what, instead] of [
        ['* 2', '.unsqueeze(0) * 2'],
        ['# [batch, heads, length]', '# [batch, length]'],
        ['hidden_states, mask', 'states, mask'],
        ['mask.foo()', 'mask.view(2, 3)'],
        ['    hidden_states =', '    a, b, c, d = hidden_states.shape\n    hidden_states ='],
      ] as const) {
        const edited = text.replace(what, instead)
        const workspace = opened(edited)
        const anew = labels(workspace, 0, edited.length).map(([, label]) => label)
        assert.deepEqual(labelsAfter(edited).late, anew, instead)
      }
    })
  })
})
