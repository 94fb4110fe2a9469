import { expectNumber } from '../../expect.ts'
import { defaultAlpha, expectAlpha, type Interval, turningPoint } from './interval.ts'
import { logBeta } from './log-gamma.ts'

/** Both parameters of the mixture: Jeffreys' prior, which wastes least whatever the truth is. */
const prior = 0.5
/** More than any log has; beyond it the logarithms have no digits left to differ in. */
const mostRewards = 1e12

/**
 * Exact confidence sequence of the mean of rewards in [0, 1]: valid at all times at once and from the first reward on, without any limit theorem.
 *
 * All μ whose mixture likelihood ratio B(½ + S, ½ + F) / (B(½, ½) μ^S (1 − μ)^F) is below 1/α, with S the sum of the rewards and F that of 1 − reward. For
 * rewards of 0 and 1 it is the beta-binomial mixture (Robbins 1970); for graded ones it is conservative, because μ^r (1 − μ)^(1 − r) lies above
 * its chord.
 *
 * @param sum of the rewards, in [0, `count`]
 * @param count 0 or more
 * @example
 * ```ts
 * import { betaBinomialInterval } from 'autodidact'
 *
 * const { low, high } = betaBinomialInterval(18, 20)
 * console.assert(low > 0.5 && high < 1)
 * ```
 */
export const betaBinomialInterval = (sum: number, count: number, alpha = defaultAlpha): Interval => {
  expectNumber(count, 'betaBinomialInterval: count', 0, mostRewards)
  expectNumber(sum, 'betaBinomialInterval: sum')
  expectAlpha(alpha, 'betaBinomialInterval')
  if (count <= 0) return { low: 0, high: 1 }
  // Sums of graded rewards may overshoot by a rounding error.
  const gained = Math.min(count, Math.max(0, sum))
  const missed = count - gained
  const mixture = logBeta(prior + gained, prior + missed) - logBeta(prior, prior)
  const possible = (mean: number): boolean => {
    const likelihood = (gained === 0 ? 0 : gained * Math.log(mean)) + (missed === 0 ? 0 : missed * Math.log(1 - mean))
    return mixture - likelihood < -Math.log(alpha)
  }
  const centre = gained / count
  return {
    low: gained === 0 ? 0 : turningPoint(0, centre, possible),
    high: missed === 0 ? 1 : 1 - turningPoint(0, 1 - centre, (distance) => possible(1 - distance)),
  }
}
