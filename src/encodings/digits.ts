// Su's view of RoPE as a number system: a position's digits to the base β = b^(2/d).

export interface Digit {
  /** ⌊n/β^(m−1)⌋ mod β, which jumps; m counts from 1. */
  readonly digit: number
  /** n/β^(m−1) as the pair has it: an angle that runs on, in radians. */
  readonly angle: number
}

/** β, the ratio of one pair's wavelength to that of the pair before. */
export const betaOf = (base: number, dim: number): number => base ** (2 / dim)

/** One digit a pair, the fastest first. */
export function digitsOf(position: number, base: number, dim: number): Digit[] {
  const beta = betaOf(base, dim)
  return Array.from({ length: dim / 2 }, (_, m) => {
    const angle = position / beta ** m
    return { digit: Math.floor(angle) % beta, angle }
  })
}
