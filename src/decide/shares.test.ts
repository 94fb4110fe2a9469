import { array, assert as holds, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from './random.ts'
import { greedyShares, inverseGapShares, softmaxShares, winningShares, withFloor } from './shares.ts'
import { beta, normal } from './variates.ts'

const expectClose = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length)
  for (const [place, value] of expected.entries()) expect(actual[place]).toBeCloseTo(value, 6)
}

describe('inverse gap weighting', () => {
  it('gives the golden shares of SquareCB: costs .2, .5, .9 and γ 10', () => {
    expectClose(inverseGapShares(Float64Array.of(-0.2, -0.5, -0.9), 10), [0.7333333, 1 / 6, 0.1])
  })

  it('shares the rest between equal bests', () => {
    expectClose(inverseGapShares(Float64Array.of(1, 1, 0), 7), [0.45, 0.45, 0.1])
    expectClose(inverseGapShares(Float64Array.of(0.5, 0.5), 1000), [0.5, 0.5])
  })
})

describe('greedy shares', () => {
  it('split what is not explored between the best', () => {
    expectClose(greedyShares(Float64Array.of(0.3, 0.1, 0.3), 0.3), [0.45, 0.1, 0.45])
  })

  it('take values for equal that differ by rounding only', () => {
    expectClose(greedyShares(Float64Array.of(0.1 + 0.2, 0.3), 0), [0.5, 0.5])
  })
})

describe('softmax shares', () => {
  it('are in proportion to the exponentials', () => {
    const sum = Math.exp(1) + Math.exp(2) + Math.exp(4)
    expectClose(softmaxShares(Float64Array.of(0.5, 1, 2), 0.5), [Math.exp(1) / sum, Math.exp(2) / sum, Math.exp(4) / sum])
  })

  it('do not overflow', () => {
    expectClose(softmaxShares(Float64Array.of(1e6, -1e6), 1e-3), [1, 0])
  })
})

describe('a floor', () => {
  it('is shared by all and leaves a distribution', () => {
    expectClose(withFloor(Float64Array.of(1, 0, 0, 0), 0.2), [0.85, 0.05, 0.05, 0.05])
  })
})

describe('winning shares', () => {
  it('estimate the probability of being the best: P(N(.5, 1) > N(0, 1)) = Φ(.5 / √2)', () => {
    const random = seededRandom(3)
    const [share = 0] = winningShares(2, 40_000, (place) => (place === 0 ? 0.5 : 0) + normal(random))
    expect(share).toBeCloseTo(0.638163, 2)
  })
})

describe('all of them', () => {
  it('are distributions whatever the values', () => {
    const value = double({ min: -100, max: 100, noNaN: true })
    holds(
      property(array(value, { minLength: 1, maxLength: 20 }), double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const values = Float64Array.from(list)
        for (const shares of [greedyShares(values, share), inverseGapShares(values, 1 + 100 * share), softmaxShares(values, 0.01 + share)]) {
          expect(shares.reduce((left, right) => left + right, 0)).toBeCloseTo(1, 9)
          expect(shares.every((one) => one >= 0)).toBe(true)
        }
      }),
    )
  })
})

const moments = (draw: () => number, count = 40_000): { mean: number; variance: number } => {
  const values = Array.from({ length: count }, draw)
  const mean = values.reduce((left, right) => left + right, 0) / count
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count }
}

describe('variates', () => {
  it('normal numbers have mean 0 and variance 1', () => {
    const random = seededRandom(1)
    const { mean, variance } = moments(() => normal(random))
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
  })

  it.each([
    [1, 1],
    [3, 1.5],
    [40, 20],
  ])('Beta(%d, %d) has the mean and variance of the distribution', (up, down) => {
    const random = seededRandom(2)
    const { mean, variance } = moments(() => beta(up, down, random))
    const sum = up + down
    expect(mean).toBeCloseTo(up / sum, 2)
    expect(variance).toBeCloseTo((up * down) / (sum * sum * (sum + 1)), 3)
  })
})
