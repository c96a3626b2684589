// What a turn of a loop may see of the turn before it.

import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { parseModule } from '../../src/syntax/parse'
import { carriedBy, freeNamesOf } from '../../src/syntax/turns'
import { load } from './support'

before(load)

/** The names, and the lists after a bar, that the first loop of a text carries. */
function carried(text: string): string {
  const [loop] = parseModule(text).body
  assert.ok(loop?.kind === 'For' || loop?.kind === 'While')
  const { names, appended } = carriedBy(loop)
  const lists = appended.map(({ node }) => text.slice(node.start, node.end))
  return `${[...names].sort().join(' ')} | ${lists.join(' ')}`.trim()
}

describe('what a turn carries over', () => {
  const cases: readonly (readonly [what: string, text: string, expected: string])[] = [
    ['a variable that is read before it is bound', 'for x in xs:\n  h = f(h, x)', 'f h |'],
    ['not one that each turn binds first', 'for x in xs:\n  h = f(x)\n  y = h + h', 'f |'],
    ['one that a branch may leave as it was', 'for x in xs:\n  if x:\n    h = x\n  y = h', 'h |'],
    ['not one that both branches bind', 'for x in xs:\n  if x:\n    h = x\n  else:\n    h = 1\n  y = h', '|'],
    ['one that an inner loop may not bind', 'for x in xs:\n  for z in x:\n    h = z\n  y = h', 'h |'],
    ['one that is changed in place', 'for x in xs:\n  h += x', 'h |'],
    ['one that a handler reads', 'for x in xs:\n  try:\n    h = x\n  except E:\n    y = h', 'E h |'],
    ['one whose attribute is read', 'for x in xs:\n  y = h.size', 'h |'],
    ['what the test of a while reads', 'while n > 0:\n  n = f()', 'f n |'],
    [
      'a list at which it looks is no list that only grows',
      'for x in xs:\n  out.append(x)\n  y = out[-1]',
      'out |',
    ],
    ['a list that only grows', 'for x in xs:\n  out.append(f(x))', 'f out | out'],
    ['a list of an object', 'for x in xs:\n  self.out.append(self.size)', 'self | self.out'],
    ['a method may look at all of its object', 'for x in xs:\n  self.out.append(self.f(x))', 'self |'],
    ['an attribute of the list itself', 'for x in xs:\n  self.out.append(self.out.first)', 'self |'],
  ]
  for (const [what, text, expected] of cases)
    it(what, () => {
      assert.equal(carried(text), expected)
    })
})

describe('what a function may read of what is around it', () => {
  it('names that it does not bind, and nonlocal ones', () => {
    const text = 'def g(a):\n  nonlocal c\n  b = a + d\n  c = b\n  for e in f(b): pass\n'
    const [definition] = parseModule(text).body
    assert.ok(definition)
    assert.deepEqual([...freeNamesOf(definition)].sort(), ['c', 'd', 'f'])
  })
})
