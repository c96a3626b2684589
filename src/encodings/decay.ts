// How scores of RoPE fall with the distance: the mean cosine, and Su's bound on what it can be.

import { turning } from './turning'

/** (2/d) Σᵢ cos(r·θᵢ) for distances r from 0 to n − 1. */
export function decayCurve(theta: Float64Array, n: number): Float64Array {
  const curve = new Float64Array(n)
  for (const one of theta) {
    turning(one, n, (r, cos) => {
      curve[r] = (curve[r] ?? 0) + cos / theta.length
    })
  }
  return curve
}

/** Su's bound (2/d) Σⱼ |Σ_{i≤j} e^{i·r·θᵢ}| for distances r from 0 to n − 1; relative, with no unit. */
export function decayBound(theta: Float64Array, n: number): Float64Array {
  const [real, imaginary, bound] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  for (const one of theta) {
    turning(one, n, (r, cos, sin) => {
      const x = (real[r] ?? 0) + cos
      const y = (imaginary[r] ?? 0) + sin
      real[r] = x
      imaginary[r] = y
      bound[r] = (bound[r] ?? 0) + Math.sqrt(x * x + y * y) / theta.length
    })
  }
  return bound
}
