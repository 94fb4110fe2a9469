import { expect, test } from 'vitest'
import { reachOf } from './reach.ts'

test('what is come to over several ways has the chances of all of them', () => {
  const steps = [{ from: 0, to: 1, chance: 0.5 }, { from: 0, to: 2, chance: 0.25 }, { from: 1, to: 3, chance: 1 }, { from: 2, to: 3, chance: 0.5 }]
  expect(Object.fromEntries(reachOf(steps, 3))).toEqual({ 0: 0.625, 1: 1, 2: 0.5 })
  expect(reachOf(steps, 7).get(0)).toBe(0)
})

test('a loop is left at some time', () => {
  expect(reachOf([{ from: 0, to: 0, chance: 0.5 }, { from: 0, to: 1, chance: 0.25 }], 1).get(0)).toBeCloseTo(0.5, 3)
})
