// What libraries do on import, which may be much: a package in a search path.

import assert from 'node:assert/strict'
import { nodesOf } from '../../src/ide/nodes'
import { analyseProgram } from '../../src/interpreter/analysis'
import { parseModule } from '../../src/syntax/parse'
import { load } from '../syntax/support'

const path = '/work/main.py'

/** The shapes of the variable `x` at the end of a program beside which these packages are installed. */
function shapesOfX(program: string, installed: Record<string, string>): unknown {
  const texts = new Map(Object.entries(installed).map(([name, text]) => [`/lib/${name}`, text]))
  const files = {
    text: (file: string) => texts.get(file) ?? null,
    isFile: (file: string) => texts.has(file),
    isFolder: (folder: string) => [...texts.keys()].some((file) => file.startsWith(`${folder}/`)),
  }
  const tree = parseModule(program)
  const run = analyseProgram(path, tree, { files, searchPaths: ['/lib'] })
  return nodesOf([run], path)
    .findLast(({ name }) => name === 'x')
    ?.tensors.map(({ shape }) => shape)
}

const rows = Array.from({ length: 500 }, (_, i) => `    'm${i}.best': dict(size=(3, ${i}, ${i})),`)
const installed = {
  'depot/__init__.py': '',
  'depot/tables.py': `class Row:
    def __init__(self, size, crop=1, mean=2, std=3, name=None, notes=None):
        self.size, self.crop, self.mean, self.std = size, crop, mean, std
        self.name = name or ''
        self.notes = notes or []

def grouped(rows):
    groups = {}
    for key, row in rows.items():
        name, tag = key.split('.')
        row = Row(**row)
        groups.setdefault(name, {})[tag.strip('*')] = row
    return groups
`,
  'depot/models.py': `import torch
from .tables import grouped

rows = grouped({
${rows.join('\n')}
})
`,
}

describe('what a library does on import', () => {
  before(load)

  it('follows a table to its last entry', () => {
    const program = `import torch
from depot.models import rows
x = torch.zeros(rows['m7']['best'].size)
`
    assert.deepEqual(shapesOfX(program, installed), [[3, 7, 7]])
  })
})
