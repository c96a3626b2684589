// `check --explain-unknown`: where values stopped being known, and why.

import assert from 'node:assert/strict'
import { Folder } from './shapescope'

const source = `import torch
import nowhere


def f(x, config):
    y = nowhere.layer(x)
    z = y + 1
    b, s, d = x.shape
    return z.view(b, s), config
`

describe('command line, unknown values', () => {
  let folder: Folder

  beforeEach(() => {
    folder = new Folder()
    folder.write('a.py', source)
    folder.write('b.py', 'import torch\nx = torch.zeros(2, 3)\n')
  })

  afterEach(() => folder.remove())

  it('are told with their cause, and not where they are used', () => {
    const { stdout, status } = folder.run(['check', 'a.py', '--explain-unknown'])
    assert.equal(status, 0)
    assert.match(stdout, /^a\.py:6:9: the module nowhere is not found/m)
    assert.match(stdout, /^a\.py:5:10: nothing tells what the parameter config is$/m)
    assert.doesNotMatch(stdout, /^a\.py:[79]:/m)
    assert.doesNotMatch(stdout, /parameter x /)
    assert.match(stdout, /^2 values are not known, and what follows from them$/m)
  })

  it('are a key of a file in JSON, only where it is asked for', () => {
    const report = JSON.parse(folder.run(['check', '.', '--format', 'json', '--explain-unknown']).stdout)
    const [a, b] = report.files
    assert.deepEqual(
      a.unknown.map(({ range }: { range: number[] }) => range[0]),
      [5, 6],
    )
    assert.match(a.unknown[1].reason, /nowhere/)
    assert.deepEqual(b.unknown, [])
    const plain = JSON.parse(folder.run(['check', '.', '--format', 'json']).stdout)
    assert.ok(!('unknown' in plain.files[0]))
  })

  it('may be none', () => {
    assert.match(folder.run(['check', 'b.py', '--explain-unknown']).stdout, /^every value is known$/m)
  })

  it('are not for every format', () => {
    assert.equal(folder.run(['check', 'a.py', '--explain-unknown', '--format', 'sarif']).status, 2)
    assert.equal(folder.run(['trace', 'a.py', '--explain-unknown']).status, 2)
  })
})
