// The einops rules against what einops does, and with symbolic sizes.

import assert from 'node:assert/strict'
import { int, list, str } from '../../src/trace/values'
import { type Recorded, readRecords, replay } from '../ops/replay'
import { load } from '../syntax/support'
import { Bench, ints } from './environment'

const lines = readRecords('test/golden/einops')

/** How a replayed call differs from the recorded one, or null. */
function difference(line: Recorded): string | null {
  const { problems, result, comparison, crash } = replay(line)
  if (crash) return crash
  if (line.error) return problems.length > 0 ? null : `${result}; einops refuses: ${line.error.join(': ')}`
  if (problems.length > 0) return problems.join('; ')
  return comparison && !Object.values(comparison).includes('wrong') && comparison.shape === 'exact'
    ? null
    : `${result}; einops gives ${JSON.stringify(line.out)}`
}

describe('einops as recorded', () => {
  before(load)
  for (const name of ['rearrange', 'reduce', 'repeat', 'einsum', 'pack', 'unpack', 'parse_shape']) {
    const own = lines.filter((line) => line.op === `einops.${name}`)
    it(`${name}: ${own.length} calls`, () => {
      assert.ok(own.length > 0)
      const wrong = own.flatMap((line) => {
        const found = difference(line)
        return found === null ? [] : [`${line.call} of ${JSON.stringify(line.in)}: ${found}`]
      })
      assert.deepEqual(wrong, [])
    })
  }
})

describe('einops with symbols', () => {
  const rearranged = (
    shape: string,
    pattern: string,
    axes: Record<string, number | string> = {},
    name = 'rearrange',
  ): [string, Bench] => {
    const bench = new Bench()
    const keywords = Object.fromEntries(
      Object.entries(axes).map(([axis, size]) => [axis, int(bench.dim(size))]),
    )
    return [bench.shapeOf(bench.call(`einops.${name}`, [bench.tensor(shape), str(pattern)], keywords)), bench]
  }
  const cases: [shape: string, pattern: string, axes: Record<string, number | string>, expected: string][] = [
    ['B N D', 'b n (h d) -> b h n d', { h: 8 }, '[B, 8, N, D//8]'],
    ['B N D', 'b n (h d) -> b h n d', { h: 'H' }, '[B, H, N, D//H]'],
    ['B N 512', 'b n (h d) -> b h n d', { h: 8 }, '[B, 8, N, 64]'],
    ['B H N D', 'b h n d -> b n (h d)', {}, '[B, N, H*D]'],
    ['*g N D', '... n d -> ... d n', {}, '[..., D, N]'],
    ['*g D', '... (h d) -> ... h d', { h: 4 }, '[..., 4, D//4]'],
    ['*g', 'b n d -> b d n', {}, '[?, ?, ?]'],
    ['*g D', 'b ... d -> b d ...', {}, '[?, D, ...]'],
    ['B C H W', 'b c (h p) (w q) -> b (h w) (p q c)', { p: 16, q: 16 }, '[B, H*W//256, 256*C]'],
    ['B N D', 'b n (h d) -> b h n d', {}, 'einops-mismatch'],
    ['B N 510', 'b n (h d) -> b h n d', { h: 8 }, 'einops-mismatch'],
  ]
  for (const [shape, pattern, axes, expected] of cases)
    it(`${shape}: ${pattern}`, () => assert.equal(rearranged(shape, pattern, axes)[0], expected))

  it('assumes that a symbolic axis divides', () => {
    const [, bench] = rearranged('B N D', 'b n (h d) -> b h n d', { h: 'H' })
    assert.equal(bench.assumptions[0]?.kind, 'divides')
  })
  it('names the axis that does not divide', () => {
    const [, bench] = rearranged('2 16 510', 'b n (h d) -> b h n d', { h: 8 })
    assert.equal(
      bench.reports[0]?.message,
      "rearrange 'b n (h d) -> b h n d': (h d) is 510 in [2, 16, 510], which does not divide by h = 8",
    )
  })
  it('names an axis whose given size is wrong', () => {
    const [, bench] = rearranged('2 16', 'b n -> n b', { n: 8 })
    assert.equal(
      bench.reports[0]?.message,
      "rearrange 'b n -> n b': «n» is 16 in [2, 16], and it must be n = 8",
    )
  })
  it('does not report a size that is not known', () => {
    const [, bench] = rearranged('B N D', 'b n d -> b d n', { n: 'M' })
    assert.deepEqual(bench.reports, [])
  })
  it('gives the packed sum', () => {
    const bench = new Bench()
    const packed = bench.call('einops.pack', [
      list([bench.tensor('B N D'), bench.tensor('B D')]),
      str('b * d'),
    ])
    assert.equal(
      packed.kind === 'tuple' && packed.items[0] && bench.shapeOf(packed.items[0]),
      '[B, N + 1, D]',
    )
  })
  it('unpacks with a -1', () => {
    const bench = new Bench()
    const parts = bench.call('einops.unpack', [
      bench.tensor('B N D'),
      list([ints(1), ints(-1)]),
      str('b * d'),
    ])
    assert.deepEqual(
      bench.itemsOf(parts)?.map((v) => bench.shapeOf(v)),
      ['[B, 1, D]', '[B, N - 1, D]'],
    )
  })
})
