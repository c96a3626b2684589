// Imports of a project whose programs are started in a folder between the workspace's and the file's.

import assert from 'node:assert/strict'
import { createWorkspace } from '../../src/ide/workspace'
import { load } from '../syntax/support'

/** The hints of a file among others, where the workspace's folder is `/work`. */
function hintsOf(path: string, files: Record<string, string>): string[] {
  const workspace = createWorkspace(
    {
      read: (wanted) => files[wanted] ?? null,
      isFile: (wanted) => wanted in files,
      isFolder: () => false,
    },
    { searchPaths: ['/work', '/lib'] },
  )
  const text = files[path] ?? ''
  workspace.setText(path, text)
  const work = workspace.update(path)
  while (!work.next().done);
  const options = { style: 'names', maximumLength: 80, parameters: true } as const
  return workspace.hints(path, 0, text.length, options).map(({ label }) => label)
}

const uses = 'from layers.wide import wide\nx = wide()\n'
const wide = (width: number): string => `import torch\ndef wide():\n    return torch.zeros(2, ${width})\n`

describe('a module that is imported by its name from where the program is started', () => {
  before(load)

  it('is found in a folder around the file', () => {
    assert.deepEqual(
      hintsOf('/work/app/models/a.py', {
        '/work/app/models/a.py': uses,
        '/work/app/layers/wide.py': wide(8),
      }),
      ['[2, 8]'],
    )
  })
  it('is looked for in the nearest first, behind the search paths', () => {
    const files = { '/work/app/models/a.py': uses, '/work/app/layers/wide.py': wide(8) }
    assert.deepEqual(
      hintsOf('/work/app/models/a.py', { ...files, '/work/app/models/layers/wide.py': wide(4) }),
      ['[2, 4]'],
    )
    assert.deepEqual(hintsOf('/work/app/models/a.py', { ...files, '/lib/layers/wide.py': wide(2) }), [
      '[2, 2]',
    ])
  })
  it('is not looked for outside of the workspace, nor from within a library', () => {
    assert.deepEqual(hintsOf('/work/a.py', { '/work/a.py': uses, '/layers/wide.py': wide(8) }), [])
    const library = {
      '/work/a.py': 'from kit.part import x\ny = x\n',
      '/lib/kit/part.py': uses,
      '/lib/kit/layers/wide.py': wide(8),
    }
    assert.deepEqual(hintsOf('/work/a.py', { ...library, '/lib/kit/__init__.py': '' }), [])
  })
})
