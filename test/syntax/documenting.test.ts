// Which functions only write a docstring for what they are given.

import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { documents } from '../../src/syntax/documenting'
import { parseModule } from '../../src/syntax/parse'
import { load } from './support'

before(load)

describe('a function documents', () => {
  const cases: readonly (readonly [what: string, body: string, expected: boolean])[] = [
    ['what it gives a text and gives back', 'f.__doc__ = text(f)\n  return f', true],
    ['also by way of other names', 'n = f.__name__\n  if n:\n    f.__doc__ = n\n  return f', true],
    ['also where it keeps other texts', 'texts["f"] = 1\n  f.__doc__ = "x"\n  return f', true],
    ['not what it leaves without a text', 'return f', false],
    ['not what it gives another attribute', 'f.__doc__ = ""\n  f.size = 3\n  return f', false],
    ['not what it gives another attribute first', 'f.size = 3\n  f.__doc__ = ""\n  return f', false],
    ['not what it enters somewhere', 'f.__doc__ = ""\n  names["f"] = f\n  return f', false],
    ['not what it hands on', 'f.__doc__ = ""\n  register(f)\n  return f', false],
    ['not where it gives back something else', 'f.__doc__ = ""\n  return wrapped(f)', false],
    ['not where it may give back nothing', 'f.__doc__ = ""\n  if text:\n    return f', false],
    ['not where it gives the name to something else', 'f.__doc__ = ""\n  f = other\n  return f', false],
    ['not where it makes a wrapper', 'f.__doc__ = ""\n  def g():\n    f()\n  return f', false],
  ]
  for (const [what, body, expected] of cases)
    it(what, () => {
      const [definition] = parseModule(`def decorator(f):\n  ${body}\n`).body
      assert.ok(definition?.kind === 'FunctionDef')
      assert.equal(documents(definition), expected)
    })
})
