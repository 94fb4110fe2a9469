import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import { backOffMs } from './back-off.ts'

describe('the wait before a retry', () => {
  test('doubles up to the cap', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((retry) => backOffMs(retry, () => 0))
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })

  test('is refused with a setting that there is not', () => {
    expect(() => backOffMs(1, () => 0, { maxMs: 5 } as object)).toThrow('backOff has no field "maxMs"')
  })

  test('never leaves the band that jitter spans, and never exceeds the cap', () => {
    const settings = fc.record({ firstMs: fc.integer({ min: 1, max: 10_000 }), mostMs: fc.integer({ min: 1, max: 100_000 }), jitter: fc.double({ min: 0, max: 1, noNaN: true }) })
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 60 }), fc.integer(), ({ firstMs, mostMs, jitter }, retry, seed) => {
        const whole = Math.min(mostMs, firstMs * 2 ** (retry - 1))
        const wait = backOffMs(retry, seededRandom(seed), { firstMs, mostMs, jitter })
        expect(wait).toBeLessThanOrEqual(whole)
        expect(wait).toBeGreaterThanOrEqual(whole * (1 - jitter) * (1 - 1e-12))
      }),
    )
  })

  test('is spread by the generator, and the same for the same seed', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => {
      const random = seededRandom(seed)
      return Array.from({ length: 20 }, () => backOffMs(4, random))
    })
    expect(same).toEqual(one)
    expect(new Set([one, other].flat()).size).toBe(40)
  })

  test.each([{ firstMs: 0 }, { mostMs: Infinity }, { mostMs: 2 ** 31 }, { jitter: 2 }, { jitter: Number.NaN }])('refuses %o', (settings) => {
    expect(() => backOffMs(1, () => 0, settings)).toThrow(/backOff: /)
  })
})
