import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { newcombe } from './newcombe.ts'
import { wilson } from './wilson.ts'

test('gives the published interval of 56 of 70 against 48 of 80', () => {
  // Newcombe 1998, table II, example (a), method 10: 0.0524 to 0.3339.
  const { difference, low, high } = newcombe(wilson(56, 70), wilson(48, 80))
  expect(difference).toBeCloseTo(0.2, 10)
  expect(low).toBeCloseTo(0.0524, 4)
  expect(high).toBeCloseTo(0.3339, 4)
})

test('holds the difference, turns round with the shares, and stays within −1 and 1', () => {
  assert(
    property(integer({ min: 0, max: 50 }), integer({ min: 0, max: 50 }), integer({ min: 1, max: 50 }), integer({ min: 1, max: 50 }), (left, right, of, against) => {
      const [one, other] = [wilson(left % (of + 1), of), wilson(right % (against + 1), against)]
      const [there, back] = [newcombe(one, other), newcombe(other, one)]
      expect(there.low).toBeLessThanOrEqual(there.difference)
      expect(there.high).toBeGreaterThanOrEqual(there.difference)
      expect(Math.max(Math.abs(there.low), Math.abs(there.high))).toBeLessThanOrEqual(1)
      expect(back.low).toBeCloseTo(-there.high, 12)
    }),
  )
})

test('says nothing where nothing was counted', () => {
  expect(newcombe(wilson(3, 4), wilson(0, 0))).toEqual({ difference: 0, low: -1, high: 1 })
})
