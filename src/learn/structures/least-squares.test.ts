import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import { LeastSquares } from './least-squares.ts'

describe('least squares', () => {
  it('is ridge regression towards the start: for one input, a weighted mean with the start', () => {
    const squares = new LeastSquares([0.5], 3)
    squares.learn([1], 1, 1)
    squares.learn([1], 0, 2)
    expect(squares.weights[0]).toBeCloseTo((3 * 0.5 + 1 * 1 + 2 * 0) / 6, 12)
  })

  it('finds the weights that made the data', () => {
    const random = seededRandom(4)
    const squares = new LeastSquares([0, 0, 0], 0.01)
    for (let step = 0; step < 500; step += 1) {
      const inputs = [random(), 1, random() - 0.5]
      squares.learn(inputs, 2 * (inputs[0] ?? 0) - 0.5 + 0.25 * (inputs[2] ?? 0), 1)
    }
    for (const [index, weight] of [2, -0.5, 0.25].entries()) expect(squares.weights[index]).toBeCloseTo(weight, 2)
  })

  it('corrects a target exactly', () => {
    const [corrected, straight] = [new LeastSquares([0.5, 0], 3), new LeastSquares([0.5, 0], 3)]
    corrected.learn([0.3, 1], 1, 0.5)
    straight.learn([0.3, 1], 0, 0.5)
    for (const squares of [corrected, straight]) squares.learn([0.9, 1], 0.7, 1)
    corrected.revise([0.3, 1], 0.5 * (0 - 1))
    for (const [index, weight] of straight.weights.entries()) expect(corrected.weights[index]).toBeCloseTo(weight, 12)
  })
})
