import { describe, expect, it } from 'vitest'
import type { Evidence } from '../credit/reward.ts'
import { rewardNames, rewardOf, type RewardChoice } from './rewards.ts'
import { additive } from './rewards/additive.ts'
import { combined } from './rewards/combined.ts'
import { threePart } from './rewards/three-part.ts'

const evidence = (given: Partial<Evidence>): Evidence => ({ verdict: 0.5, comments: [], steps: 0, ...given })

const worth = (choice: RewardChoice, given: Partial<Evidence>): number => rewardOf(choice).of(evidence(given))

describe('the three-part reward', () => {
  // At decision time nobody has rated: what earlier users of this formula saw.
  it.each([
    ['a quick success', { success: 1, durationMs: 4000 }, 0.75],
    ['a quick failure', { success: 0, durationMs: 4000 }, 0.45],
    ['a failure after a minute', { success: 0, durationMs: 60_000 }, 0.25],
    ['a rated success', { success: 1, durationMs: 4000, rating: 1 }, 1],
    ['a rated failure', { success: 0, durationMs: 90_000, rating: 0 }, 0],
  ])('of %s', (_, given, value) => {
    expect(threePart().of(evidence(given))).toBeCloseTo(value, 12)
  })

  it('weighs its parts as it is told', () => {
    expect(threePart({ satisfaction: 0, completion: 1, efficiency: 1 }).of(evidence({ success: 1, durationMs: 60_000 }))).toBeCloseTo(0.5, 12)
    expect(() => threePart({ satisfaction: -1 })).toThrow(/satisfaction/)
    expect(() => threePart({ satisfaction: 0, completion: 0, efficiency: 0 })).toThrow(/weights/)
  })
})

describe('satisfaction', () => {
  it.each([
    ['great, thank you', 1],
    ['not good', 0],
    ['that was not very helpful', 0],
    ['not bad', 1],
    // Parts of words once counted: "helpful" in "unhelpful", "not" in "noted".
    ['unhelpful', 0],
    ['Noted, perfect', 1],
    ['You missed some important information.', 0],
    ['good start, but the end is wrong', 0.5],
    ['the train leaves at nine', 0.5],
  ])('of "%s"', (comment, value) => {
    expect(worth({ name: 'satisfaction' }, { comments: [comment] })).toBe(value)
  })

  it('is the rating where there is one', () => {
    expect(worth({ name: 'satisfaction' }, { rating: 0.8, comments: ['bad'] })).toBe(0.8)
  })
})

describe('efficiency', () => {
  it.each([
    [{ durationMs: 10_000 }, 1],
    [{ durationMs: 35_000 }, 0.5],
    [{ durationMs: 60_000 }, 0],
    [{ steps: 5 }, 1],
    [{ steps: 20 }, 0],
    // A time once hid the number of tools.
    [{ durationMs: 1000, steps: 20 }, 0.5],
    [{}, 0.5],
  ])('of %j', (given, value) => {
    expect(worth({ name: 'efficiency' }, given)).toBeCloseTo(value, 12)
  })
})

describe('the additive reward', () => {
  it.each([
    [{ success: 1 }, 27 / 42],
    [{ success: 0 }, 12 / 42],
    [{ success: 1, durationMs: 5001 }, 25 / 42],
    [{ success: 1, durationMs: 5000 }, 27 / 42],
    [{ success: 1, rating: 1 }, 1],
    [{ success: 0, rating: 0, durationMs: 9000 }, 0],
    [{ success: 0, rating: 1 }, 27 / 42],
  ])('of %j', (given, value) => {
    expect(additive().of(evidence(given))).toBeCloseTo(value, 12)
  })

  it('refuses points that make no sense', () => {
    expect(() => additive({ up: -1 })).toThrow(/up/)
    expect(() => additive({ success: 0, failure: 0, slow: 0, up: 0, down: 0 })).toThrow(/points/)
  })
})

const parts = (weight: number) => [
  { reward: rewardOf({ name: 'success' }), weight },
  { reward: rewardOf({ name: 'additive', slow: 3 }), weight: 1 },
]

describe('rewards by name', () => {
  it('stay within [0, 1], whatever is known', () => {
    for (const name of rewardNames) {
      for (const success of [undefined, 0, 0.4, 1]) {
        for (const rating of [undefined, 0, 1]) {
          for (const durationMs of [undefined, 0, 1e9]) {
            const reward = worth({ name }, { ...(success !== undefined && { success }), ...(rating !== undefined && { rating }), ...(durationMs !== undefined && { durationMs }) })
            expect(reward).toBeGreaterThanOrEqual(0)
            expect(reward).toBeLessThanOrEqual(1)
          }
        }
      }
    }
  })

  it('are refused by a message that names those there are', () => {
    expect(() => rewardOf(JSON.parse('{"name":"karma"}') as RewardChoice)).toThrow(/karma.*three-part/)
    expect(() => rewardOf(JSON.parse('{"name":"three-part","speed":1}') as RewardChoice)).toThrow(/no setting "speed".*efficiency/)
  })

  it('can be combined, and a combination is told from another', () => {
    expect(combined('both', parts(3)).of(evidence({ verdict: 1, success: 1, rating: 1 }))).toBe(1)
    expect(combined('both', parts(3)).settings).not.toEqual(combined('both', parts(2)).settings)
    expect(() => combined('none', [])).toThrow(/no part/)
  })
})
