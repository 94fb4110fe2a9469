import { describe, expect, it } from 'vitest'
import { decided } from '../../../test/support/decided.ts'
import type { Verdict } from '../learner.ts'
import { betaBandit, type BetaBanditSettings, type BetaCounts, createBetaBandit } from './beta-bandit.ts'

const countsAfter = (settings: BetaBanditSettings, rewards: readonly number[]): BetaCounts => {
  const learner = createBetaBandit(settings)
  const state = rewards.reduce((before, reward) => learner.learn(before, decided({ option: 'a', current: { reward, weight: 1 } })), learner.initial())
  return learner.view(state).counts('tool', 'a')
}

const half: Verdict = { reward: 0.25, weight: 0.5 }

describe('Beta counts', () => {
  it('add up rewards by how much they are believed', () => {
    const state = [decided({ option: 'a', current: half }), decided({ option: 'a', current: { reward: 1, weight: 1 } })].reduce(
      (before, one) => betaBandit.learn(before, one),
      betaBandit.initial(),
    )
    expect(betaBandit.view(state).table()).toEqual({ tool: { a: { up: 1.125, down: 0.375 } } })
    expect(betaBandit.view(state).counts('tool', 'never')).toEqual({ up: 0, down: 0 })
  })

  it('replace a verdict that changed, and forget one that was withdrawn', () => {
    const [first, second, third] = [
      decided({ option: 'a', current: half }),
      decided({ option: 'a', previous: half, current: { reward: 1, weight: 1 } }),
      decided({ option: 'a', previous: { reward: 1, weight: 1 } }),
    ]
    const changed = betaBandit.learn(betaBandit.learn(betaBandit.initial(), first), second)
    expect(betaBandit.view(changed).counts('tool', 'a')).toEqual({ up: 1, down: 0 })
    expect(betaBandit.learn(changed, third)).toEqual(new Map())
  })

  it('fade by C / (C + 1) once there are C of them: S 3, F 1 and a failure with C 4', () => {
    // StreamBench's dynamic Thompson sampling: (S + 0) · C/(C+1) and (F + 1) · C/(C+1).
    const { up, down } = countsAfter({ capacity: 4 }, [1, 1, 1, 0, 0])
    expect(up).toBeCloseTo(3 * 0.8, 6)
    expect(down).toBeCloseTo(2 * 0.8, 6)
  })

  it('that fade forget what was long ago, and never add up to more than C', () => {
    const { up, down } = countsAfter({ capacity: 10 }, [...Array.from({ length: 200 }, () => 1), ...Array.from({ length: 40 }, () => 0)])
    expect(up + down).toBeCloseTo(10, 9)
    expect(up / (up + down)).toBeLessThan(0.05)
  })

  it('declare an inverse and a merge only where they are sums', () => {
    expect('inverse' in betaBandit && 'merge' in betaBandit).toBe(true)
    expect('inverse' in createBetaBandit({ capacity: 100 })).toBe(false)
    expect('merge' in createBetaBandit({ capacity: 100 })).toBe(false)
    expect(() => createBetaBandit({ capacity: 0.5 })).toThrow(/capacity/)
  })
})
