// Random numbers that are the same on every machine, for tables that a model would have learned.

/** Uniform numbers in [0, 1) by mulberry32, without so many of the first ones. */
export function uniform(seed: number, skipped = 0): () => number {
  let state = (seed + Math.imul(skipped, 0x6d2b79f5)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** So many normal numbers, by Box and Muller's transform, without so many of the first ones. */
export function normals(seed: number, count: number, deviation = 1, skipped = 0): Float64Array {
  const next = uniform(seed, 2 * skipped)
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - next()))
    return deviation * radius * Math.cos(2 * Math.PI * next())
  })
}

/** A seed of its own for part of what another seed stands for. */
export const seedOf = (seed: number, part: number): number => (Math.imul(seed, 0x9e3779b1) + part) >>> 0
