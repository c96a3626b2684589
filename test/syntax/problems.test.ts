// Text with errors: what is said about it, and how much of the code around survives.

import { strict as assert } from 'node:assert'
import { parseModule } from '../../src/syntax/parse'
import type { ModuleTree, Statement } from '../../src/syntax/tree'
import { walk } from '../../src/syntax/walk'
import { load } from './support'

/** Each problem as `line: text under it: message`. */
function problems(text: string): string[] {
  return parseModule(text).problems.map(
    ({ start, end, message }) =>
      `${text.slice(0, start).split('\n').length}: ${text.slice(start, end)}: ${message}`,
  )
}

function kinds(body: Statement[]): string {
  return body.map((node) => node.kind).join(' ')
}

function names(module: ModuleTree): string[] {
  const found: string[] = []
  walk(module, (node) => {
    if (node.kind === 'Name') found.push(node.id)
  })
  return found
}

describe('syntax: problems', () => {
  before(load)

  const CASES: [text: string, problem: string, body: string][] = [
    ['x = foo(a, b\ny = 1\n', "1: (: the bracket '(' opened here is never closed", 'Assign Assign'],
    ['x = [1, (2, 3]\ny = 1\n', "1: (: the bracket '(' opened here is never closed", 'Assign Assign'],
    ['x = 1)\ny = 1\n', "1: ): the bracket ')' closes nothing", 'Assign Assign'],
    ['x = "abc\ny = 1\n', '1: ": the string opened here is never closed', 'Assign Assign'],
    ['for i in x y:\n    a\nb\n', "1: y: unexpected 'y'", 'If Expr'],
    ['q = a if b\nz\n', '1: q = a if b: this line is not valid Python', 'Assign Expr'],
    ['x = g(a b)\nz\n', "1: b: unexpected 'b'", 'Assign Expr'],
    ['else:\n    x\ny\n', "1: else: unexpected 'else'", 'Expr ErrorStmt Expr'],
    ['if x\n    y\nz\n', "1: x: expected ':'", 'If Expr'],
    ['def f(x)\n    return x\nz\n', "1: ): expected ':'", 'FunctionDef Expr'],
    ['def f(x:\n    return x\nz\n', "1: (: the bracket '(' opened here is never closed", 'FunctionDef Expr'],
    ['x = \ny = 1\n', "1: =: expected an expression after '='", 'Assign Assign'],
    ['x = y.\nz = 1\n', "1: .: expected a name after '.'", 'Assign Assign'],
    ['x = a +\nz = 1\n', "1: +: expected an expression after '+'", 'Assign Assign'],
    [
      'def f():\nx = 1\n',
      '1: :: expected an indented block after a function definition',
      'FunctionDef Assign',
    ],
    ['x = 1\n    y = 2\n', '2: y: unexpected indentation', 'Assign Assign'],
    [
      'print x\ny = 1\n',
      "1: print: 'print' is a function in Python 3: its arguments stand in parentheses",
      'ErrorStmt Assign',
    ],
  ]
  for (const [text, problem, body] of CASES) {
    it(JSON.stringify(text), () => {
      assert.deepEqual(problems(text), [problem])
      assert.equal(kinds(parseModule(text).body), body)
    })
  }

  it('takes a line that begins with @ for an operand where it ends inside brackets or closes them', () => {
    for (const text of [
      'c = (\n    a\n    @ b\n    @ d(e)\n)\n',
      'c = (a\n     @ b)\ndef f():\n    pass\n',
      'c = g(\n    a\n    @ b.h("(")\n    @ d[0])\nclass A:\n    pass\n',
    ])
      assert.deepEqual(problems(text), [])
    const text = 'c = g(a\n@b(1, [2])\n@d\ndef f():\n    pass\n'
    assert.equal(kinds(parseModule(text).body), 'Assign FunctionDef')
  })

  it('keeps the statements before and after a broken one in the same body', () => {
    const text =
      'def f(a):\n    b = a.c\n    d = g(b b\n    e = h(d)\n    return e\n\ndef k():\n    return 1\n'
    const module = parseModule(text)
    assert.equal(module.problems.length, 1)
    const [f, k] = module.body
    assert.ok(f?.kind === 'FunctionDef' && k?.kind === 'FunctionDef')
    assert.equal(kinds(f.body), 'Assign Assign Assign Return')
    assert.ok(names(module).includes('g'))
  })

  it('keeps a class whose method has an open bracket', () => {
    const text = 'class A(B):\n    def f(self):\n        x = self.g(\n\n    def h(self):\n        return 1\n'
    const [node] = parseModule(text).body
    assert.ok(node?.kind === 'ClassDef')
    assert.equal(kinds(node.body), 'FunctionDef FunctionDef')
  })

  it('keeps what follows an open docstring', () => {
    const module = parseModule('def f():\n    """open\n    x = 1\n\ndef g():\n    return 1\n')
    assert.equal(kinds(module.body), 'FunctionDef FunctionDef')
  })

  it('knows the Python of 3.12 and 3.13', () => {
    const text = [
      'type X[T: int, *Ts, **P] = list[T]',
      'type Y[T = int] = T',
      'type Z = int | str',
      'def f[T: (int, str) = int](x: T, *a: *Ts) -> T: ...',
      'class A[T = int, *Ts = *tuple[int]](B): pass',
      'x = f"{a["b"]}" f"{\'\\n\'.join(x)}" f"{f"{f"{1}"}"}"',
      'y = f"""{\n  x # comment\n}"""',
      '',
    ].join('\n')
    const module = parseModule(text)
    assert.deepEqual(module.problems, [])
    assert.equal(kinds(module.body), 'TypeAlias TypeAlias TypeAlias FunctionDef ClassDef Assign Assign')
    const assign = module.body[5]
    assert.ok(assign?.kind === 'Assign' && assign.value.kind === 'FString')
    const inner = assign.value.parts[0]
    assert.ok(inner && typeof inner !== 'string')
    assert.equal(text.slice(inner.start, inner.end), 'a["b"]')
  })

  it('bounds the depth of its trees', () => {
    const texts = [
      '('.repeat(5000),
      `${'('.repeat(5000)}1${')'.repeat(5000)}`,
      `x = ${'a + '.repeat(20000)}a`,
      '['.repeat(5000),
      `if x: pass\n${'elif y: pass\n'.repeat(5000)}`,
      `a${'.b()'.repeat(5000)}`,
      'f"{'.repeat(3000),
    ]
    for (const text of texts) {
      const module = parseModule(text)
      assert.ok(module.problems.length > 0)
      walk(module, () => true)
    }
  })

  it('takes any text', () => {
    for (const text of [
      '',
      '\ufeff',
      '\ufeffx = 1',
      '# c',
      '\r',
      '\0',
      '\ud800',
      'x = "\ud800"',
      '\f\n',
      '\\',
      '@',
      '\t',
    ]) {
      const module = parseModule(text)
      assert.equal(module.text, text)
    }
    const [x] = parseModule('\ufeffx = 1').body
    assert.equal(x?.start, 1)
  })
})
