import { type Estimator, expectSample, meanWithError } from './sample.ts'

/**
 * Doubly robust: the direct method, corrected by what it had wrong where the log can tell: mean of Σ π q̂ + w (r − q̂). Unbiased when either the propensities
 * or the reward model are right.
 *
 * Source: Dudík, Langford, Li 2011.
 *
 * @example
 * ```ts
 * import { doublyRobust } from 'autodidact'
 *
 * const sample = [{ weight: 2, reward: 1, predicted: 0.5, expected: 0.5 }, { weight: 0, reward: 0, predicted: 0.5, expected: 0.5 }]
 * console.assert(doublyRobust(sample).value === 1)
 * ```
 */
export const doublyRobust: Estimator = (sample) => {
  expectSample(sample, 'doublyRobust')
  return meanWithError(sample.map(({ weight, reward, predicted, expected }) => expected + weight * (reward - predicted)))
}
