import { array, assert as holds, boolean, double, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import { BoundedChance } from './bounded-chance.ts'
import { sigmoid } from './logistic-step.ts'

test('before anything was seen, the bound lies 1.645 standard deviations of the prior below its mean', () => {
  const chance = BoundedChance.before([3, 1])
  expect(chance.atLeast([1, 0])).toBeCloseTo(sigmoid(3 - 1.6448536), 6)
  expect(chance.atLeast([1, -2])).toBeCloseTo(sigmoid(1 - 1.6448536 * Math.sqrt(5)), 6)
})

test('one observation moves mean and covariance as the formulas say', () => {
  const chance = BoundedChance.before([0, 0])
  chance.learn([1, 1], true)
  const { weights, covariance } = chance.save()
  // g solves g = 1 − σ(2g); each weight moves by g.
  const pull = weights[0] ?? Number.NaN
  expect(pull).toBeCloseTo(1 - sigmoid(2 * pull), 12)
  expect(weights[1]).toBe(pull)
  // (I + x xᵀ p (1 − p))⁻¹ for x = (1, 1).
  const curvature = sigmoid(2 * pull) * sigmoid(-2 * pull)
  expect(covariance).toHaveLength(4)
  expect(covariance[0]).toBeCloseTo((1 + curvature) / (1 + 2 * curvature), 12)
  expect(covariance[1]).toBeCloseTo(-curvature / (1 + 2 * curvature), 12)
})

test('the bound is below the true chance nearly always, and near it where much was seen', () => {
  const truth = [1.5, 2]
  const chanceOf = (signs: readonly number[]): number => sigmoid(signs.reduce((sum, sign, place) => sum + sign * (truth[place] ?? 0), 0))
  const repetitions = 200
  let [below, nearness] = [0, 0]
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const random = seededRandom(seed)
    const chance = BoundedChance.before([1, 1.5])
    for (let time = 0; time < 300; time += 1) {
      const signs = [1, -random()]
      chance.learn(signs, random() < chanceOf(signs))
    }
    const asked = [1, -0.5]
    below += Number(chance.atLeast(asked) <= chanceOf(asked))
    nearness += (chanceOf(asked) - chance.atLeast(asked)) / repetitions
  }
  expect(below / repetitions).toBeGreaterThan(0.9)
  expect(nearness).toBeLessThan(0.1)
})

test('a sign that was never met stays uncertain, however much is known of the others', () => {
  const chance = BoundedChance.before([1, 1])
  for (let time = 0; time < 1000; time += 1) chance.learn([1, 0], time % 5 > 0)
  expect(chance.atLeast([1, 0])).toBeGreaterThan(0.75)
  // ln 4 is the logarithm of the odds that were seen; the other weight is believed to be 1, give or take 1.
  expect(chance.atLeast([1, 1])).toBeLessThan(sigmoid(Math.log(4) + 1 - 1.6))
  expect(chance.atLeast([1, -1])).toBeLessThan(sigmoid(Math.log(4) - 1 - 1.6))
})

test('whatever is seen, it stays a probability, and a copy goes on alike', () => {
  const sign = double({ min: -1, max: 1, noNaN: true })
  holds(
    property(array(tuple(sign, sign, boolean()), { maxLength: 50 }), sign, (seen, asked) => {
      const chance = BoundedChance.before([5, 6, 2])
      let copy = BoundedChance.before([5, 6, 2])
      for (const [left, right, happened] of seen) {
        chance.learn([1, left, right], happened)
        copy.learn([1, left, right], happened)
        copy = new BoundedChance(JSON.parse(JSON.stringify(copy.save())) as ReturnType<BoundedChance['save']>)
      }
      expect(copy.save()).toEqual(chance.save())
      expect(chance.atLeast([1, asked, asked])).toBeGreaterThanOrEqual(0)
      expect(chance.atLeast([1, asked, asked])).toBeLessThanOrEqual(1)
    }),
  )
})
