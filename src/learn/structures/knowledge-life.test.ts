import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import { rateOf, stateAfter } from './knowledge-life.ts'

const sums = (good: number, bad: number) => ({ uses: good + bad, up: good, down: bad })

describe('the state', () => {
  // 5 of 5: B(5.5, .5) / B(.5, .5) = 945 / 3840, so that the true rate is above (.2 · 945 / 3840)^(1/5) = .547.
  test.each([
    ['experimental', 4, 0, 'experimental'],
    ['experimental', 5, 0, 'validated'],
    ['experimental', 4, 1, 'experimental'],
    ['experimental', 9, 1, 'validated'],
    ['experimental', 79, 21, 'experimental'],
    ['experimental', 0, 4, 'experimental'],
    ['experimental', 0, 5, 'deprecated'],
    ['experimental', 1, 4, 'experimental'],
    ['experimental', 1, 9, 'deprecated'],
    ['experimental', 40, 60, 'experimental'],
    ['validated', 7, 3, 'validated'],
    ['validated', 3, 3, 'experimental'],
    ['validated', 60, 40, 'experimental'],
    ['validated', 1, 9, 'deprecated'],
    ['deprecated', 4, 0, 'deprecated'],
    ['deprecated', 5, 0, 'validated'],
    ['deprecated', 3, 3, 'deprecated'],
    ['archived', 50, 0, 'archived'],
    ['quarantined', 0, 50, 'quarantined'],
  ] as const)('%s after %i good and %i bad uses is %s', (from, good, bad, to) => {
    expect(stateAfter(from, sums(good, bad))).toBe(to)
  })

  test('is never decided by fewer than five uses', () => {
    const state = fc.constantFrom('experimental', 'validated', 'deprecated', 'archived', 'quarantined')
    fc.assert(
      fc.property(state, fc.nat(50), fc.nat(50), (from, good, bad) => {
        const to = stateAfter(from, sums(good, bad))
        if (good + bad < 5) expect(to).toBe(from)
        if (from === 'archived' || from === 'quarantined') expect(to).toBe(from)
      }),
    )
  })

  test('of what does nothing is left as it is, however often one looks: at most every tenth in either direction', () => {
    const moved = { validated: 0, deprecated: 0, experimental: 0 }
    for (let item = 0; item < 400; item += 1) {
      const random = seededRandom(item)
      let [up, down] = [0, 0]
      let state: ReturnType<typeof stateAfter> = 'experimental'
      for (let use = 0; use < 300 && state === 'experimental'; use += 1) {
        if (random() < 0.5) up += 1
        else down += 1
        state = stateAfter(state, sums(up, down))
      }
      moved[state as keyof typeof moved] += 1
    }
    expect(moved.validated).toBeLessThanOrEqual(40)
    expect(moved.deprecated).toBeLessThanOrEqual(40)
  })
})

test('the interval of no uses is everything, and of five good ones begins where it is computed', () => {
  expect(rateOf(sums(0, 0))).toEqual({ uses: 0, rate: 0, low: 0, high: 1 })
  expect(rateOf(sums(5, 0)).low).toBeCloseTo((0.2 * (945 / 3840)) ** (1 / 5), 6)
})
