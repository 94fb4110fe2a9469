/** Coefficients of the Chebyshev fit to log(erfc) of Press et al., "Numerical Recipes in C", second edition, section 6.2. */
const fit = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277]

/**
 * Probability that a standard normal variable lies at least as far from 0 as a value, on either side: erfc(|z| / √2), right to a relative 1.2e-7 wherever it
 * is, so that small ones are no zeros.
 */
export const twoSidedTail = (value: number): number => {
  const distance = Math.abs(value) / Math.SQRT2
  const t = 1 / (1 + distance / 2)
  const exponent = fit.reduceRight((sum, coefficient) => sum * t + coefficient, 0)
  return Math.min(1, t * Math.exp(exponent - distance * distance))
}
