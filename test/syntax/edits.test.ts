// Parsing over an edit: the same tree as from scratch, with the nodes of unchanged code kept.

import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { parseModule } from '../../src/syntax/parse'
import type { ModuleTree } from '../../src/syntax/tree'
import { load } from './support'

const JUNK = [
  '(',
  ')',
  '"""',
  "'",
  'f"{',
  '[',
  ']',
  '}',
  ':',
  '\n',
  '\r',
  '\0',
  '\ud800',
  '😀',
  'def ',
  'class ',
  '  ',
  '\t',
  '@',
  '*',
  ':=',
  'lambda',
  '\\',
  '#',
  'match x:\n',
  'else:\n',
  '.',
  '=',
  'await ',
  'return ',
  'import ',
  '...',
  '$',
]

function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return below > 0 ? state % below : 0
  }
}

function content(module: ModuleTree): string {
  return JSON.stringify([module.body, module.comments, module.problems])
}

describe('syntax: edits', () => {
  before(load)

  it('gives the same tree as a parse from scratch, over random edits', function () {
    this.timeout(60_000)
    const files = ['definitions', 'statements', 'matching']
    const original = files.map((name) => readFileSync(`test/syntax/snippets/${name}.py`, 'utf8')).join('\n')
    const random = generator(20240)
    let text = original
    let module = parseModule(text)
    for (let i = 0; i < 150; i++) {
      if (i % 15 === 0) text = original
      const at = random(text.length)
      const kind = random(3)
      const added =
        kind === 0
          ? JUNK[random(JUNK.length)]
          : kind === 1
            ? ''
            : text.slice(random(text.length)).slice(0, 60)
      text = text.slice(0, at) + added + text.slice(at + (kind === 1 ? random(20) : 0))
      module = parseModule(text, module)
      assert.equal(content(module), content(parseModule(text)), `edit ${i}`)
    }
  })

  it('reads a line again whose bracket is understood by what follows', () => {
    // A decorator cannot stand inside brackets; what it decorates tells it from a product.
    const before = 'a = 1\ny = f(a\n@ b\n@ c\n, dexter)\n'
    const text = before.replace(', dexter)', 'def g():\n    return 1')
    const whole = content(parseModule(text))
    assert.match(whole, /never closed/)
    assert.equal(content(parseModule(text, parseModule(before))), whole)
  })

  it('keeps the nodes of unchanged functions, methods and statements', () => {
    const text =
      'a = 1\ndef f():\n    return a\nclass A:\n    x = 1\n    def g(self):\n        return 1\n' +
      '    def h(self):\n        return 2\n'
    const first = parseModule(text)
    const [a, f, cls] = first.body
    assert.ok(cls?.kind === 'ClassDef')
    const [x, g, h] = cls.body
    const edited = text.replace('return 1', 'return 1 + b')
    const second = parseModule(edited, first)
    const after = second.body[2]
    assert.ok(after?.kind === 'ClassDef')
    assert.equal(second.body[0], a)
    assert.equal(second.body[1], f)
    assert.notEqual(after, cls)
    assert.equal(after.body[0], x)
    assert.notEqual(after.body[1], g)
    assert.equal(after.body[2], h)
    assert.equal(edited.slice(h?.start, h?.end), 'def h(self):\n        return 2')
    assert.equal(after.end, edited.length - 1)
  })

  it('keeps both of two equal statements, and follows moved ones', () => {
    const first = parseModule('f(x)\nf(x)\ng(y)\n')
    const [one, two, three] = first.body
    const second = parseModule('h\ng(y)\nf(x)\nf(x)\n', first)
    assert.equal(second.body[1], three)
    assert.equal(second.body[2], one)
    assert.equal(second.body[3], two)
  })
})
