// Text that is no good Python, and programs that do not end: no crash, no hang, shapes for what can be known.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { assumptionsOf, diagnosticsOf } from '../../src/ide/diagnostics'
import { type NodeText, nodesOf } from '../../src/ide/nodes'
import { analyse, type Run } from '../../src/interpreter/analysis'
import { loadGrammar } from '../../src/syntax/grammar'
import { parseModule } from '../../src/syntax/parse'

const path = '/project/model.py'

interface Outcome {
  nodes: NodeText[]
  runs: readonly Run[]
  problems: string[]
  milliseconds: number
}

/** Analyses a text through all its views, as a check does. */
function analysed(text: string): Outcome {
  const since = performance.now()
  const tree = parseModule(text)
  const files = {
    text: (wanted: string) => (wanted === path ? text : null),
    isFile: (wanted: string) => wanted === path,
    isFolder: () => false,
  }
  const runs = analyse(path, tree, { files, searchPaths: [] })
  const nodes = nodesOf(runs, path)
  const problems = [...diagnosticsOf(runs, tree, path), ...assumptionsOf(runs, path)].map(({ code }) => code)
  for (const { place } of nodes)
    assert.ok(place.start >= 0 && place.end <= text.length && place.start <= place.end)
  return { nodes, runs, problems, milliseconds: performance.now() - since }
}

const shapesOf = ({ nodes }: Outcome, name: string): string[] =>
  nodes
    .filter((node) => node.name === name && node.kind === 'target')
    .flatMap(({ tensors }) => tensors.map(({ shape }) => `[${shape?.join(', ')}]`))

const sample = readFileSync('test/robustness/sample.py', 'utf8')

/** For a small program, in milliseconds, on a slow machine that does other things too; more is a hang. */
const longest = 60_000

