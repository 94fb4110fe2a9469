import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atMost, rateAtMost } from './binomial.ts'
import { fisher, leastFisher } from './fisher.ts'
import { tarone } from './tarone.ts'

describe('two shares', () => {
  test('are as rare as the ways to deal the successes', () => {
    // The lady tasting tea: three of four right has 17 of 70 ways, four of four 1.
    expect(fisher({ count: 3, of: 4 }, { count: 1, of: 4 })).toBeCloseTo(17 / 70, 12)
    expect(leastFisher({ count: 3, of: 4 }, { count: 1, of: 4 })).toBeCloseTo(1 / 70, 12)
    // 95 of 100 successes: were all failures with the second, that has C(40, 5) of C(100, 5) ways.
    expect(leastFisher({ count: 57, of: 60 }, { count: 38, of: 40 })).toBeCloseTo(658_008 / 75_287_520, 12)
    expect(fisher({ count: 0, of: 4 }, { count: 0, of: 4 })).toBe(1)
  })

  test('are never rarer than they could be, and either way round make more than everything', () => {
    const side = fc.integer({ min: 1, max: 30 }).chain((of) => fc.record({ count: fc.integer({ min: 0, max: of }), of: fc.constant(of) }))
    fc.assert(
      fc.property(side, side, (share, against) => {
        expect(fisher(share, against)).toBeGreaterThanOrEqual(leastFisher(share, against) * (1 - 1e-9))
        expect(fisher(share, against) + fisher(against, share)).toBeGreaterThanOrEqual(1 - 1e-9)
      }),
    )
  })
})

describe('a rate', () => {
  test('is at most so much, exactly', () => {
    // Nothing of five: the rate r with (1 − r)^5 = .05.
    expect(rateAtMost(0, 5, 0.05)).toBeCloseTo(1 - 0.05 ** 0.2, 9)
    // Clopper and Pearson, upper end of the 90 % interval of 6 of 10.
    expect(rateAtMost(6, 10, 0.05)).toBeCloseTo(0.8499718, 6)
    expect(rateAtMost(5, 5, 0.05)).toBeCloseTo(1, 9)
    expect(atMost(7, 20, rateAtMost(7, 20, 0.01))).toBeCloseTo(0.01, 9)
    expect([atMost(3, 5, 0), atMost(3, 5, 1), atMost(5, 5, 1)]).toEqual([1, 0, 1])
  })
})

describe('several comparisons', () => {
  test('share a probability among those that can speak', () => {
    expect(tarone([0, 0, 0, 0], 0.05)).toBeCloseTo(0.0125, 12)
    // The third could be .03 at best: that is too much where two share.
    expect(tarone([0.001, 0.01, 0.03, 1], 0.05)).toBeCloseTo(0.025, 12)
    expect(tarone([], 0.05)).toBe(0.05)
  })

  test('never speak more often than that together', () => {
    const leasts = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.01, noNaN: true })), { maxLength: 40 })
    fc.assert(
      fc.property(leasts, (least) => {
        const each = tarone(least, 0.05)
        expect(least.filter((one) => one <= each).length * each).toBeLessThanOrEqual(0.05 + 1e-12)
      }),
    )
  })
})
