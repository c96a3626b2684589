// cos and sin of the multiples of an angle, quick enough for a slider.

/** Steps after which the turned vector is made afresh, so that its error stays below 1e-14. */
const exactEvery = 64

/** Calls back with r, cos(r·θ) and sin(r·θ) for r from 0 to n − 1: one vector that is turned on and on. */
export function turning(theta: number, n: number, each: (r: number, cos: number, sin: number) => void): void {
  const [stepCos, stepSin] = [Math.cos(theta), Math.sin(theta)]
  for (let from = 0; from < n; from += exactEvery) {
    let cos = Math.cos(from * theta)
    let sin = Math.sin(from * theta)
    const to = Math.min(n, from + exactEvery)
    for (let r = from; r < to; r++) {
      each(r, cos, sin)
      const turned = cos * stepCos - sin * stepSin
      sin = sin * stepCos + cos * stepSin
      cos = turned
    }
  }
}
