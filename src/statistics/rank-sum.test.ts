import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leastRankSum, rankSumTail, ratioOf } from './rank-sum.ts'

/** Probabilities of each number of pairs by the recursion of Mann and Whitney, in which nothing is taken away: the largest value is of the one sample or of the other. */
const byRecursion = (first: number, second: number, known = new Map<string, readonly number[]>()): readonly number[] => {
  if (first === 0 || second === 0) return [1]
  const key = `${first} ${second}`
  const found = known.get(key)
  if (found !== undefined) return found
  const [without, within] = [byRecursion(first - 1, second, known), byRecursion(first, second - 1, known)]
  const all = first + second
  const probabilities = Array.from({ length: first * second + 1 }, (_, pairs) => (first * (without[pairs - second] ?? 0) + second * (within[pairs] ?? 0)) / all)
  known.set(key, probabilities)
  return probabilities
}

const tailOf = (probabilities: readonly number[], pairs: number): number => probabilities.slice(0, pairs + 1).reduce((sum, probability) => sum + probability, 0)

describe('the rank sum', () => {
  test('is as rare as the ways to order two samples are', () => {
    // Of 252 ways to order five and five, one has no pair against the order, 1 + 1 + 2 have at most two.
    expect(rankSumTail(0, 5, 5)).toBeCloseTo(1 / 252, 12)
    expect(rankSumTail(2, 5, 5)).toBeCloseTo(4 / 252, 12)
    for (const [first, second] of [[1, 7], [7, 1], [4, 9], [20, 20], [20, 33], [44, 44]] as const) {
      const probabilities = byRecursion(first, second)
      for (let pairs = 0; pairs < (first * second) / 2; pairs += 1) {
        const expected = tailOf(probabilities, pairs)
        expect(Math.abs(rankSumTail(pairs, first, second) / expected - 1), `${pairs} of ${first} and ${second}`).toBeLessThan(1e-6)
      }
    }
  })

  test('is never taken for rarer than it is where it is not counted', () => {
    for (const [first, second] of [[20, 120], [60, 60], [8, 300]] as const) {
      const probabilities = byRecursion(first, second)
      for (let pairs = 0; pairs < (first * second) / 2; pairs += 7) {
        const exact = tailOf(probabilities, pairs)
        // Nearer the middle than √3 deviations a normal distribution is the smaller one, by less than a hundredth of it.
        if (exact <= 0.05) expect(rankSumTail(pairs, first, second), `${pairs} of ${first} and ${second}`).toBeGreaterThanOrEqual(exact * (exact > 0.035 ? 0.99 : 1 - 1e-6))
      }
    }
  })
})

describe('a ratio of all pairs', () => {
  test('is the middle one, and at least the one that ranks allow', () => {
    // Ratios 2/3, 1, 4/3, 2, 2, 2, 3, 4, 6; of three and three none may be against the order at .05.
    const ratio = ratioOf({ values: [2, 4, 6], against: [1, 2, 3], smallest: 0.1 }, 0.05)
    expect(ratio?.value).toBeCloseTo(2, 9)
    expect(ratio?.low).toBeCloseTo(2 / 3, 9)
    expect(ratioOf({ values: [2, 4, 6], against: [1, 2, 3], smallest: 0.1 }, 0.04)?.low).toBe(0)
    expect(ratioOf({ values: [], against: [1], smallest: 0.1 }, 0.05)).toBeUndefined()
  })

  test('is above 1 for values that are alike by no means, and is not moved by one that is huge', () => {
    const alike = Array.from({ length: 20 }, () => 7)
    expect(ratioOf({ values: alike, against: alike, smallest: 1 }, 0.05)?.low).toBeLessThanOrEqual(1)
    expect(leastRankSum({ values: alike, against: alike, smallest: 1 })).toBe(1)
    const [values, against] = [Array.from({ length: 20 }, (_, place) => 200 + place), Array.from({ length: 20 }, (_, place) => 100 + place)]
    const [plain, huge] = [values, [...values.slice(1), 1e9]].map((own) => ratioOf({ values: own, against, smallest: 1 }, 0.001))
    expect(plain?.low).toBeGreaterThan(1.7)
    expect(Math.abs((huge?.low ?? 0) - (plain?.low ?? 0))).toBeLessThan(0.05)
  })

  test('is shown only where its probability can be so small', () => {
    const values = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(values, values, fc.constantFrom(0.05, 0.01, 0.001), (own, against, chance) => {
        const sides = { values: own, against, smallest: 0.5 }
        if ((ratioOf(sides, chance)?.low ?? 0) > 1) expect(leastRankSum(sides)).toBeLessThanOrEqual(chance)
      }),
    )
  })
})
