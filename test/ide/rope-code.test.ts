// What a lens above RoPE code knows: what the text tells for certain, and nothing else.

import assert from 'node:assert/strict'
import { ropeCodeOf } from '../../src/ide/rope-code'
import { parseModule } from '../../src/syntax/parse'
import { load } from '../syntax/support'

/** The file turns pairs too, in one way. */
const turning = 'def turn(x): return torch.view_as_complex(x)\n'

const valuesIn = (code: string) => ropeCodeOf(parseModule(code)).map(({ values }) => values)

describe('RoPE in code', () => {
  before(load)

  it('is found with its base and dim in a parameter, a constant or the text', () => {
    const code = `
import torch
DIM = 64
def frequencies(dim=128, base=500000.0):
    return 1.0 / (base ** (torch.arange(0, dim, 2)[: dim // 2].float() / dim))
other = 10000 ** -(torch.arange(0, DIM, 2) / DIM)
`
    assert.deepEqual(valuesIn(code + turning), [
      { head_dim: 128, rope_theta: 500000, layout: 'complex' },
      { head_dim: 64, rope_theta: 10000, layout: 'complex' },
    ])
  })

  it('is found where the exponents have a name', () => {
    const code = `import torch\ndef table(dim, base=10000.0):\n    steps = torch.arange(0, dim, 2)\n    return base ** -(steps / dim)\n`
    assert.deepEqual(valuesIn(code + turning), [{ rope_theta: 10000, layout: 'complex' }])
  })

  it('leaves out what depends on more than the text', () => {
    const code = `
import torch
class Rope:
    def __init__(self, config, base=10000):
        base = config.base
        dim = config.dim
        self.inv = 1 / self.base ** (torch.arange(0, dim, 2) / dim)
        self.other = 1 / base ** (torch.arange(0, self.dim, 2) / self.dim)
`
    assert.deepEqual(valuesIn(code + turning), [{ layout: 'complex' }, { layout: 'complex' }])
  })

  for (const [layout, line] of [
    ['half-split', 'torch.cat((-x2, x1), dim=-1)'],
    ['interleaved', 'torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1)'],
    ['interleaved', 'torch.stack([x1 * c - x2 * s, x1 * s + x2 * c], -1)'],
    ['complex', 'torch.view_as_complex(x)'],
  ] as const) {
    it(`tells the ${layout} layout by ${line}`, () => {
      const code = `import torch\ninv = 1 / 10000 ** (torch.arange(0, 8, 2) / 8)\ndef turn(x, x1, x2):\n    return ${line}\n`
      assert.deepEqual(valuesIn(code), [{ head_dim: 8, rope_theta: 10000, layout }])
    })
  }

  it('tells no layout where a file has two', () => {
    const code = `import torch\ninv = 1 / 10000 ** (torch.arange(0, 8, 2) / 8)\na = torch.cat((-y, x))\nb = torch.view_as_complex(z)\n`
    assert.deepEqual(valuesIn(code), [{ head_dim: 8, rope_theta: 10000 }])
  })

  it('is not in files that turn nothing, such as a sinusoidal table', () => {
    assert.deepEqual(valuesIn('import torch\nangles = p / 10000 ** (torch.arange(0, 8, 2) / 8)\n'), [])
  })

  it('is no other power', () => {
    assert.deepEqual(valuesIn(`x = 2 ** torch.arange(8)\ny = 2 ** 8\n${turning}`), [])
  })
})
