import { describe, expect, it } from 'vitest'
import type { DecisionSettled } from '../learn/learner.ts'
import { optionModel, type OptionModelState } from '../learn/learners/option-model.ts'
import { featurize } from '../learn/features.ts'
import { policyNames, policyOf } from './policies.ts'
import { defaultPolicy } from './policies/default.ts'
import { epsilonGreedy } from './policies/epsilon-greedy.ts'
import { fixed } from './policies/fixed.ts'
import { greedy } from './policies/greedy.ts'
import type { Ask, Option, Policy } from './policy.ts'
import { seededRandom } from './random.ts'
import { sample } from './sample.ts'
import { similarities } from './similarity.ts'

const askOf = (task: string, options: readonly Option[]): Ask => ({
  point: 'tool',
  options,
  features: featurize({ task }),
  similarities: similarities(task, options),
})

const settled = (ask: Ask, index: number, reward: number, propensity = 1): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: 1,
  occurredAt: 0,
  run: 'run',
  decision: 'decision',
  point: ask.point,
  option: ask.options[index]?.id ?? '',
  followed: true,
  propensity,
  features: ask.features,
  similarity: ask.similarities[index] ?? 0,
  current: { reward, weight: 1 },
})

const untaught = optionModel.view(optionModel.initial())
const three = ['search', 'scraping', 'product'].map((id) => ({ id }))

/** Lets a policy choose and learn; the number of good choices among the last 100 of `steps`. */
const goodAtLast = (policy: Policy, steps: number, seed: number, good: number, taskOf: (step: number) => string): number => {
  const random = seededRandom(seed)
  let state: OptionModelState = optionModel.initial()
  let count = 0
  for (let step = 0; step < steps; step += 1) {
    const ask = askOf(taskOf(step), three)
    const weights = policy.weigh(optionModel.view(state), ask)
    const index = sample(weights, random)
    if (index === good && step >= steps - 100) count += 1
    state = optionModel.learn(state, settled(ask, index, index === good ? 0.75 : 0.45, weights[index]))
  }
  return count
}

describe('the default policy', () => {
  // Rewards above 0 for failures lock in a policy that starts untried options at 0: such a system found the good one in 22 % of the runs.
  it.each([0, 1, 2])('finds the one good option of three (number %d) when a failure pays .45 and a success .75', (good) => {
    for (const taskOf of [() => '', () => 'the same task', (step: number) => `request ${step % 17} of kind ${step % 5}`]) {
      let total = 0
      for (let seed = 0; seed < 20; seed += 1) total += goodAtLast(defaultPolicy(), 200, seed, good, taskOf)
      expect(total / 20).toBeGreaterThanOrEqual(80)
    }
  })

  it('shares .02 among all options and gives the rest to the best', () => {
    const ask = askOf('sing a song', [{ id: 'a', description: 'weather' }, { id: 'b', description: 'a song to sing' }])
    const weights = defaultPolicy().weigh(untaught, ask)
    expect(weights[0]).toBeCloseTo(0.01, 12)
    expect(weights[1]).toBeCloseTo(0.99, 12)
  })

  it('takes a new option on first sight when its description fits', () => {
    const old = [{ id: 'weather', description: 'rain and wind' }, { id: 'music', description: 'songs' }]
    let state = optionModel.initial()
    for (const task of ['will it rain', 'how strong is the wind', 'rain tomorrow']) state = optionModel.learn(state, settled(askOf(task, old), 0, 1))
    const ask = askOf('translate this contract', [...old, { id: 'language', description: 'translate a text' }])
    expect(defaultPolicy().weigh(optionModel.view(state), ask)[2]).toBeGreaterThan(0.9)
  })

  it('prefers an option never tried to one that failed', () => {
    const ask = askOf('sort these', [{ id: 'first' }, { id: 'second' }])
    let state = optionModel.learn(optionModel.initial(), settled(askOf('other', [{ id: 'third' }]), 0, 1))
    state = optionModel.learn(state, settled(ask, 0, 0))
    expect(defaultPolicy().weigh(optionModel.view(state), ask)[1]).toBeGreaterThan(0.9)
  })

  it('keeps its head with 1 option and with 10,000', () => {
    for (const size of [1, 10_000]) {
      const options = Array.from({ length: size }, (_, index) => ({ id: `tool-${index}` }))
      const weights = defaultPolicy().weigh(untaught, askOf('do it', options))
      expect(weights.reduce((left, right) => left + right, 0)).toBeCloseTo(1, 9)
    }
  })
})

describe('greedy', () => {
  it('splits evenly between options that are equally good', () => {
    expect([...greedy().weigh(untaught, askOf('hello', three))]).toEqual([1 / 3, 1 / 3, 1 / 3])
  })

  it('never takes another than the best', () => {
    const ask = askOf('play a song', [{ id: 'a', description: 'weather' }, { id: 'b', description: 'song' }])
    expect([...greedy().weigh(untaught, ask)]).toEqual([0, 1])
  })
})

describe('epsilon-greedy', () => {
  it('explores in the share that is set', () => {
    const ask = askOf('play a song', [{ id: 'a', description: 'weather' }, { id: 'b', description: 'song' }])
    expect(epsilonGreedy({ epsilon: 0.4 }).weigh(untaught, ask)[0]).toBeCloseTo(0.2, 12)
    expect(epsilonGreedy({ epsilon: 1 }).weigh(untaught, ask)[0]).toBeCloseTo(0.5, 12)
  })

  it.each([-0.1, 1.1, Number.NaN])('refuses epsilon %d', (epsilon) => {
    expect(() => epsilonGreedy({ epsilon })).toThrow(/epsilon/i)
  })
})

describe('fixed', () => {
  it.each([
    ['scraping', 1],
    ['gone', 0],
    [undefined, 0],
  ])('option %s takes number %d of those offered', (option, index) => {
    const policy = fixed(option === undefined ? {} : { option })
    expect(policy.weigh(undefined, askOf('x', three))[index]).toBe(1)
  })

  it('says when the option that it was told is not among those offered', () => {
    expect(fixed({ option: 'gone' }).warning?.(askOf('x', three))).toMatchObject({ code: 'OPTION_NOT_OFFERED', message: expect.stringContaining('"gone"') as string })
    for (const settings of [{ option: 'scraping' }, {}]) expect(fixed(settings).warning?.(askOf('x', three))).toBeUndefined()
  })
})

describe('policyOf', () => {
  it('knows every name', () => {
    for (const name of policyNames) expect(policyOf({ name }).name).toBe(name)
  })

  it('says which names there are', () => {
    const choice = JSON.parse('{"name":"psychic"}') as Parameters<typeof policyOf>[0]
    expect(() => policyOf(choice)).toThrow(/psychic.*epsilon-greedy/)
  })
})
