// How scores of RoPE fall with the distance: the mean cosine, and Su's bound on what it can be.

/** (2/d) Σᵢ cos(r·θᵢ) for distances r from 0 to n − 1. */
export function decayCurve(theta: Float64Array, n: number): Float64Array {
  return Float64Array.from(
    { length: n },
    (_, r) => theta.reduce((sum, one) => sum + Math.cos(r * one), 0) / theta.length,
  )
}

/** Su's bound (2/d) Σⱼ |Σ_{i≤j} e^{i·r·θᵢ}| for distances r from 0 to n − 1; relative, with no unit. */
export function decayBound(theta: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, r) => {
    let [real, imaginary, sum] = [0, 0, 0]
    for (const one of theta) {
      real += Math.cos(r * one)
      imaginary += Math.sin(r * one)
      sum += Math.hypot(real, imaginary)
    }
    return sum / theta.length
  })
}
