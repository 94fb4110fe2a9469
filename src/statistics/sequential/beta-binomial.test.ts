import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../decide/random.ts'
import { betaBinomialInterval } from './beta-binomial.ts'
import { logBeta, logGamma } from './log-gamma.ts'

describe('the logarithm of the gamma function', () => {
  test.each([
    [1, 0],
    [0.5, Math.log(Math.PI) / 2],
    [5, Math.log(24)],
    [101, 363.7393755555635],
    [1e6, 12815504.569147611],
  ])('at %f', (argument, value) => {
    expect(Math.abs(logGamma(argument) - value)).toBeLessThan(1e-13 * Math.max(1, Math.abs(value)) * 10)
  })

  test('gives the beta function', () => {
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 12)
    expect(logBeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 12)
  })
})

describe('the exact interval', () => {
  test('is everything before the first reward', () => {
    expect(betaBinomialInterval(0, 0)).toEqual({ low: 0, high: 1 })
  })

  test('of n failures ends where (1 − μ)^n = α B(½, ½ + n) / B(½, ½)', () => {
    for (const count of [1, 10, 100]) {
      const ratio = 0.05 * Math.exp(logBeta(0.5, 0.5 + count) - logBeta(0.5, 0.5))
      expect(betaBinomialInterval(0, count)).toEqual({ low: 0, high: expect.closeTo(1 - ratio ** (1 / count), 10) })
      expect(betaBinomialInterval(count, count).low).toBeCloseTo(ratio ** (1 / count), 10)
    }
  })

  test('holds the mean seen, mirrors, and shrinks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
        const { low, high } = betaBinomialInterval(share * count, count)
        const mirrored = betaBinomialInterval(count - share * count, count)
        expect(low).toBeLessThanOrEqual(share + 1e-9)
        expect(high).toBeGreaterThanOrEqual(share - 1e-9)
        expect(mirrored.low).toBeCloseTo(1 - high, 8)
        const more = betaBinomialInterval(share * count * 10, count * 10)
        expect(more.high - more.low).toBeLessThan(high - low)
      }),
    )
  })

  test.each([
    { what: 'rewards of 0 and 1', draw: (random: Random) => Number(random() < 0.3), mean: 0.3 },
    { what: 'graded rewards', draw: (random: Random) => 0.2 + 0.2 * random(), mean: 0.3 },
    { what: 'rare successes', draw: (random: Random) => Number(random() < 0.01), mean: 0.01 },
  ])('misses the truth ever in at most 5 % of sequences of $what', ({ draw, mean }) => {
    const repetitions = 300
    let missed = 0
    for (let seed = 1; seed <= repetitions; seed += 1) {
      const random = seededRandom(seed)
      let sum = 0
      for (let count = 1; count <= 200; count += 1) {
        sum += draw(random)
        const { low, high } = betaBinomialInterval(sum, count)
        if (low <= mean && mean <= high) continue
        missed += 1
        break
      }
    }
    expect(missed / repetitions).toBeLessThanOrEqual(0.05)
  })
})
