import { type Estimator, expectSample, meanWithError, sumOf } from './sample.ts'

/**
 * Self-normalised doubly robust: the direct method plus Σ w (r − q̂) / Σ w. The correction cannot exceed the errors seen, whatever the weights.
 *
 * Source: Thomas and Brunskill 2016; Kallus and Uehara 2019. Standard error by the delta method.
 *
 * @example
 * ```ts
 * import { selfNormalisedDoublyRobust } from 'autodidact'
 *
 * const sample = [{ weight: 4, reward: 1, predicted: 0.5, expected: 0.5 }, { weight: 0, reward: 0, predicted: 0.5, expected: 0.5 }]
 * console.assert(selfNormalisedDoublyRobust(sample).value === 1)
 * ```
 */
export const selfNormalisedDoublyRobust: Estimator = (sample) => {
  expectSample(sample, 'selfNormalisedDoublyRobust')
  const total = sumOf(sample, ({ weight }) => weight)
  const correction = sumOf(sample, ({ weight, reward, predicted }) => weight * (reward - predicted)) / total
  const scale = sample.length / total
  const terms = sample.map(({ weight, reward, predicted, expected }) => expected + scale * weight * (reward - predicted - correction))
  // The terms' mean is that of `expected` alone.
  return { value: meanWithError(terms).value + correction, standardError: meanWithError(terms).standardError }
}
