import type { Interval } from '../../statistics/sequential/interval.ts'
import { applied, type Estimator, expectSample, type LoggedReward, type PointEstimate, sumOf } from './sample.ts'
import { summarizeWeights } from './weights.ts'

/** The value of a policy as one estimator sees it. */
export interface Estimate extends Interval {
  /** Mean reward. Inverse propensity scoring and the doubly robust estimator may leave [0, 1]. */
  readonly value: number
}

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054

/** 97.5 % quantile of Student's t distribution by the expansion of Cornish and Fisher 1937; right to 1e-4 from 10 degrees of freedom on. */
export const studentQuantile = (degrees: number): number =>
  z +
  (z ** 3 + z) / 4 / degrees +
  (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 / degrees ** 2 +
  (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384 / degrees ** 3

/**
 * Two decisions that nobody made, one of reward 1 and one of reward 0, each of the weight that an average weighted decision has. A log without a single
 * success must not look certain that there is none.
 */
const imagined = (sample: readonly LoggedReward[]): LoggedReward[] => {
  const total = sumOf(sample, ({ weight }) => weight)
  if (!(total > 0)) return []
  const weight = sumOf(sample, (one) => one.weight ** 2) / total
  const predicted = sumOf(sample, (one) => one.weight * one.predicted) / total
  const expected = sumOf(sample, (one) => one.expected) / sample.length
  return [0, 1].map((reward) => ({ weight, reward, predicted, expected }))
}

/**
 * An estimate with a 95 % interval: the estimator's own value, and around its value with two imagined decisions added, one success and one failure (Agresti
 * and Caffo 2000), Student's t with as many degrees of freedom as the effective sample size less one.
 *
 * In simulations of effective sample sizes from 50 it held the truth in 93 to 100 % of samples for the self-normalised estimators, also where rewards are rare:
 * there the usual interval, without imagined decisions, held it in 39 to 92 %. It is asymptotic: for what can be guaranteed see `robustInterval`.
 *
 * @example
 * ```ts
 * import { estimate, selfNormalised } from 'autodidact'
 *
 * const sample = Array.from({ length: 100 }, () => ({ weight: 1, reward: 0, predicted: 0, expected: 0 }))
 * const { value, high } = estimate(selfNormalised, sample)
 * console.assert(value === 0 && high > 0.02 && high < 0.05)
 * ```
 */
export const estimate = (estimator: Estimator, sample: readonly LoggedReward[]): Estimate => {
  expectSample(sample, 'estimate')
  const { value } = applied(estimator, sample)
  const { value: centre, standardError }: PointEstimate = applied(estimator, [...sample, ...imagined(sample)])
  const { effectiveSampleSize } = summarizeWeights(sample.map(({ weight }) => weight))
  const half = studentQuantile(Math.max(1, effectiveSampleSize - 1)) * standardError
  // The imagined decisions move the centre; the value itself is always inside.
  return { value, low: Math.min(value, centre - half), high: Math.max(value, centre + half) }
}
