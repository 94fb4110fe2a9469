import { expect, test } from 'vitest'
import { LogLinear } from './log-linear.ts'
import type { Features } from './ranker.ts'

const first: Features = [[0, 1], [5, 1]]
const second: Features = [[0, 0.5], [6, 1]]

test('scores by the initial weights before anything was learned', () => {
  const model = new LogLinear([2])
  expect(model.score(first)).toBe(2)
  expect(model.score(second)).toBe(1)
})

test('learns what the right alternatives have in common, against the initial weights', () => {
  const model = new LogLinear([2])
  for (let count = 0; count < 50; count += 1) model.learn([first, second], [false, true])
  expect(model.score(second)).toBeGreaterThan(model.score(first))
})

test('nothing is learned where no alternative is right, or all are', () => {
  const model = new LogLinear([2])
  model.learn([first, second], [false, false])
  model.learnWrong([first, second], [true, true])
  model.learn([first, second], [true, true])
  expect(model.score(first)).toBeCloseTo(2)
  expect(model.score(second)).toBeCloseTo(1)
})

test('a wrong alternative loses against the others', () => {
  const model = new LogLinear([2])
  const before = model.score(first) - model.score(second)
  model.learnWrong([first, second], [true, false])
  expect(model.score(first) - model.score(second)).toBeLessThan(before)
})
