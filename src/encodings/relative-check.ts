// The check that scores depend on i − j alone, which exposes a cos/sin table in another layout than the rotation's.

import type { Encoding } from './encoding'
import { normals } from './random'
import { dot, placed, score } from './scores'

export interface RelativeCheck {
  /** True if no two scores of one distance differ by more than rounding does. */
  readonly isRelative: boolean
  /** The greatest difference between a score and the first one of the same distance. */
  readonly deviation: number
  /** Where it is; null if there is none. */
  readonly at: { readonly i: number; readonly j: number } | null
  /** The greatest difference that is put down to rounding. */
  readonly tolerance: number
}

/**
 * Moves one random query and one random key over `length` positions, and compares the scores of
 * equal distances: of rows and columns where a position has both.
 */
export function checkRelative(encoding: Encoding, length = 64, head = 0, seed = 1): RelativeCheck {
  const q = normals(seed, encoding.headDim)
  const k = normals(seed + 1, encoding.headDim)
  const scoreOf = scorer(encoding, head, q, k, length)
  const first = new Map<string, number>()
  let [deviation, largest] = [0, 0]
  let at: RelativeCheck['at'] = null
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < length; j++) {
      const distance = distanceOf(encoding, i, j)
      const value = scoreOf(i, j)
      const expected = first.get(distance)
      largest = Math.max(largest, Math.abs(value))
      if (expected === undefined) first.set(distance, value)
      else if (Math.abs(value - expected) > deviation) {
        deviation = Math.abs(value - expected)
        at = { i, j }
      }
    }
  }
  const tolerance = (encoding.precision === 'f32' ? 1e-4 : 1e-9) * Math.max(1, largest)
  return { isRelative: deviation <= tolerance, deviation, at, tolerance }
}

/** Queries and keys are placed once where the score is their product alone. */
function scorer(encoding: Encoding, head: number, q: Float64Array, k: Float64Array, length: number) {
  if (encoding.relative || encoding.bias)
    return (i: number, j: number): number => score(encoding, head, q, k, i, j)
  const positions = Array.from({ length }, (_, p) => p)
  const queries = positions.map((p) => placed(encoding, 'query', q, p))
  const keys = positions.map((p) => placed(encoding, 'key', k, p))
  const none = new Float64Array(0)
  return (i: number, j: number): number => encoding.scale * dot(queries[i] ?? none, keys[j] ?? none)
}

/** Coordinates of images are rounded, since those from −1 to 1 are not exact. */
function distanceOf({ rotation }: Encoding, i: number, j: number): string {
  const [from, to] = [rotation?.coordinates(i) ?? [i], rotation?.coordinates(j) ?? [j]]
  return to.map((one, axis) => (one - (from[axis] ?? 0)).toFixed(9).replace(/^-(0\.0+)$/, '$1')).join(' ')
}
