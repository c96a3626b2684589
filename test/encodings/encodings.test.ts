// What encodings say of themselves: parameters and their problems, relative scores, curves, decay and digits.

import assert from 'node:assert/strict'
import {
  betaOf,
  catalogue,
  checkRelative,
  decayBound,
  decayCurve,
  digitsOf,
  encodingKind,
  frequencyTable,
  positionCurve,
  positionScore,
} from '../../src/encodings'
import { assertNear, encodingOf } from './goldens'

/** The message for the first problem with some values. */
function problem(id: string, values: Record<string, unknown>): string {
  const made = encodingKind(id)?.create(values)
  assert.ok(made && !made.ok)
  return made.problems[0]?.message ?? ''
}

describe('parameters', () => {
  for (const kind of catalogue) {
    it(`of ${kind.id} are described, and their defaults are right`, () => {
      for (const [key, { meaning }] of Object.entries(kind.parameters)) assert.match(meaning, /\.$/, key)
      assert.ok(kind.create().ok)
    })
  }

  it('are refused with a way out', () => {
    assert.equal(
      problem('rope', { head_dim: 63 }),
      'head_dim is 63: it has to be even, since dimensions are turned in pairs',
    )
    assert.equal(problem('rope', { rope_theta: 0 }), 'rope_theta is 0: it has to be above 0')
    assert.equal(problem('rope', { rope_theta: Number.NaN }), 'rope_theta is NaN: it has to be a number')
    assert.equal(problem('rope', { head_dim: 64.5 }), 'head_dim is 64.5: it has to be a whole number')
    assert.equal(
      problem('rope', { layout: 'spiral' }),
      'layout is "spiral": it has to be one of half-split, interleaved, complex',
    )
    assert.equal(
      problem('rope', { head_dim: 66, partial_rotary_factor: 0.5 }),
      'partial_rotary_factor 0.5 turns 33 of 66 dimensions: it has to be an even number, at least 2',
    )
    assert.equal(
      problem('rope-dynamic', { seq_len: 10_000_000 }),
      'seq_len is 10,000,000: it has to be at most 4,194,304',
    )
    assert.equal(
      problem('rope-yarn', { beta_fast: 1, beta_slow: 32 }),
      'beta_fast is 1: it has to be at least beta_slow, 32',
    )
    assert.equal(
      problem('rope-longrope', { head_dim: 8, short_factor: [1, 2] }),
      'short_factor has 2 numbers: it needs one for each of the 4 pairs',
    )
    assert.equal(
      problem('rope-longrope', { head_dim: 8, long_factor: [1, 2, 0, 1] }),
      'long_factor is [1,2,0,1]: its number 3 is 0, it has to be above 0',
    )
    assert.equal(
      problem('mrope', { mrope_section: [16, 24] }),
      'mrope_section is [16, 24]: it needs three numbers that sum up to the 64 pairs',
    )
    assert.match(problem('rope', { theta: 1 }), /^theta is no parameter here: head_dim, rope_theta/)
  })
})

describe('scores', () => {
  const small = { head_dim: 16 }

  for (const { id } of catalogue) {
    it(`of ${id} depend on the distance alone, or do not`, () => {
      const encoding = encodingOf(
        id,
        id.startsWith('mrope') ? { head_dim: 16, mrope_section: [2, 3, 3] } : small,
      )
      // the distance of patches has two parts, and a sinusoid also meets the content
      const expected = id === 'axial-rope' || (encoding.isToeplitz && id !== 'sinusoidal')
      assert.equal(checkRelative(encoding, 24).isRelative, expected)
    })
  }

  it('of a cos/sin table in another layout do not', () => {
    for (const [layout, table_layout] of [
      ['half-split', 'interleaved'],
      ['interleaved', 'half-split'],
      ['complex', 'half-split'],
    ]) {
      const mixed = encodingOf('rope', { ...small, layout, table_layout })
      const { isRelative, deviation, at } = checkRelative(mixed)
      assert.ok(!isRelative && !mixed.isToeplitz && deviation > 0.1 && at !== null)
      assert.equal(positionCurve(mixed, 0, 16), null)
    }
  })

  it('drift in fp32 within what is put down to rounding', () => {
    const { isRelative, deviation } = checkRelative(encodingOf('rope', small, 'f32'), 64)
    assert.ok(isRelative && deviation > 0)
  })

  it('of an image depend on both its rows and columns', () => {
    const image = { head_dim: 16, mrope_section: [2, 3, 3], image_start: 2, image_height: 3, image_width: 4 }
    const encoding = encodingOf('mrope', image)
    assert.ok(!encoding.isToeplitz && checkRelative(encoding, 16).isRelative)
    assert.equal(positionCurve(encoding, 0, 16), null)
  })
})

