import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mean, median, quantile, standardError, stretches } from './statistics.ts'

describe('quantile', () => {
  test('interpolates between neighbours', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48)
  })

  test('is the smallest value at 0, the largest at 1, and the order of the values does not matter', () => {
    // Without -0, which sorts beside 0 and is told apart from it by the comparison alone.
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => value + 0), { minLength: 1 })
    fc.assert(
      fc.property(values, (list) => {
        expect(quantile(list, 0)).toBe(Math.min(...list))
        expect(quantile(list, 1)).toBe(Math.max(...list))
        expect(median(list.toReversed())).toBe(median(list))
      }),
    )
  })

  test('of nothing is not a number', () => {
    expect(median([])).toBeNaN()
  })
})

test('the standard error of five values', () => {
  expect(standardError([1, 2, 3, 4, 5])).toBeCloseTo(Math.sqrt(2.5 / 5))
  expect(standardError([1])).toBeNaN()
})

describe('stretches', () => {
  test('cut a stream into tenths', () => {
    expect(stretches([0, 0, 1, 1], 2)).toEqual([0, 1])
  })

  test('use every value once when the length does not divide', () => {
    const values = Array.from({ length: 23 }, (_, index) => index)
    const lengths = stretches(values.map(() => 1))
    expect(lengths).toEqual(Array.from({ length: 10 }, () => 1))
    expect(mean(values)).toBe(11)
    expect(stretches(values)[0]).toBe(1)
    expect(stretches(values).at(-1)).toBe(21.5)
  })
})
