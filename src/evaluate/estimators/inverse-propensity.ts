import { expectPositive } from '../../expect.ts'
import { type Estimator, expectSample, meanWithError } from './sample.ts'

/**
 * Inverse propensity scoring: mean of min(w, `clip`) · r. Unbiased without clipping, and of high variance: it may leave [0, 1]. Clipping trades
 * variance for a bias toward 0 that no interval shows.
 *
 * Source: Horvitz and Thompson 1952; clipping: Ionides 2008.
 *
 * @param clip above 0; default no clipping
 * @example
 * ```ts
 * import { inversePropensity } from 'autodidact'
 *
 * const sample = [{ weight: 2, reward: 1, predicted: 0, expected: 0 }, { weight: 0, reward: 1, predicted: 0, expected: 0 }]
 * console.assert(inversePropensity()(sample).value === 1 && inversePropensity(1)(sample).value === 0.5)
 * ```
 */
export const inversePropensity = (clip = Infinity): Estimator => {
  if (clip !== Infinity) expectPositive(clip, 'inversePropensity: clip')
  return (sample) => {
    expectSample(sample, 'inversePropensity')
    return meanWithError(sample.map(({ weight, reward }) => Math.min(weight, clip) * reward))
  }
}
