import { logBeta } from './sequential/log-gamma.ts'

const tiny = 1e-300
const precision = 1e-15
const mostTerms = 500

const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value)

/** The continued fraction of the incomplete beta function, by the method of Lentz; Press et al., "Numerical Recipes in C", second edition, section 6.4. */
const betaFraction = (a: number, b: number, x: number): number => {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let term = 1; term <= mostTerms; term += 1) {
    const even = (term * (b - term) * x) / ((a + 2 * term - 1) * (a + 2 * term))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + term) * (a + b + term) * x) / ((a + 2 * term) * (a + 2 * term + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < precision) break
  }
  return fraction
}

/** The regularised incomplete beta function, right to a relative 1e-8 for parameters up to a million, and to 1e-12 up to a thousand. @param x from 0 to 1 */
export const incompleteBeta = (a: number, b: number, x: number): number => {
  if (x <= 0 || x >= 1) return Number(x >= 1)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b))
  // Either way round; this one converges at once.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}