describe('position-only maps', () => {
  const n = 12

  for (const { id } of catalogue) {
    it(`of ${id} are their curve`, () => {
      const encoding = encodingOf(
        id,
        id.startsWith('mrope') ? { head_dim: 16, mrope_section: [2, 3, 3] } : { head_dim: 16 },
      )
      const curve = positionCurve(encoding, 0, n)
      assert.equal(curve !== null, encoding.isToeplitz)
      for (let at = 0; curve && at < n * n; at++) {
        const [i, j] = [Math.floor(at / n), at % n]
        assertNear([curve[n - 1 + j - i] ?? 0], [positionScore(encoding, 0, i, j)], { absolute: 1e-9 })
      }
    })
  }

  it('of partial, scaled and xPos rotations keep their factors', () => {
    const partial = encodingOf('rope', { head_dim: 16, partial_rotary_factor: 0.5 })
    assertNear([positionCurve(partial, 0, 1)?.[0] ?? 0], [1], { absolute: 1e-12 })
    const yarn = encodingOf('rope-yarn', { head_dim: 16, factor: 4 })
    const { attentionFactor = 0 } = yarn.rotation ?? {}
    assertNear([positionScore(yarn, 0, 3, 3)], [attentionFactor ** 2], { absolute: 1e-12 })
    const grown = encodingOf('xpos', { head_dim: 16 })
    assert.ok(positionScore(grown, 0, 1, 0) < positionScore(grown, 0, 0, 1))
  })
})

describe('views of frequencies', () => {
  const { frequencies } = encodingOf('rope-yarn', {
    head_dim: 8,
    factor: 2,
    original_max_position_embeddings: 64,
  })
  assert.ok(frequencies)
  const { theta } = frequencies

  it('are a table of wavelengths and turns', () => {
    const [first, ...rest] = frequencyTable(frequencies, 64)
    assert.deepEqual(first, {
      pair: 0,
      unscaled: 1,
      theta: 1,
      wavelength: 2 * Math.PI,
      turns: 64 / (2 * Math.PI),
      band: 'kept',
    })
    assert.equal(rest.at(-1)?.band, 'divided')
    assertNear([rest.at(-1)?.theta ?? 0], [(rest.at(-1)?.unscaled ?? 0) / 2], { relative: 1e-12 })
  })

  it('are a decay from 1, which stays below its bound', () => {
    const [curve, bound] = [decayCurve(theta, 100), decayBound(theta, 100)]
    assert.equal(curve[0], 1)
    assertNear([bound[0] ?? 0], [(theta.length + 1) / 2], { absolute: 1e-12 })
    assertNear([curve[5] ?? 0], [theta.reduce((sum, one) => sum + Math.cos(5 * one), 0) / 4], {
      absolute: 1e-12,
    })
    assert.ok(curve.every((value, r) => Math.abs(value) <= (bound[r] ?? 0)))
  })

  it('are the digits of a position, to the base β', () => {
    // b = 100 and d = 4: β = 10, so that two pairs are two decimal digits
    assertNear([betaOf(100, 4)], [10], { absolute: 1e-12 })
    assert.deepEqual(
      digitsOf(47, 100, 4).map(({ digit }) => Math.round(digit)),
      [7, 4],
    )
    assertNear([digitsOf(47, 100, 4)[1]?.angle ?? 0], [4.7], { absolute: 1e-12 })
  })
})
