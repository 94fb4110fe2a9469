import { describe, expect, it } from 'vitest'
import { decided, episode, transition } from '../../../test/support/decided.ts'
import type { Experience, Learner } from '../../learn/learner.ts'
import { featurize } from '../../learn/features.ts'
import { createBetaBandit } from '../../learn/learners/beta-bandit.ts'
import { createLinearBandit } from '../../learn/learners/linear-bandit.ts'
import { createLogisticBandit } from '../../learn/learners/logistic-bandit.ts'
import { optionModel } from '../../learn/learners/option-model.ts'
import { createPolicyGradient } from '../../learn/learners/policy-gradient.ts'
import { createTabularQ } from '../../learn/learners/tabular-q.ts'
import { type PolicyChoice, policyNames, policyOf } from '../policies.ts'
import type { Ask, Policy } from '../policy.ts'
import { seededRandom } from '../random.ts'

/** Share of a standard normal below a value: Abramowitz and Stegun 7.1.26, to 1e-7. */
const normalShare = (value: number): number => {
  const t = 1 / (1 + (0.3275911 * Math.abs(value)) / Math.SQRT2)
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp((-value * value) / 2)
  return value < 0 ? tail / 2 : 1 - tail / 2
}

const ask: Ask = { point: 'tool', state: 's', options: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], features: featurize({ task: '' }), similarities: new Float64Array(3), context: { load: 0.5 } }
const two: Ask = { ...ask, options: ask.options.slice(0, 2), similarities: new Float64Array(2) }

const lesson = (option: string, reward: number, load = 0.5): Experience => decided({ option, context: { load }, current: { reward, weight: 1 } })

/** `a` succeeded three times of four, `b` once of two, `c` was never tried. */
const lessons = [lesson('a', 1), lesson('a', 1, 0.9), lesson('a', 0, 0.1), lesson('a', 1), lesson('b', 0), lesson('b', 1, 0.2)]

const learned = <State, View>(learner: Learner<State, View>, experiences: readonly Experience[] = lessons): View =>
  learner.view(experiences.reduce((state, one) => learner.learn(state, one), learner.initial()))

/** What a policy gives for the view of its own learner. */
const weights = (choice: PolicyChoice, asked = ask, experiences = lessons): number[] => {
  const policy: Policy = policyOf(choice)
  return [...policy.weigh(learned(policy.needs ?? optionModel, experiences), asked, seededRandom(5))]
}

const expectClose = (actual: readonly number[], expected: readonly number[], digits = 9): void => {
  expect(actual).toHaveLength(expected.length)
  for (const [place, value] of expected.entries()) expect(actual[place]).toBeCloseTo(value, digits)
}

/** Episodes of one step in which `b` earned 1. */
const taught = (episodes: number): Experience[] =>
  Array.from({ length: episodes }, () => episode({ current: { transitions: [transition({ option: 'b', reward: 1, state: 's', terminated: true })] } }))