describe('bad input', function () {
  this.timeout(240_000)

  before(async () => {
    await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
  })

  it('a sample that is as it should be', () => {
    const outcome = analysed(sample)
    assert.deepEqual(shapesOf(outcome, 'result'), ['[2, 16, 64]'])
    assert.deepEqual(
      outcome.problems.filter((code) => code !== 'assumption'),
      [],
    )
  })

  it('a file cut off at any byte', () => {
    const bytes = Buffer.from(sample)
    const decoder = new TextDecoder()
    let slowest = 0
    for (let end = 0; end <= bytes.length; end++) {
      const outcome = analysed(decoder.decode(bytes.subarray(0, end)))
      slowest = Math.max(slowest, outcome.milliseconds)
    }
    assert.ok(slowest < longest, `${slowest} ms`)
  })

  it('a file that begins at any line', () => {
    const lines = sample.split('\n')
    for (let from = 0; from < lines.length; from++) analysed(lines.slice(from).join('\n'))
  })

  it('a syntax error on every line', () => {
    const lines = sample.split('\n')
    for (const [at, line] of lines.entries()) {
      const broken = lines.with(at, `${line} = = (`).join('\n')
      const outcome = analysed(broken)
      assert.ok(outcome.milliseconds < longest)
      if (line.trim() !== '' && !line.includes('"""') && !line.includes('#'))
        assert.ok(outcome.problems.includes('syntax-error'), `line ${at + 1}`)
    }
    analysed(lines.map((line) => `${line} $`).join('\n'))
    analysed(lines.map((line) => line.replace(':', '')).join('\n'))
  })

  it('keeps the shapes before and after a syntax error', () => {
    const outcome = analysed('import torch\na = torch.zeros(2, 3)\nb = = a\nc = a.t()\n')
    assert.deepEqual(shapesOf(outcome, 'c'), ['[3, 2]'])
  })

  it('any piece of the text left out', () => {
    for (let start = 0; start < sample.length; start += 7)
      analysed(sample.slice(0, start) + sample.slice(start + 11))
  })

  it('10,000 lines', () => {
    const block = (i: number) =>
      `def f${i}(x):\n    b, s, d = x.shape\n    y = x.view(b * s, d)\n    z = y @ y.t()\n    return z\n`
    const functions = analysed(`import torch\n${Array.from({ length: 2000 }, (_, i) => block(i)).join('')}`)
    assert.equal(shapesOf(functions, 'z').length, 2000)
    assert.ok(functions.milliseconds < 20_000, `${functions.milliseconds} ms`)
    const flat = analysed(`import torch\nx = torch.zeros(2, 3)\n${'x = x * 2\n'.repeat(10_000)}`)
    assert.ok(flat.milliseconds < 20_000, `${flat.milliseconds} ms`)
    const inOne = analysed(`import torch\n\ndef f(x):\n${'    x = x + 1\n'.repeat(10_000)}    return x\n`)
    assert.ok(inOne.milliseconds < 20_000, `${inOne.milliseconds} ms`)
  })

  it('deep nesting', () => {
    const deep = 2000
    for (const text of [
      `x = ${'('.repeat(deep)}1${')'.repeat(deep)}\n`,
      `x = ${'['.repeat(deep)}`,
      `x = ${'1 + '.repeat(deep)}1\n`,
      `x = ${'-'.repeat(deep)}1\n`,
      `x = a${'.b'.repeat(deep)}\n`,
      `x = a${'()'.repeat(deep)}\n`,
      Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}if x:\n`).join(''),
      `${Array.from({ length: 90 }, (_, i) => `${' '.repeat(i)}for i${i} in x:\n`).join('')}${' '.repeat(90)}pass\n`,
      `x = ${'lambda: '.repeat(500)}1\n`,
    ])
      assert.ok(analysed(text).milliseconds < 20_000, text.slice(0, 20))
  })

  it('keeps the shapes before a program without end', () => {
    const outcome = analysed('import torch\nx = torch.zeros(2, 3)\nwhile True:\n    y = x.t()\n')
    assert.deepEqual(shapesOf(outcome, 'y'), ['[3, 2]'])
    const text =
      'import torch\n\ndef f(x, n):\n    return x if n == 0 else f(x.t(), n - 1)\n\ny = f(torch.zeros(3, 2), 5)\n'
    assert.deepEqual(shapesOf(analysed(text), 'y'), ['[2, 3]'])
  })

  it('a program that compares sizes again and again', () => {
    const text = `import torch

class Reader:
    def __init__(self, bits, source):
        self.bits = bits
        self.source = source
        self.held = 0

    def pull(self):
        while self.held < self.bits:
            piece = self.source.read(1)
            if not piece:
                return None
            self.held += 8
        self.held -= self.bits
        return self.held

if __name__ == '__main__':
    reader = Reader(torch.randint(1, 16, (1,)).item(), open('stream', 'rb'))
    for turn in range(1000):
        for i in range(1000):
            reader.pull()
`
    assert.ok(analysed(text).milliseconds < longest)
  })

  it('empty files, odd line ends, tabs, a byte order mark, control characters', () => {
    for (const text of [
      '',
      '\n',
      ' ',
      '\t',
      '\0',
      '\ufeff',
      '\ufeffx = 1',
      '\r',
      '#',
      '"""',
      '\\',
      '\ud800',
      'def',
      '@',
    ])
      analysed(text)
    for (const end of ['\r\n', '\r', '\n\n'])
      assert.deepEqual(
        shapesOf(analysed(sample.replaceAll('\n', end)), 'result'),
        ['[2, 16, 64]'],
        JSON.stringify(end),
      )
    const tabbed = sample.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4))
    assert.deepEqual(shapesOf(analysed(tabbed), 'result'), ['[2, 16, 64]'])
  })
})

const header = 'import itertools\nimport torch\nimport torch.nn as nn\n\n'

/** Programs that never end or never come back, and a name whose shape is known all the same. */
const endless: [string, string, string?][] = [
  ['a loop that does nothing', 'x = torch.zeros(2, 3)\nwhile True:\n    pass\n', 'x'],
  ['a loop that grows a number', 'n = 0\nwhile True:\n    n += 1\n    x = torch.zeros(2, 3)\n', 'x'],
  [
    'a loop that grows a tensor',
    'y = torch.zeros(1, 3)\nwhile True:\n    y = torch.cat([y, y])\n    x = torch.zeros(2, 3)\n',
    'x',
  ],
  ['a loop over a condition on tensors', 'x = torch.zeros(2, 3)\nwhile x.sum() < 9:\n    x = x + 1\n', 'x'],
  ['a loop over itertools.count', 'for i in itertools.count():\n    x = torch.zeros(2, 3)\n', 'x'],
  ['a loop over itertools.cycle', 'for i in itertools.cycle([1, 2]):\n    x = torch.zeros(2, 3)\n', 'x'],
  ['a loop over a long range', 'for i in range(10 ** 12):\n    x = torch.zeros(2, 3)\n', 'x'],
  [
    'loops in loops',
    `${Array.from({ length: 8 }, (_, i) => `${'    '.repeat(i)}for i${i} in range(1000):\n`).join('')}${'    '.repeat(8)}x = torch.zeros(2, 3)\n`,
    'x',
  ],
  [
    'a generator without end',
    'def forever():\n    while True:\n        yield torch.zeros(2, 3)\n\nfor x in forever():\n    pass\n',
    'x',
  ],
  ['a list that grows while it is read', 'a = [1]\nfor b in a:\n    a.append(b)\n'],
  ['recursion', 'def f(x):\n    return f(x)\n\nx = torch.zeros(2, 3)\nf(x)\n', 'x'],
  ['recursion on a number', 'def f(n):\n    return f(n + 1)\n\nf(0)\n'],
  ['recursion on a tensor', 'def f(x):\n    return f(torch.cat([x, x]))\n\nf(torch.zeros(2, 3))\n'],
  [
    'recursion that ends',
    'def f(x, n):\n    return x if n == 0 else f(x.t(), n - 1)\n\ny = f(torch.zeros(3, 2), 5)\nx = torch.zeros(2, 3)\n',
    'x',
  ],
  [
    'mutual recursion',
    'def f(x):\n    return g(x) + 1\n\ndef g(x):\n    return f(x) * 2\n\nf(torch.zeros(2, 3))\n',
  ],
  ['two calls in each call', 'def f(x, n):\n    return f(x, n + 1) + f(x, n + 2)\n\nf(torch.zeros(2), 0)\n'],
  [
    'two calls in each call, on a tensor',
    'def f(x):\n    a = f(x[1:])\n    b = f(x[:-1])\n    return a + b\n\nf(torch.zeros(64))\n',
  ],
  [
    'a module that holds itself',
    'class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.m = M()\n    def forward(self, x):\n        return self.m(x)\n\nM()(torch.zeros(2))\n',
  ],
  [
    'a module that calls itself',
    'class M(nn.Module):\n    def forward(self, x):\n        return self(x)\n\nM()(torch.zeros(2))\n',
  ],
  [
    'a property that reads itself',
    'class M:\n    @property\n    def x(self):\n        return self.x\n\nM().x\n',
  ],
  [
    'an attribute that asks for itself',
    'class M:\n    def __getattr__(self, name):\n        return getattr(self, name)\n\nM().x\n',
  ],
  [
    'a class that derives from itself',
    'class M:\n    pass\n\nclass M(M):\n    pass\n\nclass N(N):\n    pass\n',
  ],
  [
    'a list that holds itself',
    'a = []\na.append(a)\nfor b in a:\n    a = b\nprint(a == a, str(a), torch.tensor(a))\n',
  ],
  ['a dict that holds itself', 'd = {}\nd["d"] = d\nprint(d == d, str(d))\ndict(**d)\n'],
  [
    'a power tower',
    'n = 9 ** 9 ** 9\nx = torch.zeros(n)\ny = 2 ** 100000\nz = "a" * 10 ** 12\nw = [0] * 10 ** 12\n',
  ],
  ['a doubling string', 's = "a"\nfor i in range(100):\n    s = s + s\n'],
  ['a list that doubles itself', 's = [1]\nfor i in range(100):\n    s += s\n    s.extend(s)\n'],
  [
    'a long loop that fills a list',
    's = []\nfor i in range(10 ** 7):\n    s.append(torch.zeros(2, 3))\nx = s[0]\n',
  ],
  ['a doubling list', 's = [1]\nfor i in range(100):\n    s = s + s\n'],
  ['a doubling tuple of tuples', 's = (1, 2)\nfor i in range(100):\n    s = (s, s)\nprint(s)\n'],
  [
    'a list of lists that doubles',
    's = [1]\nfor i in range(100):\n    s = [s, s]\nprint(s, s == s)\nt = torch.tensor(s)\n',
  ],
  ['a dict that doubles', 's = {}\nfor i in range(100):\n    s = {"a": s, "b": s}\nprint(s == s)\n'],
  [
    'a format that doubles',
    's = "a"\nfor i in range(100):\n    s = f"{s}{s}"\n    t = "%s%s" % (s, s)\n    u = s.join([s, s])\n',
  ],
  ['a number that grows', 'n = 3\nfor i in range(100):\n    n = n * n + 1\n'],
  [
    'a dim that grows',
    'def f(x, y):\n    b, s, d = x.shape\n    for i in range(100):\n        d = (d + s) * (b + d) + s * d\n    return x.new_zeros(d)\n\nx = torch.zeros(2, 3)\n',
    'x',
  ],
  [
    'a dim that is divided again and again',
    'def f(x):\n    b, s, d = x.shape\n    for i in range(100):\n        d = (d + s) // (b + d)\n        s = max(s, d) % b\n    return x.new_zeros(d, s)\n',
  ],
  [
    'a loop over dims that grows a dim',
    'def f(x):\n    b, s, d = x.shape\n    while d < s:\n        d = d * 2 + b\n        x = torch.cat([x, x], dim=-1)\n    return x\n',
  ],
  ['a tensor of ever more dims', 'x = torch.zeros(2, 3)\ny = x\nwhile True:\n    y = y[None]\n', 'x'],
  [
    'a closure that wraps itself',
    'f = lambda x: x\nfor i in range(100):\n    f = (lambda g: lambda x: g(g(x)))(f)\nf(torch.zeros(2))\n',
  ],
  [
    'a comprehension of comprehensions',
    'x = torch.zeros(2, 3)\ns = [x for a in range(1000) for b in range(1000) for c in range(1000)]\n',
    'x',
  ],
  [
    'objects that hold each other',
    'class M:\n    pass\n\na = M()\nb = M()\na.b = b\nb.a = a\nif torch.rand(1) > 0:\n    a.b = a\nfor i in range(3):\n    a = a.b\nprint(a == b)\n',
  ],
  [
    'exceptions that raise again',
    'def f():\n    try:\n        raise ValueError\n    except ValueError:\n        f()\n    finally:\n        f()\n\nf()\n',
  ],
  ['a decorator that calls itself', 'def d(f):\n    return d(f)\n\n@d\ndef g():\n    pass\n'],
  [
    'an iterator without end',
    'class I:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        return torch.zeros(2, 3)\n\nfor x in I():\n    pass\n',
  ],
  ['an import of itself', 'import model\nfrom model import *\nmodel.model.x\n'],
  [
    'many branches',
    `def f(x, flags):\n${Array.from({ length: 40 }, (_, i) => `    if flags[${i}]:\n        x = x.unsqueeze(0)\n`).join('')}    return x\n`,
  ],
  [
    'many tensors that may each be one of two',
    `a = torch.zeros(2, 3)\nb = a.flatten()\nflags = input()\nc = torch.cat([${Array.from({ length: 40 }, (_, i) => `a if flags[${i}] else b`).join(', ')}])\nx = torch.zeros(2, 3)\n`,
    'x',
  ],
  ['a thousand shapes of one name', 'y = torch.zeros(1)\nfor i in range(1000):\n    y = torch.zeros(i)\n'],
]

describe('programs without end', function () {
  this.timeout(240_000)

  before(async () => {
    await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
  })

  for (const [title, code, known] of endless) {
    it(title, () => {
      for (const text of [header + code, header + inFunction(code)]) {
        const outcome = analysed(text)
        assert.ok(outcome.milliseconds < longest, `${Math.round(outcome.milliseconds)} ms`)
        if (known !== undefined)
          assert.ok(shapesOf(outcome, known).includes('[2, 3]'), shapesOf(outcome, known).join())
      }
    })
  }
})

/** The same program as the body of a function that nobody calls. */
const inFunction = (code: string): string => `def program():\n${code.replace(/^(?=.)/gm, '    ')}`
