import { expect, test } from 'vitest'
import type { Ask } from '../decide/policy.ts'
import { featurize } from '../learn/features.ts'
import type { DecisionSettled } from '../learn/learner.ts'
import { CrossFittedRewards } from './reward-model.ts'

const features = featurize({ task: 'refund the order' })
const ask: Ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features, similarities: new Float64Array(2) }

const settled = (run: string, option: string, reward: number): DecisionSettled => ({
  kind: 'decision.settled', sequence: 1, occurredAt: 0, run, decision: run, point: 'tool', option, followed: true, propensity: 0.5, features, similarity: 0, current: { reward, weight: 1 },
})

const runs = Array.from({ length: 40 }, (_, place) => `run-${place}`)

/** What is expected for each run, after one run had this reward and all others .6 with `a` and .3 with `b`. */
const expectedAfter = (reward: number): number[] => {
  const model = new CrossFittedRewards()
  for (const [place, run] of runs.entries()) model.learn(settled(run, place % 2 === 0 ? 'a' : 'b', place === 0 ? reward : place % 2 === 0 ? 0.6 : 0.3))
  return runs.map((run) => model.expected(run, ask)[0] ?? 0)
}

test('what is expected of a run never depends on its own reward, but on that of most others', () => {
  const [after, before] = [expectedAfter(1), expectedAfter(0)]
  expect(after[0]).toBe(before[0])
  const changed = after.filter((value, place) => value !== before[place]).length
  // Four fifths of the runs, give or take how they fall into parts.
  expect(changed).toBeGreaterThan(24)
  expect(changed).toBeLessThan(40)
})

test('options are told apart by what they earned', () => {
  const model = new CrossFittedRewards()
  for (const [place, run] of runs.entries()) model.learn(settled(run, place % 2 === 0 ? 'a' : 'b', place % 2 === 0 ? 1 : 0))
  const [good = 0, bad = 0] = model.expected('another run', ask)
  expect(good).toBeGreaterThan(bad + 0.5)
})
