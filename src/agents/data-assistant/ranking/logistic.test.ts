import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../decide/random.ts'
import { Logistic } from './logistic.ts'

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))

/** Observations of two inputs whose truth follows the weights 2, -1 and the constant 0.5. */
const observations = (count: number, seed: number): { inputs: number[]; isTrue: boolean }[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const inputs = [4 * random() - 2, 4 * random() - 2]
    return { inputs, isTrue: random() < sigmoid(2 * (inputs[0] ?? 0) - (inputs[1] ?? 0) + 0.5) }
  })
}

test('finds the weights behind what it sees', () => {
  const model = new Logistic([0, 0, 0], 1)
  for (const { inputs, isTrue } of observations(3_000, 1)) model.learn(inputs, isTrue)
  for (const inputs of [[0, 0], [1, 1], [-1, 0.5], [0.3, 2]]) {
    expect(Math.abs(model.predict(inputs) - sigmoid(2 * (inputs[0] ?? 0) - (inputs[1] ?? 0) + 0.5))).toBeLessThan(0.05)
  }
})

test('is close to a fit of all observations at once', () => {
  const seen = observations(300, 2)
  const model = new Logistic([0, 0, 0], 2)
  for (const { inputs, isTrue } of seen) model.learn(inputs, isTrue)
  // Gradient ascent on the same posterior, to its top.
  const weights = [0, 0, 0]
  const predicted = (inputs: readonly number[]): number => sigmoid(weights.reduce((sum, weight, at) => sum + weight * (inputs[at] ?? 1), 0))
  for (let step = 0; step < 4_000; step += 1) {
    const slopes = weights.map((weight) => -2 * weight)
    for (const { inputs, isTrue } of seen) slopes.forEach((_, at) => { slopes[at] = (slopes[at] ?? 0) + (Number(isTrue) - predicted(inputs)) * (inputs[at] ?? 1) })
    slopes.forEach((slope, at) => { weights[at] = (weights[at] ?? 0) + 0.01 * slope })
  }
  for (const { inputs } of seen.slice(0, 40)) expect(Math.abs(model.predict(inputs) - predicted(inputs))).toBeLessThan(0.05)
})

test('moves towards what it is told, the less the more certain the start is, and stays a probability whatever it is told', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true }), fc.boolean()), { minLength: 1, maxLength: 60 }), (told) => {
      const [doubtful, certain] = [new Logistic([1, -1, 0], 0.5), new Logistic([1, -1, 0], 50)]
      told.forEach(([left, right, isTrue], at) => {
        const inputs = [left, right]
        const before = [doubtful.predict(inputs), certain.predict(inputs)] as const
        doubtful.learn(inputs, isTrue)
        certain.learn(inputs, isTrue)
        const after = [doubtful.predict(inputs), certain.predict(inputs)] as const
        for (const probability of after) expect(probability >= 0 && probability <= 1).toBe(true)
        expect(isTrue ? after[0] >= before[0] : after[0] <= before[0]).toBe(true)
        if (at === 0) expect(Math.abs(after[0] - before[0])).toBeGreaterThanOrEqual(Math.abs(after[1] - before[1]))
      })
    }),
  )
})

test('goes on from what was saved', () => {
  const seen = observations(50, 3)
  const [whole, part] = [new Logistic([0, 0, 0], 1), new Logistic([0, 0, 0], 1)]
  for (const { inputs, isTrue } of seen) whole.learn(inputs, isTrue)
  for (const { inputs, isTrue } of seen.slice(0, 20)) part.learn(inputs, isTrue)
  const rest = new Logistic([0, 0, 0], 1, structuredClone(part.save()))
  for (const { inputs, isTrue } of seen.slice(20)) rest.learn(inputs, isTrue)
  expect(rest.save()).toEqual(whole.save())
})
