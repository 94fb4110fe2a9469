import { describe, expect, test } from 'vitest'
import { type ArmSums, compare, losses, momentsOf, reversed, winnerOf } from './judge.ts'

const sumsOf = (rewards: readonly number[]): ArmSums => ({
  judged: rewards.length,
  sum: rewards.reduce((sum, reward) => sum + reward, 0),
  squares: rewards.reduce((sum, reward) => sum + reward ** 2, 0),
})

const coins = (heads: number, count: number): ArmSums => ({ judged: count, sum: heads, squares: heads })

describe('the comparison', () => {
  test('knows mean and unbiased variance from sums', () => {
    expect(momentsOf(sumsOf([0.2, 0.4, 0.9]))).toEqual({ count: 3, mean: expect.closeTo(0.5, 12), variance: expect.closeTo(0.13, 12) })
    expect(momentsOf(sumsOf([0.3, 0.3, 0.3]))).toMatchObject({ variance: expect.closeTo(0, 12) })
    expect(momentsOf(coins(0, 0))).toEqual({ count: 0, mean: 0, variance: 0 })
  })

  test('is exact while there are fewer than 100 units an arm, and asymptotic from then on', () => {
    const [few] = compare(new Map([['a', coins(10, 99)], ['b', coins(90, 5_000)]]))
    const [many] = compare(new Map([['a', coins(10, 100)], ['b', coins(90, 5_000)]]))
    expect([few?.method, many?.method]).toEqual(['exact', 'asymptotic'])
    expect(few?.low).toBeLessThan(few?.difference ?? 0)
  })

  test('of few units finds only what is plain', () => {
    const winners = [19, 10].map((heads) => {
      const arms = new Map([['a', coins(2, 20)], ['b', coins(heads, 20)]])
      return winnerOf(arms.keys(), compare(arms))
    })
    expect(winners).toEqual(['b', undefined])
  })

  test('of more arms is more careful, names the winner over all and each loser once', () => {
    const two = new Map([['a', coins(250, 500)], ['b', coins(300, 500)]])
    const three = new Map([...two, ['c', coins(100, 500)]])
    const [narrow = 0, wide = 0] = [two, three].map((arms) => {
      const [first] = compare(arms)
      return (first?.high ?? 0) - (first?.low ?? 0)
    })
    expect(wide).toBeGreaterThan(narrow)
    const comparisons = compare(three)
    expect(comparisons).toHaveLength(3)
    expect([...losses(comparisons)].map(([arm, { against, high }]) => [arm, against, high < 0])).toEqual([['c', 'b', true]])
    expect(winnerOf(three.keys(), comparisons)).toBeUndefined()
    const clear = new Map([...three, ['b', coins(450, 500)]])
    expect(winnerOf(clear.keys(), compare(clear))).toBe('b')
  })

  test('seen from the other side is the same', () => {
    const [comparison] = compare(new Map([['a', coins(200, 400)], ['b', coins(260, 400)]]))
    if (comparison === undefined) throw new Error('no pair')
    expect(reversed(reversed(comparison))).toEqual(comparison)
    expect(reversed(comparison)).toMatchObject({ arm: 'a', against: 'b', difference: -comparison.difference, low: -comparison.high })
  })

  test('of arms that are alike is no difference from either side', () => {
    const alike = { arm: 'a', against: 'b', difference: 0, low: 0, high: 0, method: 'exact' } as const
    expect(reversed(alike)).toEqual({ ...alike, arm: 'b', against: 'a' })
  })
})
