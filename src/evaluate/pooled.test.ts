import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pooled } from './pooled.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('the decisions of one run as one', () => {
  test('are what a single one is', () => {
    const { reward, unsupported, expectedSquare } = pooled([{ weight: 3, reward: 0.3, predicted: 0.2, expected: 0.4, unsupported: 0.25, expectedSquare: 1.5 }])
    expect(reward).toEqual({ weight: 3, reward: expect.closeTo(0.3, 12), predicted: expect.closeTo(0.2, 12), expected: 0.4, logged: 0.3 })
    expect([unsupported, expectedSquare]).toEqual([0.25, expect.closeTo(1.5, 12)])
  })

  test('have the mean of what is weighed, and of what was earned, and are no probability above 1', () => {
    const decision = fc.record({ weight: fc.double({ min: 0, max: 400, noNaN: true }), reward: share, predicted: share, expected: share, unsupported: fc.constant(0), expectedSquare: fc.constant(1) })
    fc.assert(
      fc.property(fc.array(decision, { minLength: 1, maxLength: 9 }), (decisions) => {
        const { reward: one } = pooled(decisions)
        const mean = (term: (one: (typeof decisions)[number]) => number): number => decisions.reduce((sum, each) => sum + term(each), 0) / decisions.length
        expect(one.weight * one.reward).toBeCloseTo(mean(({ weight, reward }) => weight * reward), 9)
        expect(one.weight * one.predicted).toBeCloseTo(mean(({ weight, predicted }) => weight * predicted), 9)
        expect([one.expected, one.logged]).toEqual([expect.closeTo(mean(({ expected }) => expected), 12), expect.closeTo(mean(({ reward }) => reward), 12)])
        expect(Math.max(one.reward, one.predicted, one.expected)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('have the square of the mean weight that draws bring about', () => {
    // Two decisions, each with its own probabilities, of which the log could not have drawn the last option of the second one.
    const asked = [
      { logged: [0.5, 0.3, 0.2], policy: [0.1, 0.2, 0.7] },
      { logged: [0.9, 0.1, 0], policy: [0.3, 0.3, 0.4] },
    ]
    const outcomes = asked.map(({ logged, policy }) => logged.map((probability, place) => ({ probability, weight: probability > 0 ? (policy[place] ?? 0) / probability : 0 })))
    const [first = [], second = []] = outcomes
    const square = first.flatMap((one) => second.map((other) => one.probability * other.probability * ((one.weight + other.weight) / 2) ** 2)).reduce((sum, term) => sum + term, 0)
    const { expectedSquare, unsupported } = pooled(
      outcomes.map((options, place) => ({
        weight: 1,
        reward: 1,
        predicted: 0,
        expected: 0,
        unsupported: place === 0 ? 0 : 0.4,
        expectedSquare: options.reduce((sum, { probability, weight }) => sum + probability * weight ** 2, 0),
      })),
    )
    expect(expectedSquare).toBeCloseTo(square, 12)
    expect(unsupported).toBeCloseTo(0.2, 12)
  })
})
