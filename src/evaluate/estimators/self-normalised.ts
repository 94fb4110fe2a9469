import { type Estimator, expectSample, meanWithError, sumOf } from './sample.ts'

/**
 * Self-normalised inverse propensity scoring: Σ w r / Σ w. Always within the rewards seen; its bias is of order 1 / n, and its error far below that of
 * inverse propensity scoring wherever weights vary.
 *
 * Source: Swaminathan and Joachims 2015. Standard error by the delta method.
 *
 * @example
 * ```ts
 * import { selfNormalised } from 'autodidact'
 *
 * const sample = [{ weight: 3, reward: 1, predicted: 0, expected: 0 }, { weight: 1, reward: 0, predicted: 0, expected: 0 }]
 * console.assert(selfNormalised(sample).value === 0.75)
 * ```
 */
export const selfNormalised: Estimator = (sample) => {
  expectSample(sample, 'selfNormalised')
  const total = sumOf(sample, ({ weight }) => weight)
  const value = sumOf(sample, ({ weight, reward }) => weight * reward) / total
  const scale = sample.length / total
  return { value, standardError: meanWithError(sample.map(({ weight, reward }) => scale * weight * (reward - value))).standardError }
}
