import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../decide/random.ts'
import { holm } from './holm.ts'
import { mannKendall } from './mann-kendall.ts'
import { leastMean, meanDifference, meanRatio, momentsOf } from './means.ts'
import { twoSidedTail } from './normal.ts'
import { distributionOf } from './quantiles.ts'
import { studentQuantile } from './student.ts'

// Numbers without a named source are those of SciPy 1.17.1: stats.norm.sf, stats.t.ppf, stats.ttest_ind(equal_var=False), stats.mannwhitneyu, stats.kendalltau.

/** The two samples of the first example of Welch's test on Wikipedia. */
const [first, second] = [
  [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4],
  [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 20.0],
]

describe('distributions', () => {
  test.each([
    [0, 1],
    [0.5, 0.6170750774519738],
    [1.959963984540054, 0.05],
    [-3, 0.0026997960632601866],
    [8, 1.244192114854348e-15],
  ])('the normal tails of %d', (value, tail) => {
    expect(twoSidedTail(value) / tail).toBeCloseTo(1, 6)
  })

  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977934],
    [0.975, 4.7, 2.62072607535317],
    [0.975, 9, 2.262157162798205],
    [0.975, 30, 2.0422724563012378],
    [0.975, 1000, 1.9623390808264083],
    [0.95, 4, 2.1318467863266495],
    [0.95, 19, 1.7291328115213682],
  ])('the %d quantile of t with %d degrees of freedom', (share, degrees, value) => {
    expect(studentQuantile(share, degrees)).toBeCloseTo(value, 8)
  })

  test('t becomes normal', () => {
    expect(studentQuantile(0.975, 1e9)).toBeCloseTo(1.959963984540054, 5)
  })

  test('quantiles are those of numpy', () => {
    expect(distributionOf(first)).toEqual({ count: 15, mean: expect.closeTo(20.82, 9), median: 21, p95: expect.closeTo(24.77, 9) })
    expect(distributionOf([7])).toEqual({ count: 1, mean: 7, median: 7, p95: 7 })
    expect(distributionOf([])).toBeUndefined()
  })
})

describe('means', () => {
  test('differ by the interval of Welch', () => {
    const difference = meanDifference(momentsOf(first), momentsOf(second))
    expect(difference?.value).toBeCloseTo(-2.54, 9)
    expect(difference?.low).toBeCloseTo(-4.630030952645452, 7)
    expect(difference?.high).toBeCloseTo(-0.44996904735455345, 7)
  })

  test('have a ratio by the logarithms', () => {
    const ratio = meanRatio(first, second, 0.001)
    expect(ratio?.value).toBeCloseTo(0.8894533999880064, 9)
    expect(ratio?.low).toBeCloseTo(0.8112105296040895, 7)
    expect(ratio?.high).toBeCloseTo(0.9752429509714741, 7)
  })

  test('are at least so much', () => {
    expect(leastMean(momentsOf(first), 0.05)).toBeCloseTo(19.54442320775684, 7)
    expect(leastMean(momentsOf([5]), 0.05)).toBe(-Infinity)
  })

  test('of fewer than two values differ by nothing that is known', () => {
    expect(meanDifference(momentsOf([1]), momentsOf(first))).toBeUndefined()
    expect(meanRatio([], first, 1)).toBeUndefined()
  })

  test('of values that are all alike differ by nothing that is known either: a clock of whole milliseconds makes them so', () => {
    expect(meanRatio([1, 1], [2, 2], 0.001)).toBeUndefined()
    const [low, high] = [meanRatio([1, 1, 1], [2, 2, 3], 0.001)?.low ?? 0, meanRatio([1, 1, 1], [2, 2, 3], 0.001)?.high ?? 0]
    expect(low < 0.45 && high > 0.45).toBe(true)
  })

  test('turn round with the samples, and the interval covers the truth in 95 of 100', () => {
    const random = seededRandom(5)
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    let covered = 0
    for (let repetition = 0; repetition < 1_000; repetition += 1) {
      const [left, right] = [Array.from({ length: 6 }, () => 3 + normal()), Array.from({ length: 15 }, () => 2 + 4 * normal())]
      const there = meanDifference(momentsOf(left), momentsOf(right))
      const back = meanDifference(momentsOf(right), momentsOf(left))
      expect(back?.low).toBeCloseTo(-(there?.high ?? 0), 9)
      if (there !== undefined && there.low <= 1 && there.high >= 1) covered += 1
    }
    // Three standard errors around 950.
    expect(Math.abs(covered - 950)).toBeLessThan(21)
  })
})

describe('the trend test', () => {
  test('is that of Mann and Kendall with ties', () => {
    const { score, z, p, tau } = mannKendall([61, 40, 45, 33, 29, 57, 66, 50, 58, 72, 72, 69])
    expect(score).toBe(31)
    expect(z).toBeCloseTo(2.0620301898704123, 9)
    expect(p).toBeCloseTo(0.039204861810083584, 7)
    expect(tau).toBeCloseTo(0.4732962328281559, 9)
  })

  test('of successes and failures is the rank sum test of their places', () => {
    const { count, score, z, p, tau } = mannKendall([0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1])
    expect([count, score]).toEqual([20, 62])
    expect(z).toBeCloseTo(2.3531260869219017, 9)
    expect(p).toBeCloseTo(0.018616320355647416, 7)
    expect(tau).toBeCloseTo(0.45907038026329666, 9)
  })

  test('finds none in equal, single or no values', () => {
    for (const values of [[], [1], [2, 2, 2, 2, 2]]) expect(mannKendall(values)).toEqual({ count: values.length, score: 0, tau: 0, z: 0, p: 1 })
  })

  test('counts pairs, turns round with time and with sign, and knows ranks only', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 }), (values) => {
        const byHand = values.reduce((sum, later, place) => sum + values.slice(0, place).reduce((own, earlier) => own + Math.sign(later - earlier), 0), 0)
        const test = mannKendall(values)
        expect(test.score).toBe(byHand)
        expect(mannKendall(values.toReversed()).score + test.score).toBe(0)
        expect(mannKendall(values.map((value) => value ** 3 + 7))).toEqual(test)
        expect(Math.abs(test.tau)).toBeLessThanOrEqual(1)
        expect(test.p).toBeGreaterThan(0)
        expect(test.p).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('speaks without cause in at most 5 of 100, with 10 values as with 200', () => {
    const random = seededRandom(11)
    for (const length of [10, 200]) {
      let spoke = 0
      for (let repetition = 0; repetition < 2_000; repetition += 1) {
        if (mannKendall(Array.from({ length }, () => Number(random() < 0.7))).p < 0.05) spoke += 1
      }
      expect(spoke / 2_000).toBeLessThan(0.065)
    }
  })

  test('takes a hundred thousand values', () => {
    const { tau } = mannKendall(Float64Array.from({ length: 100_000 }, (_, place) => place))
    expect(tau).toBe(1)
  })
})

test('of several tests the smallest is multiplied by their number, and none falls below the one before', () => {
  // R: p.adjust(c(.01, .04, .03, .005), 'holm').
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  expect(holm([0.7, 0.9])).toEqual([1, 1])
  expect(holm([])).toEqual([])
})
