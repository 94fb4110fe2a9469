import { expect, test } from 'vitest'
import { seededRandom } from '../../../decide/random.ts'
import { Confidence } from './confidence.ts'

/** A stream in which an answer with sign s in [0, 1] is right with probability s. Returns the share given, and the share right of those. */
const stream = (precision: number, questions = 3_000) => {
  const confidence = new Confidence([1, 0], precision)
  const random = seededRandom(7)
  let given = 0
  let right = 0
  for (let count = 0; count < questions; count += 1) {
    const sign = random()
    const isRight = random() < sign
    if (confidence.of([sign]) >= confidence.threshold) {
      given += 1
      if (isRight) right += 1
    }
    confidence.learn([sign], isRight)
  }
  return { confidence, given: given / questions, achieved: right / given }
}

test('the probability follows what was judged', () => {
  const { confidence } = stream(0.8)
  expect(confidence.of([0.05])).toBeLessThan(0.25)
  expect(confidence.of([0.95])).toBeGreaterThan(0.75)
})

test('the wanted precision is kept, and not bought too dearly', () => {
  for (const precision of [0.7, 0.8]) {
    const { achieved, given } = stream(precision)
    expect(achieved).toBeGreaterThan(precision - 0.02)
    expect(achieved).toBeLessThan(precision + 0.05)
    // Answering from sign s on is right in (1 + s) / 2 of the cases: a share of 2 (1 - precision) could be answered at best.
    expect(given).toBeGreaterThan(1.6 * (1 - precision))
  }
})

test('what the precision falls short by is a fixed number of answers, also where questions change their kind', () => {
  for (const seed of [1, 2, 3]) {
    const confidence = new Confidence([1, 0], 0.8)
    const random = seededRandom(seed)
    let given = 0
    let right = 0
    for (let count = 0; count < 1_500; count += 1) {
      const sign = random()
      // The same signs are worth less from then on.
      const isRight = random() < (count < 1_000 ? sign : sign * 0.9)
      if (confidence.of([sign]) >= confidence.threshold) {
        given += 1
        if (isRight) right += 1
      }
      confidence.learn([sign], isRight)
      expect(0.8 * given - right).toBeLessThan(15)
    }
    expect(given).toBeGreaterThan(300)
  }
})

test('wrong answers raise the threshold, right ones lower it', () => {
  const confidence = new Confidence([0, 3], 0.8)
  const start = confidence.threshold
  confidence.learn([0], false)
  const raised = confidence.threshold
  expect(raised).toBeGreaterThan(start)
  confidence.learn([0], true)
  expect(confidence.threshold).toBeLessThan(raised)
})

test('the threshold lies below the wanted precision, whatever happens', () => {
  const confidence = new Confidence([0, 9], 0.99)
  for (let count = 0; count < 200; count += 1) {
    confidence.learn([0], count % 2 === 0)
    expect(confidence.threshold).toBeGreaterThan(0)
    expect(confidence.threshold).toBeLessThan(1)
  }
})
