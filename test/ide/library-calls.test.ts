// How far a program is followed into libraries: all the way where tensors may be, briefly elsewhere.

import assert from 'node:assert/strict'
import { createWorkspace } from '../../src/ide/workspace'
import { load } from '../syntax/support'

const counting = `
def count(rounds, made=None):
    total = 0
    for i in range(rounds):
        for j in range(50):
            total = total + 1
    return total
`

/** The hint of `x`, in a program beside `own` modules that finds others in a search path. */
function hintOf(
  program: string,
  { own = {}, library = {} }: Record<string, Record<string, string>>,
): string | undefined {
  const files = new Map([['/app/main.py', program]])
  for (const [name, text] of Object.entries(own)) files.set(`/app/${name}.py`, text)
  for (const [name, text] of Object.entries(library)) files.set(`/lib/${name}.py`, text)
  const workspace = createWorkspace(
    {
      read: (path) => files.get(path) ?? null,
      isFile: (path) => files.has(path),
      isFolder: (path) => path === '/app' || path === '/lib',
    },
    { searchPaths: ['/lib'] },
  )
  workspace.setText('/app/main.py', program)
  for (const work of [workspace.update('/app/main.py'), workspace.settle('/app/main.py')])
    while (!work.next().done);
  const options = { style: 'numbers', maximumLength: 80, parameters: true } as const
  return workspace.hints('/app/main.py', 0, program.length, options).at(-1)?.label
}

const program = (call: string): string => `import torch
import work
class Made: pass
if __name__ == '__main__':
    x = torch.zeros(2, work.${call})
`

describe('a program that calls a library', () => {
  before(load)

  it('follows a long way what may have tensors', () => {
    const work = `import torch\n${counting}`
    assert.equal(hintOf(program('count(100)'), { library: { work } }), '[2, 5000]')
  })
  it('follows what was written beside it', () => {
    assert.equal(hintOf(program('count(100)'), { own: { work: counting } }), '[2, 5000]')
  })
  it('follows briefly what has no tensors', () => {
    assert.equal(hintOf(program('count(100)'), { library: { work: counting } }), '[2, ?]')
    assert.equal(hintOf(program('count(10)'), { library: { work: counting } }), '[2, 500]')
  })
  it('follows what is given something of its own', () => {
    for (const made of ['Made', 'Made()', 'Made().__init__', '(Made,)'])
      assert.equal(hintOf(program(`count(100, ${made})`), { library: { work: counting } }), '[2, 5000]', made)
  })
  it('follows briefly what need not happen', () => {
    const work = `import os\nimport torch\n${counting}
def read(rounds):
    if os.path.exists('weights'):
        return count(rounds)
    return count(rounds)
`
    assert.equal(hintOf(program('count(30)'), { library: { work } }), '[2, 1500]')
    assert.equal(hintOf(program('read(30)'), { library: { work } }), '[2, ?]')
    assert.equal(hintOf(program('read(2)'), { library: { work } }), '[2, 100]')
  })
})
