// Programs that change torch's own classes, which all runs share.

import assert from 'node:assert/strict'
import { nodesOf } from '../../src/ide/nodes'
import { analyseProgram } from '../../src/interpreter/analysis'
import { parseModule } from '../../src/syntax/parse'
import { load } from '../syntax/support'

const path = '/work/main.py'
const files = { text: () => null, isFile: () => false, isFolder: () => false }

/** The shapes of the variable `x` at the end of a program. */
function shapesOfX(program: string): unknown {
  const tree = parseModule(program)
  const run = analyseProgram(path, tree, { files, searchPaths: [] })
  return nodesOf([run], path)
    .findLast(({ name }) => name === 'x')
    ?.tensors.map(({ shape }) => shape)
}

const changes = `import torch
from torch import nn
nn.Module.width = 5
nn.Linear.forward = lambda self, x: x
x = nn.Linear(2, 3)(torch.zeros(4, 2))
x = torch.zeros(nn.Linear(2, 3).width)
`
const looks = `import torch
from torch import nn
x = nn.Linear(2, 3)(torch.zeros(4, 2))
x = torch.zeros(5 if hasattr(nn.Linear(2, 3), 'width') else 1)
`

describe("a change of torch's own classes", () => {
  before(load)

  it('holds in the program that makes it', () => {
    assert.deepEqual(shapesOfX(changes), [[5]])
  })

  it('does not hold in the next', () => {
    shapesOfX(changes)
    assert.deepEqual(shapesOfX(looks), [[1]])
  })
})
