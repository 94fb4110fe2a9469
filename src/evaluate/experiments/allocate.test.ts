import { describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../decide/random.ts'
import type { DecisionSettled } from '../../learn/learner.ts'
import { experimentTallies } from '../../learn/learners/experiment-tallies.ts'
import { type ActiveArm, allocate } from './allocate.ts'
import { type ArmSums, compare, winnerOf } from '../../statistics/sequential/judge.ts'

const coins = (heads: number, count: number): ArmSums => ({ judged: count, sum: heads, squares: heads })

const arm = (name: string, sums: ArmSums, share = 0.5): ActiveArm => ({ name, share, ...sums })

describe('shares of new units', () => {
  test('stay as begun until every arm has 100, and where they are fixed', () => {
    const arms = [arm('a', coins(10, 99), 0.2), arm('b', coins(90, 100), 0.8)]
    expect(Object.fromEntries(allocate(arms, 'best-arm'))).toEqual({ a: 0.2, b: 0.8 })
    expect(Object.fromEntries(allocate([arm('a', coins(10, 500)), arm('b', coins(400, 500))], 'fixed'))).toEqual({ a: 0.5, b: 0.5 })
    expect(Object.fromEntries(allocate([arm('b', coins(1, 2), 0.3)], 'best-arm'))).toEqual({ b: 1 })
  })

  test('go to the best arm once it is known, and before to where it is found soonest', () => {
    expect(Object.fromEntries(allocate([arm('a', coins(100, 500)), arm('b', coins(400, 500))], 'best-arm'))).toEqual({ a: 0.05, b: 0.95 })
    const shares = allocate([arm('a', coins(50, 200)), arm('b', coins(100, 200)), arm('c', coins(104, 200))], 'best-arm')
    expect(shares.get('a')).toBeLessThan(0.15)
    expect(shares.get('b')).toBeGreaterThan(0.3)
    expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  })
})

const settled = (sequence: number, arm: string, unit: string, reward: number): DecisionSettled => ({
  kind: 'decision.settled', sequence, occurredAt: 0, run: `run-${sequence}`, decision: `decision-${sequence}`, point: 'tool', option: 'a', followed: true, propensity: 1, similarity: 0,
  features: { hashes: new Uint32Array(), values: new Float32Array() },
  experiment: { id: 'e', arm, propensity: 0.5, unit },
  current: { reward, weight: 1 },
})

/** Share of experiments without a difference in which a winner is named, looked at after every run. */
const falseWinners = (repetitions: number, runs: number, names: readonly string[], draw: (random: Random, unit: number) => number, users: number): number => {
  let named = 0
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const random = seededRandom(seed)
    let state = experimentTallies.initial()
    const armOfUser = new Map<number, string>()
    let shares: ReadonlyMap<string, number> = new Map(names.map((name) => [name, 1 / names.length]))
    for (let run = 1; run <= runs; run += 1) {
      const unit = users === 0 ? run : Math.floor(random() ** 2 * users)
      let left = random()
      const drawn = [...shares].find(([, share]) => (left -= share) < 0)?.[0] ?? names[0] ?? ''
      const arm = armOfUser.get(unit) ?? drawn
      armOfUser.set(unit, arm)
      state = experimentTallies.learn(state, settled(run, arm, String(unit), draw(random, unit)))
      const arms = new Map(names.map((name) => [name, state.get('e')?.arms.get(name) ?? { judged: 0, sum: 0, squares: 0 }] as const))
      if (run % 50 === 0) shares = allocate(names.map((name) => ({ name, share: 1 / names.length, ...(arms.get(name) ?? { judged: 0, sum: 0, squares: 0 }) })), 'best-arm')
      // Every run is looked at where the asymptotic sequence judges; the exact one, which is slower, every fiftieth.
      const asymptotic = [...arms.values()].every(({ judged }) => judged >= 100)
      if (!asymptotic && run % 50 !== 0) continue
      if (winnerOf(arms.keys(), compare(arms)) === undefined) continue
      named += 1
      break
    }
  }
  return named / repetitions
}

describe('where no arm is better, a winner is named in at most 5 % of experiments', () => {
  test('with shares that follow what is seen', () => {
    expect(falseWinners(120, 1_500, ['a', 'b'], (random) => Number(random() < 0.4), 0)).toBeLessThanOrEqual(0.05)
  })

  test('of three arms', () => {
    expect(falseWinners(80, 1_500, ['a', 'b', 'c'], (random) => Number(random() < 0.5), 0)).toBeLessThanOrEqual(0.05)
  })

  test('with users who come again and differ from each other', () => {
    // A test that took runs for independent would name one far more often: each user succeeds always or never.
    const rate = falseWinners(80, 2_500, ['a', 'b'], (_random, unit) => Number((unit * 2_654_435_761) % 4_294_967_296 < 2_147_483_648), 600)
    expect(rate).toBeLessThanOrEqual(0.05)
  })
})
