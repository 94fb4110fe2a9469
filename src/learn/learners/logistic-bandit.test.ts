import { describe, expect, it } from 'vitest'
import { decided } from '../../../test/support/decided.ts'
import type { Ask } from '../../decide/policy.ts'
import { featurize } from '../features.ts'
import type { DecisionSettled } from '../learner.ts'
import { logisticPull, logit, sigmoid } from '../structures/logistic-step.ts'
import { createLogisticBandit, logisticBandit, type LogisticEstimate } from './logistic-bandit.ts'

const about = (task: string, option: string, reward: number): DecisionSettled => decided({ option, features: featurize({ task }), current: { reward, weight: 1 } })

const estimate = (task: string, options: readonly string[], ...experiences: DecisionSettled[]): LogisticEstimate => {
  const state = experiences.reduce((before, one) => logisticBandit.learn(before, one), logisticBandit.initial())
  const ask: Ask = { point: 'tool', options: options.map((id) => ({ id })), features: featurize({ task }), similarities: new Float64Array(options.length) }
  return logisticBandit.view(state).estimate(ask)
}

describe('a logistic bandit', () => {
  it('moves means and precisions by one step of Chapelle and Li', () => {
    const { values } = featurize({ task: 'book a flight' })
    const spread = values.reduce((sum, value) => sum + value * value, 0)
    const pull = logisticPull(0, spread, 1, 1)
    const chance = sigmoid(pull * spread)
    const { means, deviations } = estimate('book a flight', ['a'], about('book a flight', 'a', 1))
    // Afterwards the base rate is .75: (.5 + 1) / 2.
    expect(means[0]).toBeCloseTo(logit(0.75) + pull * spread, 6)
    const after = values.reduce((sum, value) => sum + (value * value) / (1 + value * value * chance * (1 - chance)), 0)
    expect(deviations[0]).toBeCloseTo(Math.sqrt(after), 6)
  })

  it('starts an option never tried at the base rate', () => {
    const rare = Array.from({ length: 99 }, (_, place) => about(`task ${place}`, 'a', place === 0 ? 1 : 0))
    const { means, deviations } = estimate('something else', ['new'], ...rare)
    expect(means[0]).toBeCloseTo(logit(1.5 / 100), 6)
    expect(deviations[0]).toBeCloseTo(1, 6)
  })

  it('learns which option suits which task', () => {
    const lessons = Array.from({ length: 30 }, (_, place) => [
      about(`book flight ${place}`, 'travel', 1),
      about(`book flight ${place}`, 'bank', 0),
      about(`pay bill ${place}`, 'bank', 1),
      about(`pay bill ${place}`, 'travel', 0),
    ]).flat()
    const [travel = 0, bank = 0] = estimate('book a flight', ['travel', 'bank'], ...lessons).means
    expect(travel).toBeGreaterThan(bank + 1)
  })

  it('follows a reward that turns around, and comes back from one that is withdrawn', () => {
    const good = { reward: 1, weight: 1 }
    const lesson = decided({ option: 'a', features: featurize({ task: 'x' }), current: good })
    const turned = { ...lesson, previous: good, current: { reward: 0, weight: 1 } }
    const withdrawn = decided({ option: 'a', features: featurize({ task: 'x' }), previous: good })
    const [base = 0] = estimate('x', ['a']).means
    expect(estimate('x', ['a'], lesson).means[0]).toBeGreaterThan(base)
    expect(estimate('x', ['a'], lesson, turned).means[0]).toBeLessThan(base)
    expect(estimate('x', ['a'], lesson, withdrawn).means[0]).toBeCloseTo(base, 6)
  })

  it('says that a snapshot is damaged, and refuses settings that make no sense', () => {
    expect(() => logisticBandit.load(Uint8Array.of(9, 9, 9, 9, 9))).toThrow(/damaged/)
    expect(() => createLogisticBandit({ precision: 0 })).toThrow(/precision/)
    expect(() => createLogisticBandit({ tableBits: 30 })).toThrow(/tableBits/)
  })
})
