import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rateOf, stateAfter, type Use } from './knowledge-life.ts'

const uses = (good: number, bad: number): Use[] =>
  Array.from({ length: good + bad }, (_, key) => ({ key, up: key < good ? 1 : 0, down: key < good ? 0 : 1 }))

describe('the state', () => {
  // One-sided 95 % Wilson bounds, computed by hand: 5 of 5 lies above .649, 5 of 6 above .498, 6 of 7 above .548; 1 of 6 below .502, 1 of 7 below .452.
  test.each([
    ['experimental', 4, 0, 'experimental'],
    ['experimental', 5, 0, 'validated'],
    ['experimental', 5, 1, 'experimental'],
    ['experimental', 6, 1, 'validated'],
    ['experimental', 79, 21, 'experimental'],
    ['experimental', 0, 4, 'experimental'],
    ['experimental', 0, 5, 'deprecated'],
    ['experimental', 1, 5, 'experimental'],
    ['experimental', 1, 6, 'deprecated'],
    ['experimental', 40, 60, 'experimental'],
    ['validated', 7, 3, 'validated'],
    ['validated', 3, 3, 'experimental'],
    ['validated', 30, 20, 'experimental'],
    ['validated', 1, 9, 'deprecated'],
    ['deprecated', 4, 0, 'deprecated'],
    ['deprecated', 5, 0, 'validated'],
    ['deprecated', 3, 3, 'deprecated'],
    ['archived', 50, 0, 'archived'],
    ['quarantined', 0, 50, 'quarantined'],
  ] as const)('%s after %i good and %i bad uses is %s', (from, good, bad, to) => {
    expect(stateAfter(from, uses(good, bad))).toBe(to)
  })

  test('is never decided by fewer than five uses, and is settled: the same uses do not move it again', () => {
    const state = fc.constantFrom('experimental', 'validated', 'deprecated', 'archived', 'quarantined')
    fc.assert(
      fc.property(state, fc.nat(50), fc.nat(50), (from, good, bad) => {
        const once = stateAfter(from, uses(good, bad))
        if (good + bad < 5) expect(once).toBe(from)
        expect(stateAfter(once, uses(good, bad))).toBe(once)
      }),
    )
  })

  test('of uses by chance is validated seldom', () => {
    // Exactly: the chance that five or more of seven, … is far below the confidence only for few uses; it bounds the first look.
    expect(rateOf(uses(5, 0)).low).toBeCloseTo(0.6488, 3)
    expect(rateOf([]).uses).toBe(0)
  })
})
