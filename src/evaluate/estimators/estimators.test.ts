import { describe, expect, test } from 'vitest'
import { LoggedWorld, loggers } from '../../../test/support/logged-world.ts'
import { seededRandom } from '../../decide/random.ts'
import { robustInterval } from '../../statistics/sequential/robust.ts'
import { directMethod } from './direct-method.ts'
import { doublyRobust } from './doubly-robust.ts'
import { estimate, studentQuantile } from './estimate.ts'
import { inversePropensity } from './inverse-propensity.ts'
import type { Estimator, LoggedReward } from './sample.ts'
import { selfNormalised } from './self-normalised.ts'
import { selfNormalisedDoublyRobust } from './self-normalised-doubly-robust.ts'
import { summarizeWeights } from './weights.ts'

const sample: LoggedReward[] = [
  { weight: 2, reward: 1, predicted: 0.5, expected: 0.4 },
  { weight: 0.5, reward: 0, predicted: 0.25, expected: 0.3 },
  { weight: 0, reward: 1, predicted: 0.75, expected: 0.2 },
  { weight: 1.5, reward: 0.5, predicted: 0.5, expected: 0.5 },
]

const estimators: readonly (readonly [string, Estimator, number])[] = [
  // Worked out by hand: Σw = 4, Σwr = 2.75, Σw(r − q̂) = 1 − .125 + 0 + 0 = .875, mean expected = .35.
  ['inverse propensity', inversePropensity(), 2.75 / 4],
  ['clipped inverse propensity', inversePropensity(1), 1.5 / 4],
  ['self-normalised', selfNormalised, 2.75 / 4],
  ['direct method', directMethod, 0.35],
  ['doubly robust', doublyRobust, 0.35 + 0.875 / 4],
  ['self-normalised doubly robust', selfNormalisedDoublyRobust, 0.35 + 0.875 / 4],
]

describe('of four decisions', () => {
  test.each(estimators)('the %s estimator', (_name, estimator, value) => {
    expect(estimator(sample).value).toBeCloseTo(value, 12)
  })

  test('half the weight halves only what is not normalised', () => {
    const light = sample.map((one) => ({ ...one, weight: one.weight / 2 }))
    expect(inversePropensity()(light).value).toBeCloseTo(2.75 / 8, 12)
    expect(selfNormalised(light).value).toBeCloseTo(2.75 / 4, 12)
    expect(doublyRobust(light).value).toBeCloseTo(0.35 + 0.875 / 8, 12)
    expect(selfNormalisedDoublyRobust(light).value).toBeCloseTo(0.35 + 0.875 / 4, 12)
  })

  test('the weights', () => {
    expect(summarizeWeights(sample.map(({ weight }) => weight))).toEqual({ effectiveSampleSize: 16 / 6.5, largestWeight: 2, meanWeight: 1 })
    expect(summarizeWeights([])).toEqual({ effectiveSampleSize: 0, largestWeight: 0, meanWeight: 0 })
  })
})

const repeated = (world: LoggedWorld, size: number, repetitions: number): LoggedReward[][] =>
  Array.from({ length: repetitions }, (_, place) => world.sample(size, seededRandom(place + 1)))

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const rmse = (estimator: Estimator, samples: readonly LoggedReward[][], truth: number): number =>
  Math.sqrt(meanOf(samples.map((one) => (estimator(one).value - truth) ** 2)))

describe.each(loggers)('where the truth is known and the log was made by a weak model with %s', (logger) => {
  const world = new LoggedWorld(logger)
  const small = repeated(world, 500, 200)
  const large = repeated(world, 5_000, 60)

  test('self-normalised estimators have the lowest error, and it falls with the number of decisions', () => {
    for (const samples of [small, large]) {
      const [ips, snips, sndr] = [inversePropensity(), selfNormalised, selfNormalisedDoublyRobust].map((one) => rmse(one, samples, world.value))
      expect(snips).toBeLessThan(ips ?? 0)
      expect(sndr).toBeLessThan(ips ?? 0)
      expect(rmse(doublyRobust, samples, world.value)).toBeLessThan(ips ?? 0)
    }
    for (const estimator of [inversePropensity(), selfNormalised, doublyRobust, selfNormalisedDoublyRobust]) {
      expect(rmse(estimator, large, world.value)).toBeLessThan(0.6 * rmse(estimator, small, world.value))
    }
  })

  test('clipping and a poor reward model are wrong at any size, and low', () => {
    for (const estimator of [inversePropensity(2), directMethod]) {
      const [few = 0, many = 0] = [small, large].map((samples) => meanOf(samples.map((one) => estimator(one).value)) - world.value)
      expect(many).toBeLessThan(-0.05)
      expect(Math.abs(many - few)).toBeLessThan(0.02)
    }
  })

  test('intervals of 95 % hold it in about as many samples', () => {
    for (const estimator of [inversePropensity(), selfNormalised, doublyRobust, selfNormalisedDoublyRobust]) {
      const held = large.map((one) => {
        const { low, high } = estimate(estimator, one)
        return Number(low <= world.value && world.value <= high)
      })
      // 60 samples: 54 of them are 90 %, and fewer would come up in 4 of 100 tests if 95 % were true.
      expect(meanOf(held)).toBeGreaterThanOrEqual(0.88)
    }
  })

  test('what is guaranteed holds always', () => {
    for (const one of small.slice(0, 30)) {
      const { low, high } = robustInterval(one)
      expect(low).toBeLessThanOrEqual(world.value)
      expect(high).toBeGreaterThanOrEqual(world.value)
    }
  })
})

describe('the interval', () => {
  test('of a log without a success ends near 3 in the effective sample size: the rule of three', () => {
    const failures = Array.from({ length: 400 }, (): LoggedReward => ({ weight: 2, reward: 0, predicted: 0, expected: 0 }))
    const { value, low, high } = estimate(selfNormalised, failures)
    expect({ value, low }).toEqual({ value: 0, low: expect.any(Number) })
    expect(high).toBeGreaterThan(2.5 / 400)
    expect(high).toBeLessThan(4 / 400)
  })

  test('uses the quantiles of Student', () => {
    // Source: tables of the t distribution.
    expect([10, 49, 1_000].map(studentQuantile)).toEqual([expect.closeTo(2.2281, 3), expect.closeTo(2.0096, 4), expect.closeTo(1.9623, 4)])
  })
})
