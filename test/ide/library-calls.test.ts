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

const reading = `def read(rounds):
    if os.path.exists(os.getcwd()):
        return count(rounds)
    return count(rounds)
`

/** The hint of `x`, in a program beside `own` modules, in the folder of a `project`, that finds others in a search path. */
function hintOf(
  program: string,
  { own = {}, project = {}, library = {} }: Record<string, Record<string, string>>,
  openedBefore: string | null = null,
): string | undefined {
  const files = new Map([['/app/scripts/main.py', program]])
  for (const [name, text] of Object.entries(own)) files.set(`/app/scripts/${name}.py`, text)
  for (const [name, text] of Object.entries(project)) files.set(`/app/${name}.py`, text)
  for (const [name, text] of Object.entries(library)) files.set(`/lib/${name}.py`, text)
  const workspace = createWorkspace(
    {
      read: (path) => files.get(path) ?? null,
      isFile: (path) => files.has(path),
      isFolder: (path) => ['/app', '/app/scripts', '/lib'].includes(path),
    },
    { searchPaths: ['/app', '/lib'] },
  )
  for (const path of [...(openedBefore ? [openedBefore] : []), '/app/scripts/main.py']) {
    workspace.setText(path, files.get(path) ?? '')
    for (const work of [workspace.update(path), workspace.settle(path)]) while (!work.next().done);
  }
  const options = { style: 'numbers', maximumLength: 80, parameters: true } as const
  return workspace.hints('/app/scripts/main.py', 0, program.length, options).at(-1)?.label
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
  it('follows as long a way as a deep model takes', () => {
    const work = `import torch\n${counting}def thrice(rounds):\n    return count(rounds) + count(rounds) + count(rounds)\n`
    assert.equal(hintOf(program('thrice(1600)'), { library: { work } }), '[2, 240000]')
  })
  it('follows what may have tensors from what has none', () => {
    const far = `import torch\n${counting}`
    const work = `from far import count
def variant(rounds):
    return count(rounds) + 1
def both(rounds):
    first = variant(rounds)
    for _ in range(4):
        first = first + 1
    return first + variant(rounds)
def long(rounds):
    first = variant(1)
${counting.trim().split('\n').slice(1).join('\n')}
`
    const library = { work, far }
    assert.equal(hintOf(program('variant(100)'), { library }), '[2, 5001]')
    assert.equal(hintOf(program('both(100)'), { library }), '[2, 10006]')
    assert.equal(hintOf(program('long(10)'), { library }), '[2, 500]')
    assert.equal(hintOf(program('long(100)'), { library }), '[2, ?]')
  })
  it('follows what was written beside it', () => {
    const work = `import os\n${counting}${reading}`
    assert.equal(hintOf(program('count(100)'), { own: { work } }), '[2, 5000]')
    assert.equal(hintOf(program('read(100)'), { own: { work } }), '[2, 5000]')
    assert.equal(hintOf(program('read(100)'), { project: { work } }), '[2, 5000]')
  })
  it('follows briefly what has no tensors', () => {
    assert.equal(hintOf(program('count(100)'), { library: { work: counting } }), '[2, ?]')
    assert.equal(hintOf(program('count(10)'), { library: { work: counting } }), '[2, 500]')
  })
  it('does so where a file of the library was looked at before', () => {
    const library = { work: counting, look: 'import work\nwork.count(1)\n' }
    assert.equal(hintOf(program('count(100)'), { library }, '/lib/look.py'), '[2, ?]')
  })
  it('follows what is given something of its own', () => {
    for (const made of ['Made', 'Made()', 'Made().__init__', '(Made,)'])
      assert.equal(hintOf(program(`count(100, ${made})`), { library: { work: counting } }), '[2, 5000]', made)
  })
  it('follows briefly what need not happen', () => {
    const work = `import os\nimport torch\n${counting}${reading}`
    assert.equal(hintOf(program('count(300)'), { library: { work } }), '[2, 15000]')
    assert.equal(hintOf(program('read(300)'), { library: { work } }), '[2, ?]')
    assert.equal(hintOf(program('read(30)'), { library: { work } }), '[2, 1500]')
  })
  it('follows more briefly what need not happen far from tensors', () => {
    const work = `import os\n${counting}${reading}`
    assert.equal(hintOf(program('read(30)'), { library: { work } }), '[2, ?]')
    assert.equal(hintOf(program('read(2)'), { library: { work } }), '[2, 100]')
  })

  it('goes on where a library raises and nothing handles that; not where a handler or the program itself does', () => {
    const work = `import torch
readers = []
def register(reader):
    readers.append(reader)
def size():
    check()
    return 5
def check():
    for reader in readers:
        if reader():
            return
    raise ValueError('nobody can read this')
`
    assert.equal(hintOf(program('size()'), { library: { work } }), '[2, 5]')
    assert.equal(hintOf(program('size()'), { own: { work } }), undefined)
    const handled = `import torch
import work
if __name__ == '__main__':
    try:
        size = work.size()
    except ValueError:
        size = 7
    x = torch.zeros(2, size)
`
    assert.equal(hintOf(handled, { library: { work } }), '[2, 7]')
    const lacking = `import torch
class Thing:
    def __getattr__(self, name):
        raise AttributeError(name)
`
    const asking = program(
      "Thing().count if hasattr(work.Thing(), 'made') else getattr(work.Thing(), 'size', 6)",
    )
    assert.equal(hintOf(asking, { library: { work: lacking } }), '[2, 6]')
  })
})
