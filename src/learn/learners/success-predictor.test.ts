import { expect, test } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import { featurize } from '../features.ts'
import type { RunSettled, Verdict } from '../learner.ts'
import { successPredictor } from './success-predictor.ts'

let sequence = 0
const settled = (category: string, reward: number, more: Partial<RunSettled> = {}): RunSettled => {
  sequence += 1
  const current: Verdict = { reward, weight: 1 }
  return { kind: 'run.settled', sequence, occurredAt: 0, run: `r${sequence}`, shown: [], task: 't', features: featurize({ task: 't' }), category, agent: 'a', steps: 0, actions: [], taken: [], failed: false, current, ...more }
}

const foldOf = (runs: readonly RunSettled[]) => runs.reduce((state, run) => successPredictor.learn(state, run), successPredictor.initial())

test('of nothing, one half is predicted, and it is said that nothing speaks', () => {
  expect(successPredictor.view(successPredictor.initial()).predict()).toEqual({ probability: 0.5, baseRate: 0.5, runs: 0, signal: expect.closeTo(0.5, 12) })
})

test('kinds that go alike are not told apart: the loss against the base rate is at most ln 2, over any log', () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const random = seededRandom(seed)
    let state = successPredictor.initial()
    let [loss, baseLoss] = [0, 0]
    for (let number = 0; number < 1000; number += 1) {
      const reward = Number(random() < 0.7)
      const category = `kind-${Math.floor(random() * 30)}`
      const { probability, baseRate } = successPredictor.view(state).predict({ agent: 'a', category })
      const lossOf = (chance: number): number => -Math.log(reward === 1 ? chance : 1 - chance)
      loss += lossOf(probability)
      baseLoss += lossOf(baseRate)
      state = successPredictor.learn(state, settled(category, reward))
    }
    expect(loss - baseLoss).toBeLessThanOrEqual(Math.LN2 + 1e-9)
  }
})

test('kinds that differ are told apart, and an unknown one gets the base rate', () => {
  const runs = Array.from({ length: 100 }, (_, number) => settled(number % 2 === 0 ? 'easy' : 'hard', Number(number % 2 === 0 || number % 10 === 1)))
  const view = successPredictor.view(foldOf(runs))
  expect(view.predict({ agent: 'a', category: 'easy' })).toMatchObject({ runs: 50 })
  expect(view.predict({ agent: 'a', category: 'easy' }).probability).toBeGreaterThan(0.9)
  expect(view.predict({ agent: 'a', category: 'hard' }).probability).toBeLessThan(0.35)
  expect(view.predict({ category: 'hard' }).signal).toBeGreaterThan(0.99)
  expect(view.predict({ agent: 'b', category: 'new' }).probability).toBeCloseTo(0.6, 1)
})

test('a verdict that changes or is withdrawn is taken out of the sums', () => {
  const runs = [settled('one', 1), settled('one', 0)]
  const withdrawn = runs.map((run) => ({ ...run, sequence: run.sequence + 10, previous: run.current, current: undefined }))
  const { all, groups } = foldOf([...runs, ...withdrawn])
  expect({ all, groups: [...groups] }).toEqual({ all: { weight: 0, reward: 0, runs: 0 }, groups: [] })
  const changed = { ...settled('one', 1), previous: { reward: 0, weight: 1 } }
  expect(foldOf([runs[1] ?? changed, changed]).all).toEqual({ weight: 1, reward: 1, runs: 1 })
})

test('a verdict that comes back after it was withdrawn is no news of how well runs are foreseen, also from a snapshot', () => {
  const runs = [settled('one', 1), settled('two', 0), settled('one', 1)]
  const [first = settled('one', 1)] = runs
  const once = foldOf(runs)
  const without = successPredictor.learn(foldOf(runs), { ...first, sequence: 1000, previous: first.current, current: undefined })
  const again = successPredictor.learn(successPredictor.load(successPredictor.save(without)), { ...first, sequence: 1001 })
  expect(again.likelihoods).toEqual(once.likelihoods)
  expect(again.all).toEqual(once.all)
})

test('of groups with as few runs the one known longest makes room, also after a snapshot', () => {
  const runs = Array.from({ length: 2047 }, (_, number) => settled(`kind-${number}`, 1))
  const more = [settled('kind-new', 1), settled('kind-newer', 1)]
  const state = successPredictor.load(successPredictor.save(foldOf(runs)))
  const next = more.reduce((left, run) => successPredictor.learn(left, run), state)
  expect([...next.groups]).toEqual([...foldOf([...runs, ...more]).groups])
  expect(next.groups.has('["category","kind-0"]')).toBe(false)
  expect(next.groups.has('["category","kind-newer"]')).toBe(true)
})

test('groups are bounded', () => {
  const state = foldOf(Array.from({ length: 3000 }, (_, number) => settled(`kind-${number}`, 1)))
  expect(state.groups.size).toBe(4096)
})
