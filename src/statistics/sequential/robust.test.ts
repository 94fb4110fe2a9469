import { describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../decide/random.ts'
import { robustInterval, RobustLowerBound, type WeightedReward } from './robust.ts'

/** How often the interval of a sample of this length misses. */
const missRate = (draw: (random: Random) => WeightedReward, value: number, length: number, repetitions = 300): number => {
  let missed = 0
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const random = seededRandom(seed)
    const { low, high } = robustInterval(Array.from({ length }, () => draw(random)))
    if (!(low <= value && value <= high)) missed += 1
  }
  return missed / repetitions
}

/** Two options, the one that the policy takes drawn with probability `propensity` and paying `reward`; the weights are 1 / propensity or 0. */
const rare = (propensity: number, reward: number) => (random: Random): WeightedReward => ({
  weight: random() < propensity ? 1 / propensity : 0,
  reward: Number(random() < reward),
})

describe('the interval that assumes nothing', () => {
  test.each([
    { what: 'weights of 1', propensity: 1, value: 0.3, length: 200 },
    { what: 'weights of 10', propensity: 0.1, value: 0.3, length: 200 },
    { what: 'weights of 1,000, nearly none of which is seen', propensity: 0.001, value: 0.3, length: 500 },
    { what: 'rewards that are nearly always there', propensity: 0.05, value: 0.98, length: 300 },
  ])('holds the value in at least 95 % of samples: $what', ({ propensity, value, length }) => {
    expect(missRate(rare(propensity, value), value, length)).toBeLessThanOrEqual(0.05)
  })

  test('holds at all times at once', () => {
    const repetitions = 200
    let missed = 0
    for (let seed = 1; seed <= repetitions; seed += 1) {
      const random = seededRandom(seed)
      const bound = new RobustLowerBound()
      for (let step = 0; step < 1_000; step += 1) {
        bound.add(random() < 0.02 ? 50 * Number(random() < 0.4) : 0)
        if (bound.at(0.05) <= 0.4) continue
        missed += 1
        break
      }
    }
    expect(missed / repetitions).toBeLessThanOrEqual(0.05)
  })

  test('bounds the mean of expectations that drift', () => {
    const repetitions = 300
    const length = 400
    let missed = 0
    for (let seed = 1; seed <= repetitions; seed += 1) {
      const random = seededRandom(seed)
      const sample = Array.from({ length }, (_, step) => rare(0.2, step < length / 2 ? 0.1 : 0.9)(random))
      const { low, high } = robustInterval(sample)
      if (!(low <= 0.5 && 0.5 <= high)) missed += 1
    }
    expect(missed / repetitions).toBeLessThanOrEqual(0.05)
  })

  test('says nothing of nothing, and becomes narrow', () => {
    expect(robustInterval([])).toEqual({ low: 0, high: 1 })
    const random = seededRandom(1)
    const [few, many] = [300, 30_000].map((length) => {
      const { low, high } = robustInterval(Array.from({ length }, () => rare(0.5, 0.5)(random)))
      return high - low
    })
    expect(few).toBeLessThan(0.5)
    expect(many).toBeLessThan((few ?? 0) / 5)
  })
})
