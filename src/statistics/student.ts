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

/** The regularised incomplete beta function. @param x from 0 to 1 */
const incompleteBeta = (a: number, b: number, x: number): number => {
  if (x <= 0 || x >= 1) return Number(x >= 1)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b))
  // Either way round; this one converges at once.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

/** Above so many degrees of freedom Student's distribution is taken at these: the quantiles differ by less than 1e-6. */
const mostDegrees = 1e6

const halvings = 100

/**
 * The value below which a share of Student's t distribution lies; right to 1e-9, also with few degrees of freedom, where the normal distribution is far off.
 *
 * @param share above one half, below 1
 * @param degrees of freedom, above 0; need not be whole
 */
export const studentQuantile = (share: number, degrees: number): number => {
  const held = Math.min(degrees, mostDegrees)
  const tail = 2 * (1 - share)
  // P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²): where that meets the tail, by halving.
  let [low, high] = [0, 1]
  for (let halving = 0; halving < halvings; halving += 1) {
    const middle = (low + high) / 2
    if (incompleteBeta(held / 2, 0.5, middle) < tail) low = middle
    else high = middle
  }
  const x = (low + high) / 2
  return Math.sqrt((held * (1 - x)) / x)
}
