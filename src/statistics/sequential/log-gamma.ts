/** Coefficients of the Lanczos approximation with g = 7 and nine terms; Godfrey 2001. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** Natural logarithm of the gamma function of a number above 0, to about 14 digits. */
export const logGamma = (value: number): number => {
  // Below one half the series loses digits; Γ(x) = Γ(x + 1) / x.
  if (value < 0.5) return logGamma(value + 1) - Math.log(value)
  const shifted = value - 1
  const series = lanczos.reduce((sum, coefficient, place) => sum + (place === 0 ? coefficient : coefficient / (shifted + place)), 0)
  const base = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series)
}

/** Natural logarithm of the beta function of two numbers above 0. */
export const logBeta = (left: number, right: number): number => logGamma(left) + logGamma(right) - logGamma(left + right)

/** Natural logarithm of the number of ways to choose some of several. */
export const logWays = (all: number, chosen: number): number => -Math.log(all + 1) - logBeta(all - chosen + 1, chosen + 1)
