import { array, assert as holds, double, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AutodidactError } from '../errors.ts'
import { seededRandom } from './random.ts'
import { sample } from './sample.ts'

describe('sample', () => {
  it('draws each option as often as its weight says', () => {
    const random = seededRandom(1)
    const counts = [0, 0, 0, 0]
    const draws = 40_000
    for (let draw = 0; draw < draws; draw += 1) {
      const index = sample(Float64Array.of(0, 0.02, 0.28, 0.7), random)
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(counts[0]).toBe(0)
    for (const [index, weight] of [0, 0.02, 0.28, 0.7].entries()) expect((counts[index] ?? 0) / draws).toBeCloseTo(weight, 2)
  })

  it('never draws an option of weight 0, not even at the edges of the random number', () => {
    const edge = double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    holds(
      property(array(integer({ min: 0, max: 3 }), { minLength: 1 }), edge, (shares, number) => {
        const total = shares.reduce((left, right) => left + right, 0)
        if (total === 0) return
        const index = sample(Float64Array.from(shares, (share) => share / total), () => number)
        expect(shares[index]).toBeGreaterThan(0)
      }),
    )
    expect(sample(Float64Array.of(1, 0), () => 1 - Number.EPSILON / 2)).toBe(0)
  })

  it.each([[[]], [[0.5]], [[0.5, 0.6]], [[-0.1, 1.1]], [[Number.NaN, 1]], [[Infinity]]])('refuses the weights %j', (weights) => {
    expect(() => sample(Float64Array.from(weights), () => 0.5)).toThrow(AutodidactError)
  })
})
