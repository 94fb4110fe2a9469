import { describe, expect, test } from 'vitest'
import { assess, loggedValue } from './assess.ts'

const size = 400

/** A log of the policy's own weights, half of it successes, with as many effective decisions to be expected as told. */
const answered = (expectedEffective: number, model: { readonly predicted: number; readonly expected: number } = { predicted: 0.5, expected: 0.5 }) => {
  const rewards = Array.from({ length: size }, (_, place) => ({ weight: 1, reward: place % 2, logged: place % 2, ...model }))
  const counts = { decisions: size, judged: size, followed: size, used: size, runs: size, estimated: 0 }
  const assessment = assess({ rewards, unsupported: 0, expectedSquare: size / expectedEffective, inHindsight: false }, counts)
  if (assessment.status !== 'answered') throw new Error(assessment.refusal.code)
  return assessment
}

describe('an answer', () => {
  test('is as much less sure as the log looks better than such logs are', () => {
    const [usual, lucky] = [answered(size), answered(size / 4)]
    for (const estimator of ['selfNormalised', 'selfNormalisedDoublyRobust', 'doublyRobust', 'inversePropensity'] as const) {
      expect(lucky.estimates[estimator].high - 0.5, estimator).toBeCloseTo(2 * (usual.estimates[estimator].high - 0.5), 9)
      expect(lucky.estimates[estimator].low - 0.5, estimator).toBeCloseTo(2 * (usual.estimates[estimator].low - 0.5), 9)
    }
    expect(lucky.gain.high - lucky.gain.low).toBeCloseTo(2 * (usual.gain.high - usual.gain.low), 9)
    // Nor surer, where it looks worse.
    expect(answered(2 * size).high).toBe(usual.high)
  })

  test('knows the gain better than the value: what both policies have in common does not blur it', () => {
    const { gain, low, high } = answered(size)
    expect(gain.value).toBeCloseTo(0, 12)
    expect(high - low).toBeGreaterThan(0.09)
    expect(gain.high - gain.low).toBeLessThan(0.01)
  })

  test('holds what weighing says, and what the model of rewards makes of it, as a value and as a gain', () => {
    const { value, low, high, gain, estimates } = answered(size, { predicted: 0.5, expected: 0.7 })
    expect([value, estimates.selfNormalisedDoublyRobust.value]).toEqual([0.5, expect.closeTo(0.7, 12)])
    expect(low < 0.5 && high > 0.7).toBe(true)
    expect(gain.low <= 0 && gain.high > 0.199).toBe(true)
  })
})

test('what the log earned counts each decision of a run alike, however they are weighed', () => {
  // Runs of two decisions, one that earned 1 and one that earned 0, of which only one was the policy's.
  const rewards = Array.from({ length: size }, (_, place) => ({ weight: 1, reward: place % 2, logged: 0.5, predicted: 0.5, expected: 0.5 }))
  expect(loggedValue(rewards.map((one) => ({ ...one, reward: 1 }))).value).toBe(0.5)
  const assessment = assess({ rewards, unsupported: 0, expectedSquare: 1, inHindsight: false }, { decisions: 2 * size, judged: 2 * size, followed: 2 * size, used: 2 * size, runs: size, estimated: 0 })
  if (assessment.status !== 'answered') throw new Error(assessment.refusal.code)
  // The log's is the same in each run: the gain is as unsure as the value.
  expect(assessment.gain.value).toBeCloseTo(0, 12)
  expect(assessment.gain.high - assessment.gain.low).toBeCloseTo(assessment.high - assessment.low, 3)
})
