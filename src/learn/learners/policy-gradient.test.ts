import { describe, expect, it } from 'vitest'
import { episode, transition } from '../../../test/support/decided.ts'
import type { Ask } from '../../decide/policy.ts'
import { seededRandom } from '../../decide/random.ts'
import { sample } from '../../decide/sample.ts'
import { featurize } from '../features.ts'
import type { Episode, EpisodeSettled, Numbers } from '../learner.ts'
import { newGradient, newNetwork, SoftmaxNetwork } from '../structures/softmax-network.ts'
import { softmax } from '../structures/softmax.ts'
import { createPolicyGradient, type PolicyGradientSettings } from './policy-gradient.ts'

const options = ['a', 'b', 'c']

const askOf = (context: Numbers): Ask => ({ point: 'tool', options: options.map((id) => ({ id })), features: featurize({ task: '', context }), similarities: new Float64Array(3), context })

const step = (option: string, context: Numbers, reward?: number) =>
  transition({ option, options, context, features: featurize({ task: '', context }), ...(reward === undefined ? {} : { reward }) })

const shares = (settings: PolicyGradientSettings, context: Numbers, ...episodes: EpisodeSettled[]): number[] => {
  const learner = createPolicyGradient(settings)
  const state = episodes.reduce((before, one) => learner.learn(before, one), learner.initial())
  return [...softmax(learner.view(state).preferences(askOf(context)))]
}

const judged = (option: string, reward: number, context: Numbers = { load: 0.5 }): EpisodeSettled =>
  episode({ current: { transitions: [step(option, context)], verdict: { reward, weight: 1 } } })

describe('the gradient of a softmax network', () => {
  it.each([0, 5])('with %d hidden units is that of numerical differentiation', (hidden) => {
    const shape = { hidden, rate: 0.1, seed: 3 }
    const state = newNetwork()
    const network = new SoftmaxNetwork(shape, state)
    const inputs = Float64Array.of(1, 0.3, -0.7)
    // Some steps first, so that all weights are away from their start.
    for (let round = 0; round < 3; round += 1) {
      const gradient = newGradient()
      network.addTo(gradient, inputs, options, Float64Array.of(0.5, -0.2, 0.1 * round))
      network.ascend(gradient)
    }
    const logProbability = (): number => Math.log(softmax(network.preferences(inputs, options))[1] ?? 0)
    const gradient = newGradient()
    network.addTo(gradient, inputs, options, softmax(network.preferences(inputs, options)).map((share, place) => Number(place === 1) - share))
    const check = (values: Float64Array, slopes: Float64Array | undefined): void => {
      for (const [place, value] of values.entries()) {
        values[place] = value + 1e-6
        const up = logProbability()
        values[place] = value - 1e-6
        const down = logProbability()
        values[place] = value
        expect(slopes?.[place]).toBeCloseTo((up - down) / 2e-6, 6)
      }
    }
    for (const option of options) check(state.options.get(option)?.values ?? new Float64Array(), gradient.options.get(option))
    check(state.hidden.values, gradient.hidden)
    expect(state.hidden.values.length).toBe(hidden * inputs.length)
  })
})

describe('policy gradient', () => {
  it('moves by the first step of Adam along ∇ ln π (G − b): ±rate for each weight', () => {
    const settings = { rate: 0.01, entropy: 0, inputs: 'numbers' } as const
    const learner = createPolicyGradient(settings)
    const two: Episode = { transitions: [step('a', { load: 0.5 }, 1), step('b', { load: 0.5 }, 0)] }
    const state = learner.learn(learner.initial(), episode({ current: two }))
    const parameters = learner.view(state).table()['tool']
    expect(parameters?.inputs).toEqual(['', 'load'])
    // Returns are 1 and 0, their mean .5 the baseline: a is drawn towards, b away from, c not moved.
    for (const [option, weight] of [['a', 0.01], ['b', -0.01], ['c', 0]] as const) {
      for (const value of parameters?.options[option] ?? [Number.NaN]) expect(value).toBeCloseTo(weight, 6)
    }
    expect(parameters?.baseline).toBe(0.5)
  })

  it.each([{ inputs: 'features' }, { inputs: 'numbers' }, { inputs: 'numbers', hidden: 8 }, { inputs: 'numbers', baseline: 'episode' }] as const)(
    'learns from runs of a single step: %j',
    (settings) => {
      // An earlier system normalised each episode by itself, so that a run of one step changed nothing.
      const lessons = Array.from({ length: 150 }, (_, place) => judged(options[place % 3] ?? 'a', place % 3 === 1 ? 0.75 : 0.45))
      const [, good = 0] = shares({ rate: 0.05, ...settings }, { load: 0.5 }, ...lessons)
      expect(good).toBeGreaterThan(0.8)
    },
  )

  it.each([0, 16])('tells situations apart with %d hidden units', (hidden) => {
    const learner = createPolicyGradient({ rate: 0.05, inputs: 'numbers', hidden })
    const random = seededRandom(5)
    let state = learner.initial()
    const sharesAt = (load: number): Float64Array => softmax(learner.view(state).preferences(askOf({ load })))
    for (let round = 0; round < 500; round += 1) {
      const load = round % 2
      const option = options[sample(sharesAt(load), random)] ?? ''
      state = learner.learn(state, judged(option, option === (load === 0 ? 'a' : 'b') ? 1 : 0, { load }))
    }
    expect(sharesAt(0)[0]).toBeGreaterThan(0.8)
    expect(sharesAt(1)[1]).toBeGreaterThan(0.8)
  })

  it('passes over what was not drawn from it', () => {
    const before = judged('a', 0.5)
    const deviation = episode({ current: { transitions: [{ ...step('b', { load: 0.5 }, 1), followed: false }] } })
    const settings = { inputs: 'numbers', entropy: 0 } as const
    const [first, then] = [shares(settings, { load: 0.5 }, before), shares(settings, { load: 0.5 }, before, deviation)]
    expect(then).toEqual(first)
  })

  it('turns around with a reward that does', () => {
    const kept = Array.from({ length: 20 }, (_, place) => judged(options[place % 3] ?? 'a', 0.5))
    const lie: Episode = { transitions: [step('b', { load: 0.5 })], verdict: { reward: 1, weight: 1 } }
    const truth: Episode = { ...lie, verdict: { reward: 0, weight: 1 } }
    const settings = { inputs: 'numbers', rate: 0.1 } as const
    const believed = shares(settings, { load: 0.5 }, ...kept, episode({ current: lie }))[1] ?? 0
    const corrected = shares(settings, { load: 0.5 }, ...kept, episode({ current: lie }), episode({ previous: lie, current: truth }))[1] ?? 0
    expect(corrected).toBeLessThan(believed)
  })

  it('keeps its weights finite, whatever is in the context', () => {
    const lessons = Array.from({ length: 20 }, (_, place) => judged(options[place % 3] ?? 'a', place % 2, { load: 1e300, [`n${place}`]: -1e300 }))
    for (const share of shares({ inputs: 'numbers', hidden: 4 }, { load: 1e300 }, ...lessons)) expect(share).toBeGreaterThanOrEqual(0)
  })

  it.each([{ hidden: 1.5 }, { rate: 0 }, { discount: 2 }, { entropy: -1 }])('refuses %j', (settings) => {
    expect(() => createPolicyGradient(settings)).toThrow(/createPolicyGradient/)
  })
})
