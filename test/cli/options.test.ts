// Programs with options of their own, traced as they run without arguments. On PyTorch such a run would end
// in an error where an option has to be given, so that no test page can hold it.

import assert from 'node:assert/strict'
import { Folder, type Report } from './shapescope'

const program = `import argparse
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument('--kind', default='small')
parser.add_argument('--dim', type=int, default=8)


def main(args):
    layer = nn.Linear(6, 2) if args.kind == 'small' else nn.Linear(8, 2)
    out = layer(torch.zeros(3, 8))
    wrong = nn.Linear(6, 2)(torch.zeros(3, args.dim))
    return out, wrong


if __name__ == '__main__':
    main(parser.parse_args())
`

describe('command line, a program with options', () => {
  let folder: Folder

  before(() => {
    folder = new Folder()
    folder.write('options.py', program)
  })

  after(() => folder.remove())

  const reportOf = (command: string): Report =>
    JSON.parse(folder.run([command, 'options.py', '--format', 'json']).stdout)

  for (const command of ['check', 'trace'])
    it(`has no error by ${command} that hangs on a default text, and those by other defaults`, () => {
      const { diagnostics } = reportOf(command).files[0] ?? assert.fail()
      assert.deepEqual(
        diagnostics.map(({ range, code }) => [range[0], code]),
        [[13, 'linear-mismatch']],
      )
    })

  it('takes default texts as they are where nothing fails', () => {
    folder.write('options.py', program.replace('torch.zeros(3, 8)', 'torch.zeros(3, 6)'))
    const { nodes } = reportOf('trace').files[0] ?? assert.fail()
    const shapes = nodes
      .filter(({ kind, name }) => kind === 'target' && name === 'out')
      .map(({ tensors }) => tensors[0]?.shape)
    assert.deepEqual(shapes, [[3, 2]])
  })
})
