// Offsets, lines and columns; children, walking and the nodes around an offset.

import { strict as assert } from 'node:assert'
import { LineIndex } from '../../src/syntax/lines'
import { parseModule } from '../../src/syntax/parse'
import { nodeAt } from '../../src/syntax/walk'
import { load } from './support'

describe('syntax: lines', () => {
  it('splits lines as Python does', () => {
    const index = new LineIndex('a\nb\r\nc\rd\n')
    assert.equal(index.lineCount, 5)
    assert.deepEqual(
      [0, 2, 5, 7, 9].map((at) => index.position(at).line),
      [0, 1, 2, 3, 4],
    )
    assert.equal(index.endOfLine(1), 3)
    assert.equal(index.offset({ line: 1, column: 99 }), 3)
    assert.equal(index.offset({ line: 99, column: 0 }), 9)
  })

  it('counts characters, not code units', () => {
    const index = new LineIndex('x\n😀é = 1')
    assert.deepEqual(index.position(5), { line: 1, column: 3 })
    assert.equal(index.characterColumn(5), 2)
  })

  it('takes an empty text', () => {
    const index = new LineIndex('')
    assert.deepEqual(index.position(3), { line: 0, column: 0 })
    assert.equal(index.offset({ line: 0, column: 4 }), 0)
  })
})

describe('syntax: walking', () => {
  before(load)

  it('finds the nodes around an offset', () => {
    const text = '@dec\ndef f(a):\n    return a.b(c)[0]\n'
    const module = parseModule(text)
    const path = (at: number) =>
      nodeAt(module, at)
        .map((node) => node.kind)
        .join(' ')
    assert.equal(path(text.indexOf('dec')), 'FunctionDef Name')
    assert.equal(path(text.indexOf('c)')), 'FunctionDef Return Subscript Call Name')
    assert.equal(path(text.indexOf('a)')), 'FunctionDef Parameter')
    assert.equal(path(text.length), '')
  })
})
