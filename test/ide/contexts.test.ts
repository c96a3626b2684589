// Whose shapes the editor shows: in general, those of a caller, or those of a program that is followed.

import assert from 'node:assert/strict'
import type { Workspace } from '../../src/ide/api'
import { createWorkspace } from '../../src/ide/workspace'
import { load } from '../syntax/support'

const model = `import torch


def scores(q, k):
    b, h, s, d = q.shape
    out = q @ k.transpose(-2, -1)
    return out


def attend(x):
    heads = x.unflatten(-1, (8, 64)).transpose(1, 2)
    return scores(heads, heads)
`

const train = `import torch
from model import attend, scores

a = attend(torch.zeros(2, 16, 512))
b = scores(torch.zeros(4, 8, 32, 64), torch.zeros(4, 8, 7, 64))
`

const finish = (work: Iterator<void>): void => {
  while (!work.next().done);
}

/** A workspace over files in memory, with the first one open and analysed. */
function workspaceOf(files: Record<string, string>, ...open: string[]): Workspace {
  const workspace = createWorkspace(
    {
      read: (path) => files[path] ?? null,
      isFile: (path) => path in files,
      isFolder: (path) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
    },
    { searchPaths: [] },
  )
  for (const path of open) {
    workspace.setText(path, files[path] ?? '')
    finish(workspace.update(path))
    finish(workspace.settle(path))
  }
  return workspace
}

const hintsOf = (workspace: Workspace, path: string, text: string): Record<string, string> =>
  Object.fromEntries(
    workspace
      .hints(path, 0, text.length, { style: 'names', maximumLength: 80, parameters: true })
      .map(({ offset, label }) => [/\w+$/.exec(text.slice(0, offset))?.[0] ?? '', label]),
  )

const [modelPath, trainPath] = ['/app/model.py', '/app/train.py']
const files = { [modelPath]: model, [trainPath]: train }

describe('contexts', () => {
  before(load)

  it('are the callers that know more than the function itself, in this file and in open ones', () => {
    const workspace = workspaceOf(files, modelPath, trainPath)
    const lenses = workspace.lenses(modelPath)
    assert.deepEqual(
      lenses.map(({ name, callers }) => [name, callers.map(({ from, shapes }) => [from, ...shapes])]),
      [
        [
          'scores',
          [
            ['line 12', '[2, 8, 16, 64]', '[2, 8, 16, 64]'],
            ['train.py:5', '[4, 8, 32, 64]', '[4, 8, 7, 64]'],
            ['line 12', '[b, h, s, d]', '[b, h, s, d]'],
          ],
        ],
        ['attend', [['train.py:4', '[2, 16, 512]']]],
      ],
    )
  })

  it('are picked for one function, and given back', () => {
    const workspace = workspaceOf(files, modelPath, trainPath)
    assert.equal(hintsOf(workspace, modelPath, model).out, '[b, h, s, ?]')
    const caller = workspace.lenses(modelPath)[0]?.callers.find(({ from }) => from === 'train.py:5')
    assert.ok(caller)
    workspace.pick(modelPath, 'scores', caller.key)
    const picked = hintsOf(workspace, modelPath, model)
    assert.equal(picked.out, '[4, 8, 32, 7]')
    assert.equal(picked.k, '[4, 8, 7, 64]')
    assert.doesNotMatch(picked.heads ?? '', /^\[2/, 'the other function is shown as before')
    assert.equal(workspace.lenses(modelPath)[0]?.picked, caller.key)
    workspace.pick(modelPath, 'scores', null)
    assert.equal(hintsOf(workspace, modelPath, model).out, '[b, h, s, ?]')
  })

  it('stay picked over edits elsewhere, and end with the call', () => {
    const workspace = workspaceOf(files, modelPath, trainPath)
    const caller = workspace.lenses(modelPath)[0]?.callers.find(({ from }) => from === 'train.py:5')
    workspace.pick(modelPath, 'scores', caller?.key ?? null)
    const moved = `# one more line\n${model}`
    const settle = (path: string, text: string): void => {
      workspace.setText(path, text)
      for (const other of [modelPath, trainPath]) finish(workspace.update(other))
      for (const other of [modelPath, trainPath]) finish(workspace.settle(other))
    }
    settle(modelPath, moved)
    assert.equal(hintsOf(workspace, modelPath, moved).out, '[4, 8, 32, 7]')
    settle(trainPath, train.replace(/^b = .*$/m, ''))
    assert.equal(hintsOf(workspace, modelPath, moved).out, '[b, h, s, ?]')
  })
})

describe('a program that is followed', () => {
  before(load)

  it('gives its shapes to all files that it enters, until it is cleared', () => {
    const workspace = workspaceOf(files, modelPath)
    assert.equal(hintsOf(workspace, modelPath, model).heads, '[b, h, s, d]')
    const found = workspace.traceFrom(trainPath)
    assert.deepEqual(found, { files: [trainPath, modelPath], isCut: false })
    const traced = hintsOf(workspace, modelPath, model)
    assert.equal(traced.heads, '[2, 8, 16, 64]')
    assert.equal(traced.out, '[2, 8, 16, 16] | [4, 8, 32, 7]')
    assert.ok(workspace.lenses(modelPath).every(({ isTraced }) => isTraced))
    assert.equal(workspace.traceFrom(null), null)
    assert.equal(hintsOf(workspace, modelPath, model).heads, '[b, h, s, d]')
  })

  it('follows edits when the typing rests', () => {
    const workspace = workspaceOf(files, modelPath)
    workspace.traceFrom(trainPath)
    const edited = model.replace('(8, 64)', '(4, 128)')
    workspace.setText(modelPath, edited)
    finish(workspace.update(modelPath))
    assert.doesNotMatch(hintsOf(workspace, modelPath, edited).heads ?? '', /64/, 'nothing old is shown')
    finish(workspace.settle(modelPath))
    assert.equal(hintsOf(workspace, modelPath, edited).heads, '[2, 4, 16, 128]')
  })

  it('that cannot be read is told', () => {
    assert.equal(workspaceOf(files, modelPath).traceFrom('/app/nowhere.py'), null)
  })
})
