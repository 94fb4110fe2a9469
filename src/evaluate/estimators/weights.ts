import { expectWeights, sumOf } from './sample.ts'

/** How much a log tells about another policy. */
export interface WeightSummary {
  /** (Σw)² / Σw²: as many decisions of the policy's own would tell as much (Kish 1965). From 0 to the number of weights. */
  readonly effectiveSampleSize: number
  readonly largestWeight: number
  /** Near 1 where propensities are right and the log could have taken every option. */
  readonly meanWeight: number
}

/**
 * Sums up importance weights; all fields are 0 without any.
 *
 * @example
 * ```ts
 * import { summarizeWeights } from 'autodidact'
 *
 * console.assert(summarizeWeights([1, 1, 1, 1]).effectiveSampleSize === 4)
 * console.assert(summarizeWeights([4, 0, 0, 0]).effectiveSampleSize === 1)
 * ```
 */
export const summarizeWeights = (weights: readonly number[]): WeightSummary => {
  expectWeights(weights, 'summarizeWeights')
  const total = sumOf(weights, (weight) => weight)
  const squares = sumOf(weights, (weight) => weight ** 2)
  return {
    effectiveSampleSize: squares > 0 ? total ** 2 / squares : 0,
    largestWeight: weights.reduce((left, right) => Math.max(left, right), 0),
    meanWeight: weights.length > 0 ? total / weights.length : 0,
  }
}
