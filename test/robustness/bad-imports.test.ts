// Imports that are missing, broken, circular, native or huge, and what notebooks leave behind: no error, no hang.

import assert from 'node:assert/strict'
import { createWorkspace } from '../../src/ide/workspace'
import { load } from '../syntax/support'

const path = '/app/main.py'

/** The hints and the diagnostics of a file among others. */
function analysed(text: string, others: Record<string, string> = {}) {
  const files: Record<string, string> = { ...others, [path]: text }
  let reads = 0
  const workspace = createWorkspace(
    {
      read: (wanted) => {
        reads++
        return files[wanted] ?? null
      },
      isFile: (wanted) => wanted in files,
      isFolder: (wanted) => Object.keys(files).some((file) => file.startsWith(`${wanted}/`)),
    },
    { searchPaths: [] },
  )
  workspace.setText(path, text)
  for (const work of [workspace.update(path), workspace.settle(path)]) while (!work.next().done);
  const options = { style: 'names', maximumLength: 80, parameters: true } as const
  const hints = workspace.hints(path, 0, text.length, options).map(({ label }) => label)
  return { hints, codes: workspace.diagnostics(path).map(({ code }) => code), reads }
}

const using = (name: string): string =>
  `import torch\nfrom ${name} import layer\n\nx = torch.zeros(2, 3)\ny = layer(x)\nz = y @ x\nw = x * 2\n`

describe('bad imports', () => {
  before(load)

  it('that are missing', () => {
    assert.deepEqual(analysed(using('nowhere.at.all')), {
      hints: ['[2, 3]', '[..., 2]', '[..., 3]', '[2, 3]'],
      codes: [],
      reads: 0,
    })
  })

  it('that are no Python', () => {
    const { hints, codes } = analysed(using('broken'), {
      '/app/broken.py': 'def layer(x:\n  ((((\n\x00class',
    })
    assert.deepEqual(codes, [])
    assert.ok(hints.includes('[2, 3]'))
  })

  it('that raise', () => {
    const { codes } = analysed(using('raising'), { '/app/raising.py': 'raise RuntimeError("no")\n' })
    assert.deepEqual(codes, [])
  })

  it('that go in a circle', () => {
    const { hints, codes } = analysed(using('one'), {
      '/app/one.py': 'from two import helper\ndef layer(x):\n    return helper(x).T\n',
      '/app/two.py': 'from one import layer\nimport one\ndef helper(x):\n    return x * 2\n',
    })
    assert.deepEqual(codes, [])
    assert.deepEqual(hints, ['[2, 3]', '[3, 2]', '[3, 3]', '[2, 3]'])
  })

  it('that name themselves', () => {
    assert.deepEqual(analysed(using('main')).codes, [])
  })

  it('that are native modules', () => {
    const others = {
      '/app/native.cpython-311-x86_64-linux-gnu.so': '\x7fELF',
      '/app/pkg/_C.so': '\x7fELF',
      '/app/pkg/__init__.py': 'from ._C import layer\n',
    }
    assert.deepEqual(analysed(using('native'), others).codes, [])
    assert.deepEqual(analysed(using('pkg'), others).codes, [])
  })

  it('from a package of thousands of files, of which only those that are used are read', () => {
    const others: Record<string, string> = { '/app/huge/__init__.py': 'from .part1 import layer\n' }
    for (let i = 0; i < 5000; i++)
      others[`/app/huge/part${i}.py`] =
        `from .part${i + 1} import layer as next_layer\ndef layer(x):\n    return x.T\n`
    const { hints, codes, reads } = analysed(using('huge'), others)
    assert.deepEqual(codes, [])
    assert.deepEqual(hints, ['[2, 3]', '[3, 2]', '[3, 3]', '[2, 3]'])
    assert.ok(reads < 500, `${reads} files were read`)
  })

  it("of notebooks' magics", () => {
    const text =
      '%matplotlib inline\n!pip install torch\nimport torch\n%time x = torch.zeros(2, 3)\n%%capture\nx = torch.zeros(2, 3)\n!ls {x}\ny = x @ x.T\n'
    const { hints, codes } = analysed(text)
    assert.deepEqual(codes, [])
    assert.ok(hints.includes('[2, 2]'))
  })
})
