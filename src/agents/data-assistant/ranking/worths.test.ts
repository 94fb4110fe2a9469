import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Largest, sumOf } from './worths.ts'

test('the largest are those a stable sort puts first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.nat(6), (numbers, limit) => {
      const largest = new Largest<number, string>(limit)
      numbers.forEach((number, at) => largest.offer(number, at, 'here'))
      const expected = numbers.map((number, at) => ({ number, at })).toSorted((a, b) => b.number - a.number).slice(0, limit)
      expect(largest.items.map(({ item }) => item)).toEqual(expected.map(({ at }) => at))
    }),
  )
})

test('a sum is added up anew for other worths', () => {
  const valued = { gained: [0, 1], lost: [2], sum: 0, sumFor: undefined }
  expect(sumOf(valued, Float64Array.of(1, 2, 4), 0.5)).toBe(-0.5)
  expect(sumOf(valued, Float64Array.of(1, 2, 0), 0.5)).toBe(3.5)
})
