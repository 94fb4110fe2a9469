import { assert as holds, array, double, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { noRatings, type RatingSums, tastesOf, withRating } from './taste.ts'

const sums = (weight: number, mean: number): RatingSums => ({ count: weight, weight, reward: weight * mean })

test('one who likes what others do not has an advantage there, and a disadvantage where it is the other way round', () => {
  const tastes = tastesOf(new Map([['a', { own: sums(20, 0.9), everybody: sums(40, 0.5) }], ['b', { own: sums(20, 0.1), everybody: sums(40, 0.5) }]]))
  expect(tastes.get('a')?.advantage).toBeCloseTo((20 / 23) * 0.4, 12)
  expect(tastes.get('b')?.advantage).toBeCloseTo((-20 / 23) * 0.4, 12)
})

test('one who is never content likes nothing less than anything else', () => {
  const things = new Map(['a', 'b', 'c', 'd'].map((name) => [name, { own: sums(1000, 0.3), everybody: sums(5000, 0.7) }]))
  const values = [...tastesOf(things).values()].map(({ advantage }) => advantage)
  expect(new Set(values).size).toBe(1)
  // The offset is shrunk by two things without ratings: a third of .4 is left.
  expect(values[0]).toBeCloseTo(-0.4 / 3, 2)
})

test('who alone rated everything is everybody', () => {
  const own = sums(10, 0.9)
  expect(tastesOf(new Map([['a', { own, everybody: own }]])).get('a')?.advantage).toBe(0)
})

test('an advantage stays within (−1, 1), a variance within a quarter', () => {
  const rated = record({ weight: double({ min: 0.01, max: 1e6, noNaN: true }), own: double({ min: 0, max: 1, noNaN: true }), all: double({ min: 0, max: 1, noNaN: true }) })
  holds(
    property(array(rated, { minLength: 1, maxLength: 8 }), (things) => {
      const tastes = tastesOf(new Map(things.map(({ weight, own, all }, place) => [place, { own: { ...sums(weight, own), count: 1 }, everybody: sums(weight * 2, all) }])))
      for (const { advantage, variance } of tastes.values()) {
        expect(Math.abs(advantage)).toBeLessThan(1)
        expect(variance).toBeGreaterThanOrEqual(0)
        expect(variance).toBeLessThanOrEqual(0.25)
      }
    }),
  )
})

test('what was taken in and out again is as if it had never been', () => {
  const verdict = record({ reward: double({ min: 0, max: 1, noNaN: true }), weight: double({ min: 0.1, max: 1, noNaN: true }) })
  holds(
    property(array(verdict, { maxLength: 20 }), integer({ min: 0, max: 20 }), (verdicts, twice) => {
      const full = verdicts.reduce((total: RatingSums, one) => withRating(total, one, 1), noRatings)
      expect(verdicts.reduce((total: RatingSums, one) => withRating(total, one, -1), full)).toEqual(noRatings)
      expect(withRating(noRatings, { reward: 1, weight: twice }, -1)).toEqual(noRatings)
    }),
  )
})
