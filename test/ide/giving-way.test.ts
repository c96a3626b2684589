// Long runs give way to whoever waits, and what is shown in the end is the same.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { FileSystem, HintOptions, Workspace } from '../../src/ide/api'
import { createWorkspace } from '../../src/ide/workspace'
import { loadGrammar } from '../../src/syntax/grammar'

const path = '/project/model.py'
const files: FileSystem = { read: () => null, isFile: () => false, isFolder: () => false }
const options: HintOptions = { style: 'numbers', maximumLength: 60, parameters: true }
const text = `
import torch

def longer(x):
    rows, columns = x.shape
    return torch.cat([x, x[:, :1]], dim=1)

def grown(x):
    for _ in range(700):
        x = longer(x)
    return x

def main():
    y = grown(torch.zeros(2, 3))
    return y

if __name__ == '__main__':
    main()
`

/** Who waits in a test. */
interface Waiting {
  forAnything: boolean
  forChange: boolean
}

function opened(waiting: Waiting): Workspace {
  const workspace = createWorkspace(files, {
    searchPaths: [],
    isWaitedFor: () => waiting.forAnything,
    isOutdated: () => waiting.forChange,
  })
  workspace.setText(path, text)
  return workspace
}

const labels = (workspace: Workspace): string[] =>
  workspace.hints(path, 0, text.length, options).map(({ offset, label }) => `${offset} ${label}`)

/** How many steps work takes. */
function run(work: Iterator<void>): number {
  let steps = 0
  while (!work.next().done) assert.ok(++steps < 1000, 'it does not end')
  return steps
}

describe('a long run', () => {
  let wanted: string[] = []
  let steps = 0
  before(async () => {
    await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
    const workspace = opened({ forAnything: false, forChange: false })
    steps = run(workspace.update(path))
    run(workspace.settle(path))
    wanted = labels(workspace)
    assert.match(wanted.join(), /\[2, 703\]/)
  })

  it('of a program is left off while somebody waits, and done later', () => {
    const waiting = { forAnything: false, forChange: false }
    const workspace = opened(waiting)
    run(workspace.update(path))
    waiting.forAnything = true
    const work = workspace.settle(path)
    for (let step = 0; step < 2; step++) assert.equal(work.next().done, false)
    assert.equal(workspace.isSettled(path), false)
    waiting.forAnything = false
    run(work)
    assert.equal(workspace.isSettled(path), true)
    assert.deepEqual(labels(workspace), wanted)
  })

  it('of a program ends in spite of those who ask again and again', () => {
    const waiting = { forAnything: false, forChange: false }
    const workspace = opened(waiting)
    run(workspace.update(path))
    waiting.forAnything = true
    run(workspace.settle(path))
    assert.equal(workspace.isSettled(path), true)
    assert.deepEqual(labels(workspace), wanted)
  })

  it('of an edited function is left off once the text changed again', () => {
    const waiting = { forAnything: false, forChange: false }
    const workspace = opened(waiting)
    const work = workspace.update(path)
    work.next()
    waiting.forChange = true
    for (let step = 0; step < 5; step++) assert.equal(work.next().done, false)
    assert.equal(workspace.isReady(path, 0, text.length), false)
    waiting.forChange = false
    run(work)
    run(workspace.settle(path))
    assert.deepEqual(labels(workspace), wanted)
  })

  it('of an edited function ends in spite of those who wait for an answer', () => {
    const waiting = { forAnything: true, forChange: false }
    const workspace = opened(waiting)
    assert.ok(run(workspace.update(path)) > steps)
    waiting.forAnything = false
    run(workspace.settle(path))
    assert.deepEqual(labels(workspace), wanted)
  })

  it('goes on where an answer cannot wait', () => {
    const workspace = opened({ forAnything: true, forChange: true })
    assert.ok(labels(workspace).length > 0)
  })
})
