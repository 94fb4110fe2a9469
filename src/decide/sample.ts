import { AutodidactError } from '../errors.ts'
import { described, expectFunction } from '../expect.ts'
import type { Distribution } from './policy.ts'
import { drawn, type Random } from './random.ts'

/** How far a sum of weights may lie from 1. */
const tolerance = 1e-6

/**
 * Draws the index of one option: the one sampler of the package, so that the logged propensity is the probability that was really used.
 * Takes one number from `random`. An option of weight 0 is never drawn.
 *
 * @throws AutodidactError INVALID_INPUT when it is no Float64Array, when a weight is negative or not a number, or when the weights do not sum to 1 within 1e-6
 *
 * @example
 * ```ts
 * import { sample, seededRandom } from 'autodidact'
 *
 * const index = sample(Float64Array.of(0.25, 0, 0.75), seededRandom(1))
 * console.assert(index === 0 || index === 2)
 * ```
 */
export const sample = (distribution: Distribution, random: Random): number => {
  if (!(distribution instanceof Float64Array)) {
    throw new AutodidactError('INVALID_INPUT', `A distribution is ${described(distribution)}. A policy must return a Float64Array of weights.`)
  }
  expectFunction(random, 'sample: random')
  let total = 0
  for (const weight of distribution) {
    if (!(weight >= 0)) throw new AutodidactError('INVALID_INPUT', `A weight of a distribution is ${weight}. Weights must be 0 or more.`)
    total += weight
  }
  if (!(Math.abs(total - 1) <= tolerance)) {
    throw new AutodidactError('INVALID_INPUT', `The weights of a distribution sum to ${total}. A policy must return weights that sum to 1.`)
  }
  let left = drawn(random) * total
  let index = -1
  for (const [place, weight] of distribution.entries()) {
    if (weight === 0) continue
    index = place
    left -= weight
    if (left < 0) break
  }
  return index
}