describe('the weights of a policy are those of its formula, with the settings that it was given', () => {
  it('SquareCB: 1 / (K + γ_t · gap), γ_t = scale · t^exponent of t verdicts', () => {
    const values = learned(optionModel).values(ask)
    const best = Math.max(...values)
    for (const [gammaScale, gammaExponent] of [[10, 0.5], [3, 1]] as const) {
      const gamma = gammaScale * lessons.length ** gammaExponent
      const shares = [...values].map((value) => 1 / (3 + gamma * (best - value)))
      const rest = 1 - shares.filter((_, place) => values[place] !== best).reduce((sum, share) => sum + share, 0)
      expectClose(weights({ name: 'squarecb', gammaScale, gammaExponent }), shares.map((share, place) => (values[place] === best ? rest : share)))
      expectClose(weights({ name: 'squarecb', gammaScale, gammaExponent, epsilon: 0.3 }), shares.map((share, place) => 0.7 * (values[place] === best ? rest : share) + 0.1))
    }
    // Without a verdict γ is that of one.
    expectClose(weights({ name: 'squarecb' }, ask, []), [1 / 3, 1 / 3, 1 / 3])
  })

  it('softmax: in proportion to exp(value / temperature)', () => {
    const raised = [...learned(optionModel).values(ask)].map((value) => Math.exp(value / 0.2))
    const sum = raised.reduce((total, one) => total + one, 0)
    expectClose(weights({ name: 'softmax', temperature: 0.2 }), raised.map((one) => one / sum))
  })

  it('LinUCB: 1 − ε to the highest θᵀx + α √(xᵀA⁻¹x)', () => {
    const { values, widths } = learned(createLinearBandit()).estimate(ask)
    const winner = (alpha: number): number => [...values].reduce((best, value, place) => (value + alpha * (widths[place] ?? 0) > (values[best] ?? 0) + alpha * (widths[best] ?? 0) ? place : best), 0)
    // What is known to be good, or what is not known.
    expect([winner(0.01), winner(2)]).toEqual([0, 2])
    expectClose(weights({ name: 'linucb', alpha: 0.01, epsilon: 0.3 }), [0.8, 0.1, 0.1])
    expectClose(weights({ name: 'linucb', alpha: 2, epsilon: 0 }), [0, 0, 1])
  })

  it('linear Thompson sampling: how often θᵀx + v √(xᵀA⁻¹x) · N(0, 1) is the highest', () => {
    const { values: [a = 0, b = 0], widths: [broad = 0, broader = 0] } = learned(createLinearBandit()).estimate(two)
    for (const scale of [0.25, 1]) {
      expectClose(weights({ name: 'thompson-linear', scale, draws: 100_000 }, two).slice(0, 1), [normalShare((a - b) / (scale * Math.hypot(broad, broader)))], 2)
    }
    expect(normalShare((a - b) / Math.hypot(broad, broader))).toBeLessThan(0.8)
  })

  it('logistic Thompson sampling: the same with N(mᵀx, α² Σ x²/q)', () => {
    const { means: [a = 0, b = 0], deviations: [broad = 0, broader = 0] } = learned(createLogisticBandit()).estimate(two)
    for (const scale of [0.25, 1]) {
      expectClose(weights({ name: 'thompson-logistic', scale, draws: 100_000 }, two).slice(0, 1), [normalShare((a - b) / (scale * Math.hypot(broad, broader)))], 2)
    }
  })

  it('Thompson sampling: how often Beta(1 + up, 1 + down) is the highest', () => {
    // Beta(2, 1) against Beta(1, 2): ∫ 2x (1 − (1 − x)²) dx = 5/6.
    expectClose(weights({ name: 'thompson-beta', draws: 100_000 }, two, [lesson('a', 1), lesson('b', 0)]), [5 / 6, 1 / 6], 2)
  })

  it('dynamic Thompson sampling: with counts that fade from 100 on, or where it is told', () => {
    expect(policyOf({ name: 'thompson-dynamic' }).learner).toBe(createBetaBandit({ capacity: 100 }).name)
    expect(policyOf({ name: 'thompson-dynamic', capacity: 7 }).learner).toBe(createBetaBandit({ capacity: 7 }).name)
    expect(policyOf({ name: 'thompson-beta' }).learner).toBe(createBetaBandit().name)
  })

  it('Q-learning: 1 − ε to the highest value, ε falling in a straight line from episode to episode', () => {
    const choice = { name: 'q-learning', firstEpsilon: 0.9, lastEpsilon: 0.3, explorationEpisodes: 20 } as const
    // An option never tried stands at the mean of its state, which is that of b while nothing else is known there: all three tie.
    const started = { ...choice, start: 0 }
    for (const [episodes, epsilon] of [[1, 0.87], [5, 0.75], [10, 0.6], [20, 0.3], [40, 0.3]] as const) {
      expectClose(weights(started, ask, taught(episodes)), [epsilon / 3, 1 - epsilon + epsilon / 3, epsilon / 3])
      expectClose(weights(choice, ask, taught(episodes)), [1 / 3, 1 / 3, 1 / 3])
    }
    expect(learned(createTabularQ({ start: 0 }), taught(5)).episodes('tool')).toBe(5)
  })

  it.each([0, 4])('policy gradient: the softmax of its preferences, with a floor of ε, with %d hidden units', (hidden) => {
    const graded = [0, 1, 2].map((place) => episode({ current: { transitions: [transition({ option: 'a', options: ['a', 'b', 'c'], reward: place, terminated: true })] } }))
    const raised = [...learned(createPolicyGradient({ hidden, rate: 0.5 }), graded).preferences(ask)].map(Math.exp)
    const sum = raised.reduce((total, one) => total + one, 0)
    expect(new Set(raised.map((one) => one.toFixed(6))).size).toBeGreaterThan(1)
    expectClose(weights({ name: 'policy-gradient', hidden, rate: 0.5, epsilon: 0.3 }, ask, graded), raised.map((one) => (0.7 * one) / sum + 0.1))
  })
})

/** What a learner tells of its state. */
const tableOf = (view: unknown): Readonly<Record<string, unknown>> => {
  if (typeof view !== 'object' || view === null || !('table' in view) || typeof view.table !== 'function') expect.unreachable('its view has no table')
  return (view.table as () => Readonly<Record<string, unknown>>)()
}

describe('what a policy has learned can be looked at', () => {
  const taughtAll: Experience[] = [...lessons, ...[0, 1, 2].map((reward) => episode({ current: { transitions: [transition({ option: 'a', reward, state: 's', terminated: true })] } }))]
  const learners = [...new Map(policyNames.filter((name) => name !== 'fixed' && name !== 'uniform').map((name) => [name, policyOf({ name }).needs ?? optionModel]))]

  it.each(learners)('as plain data, by choice point: %s', (_, learner) => {
    const table = tableOf(learned<unknown, unknown>(learner, taughtAll))
    expect(Object.keys(table)).toEqual(['tool'])
    expect(JSON.parse(JSON.stringify(table))).toEqual(table)
    expect(tableOf(learned<unknown, unknown>(learner, []))).toEqual({})
  })

  it('of the option model and the logistic regression, whose weights are hashed, by what holds for all options', () => {
    const { mean, settled, blend, slots } = learned(optionModel).table()['tool'] ?? expect.unreachable()
    // As if one verdict of .5 had been there before.
    expect([mean, settled]).toEqual([(0.5 + 4) / 7, 6])
    expect(blend).toHaveLength(3)
    // The situation has one feature, and two options were tried in it.
    expect(slots).toBe(2)
    expect(learned(createLogisticBandit()).table()['tool']?.weights).toBe(2)
  })
})
