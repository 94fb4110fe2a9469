import { assert as holds, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logisticPull, sigmoid } from './logistic-step.ts'

// m = (.2, −.1, .4), q = (1, 2, .5), x = (.5, 1, −.3): mᵀx = −.12 and Σ x²/q = .93. The solutions are those of a bisection of Chapelle and Li's equation
// and of a numerical minimisation of the objective (SciPy), which agree.
const [z, spread] = [-0.12, 0.93]
const [means, precisions, inputs] = [[0.2, -0.1, 0.4], [1, 2, 0.5], [0.5, 1, -0.3]]

describe('a logistic step', () => {
  it.each([
    [1, 0.43038948927492243, [0.41519474, 0.11519474, 0.14176631]],
    [0, -0.3831247778607186, [0.00843761, -0.29156239, 0.62987487]],
  ])('for a reward of %d is the golden one', (reward, golden, weights) => {
    const pull = logisticPull(z, spread, reward, 1)
    expect(pull).toBeCloseTo(golden, 12)
    for (const [place, mean] of means.entries()) expect(mean + (pull * (inputs[place] ?? 0)) / (precisions[place] ?? 1)).toBeCloseTo(weights[place] ?? 0, 6)
  })

  it('for a partial reward of partial weight minimises the weighted cross-entropy', () => {
    expect(logisticPull(z, spread, 0.25, 0.7)).toBeCloseTo(-0.132624, 5)
  })

  it('solves its equation anywhere', () => {
    const unit = double({ min: 0, max: 1, noNaN: true })
    holds(
      property(double({ min: -50, max: 50, noNaN: true }), double({ min: 1e-6, max: 1e4, noNaN: true }), unit, double({ min: 0.01, max: 1, noNaN: true }), (score, width, reward, weight) => {
        const pull = logisticPull(score, width, reward, weight)
        expect(pull - weight * (reward - sigmoid(score + pull * width))).toBeCloseTo(0, 9)
      }),
    )
  })
})
