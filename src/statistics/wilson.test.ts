import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wilson } from './wilson.ts'

describe('the score interval', () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion: comparison of seven methods", table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is as published', (count, of, low, high) => {
    const share = wilson(count, of)
    expect(share.low).toBeCloseTo(low, 4)
    expect(share.high).toBeCloseTo(high, 4)
  })

  test('of nothing is everything', () => {
    expect(wilson(0, 0)).toEqual({ count: 0, of: 0, low: 0, high: 1 })
  })

  test('lies in [0, 1], holds the rate, and mirrors with it', () => {
    const counted = fc.integer({ min: 1, max: 1e6 }).chain((of) => fc.record({ of: fc.constant(of), count: fc.double({ min: 0, max: of, noNaN: true }) }))
    fc.assert(
      fc.property(counted, ({ count, of }) => {
        const [share, mirrored] = [wilson(count, of), wilson(of - count, of)]
        const { rate = Number.NaN, low, high } = share
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(rate)
        expect(high).toBeGreaterThanOrEqual(rate)
        expect(mirrored.low).toBeCloseTo(1 - high, 9)
      }),
    )
  })

  test('narrows with more runs', () => {
    const [few, many] = [wilson(5, 10), wilson(50, 100)]
    expect(many.high - many.low).toBeLessThan(few.high - few.low)
  })
})
