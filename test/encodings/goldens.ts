// The goldens of test/golden/encodings, and comparison of numbers.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Encoding, encodingKind } from '../../src/encodings'

export const folder = 'test/golden/encodings'

export const golden = <T>(name: string): T => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as T

/** An encoding that has to be right. */
export function encodingOf(
  id: string,
  values: Record<string, unknown> = {},
  precision: 'f32' | 'f64' = 'f64',
): Encoding {
  const made = encodingKind(id)?.create(values, precision)
  if (!made?.ok)
    throw new Error(made?.problems.map(({ message }) => message).join('; ') ?? `no encoding ${id}`)
  return made.value
}

/** Fails unless all numbers are as near as that: |a − b| ≤ absolute + relative·|b|. */
export function assertNear(
  actual: ArrayLike<number>,
  expected: readonly number[],
  { absolute = 0, relative = 0 }: { absolute?: number; relative?: number },
  what = '',
): void {
  assert.equal(actual.length, expected.length, `${what}: as many numbers`)
  for (const [at, value] of expected.entries()) {
    const deviation = Math.abs((actual[at] ?? Number.NaN) - value)
    const isNear = deviation <= absolute + relative * Math.abs(value)
    assert.ok(isNear, `${what}: number ${at} is ${actual[at]}, and ${value} in PyTorch`)
  }
}
