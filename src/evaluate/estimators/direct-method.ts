import { type Estimator, expectSample, meanWithError } from './sample.ts'

/**
 * The direct method: mean of Σ π(a|x) q̂(x, a), what a reward model expects of the policy. No weights, hence little variance; but what the model has wrong is
 * wrong at any sample size, and its standard error does not know of it.
 *
 * @example
 * ```ts
 * import { directMethod } from 'autodidact'
 *
 * const sample = [{ weight: 1, reward: 1, predicted: 0.5, expected: 0.4 }, { weight: 1, reward: 0, predicted: 0.5, expected: 0.6 }]
 * console.assert(directMethod(sample).value === 0.5)
 * ```
 */
export const directMethod: Estimator = (sample) => {
  expectSample(sample, 'directMethod')
  return meanWithError(sample.map(({ expected }) => expected))
}
