// JSON as configs have it: what Python's reader takes, and where broken text is broken.

import assert from 'node:assert/strict'
import { parseJson } from '../../src/encodings/config/json'

function problem(text: string): string {
  const parsed = parseJson(text)
  assert.ok(!parsed.ok, text)
  const { line, column, message } = parsed.problem
  return `${line}:${column} ${message}`
}

describe('JSON', () => {
  it('is read as JSON.parse reads it', () => {
    const text = '{"a": [1, -2.5e3, true, null, {"ä": "\\u00e4\\n\\"x\\""}], "b": {}, "c": [], "": 0}'
    assert.deepEqual(parseJson(text), { ok: true, value: JSON.parse(text) })
  })

  it('may have the numbers that Python writes, and a byte-order mark', () => {
    assert.deepEqual(parseJson('\ufeff[NaN, Infinity, -Infinity]'), {
      ok: true,
      value: [Number.NaN, Infinity, -Infinity],
    })
  })

  it('is broken at a line and a column', () => {
    assert.equal(problem('{"a": 1,\n "b" 2}'), '2:6 a colon is expected, and there is 2')
    assert.equal(problem('{"a": 1\n "b": 2}'), '2:2 a comma or } is expected, and there is "')
    assert.equal(problem('[1, 2,]'), '1:7 a value is expected, and there is ]')
    assert.equal(problem('{"a": 1} x'), '1:10 the end of the file is expected, and there is x')
    assert.equal(problem("{'a': 1}"), "1:2 a key in double quotes is expected, and there is '")
    assert.equal(problem('{"a": "b'), '1:7 a closed string is expected, and there is "')
    assert.equal(problem('{"a": tru}'), '1:7 a value is expected, and there is t')
    assert.equal(problem('{"a": 01}'), '1:8 a comma or } is expected, and there is 1')
    assert.equal(
      problem('["a\tb"]'),
      '1:2 a string without control characters or unknown escapes is expected, and there is "',
    )
    assert.equal(problem('{'), '1:2 a key in double quotes is expected, and the file ends')
    assert.match(problem('['.repeat(100000)), /^1:\d+ a shallower nesting/)
  })

  it('keeps a key that is named like what objects inherit', () => {
    const parsed = parseJson('{"__proto__": {"polluted": 1}}')
    assert.ok(parsed.ok)
    assert.deepEqual(Object.keys(parsed.value as object), ['__proto__'])
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  })
})
