import { describe, expect, test } from 'vitest'
import { atMost } from '../../statistics/binomial.ts'
import { wilson } from '../../statistics/wilson.ts'
import { larger } from './comparisons.ts'

const probabilityOf = (count: number, of: number, rate: number): number => atMost(count, of, rate) - (count === 0 ? 0 : atMost(count - 1, of, rate))

/** Probability that more is told of a difference of two rates than there is, by all that the two could come to. */
const toldTooMuch = (first: { readonly of: number; readonly rate: number }, second: typeof first, chance: number): number => {
  let sum = 0
  for (let count = 0; count <= first.of; count += 1) {
    const here = probabilityOf(count, first.of, first.rate)
    if (here < chance * 1e-6) continue
    for (let other = 0; other <= second.of; other += 1) {
      const both = here * probabilityOf(other, second.of, second.rate)
      if (both < chance * 1e-9) continue
      const found = larger(wilson(count, first.of), wilson(other, second.of), chance)
      if (found !== undefined && found.low > first.rate - second.rate) sum += both
    }
  }
  return sum
}

describe('what a share is at least above another one', () => {
  // The last three are those that score intervals hold least often: at .001 six times less often than they say.
  test.each([
    [20, 0.5, 20, 0.5],
    [60, 0.65, 60, 0.5],
    [20, 0.02, 200, 0.001],
    [200, 0.98, 20, 0.95],
    [20, 0.05, 200, 0.01],
  ])('is seldom too much: %d runs at %d against %d at %d', (of, rate, againstOf, againstRate) => {
    for (const chance of [0.05, 0.01, 0.001]) expect(toldTooMuch({ of, rate }, { of: againstOf, rate: againstRate }, chance), `at ${chance}`).toBeLessThanOrEqual(chance)
  })

  test('is near what was counted where many were', () => {
    const found = larger(wilson(90_000, 100_000), wilson(50_000, 100_000), 1e-4)
    expect(found?.difference).toBeCloseTo(0.4, 12)
    expect(found?.low).toBeGreaterThan(0.39)
    expect(found?.high).toBeLessThan(0.41)
  })
})
