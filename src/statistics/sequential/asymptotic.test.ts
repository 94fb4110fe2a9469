import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import { asymptoticDifference, asymptoticMargin, type Moments } from './asymptotic.ts'

const bernoulli = (mean: number, count: number): Moments => ({ count, mean, variance: (mean * (1 - mean) * count) / (count - 1) })

describe('the margin of a mean', () => {
  // Source: TensorZero, asymptotic_confidence_sequences.rs, alpha .05.
  test.each([
    [100, 0.25, 0.161333],
    [1_000, 0.25, 0.048838],
    [1_000, 0.09, 0.028795],
  ])('of %i rewards of variance %f is %f', (count, variance, margin) => {
    expect(asymptoticMargin({ count, variance })).toBeCloseTo(margin, 6)
  })

  test('is narrower with more rewards and wider with more confidence', () => {
    const margins = [100, 200, 400, 800].map((count) => asymptoticMargin({ count, variance: 0.2 }))
    expect(margins).toEqual(margins.toSorted((left, right) => right - left))
    expect(asymptoticMargin({ count: 100, variance: 0.2 }, { alpha: 0.01 })).toBeGreaterThan(margins[0] ?? 0)
  })
})

describe('the difference of two arms', () => {
  // Source: GrowthBook, sequential testing, alpha .05.
  test.each([
    [500, 0.095935, 0.034142],
    [5_000, 0.105412, 0.070759],
  ])('of 500 and 500 rewards, .5 and .6, tuned for %i, is ± %f with p %f', (tunedFor, halfWidth, pValue) => {
    const result = asymptoticDifference(bernoulli(0.5, 500), bernoulli(0.6, 500), { tunedFor })
    expect((result.high - result.low) / 2).toBeCloseTo(halfWidth, 6)
    expect(result.pValue).toBeCloseTo(pValue, 6)
    expect(result.difference).toBeCloseTo(0.1, 12)
  })

  test('excludes 0 exactly where p falls below alpha', () => {
    for (let mean = 0.5; mean <= 0.7; mean += 0.002) {
      const { low, pValue } = asymptoticDifference(bernoulli(0.5, 300), bernoulli(mean, 300))
      expect(low > 0).toBe(pValue < 0.05)
    }
  })

  test('is the same the other way round', () => {
    const [left, right] = [bernoulli(0.3, 120), bernoulli(0.5, 900)]
    const there = asymptoticDifference(left, right)
    const back = asymptoticDifference(right, left)
    expect([back.low, back.high, back.pValue].map((value) => value.toFixed(12))).toEqual([-there.high, -there.low, there.pValue].map((value) => value.toFixed(12)))
  })

  test('is told at once where rewards never vary', () => {
    const [none, all] = [{ count: 100, mean: 0, variance: 0 }, { count: 100, mean: 1, variance: 0 }]
    expect(asymptoticDifference(none, all)).toMatchObject({ low: 1, high: 1, pValue: 0 })
    expect(asymptoticDifference(none, none)).toMatchObject({ low: 0, high: 0, pValue: 1 })
  })

  test('is missed by at most 5 % of sequences that are looked at after every pair, whatever share each arm gets', () => {
    // The share of the arms follows their means, as an allocation that looks at the data does.
    const repetitions = 400
    let missed = 0
    for (let seed = 0; seed < repetitions; seed += 1) {
      const random = seededRandom(seed)
      const arms = [{ count: 0, sum: 0 }, { count: 0, sum: 0 }]
      const of = (place: number): Moments => {
        const { count, sum } = arms[place] ?? { count: 0, sum: 0 }
        return bernoulli(sum / count, count)
      }
      for (let step = 0; step < 2_000; step += 1) {
        const leader = (arms[1]?.sum ?? 0) / (arms[1]?.count || 1) > (arms[0]?.sum ?? 0) / (arms[0]?.count || 1) ? 1 : 0
        const place = random() < (step < 200 ? 0.5 : 0.8) ? leader : 1 - leader
        const arm = arms[place]
        if (arm === undefined) continue
        arm.count += 1
        arm.sum += Number(random() < 0.3)
        if (arms.some(({ count }) => count < 100)) continue
        const { low, high } = asymptoticDifference(of(0), of(1))
        if (low > 0 || high < 0) {
          missed += 1
          break
        }
      }
    }
    expect(missed / repetitions).toBeLessThanOrEqual(0.05)
  })
})
