import { describe, expect, test } from 'vitest'
import { assess } from './assess.ts'

/** So many decisions of weight 1, and as many effective ones to be expected as told. */
const assessed = (size: number, expected: number, last = 1) => {
  const rewards = Array.from({ length: size }, (_, place) => ({ weight: place === size - 1 ? last : 1, reward: place % 2, predicted: 0.5, expected: 0.5, logged: place % 2 }))
  const counts = { decisions: size, judged: size, followed: size, used: size, runs: size, estimated: 0 }
  return assess({ rewards, unsupported: 0, expectedSquare: size / expected, inHindsight: false }, counts)
}

const reasonOf = (assessment: ReturnType<typeof assessed>): string => (assessment.status === 'refused' ? `${assessment.refusal.code}: ${assessment.refusal.reason}` : 'answered')

const nextOf = (assessment: ReturnType<typeof assessed>): string => (assessment.status === 'refused' ? assessment.refusal.next : 'answered')

describe('fifty is the least', () => {
  test('of effective decisions', () => {
    expect(reasonOf(assessed(50, 50))).toBe('answered')
    const { effectiveSampleSize } = assessed(50, 50, 1.5)
    expect(effectiveSampleSize).toBeGreaterThan(49.7)
    // What is less is not said to be as much.
    expect(reasonOf(assessed(50, 50, 1.5))).toContain('LOW_EFFECTIVE_SAMPLE_SIZE: The log tells as much as 49 runs of this policy would; at least 50 are needed.')
  })

  test('of those to be expected, but for rounding', () => {
    expect(reasonOf(assessed(60, 50))).toBe('answered')
    expect(reasonOf(assessed(60, 49.999_999_9))).toBe('answered')
    expect(reasonOf(assessed(60, 49.9))).toContain('TOO_LITTLE_EXPLORATION: What this policy would do was so rare in the log that 60 runs like these tell on average as much as 49 runs of its own would; at least 50')
  })
})

test('weights that do not average 1 are chance where rare draws explain it, and what is guaranteed is told then', () => {
  const rewards = Array.from({ length: 100 }, (_, place) => ({ weight: 0.75, reward: place % 2, predicted: 0.5, expected: 0.5, logged: place % 2 }))
  const counts = { decisions: 100, judged: 100, followed: 100, used: 100, runs: 100, estimated: 0 }
  const [chance, wrong] = [2, 1.01].map((expectedSquare) => assess({ rewards, unsupported: 0, expectedSquare, inHindsight: false }, counts))
  for (const assessment of [chance, wrong]) expect(assessment).toMatchObject({ status: 'refused', refusal: { code: 'UNBALANCED_WEIGHTS' } })
  expect([chance, wrong].map((assessment) => assessment !== undefined && 'guaranteed' in assessment)).toEqual([true, false])
})

describe('how many more runs it takes', () => {
  test('is told at the present rate, of what grows the slowest', () => {
    expect(nextOf(assessed(20, 20))).toBe('Collect more decisions (at the present rate about 30 more judged runs), explore more, or compare the two in an experiment.')
    expect(nextOf(assessed(20, 10))).toContain('about 80 more judged runs')
    expect(nextOf(assessed(49, 49))).toContain('about 1 more judged run)')
    expect(nextOf(assessed(100, 25))).toContain('collect more decisions (at the present rate about 100 more judged runs), or compare')
  })

  test('is not told of a log that says next to nothing', () => {
    expect(nextOf(assessed(40, 0.5))).toContain('Collect more decisions, explore more')
  })
})
