// What a lens above RoPE code knows: what the text tells for certain, and nothing else.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ropeCodeOf } from '../../src/ide/rope-code'
import { parseModule } from '../../src/syntax/parse'
import { draftOf, encodingOf } from '../../webview/drafts'
import { assertNear, folder, golden } from '../encodings/goldens'
import { load } from '../syntax/support'

/** The file turns pairs too, in one way. */
const turning = 'def turn(x): return torch.view_as_complex(x)\n'

const valuesIn = (code: string) => ropeCodeOf(parseModule(code)).map(({ values }) => values)
const foundIn = (code: string) => ropeCodeOf(parseModule(code)).map(({ id, values }) => ({ id, ...values }))

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

  it('is found where it is written as an exponential', () => {
    for (const line of [
      'torch.exp(torch.arange(0, 64, 2) * -(math.log(500.0) / 64))',
      'torch.exp(-math.log(500.0) * torch.arange(0, 32) / 32)',
      'torch.pow(500.0, -torch.arange(0, 64, 2) / 64)',
    ])
      assert.deepEqual(foundIn(`${turning}theta = ${line}\n`), [
        { id: 'rope', head_dim: 64, rope_theta: 500, layout: 'complex' },
      ])
  })

  it('takes what the calls in the file give before defaults', () => {
    const code = `
def table(dim, base=10000.0):
    return 1.0 / base ** (torch.arange(0, dim, 2) / dim)
class Model:
    def __init__(self, width=512, heads=8):
        self.angles = table(width // heads, base=1e6)
`
    assert.deepEqual(foundIn(turning + code), [
      { id: 'rope', head_dim: 64, rope_theta: 1e6, layout: 'complex' },
    ])
  })

  it('leaves out what calls give differently', () => {
    const code = `
def table(dim, base=10000.0):
    return 1.0 / base ** (torch.arange(0, dim, 2) / dim)
local, whole = table(64), table(64, unknown)
`
    assert.deepEqual(foundIn(turning + code), [{ id: 'rope', head_dim: 64, layout: 'complex' }])
  })

  it('reads the defaults of a config, its derived values and its properties', () => {
    const code = `
@dataclass
class Shape:
    width: int = 1024
    heads: int = 8
    head_dim: Optional[int] = None
    base: float = field(default=5e5)
    def __post_init__(self):
        if self.head_dim is None:
            self.head_dim = self.width // self.heads
    @property
    def turned(self):
        return self.head_dim // 2
class Rope:
    def __init__(self, config: Shape):
        self.config = config
        dim = getattr(config, "rotary_dim", None) or config.turned
        self.theta = config.base ** -(torch.arange(0, dim, 2) / dim)
`
    assert.deepEqual(foundIn(turning + code), [
      { id: 'rope', head_dim: 64, rope_theta: 5e5, layout: 'complex' },
    ])
  })

  it('tells a part of the head that is turned', () => {
    const code = `
class Rope:
    def __init__(self, dim, base=10000):
        self.theta = 1 / base ** (torch.arange(0, dim, 2) / dim)
class Attention:
    def __init__(self, head_dim=128, part=0.25):
        self.rope = Rope(int(head_dim * part))
`
    assert.deepEqual(foundIn(turning + code), [
      { id: 'rope', head_dim: 128, partial_rotary_factor: 0.25, rope_theta: 10000, layout: 'complex' },
    ])
  })

  it('tells linear scaling, and not fractions of a length', () => {
    const scaled = (line: string) => `
class Rope:
    def __init__(self, dim=64, base=10000, factor=4.0, most=2048):
        theta = 1 / base ** (torch.arange(0, dim, 2) / dim)
        t = torch.arange(most).float()
        ${line}
`
    const linear = { id: 'rope-linear', head_dim: 64, rope_theta: 10000, factor: 4, layout: 'complex' }
    assert.deepEqual(foundIn(turning + scaled('t = t / factor')), [linear])
    assert.deepEqual(foundIn(turning + scaled('t /= factor')), [linear])
    const [plain] = foundIn(turning + scaled('t = t / most'))
    assert.equal(plain?.id, 'rope')
  })

  it('tells a stretched base, static and dynamic', () => {
    const stretched = (factor: string) => `
def table(n, dim=64, base=10000.0, s=8.0, most=2048, one=1):
    base = base * (${factor}) ** (dim / (dim - 2))
    return 1 / base ** (torch.arange(0, dim, 2) / dim)
`
    const known = { head_dim: 64, rope_theta: 10000, layout: 'complex' }
    assert.deepEqual(foundIn(turning + stretched('s')), [{ id: 'rope-ntk', ...known, factor: 8 }])
    assert.deepEqual(foundIn(turning + stretched('s * n / most - (s - 1)')), [
      { id: 'rope-dynamic', ...known, factor: 8, max_position_embeddings: 2048 },
    ])
    assert.deepEqual(foundIn(turning + stretched('one')), [{ id: 'rope', ...known }])
  })

  const yarn = (condition: string) => `
def bound(turns, dim, base, length):
    return dim * math.log(length / (turns * 2 * math.pi)) / (2 * math.log(base))
def table(dim=64, base=10000.0, s=16.0, length=4096, seq=65536):
    theta = 1 / base ** (torch.arange(0, dim, 2) / dim)
    if ${condition}:
        low, high = bound(32, dim, base, length), bound(1, dim, base, length)
        part = ramp(low, high)
        theta = theta / s * (1 - part) + theta * part
    return theta
`
  it('tells YaRN by its bounds', () => {
    assert.deepEqual(foundIn(turning + yarn('seq > length')), [
      {
        id: 'rope-yarn',
        head_dim: 64,
        rope_theta: 10000,
        original_max_position_embeddings: 4096,
        truncate: 'false',
        beta_fast: 32,
        beta_slow: 1,
        factor: 16,
        layout: 'complex',
      },
    ])
  })

  it('leaves out scaling under a condition that is false', () => {
    assert.deepEqual(foundIn(turning + yarn('seq < length')), [
      { id: 'rope', head_dim: 64, rope_theta: 10000, layout: 'complex' },
    ])
  })

  it("tells Llama 3's scaling, also in a function of its own", () => {
    const code = `
def scaled(thetas, factor=8, low=1, high=4, length=8192):
    out = []
    for theta in thetas:
        wave = 2 * math.pi / theta
        if wave < length / high:
            out.append(theta)
        elif wave > length / low:
            out.append(theta / factor)
        else:
            t = (length / wave - low) / (high - low)
            out.append((1 - t) * theta / factor + t * theta)
    return out
def table(dim=128, base=5e5):
    return scaled(1 / base ** (torch.arange(0, dim, 2) / dim))
`
    assert.deepEqual(foundIn(turning + code), [
      {
        id: 'rope-llama3',
        head_dim: 128,
        rope_theta: 5e5,
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 8192,
        layout: 'complex',
      },
    ])
  })

  it('tells nothing of code that goes round in circles', () => {
    const code = `
def f(d=f(d)):
    return d ** (torch.arange(0, f(d), 2) / f(f(d)))
class A(A):
    def __init__(self, x=A(1).x):
        self.x = A(self.x).x
        super().__init__(self.x)
        self.t = A(2).x ** (torch.arange(0, self.y, 2) / self.y)
`
    const nothing = { id: 'rope', layout: 'complex' }
    assert.deepEqual(foundIn(turning + code), [nothing, nothing])
  })

  it('tells the length that angles are made for', () => {
    const lengthIn = (lines: string) =>
      ropeCodeOf(parseModule(`${turning}def table(dim=64, most=2048):\n${lines}`)).map(({ length }) => length)
    const theta = '    theta = 1e4 ** -(torch.arange(0, dim, 2) / dim)\n'
    assert.deepEqual(lengthIn(`${theta}    return torch.outer(torch.arange(most), theta)\n`), [2048])
    assert.deepEqual(lengthIn(`${theta}    return torch.outer(torch.arange(other), theta)\n`), [null])
    assert.deepEqual(lengthIn(`${theta}    a, b = torch.arange(most), torch.arange(512)\n`), [null])
  })

  it('is told with the config of its model', () => {
    const code = `
class Config:
    model_type = "llama"
    hidden_size: int = 256
    num_attention_heads: int = 4
def table(config: Config):
    dim = config.hidden_size // config.num_attention_heads
    return 1 / config.rope_parameters["rope_theta"] ** (torch.arange(0, dim, 2) / dim)
`
    const [found] = ropeCodeOf(parseModule(turning + code))
    assert.deepEqual(found?.config, { model_type: 'llama', hidden_size: 256, num_attention_heads: 4 })
    assert.deepEqual(found?.values, { head_dim: 64, layout: 'complex' })
  })

  it('is no table whose other columns are filled with a sine', () => {
    const code = `
def table(dim=64):
    angles = p * torch.exp(torch.arange(0, dim, 2) * -(math.log(10000.0) / dim))
    out[:, 0::2] = torch.sin(angles)
`
    assert.deepEqual(foundIn(turning + code), [])
  })

  for (const [layout, line] of [
    ['half-split', 'torch.cat((-x2, x1), dim=-1)'],
    ['interleaved', 'torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1)'],
    ['interleaved', 'torch.stack([x1 * c - x2 * s, x1 * s + x2 * c], -1)'],
    ['complex', 'torch.view_as_complex(x)'],
    ['half-split', 'torch.cat([x1 * c + x2 * s, x2 * c - x1 * s], -1)'],
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

  for (const { file, theta } of golden<{ file: string; theta: number[][] }[]>('code.json')) {
    it(`has the frequencies that PyTorch computes: ${file}`, () => {
      const found = ropeCodeOf(parseModule(readFileSync(`${folder}/code/${file}`, 'utf8')))
      assert.equal(found.length, theta.length)
      for (const [at, { id, values }] of found.entries()) {
        const made = encodingOf(draftOf(id, values), 'f64')
        assert.ok(made.ok)
        assertNear(made.value.frequencies?.theta ?? [], theta[at] ?? [], { relative: 1e-5 }, `${file}, ${at}`)
      }
    })
  }
})
