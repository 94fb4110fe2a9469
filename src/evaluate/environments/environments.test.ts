import { describe, expect, it } from 'vitest'
import { epsilonGreedy } from '../../decide/policies/epsilon-greedy.ts'
import { fixed } from '../../decide/policies/fixed.ts'
import { qLearning } from '../../decide/policies/q-learning.ts'
import { thompsonBeta } from '../../decide/policies/thompson-beta.ts'
import { uniform } from '../../decide/policies/uniform.ts'
import { seededRandom } from '../../decide/random.ts'
import { betaBandit } from '../../learn/learners/beta-bandit.ts'
import type { Learner } from '../../learn/learner.ts'
import { optionModel } from '../../learn/learners/option-model.ts'
import { createTabularQ } from '../../learn/learners/tabular-q.ts'
import { bandit, exponentialDelay } from './bandit.ts'
import { cartPole } from './cart-pole.ts'
import { greedyPolicy, optimalValues, optimalValuesWithin, policyValuesWithin, startValue } from './dynamic-programming.ts'
import { finiteEnvironment, type FiniteModel } from './finite.ts'
import { frozenLake } from './frozen-lake.ts'
import { labelledStream } from './labelled-stream.ts'
import { loggedStream } from './logged-stream.ts'
import { simulate } from './simulate.ts'
import { taxi } from './taxi.ts'

const optimum = (model: FiniteModel, discount: number): number => startValue(model, optimalValues(model, discount))

const mean = (values: readonly number[]): number => values.reduce((left, right) => left + right, 0) / values.length

describe('the optimum, by dynamic programming', () => {
  it.each([
    [{ map: '4x4', slippery: true }, 1, 0.8235],
    [{ map: '4x4', slippery: true }, 0.99, 0.542],
    [{ map: '4x4', slippery: true }, 0.95, 0.1805],
    [{ map: '8x8', slippery: true }, 0.99, 0.4146],
    [{ map: '4x4', slippery: false }, 0.99, 0.951],
    [{ map: '8x8', slippery: false }, 0.99, 0.8775],
  ] as const)('of the frozen lake %j with γ %d is %d', (settings, discount, value) => {
    expect(optimum(frozenLake(settings), discount)).toBeCloseTo(value, 4)
  })

  it.each([
    ['4x4', 0.7442, 0.7402],
    ['8x8', 0.9132, 0.863],
  ] as const)('of the slippery lake %s within the limit of steps is %d, and %d for the policy that is best without a limit and with γ .99', (map, best, stationary) => {
    const lake = frozenLake({ map })
    const policy = greedyPolicy(lake, optimalValues(lake, 0.99), 0.99)
    expect(startValue(lake, optimalValuesWithin(lake, lake.limit))).toBeCloseTo(best, 4)
    expect(startValue(lake, policyValuesWithin(lake, policy, lake.limit))).toBeCloseTo(stationary, 4)
  })

  it('of the taxi is 7.93 over 300 starts, from 3 to 15', () => {
    const model = taxi()
    const values = optimalValues(model, 1)
    const starts = [...values].filter((_, state) => (model.start[state] ?? 0) > 0).map((value) => Math.round(value))
    expect(startValue(model, values)).toBeCloseTo(7.93, 6)
    expect(starts).toHaveLength(300)
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([3, 15])
    expect(mean(starts.map((value) => 21 - value))).toBeCloseTo(13.07, 2)
  })

  it('has outcomes whose probabilities sum to 1', () => {
    for (const model of [frozenLake(), frozenLake({ map: '8x8' }), frozenLake({ slippery: false }), taxi()]) {
      for (const outcomes of model.outcomes.flat()) expect(outcomes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12)
    }
  })
})

/** A learner that keeps nothing, for policies that need none. */
const nothing: Learner<undefined, undefined> = {
  name: 'nothing',
  version: 1,
  handles: ['run.settled'],
  initial: () => undefined,
  learn: () => undefined,
  view: () => undefined,
  save: () => new Uint8Array(),
  load: () => undefined,
}

describe('environments', () => {
  it('a lake that is not slippery is crossed by its shortest path', () => {
    const lake = finiteEnvironment(frozenLake({ slippery: false }))
    lake.start(() => 0)
    const steps = ['down', 'down', 'right', 'right', 'down', 'right'].map((move) => lake.act(move, () => 0))
    expect(steps.map(({ reward, terminated }) => [reward, terminated]).at(-1)).toEqual([1, true])
    expect(steps.slice(0, -1).every(({ reward, terminated }) => reward === 0 && !terminated)).toBe(true)
    expect(() => lake.act('fly', () => 0)).toThrow(/no action/)
  })

  it('an episode that goes on for too long is truncated, not terminated', () => {
    const cab = finiteEnvironment(taxi())
    cab.start(seededRandom(1))
    const steps = Array.from({ length: 200 }, () => cab.act('north', () => 0))
    expect(steps.at(-1)).toMatchObject({ reward: -1, terminated: false, truncated: true })
    expect(steps.at(-2)?.truncated).toBe(false)
  })

  it('the cart pole moves as Gymnasium’s does', () => {
    // CartPole-v1 from the middle of its starts, after pushing right twice: the equations of Barto, Sutton and Anderson by hand.
    const pole = cartPole()
    pole.start(() => 0.5)
    pole.act('right', () => 0)
    const { context } = pole.act('right', () => 0).next.situation
    expect(context?.['position']).toBeCloseTo(0.0039024390, 9)
    expect(context?.['velocity']).toBeCloseTo(0.3902439024, 9)
    expect(context?.['angle']).toBeCloseTo(-0.0058536585, 9)
    expect(context?.['spin']).toBeCloseTo(-0.5853658537, 9)
  })

  it('a pole that is only pushed to one side falls within a few steps', () => {
    const [episode] = simulate({ environment: cartPole(), policy: fixed({ option: 'left' }), learner: nothing, episodes: 1, seed: 1 })
    expect(episode?.total).toBeGreaterThan(5)
    expect(episode?.total).toBeLessThan(15)
  })
})

/** Steps of the first episodes on the lake. */
const lengths = (seed: number): number[] =>
  [...simulate({ environment: finiteEnvironment(frozenLake()), policy: qLearning(), learner: createTabularQ(), episodes: 50, seed })].map(({ steps }) => steps)

/** What the option `a` earned in the decisions of a log that are known. */
const earnedByA = (log: Parameters<typeof loggedStream>[0]): number =>
  mean([...simulate({ environment: loggedStream(log), policy: fixed({ option: 'a' }), learner: nothing, episodes: log.length, seed: 3 })].filter(({ steps }) => steps === 1).map(({ total }) => total))

describe('a simulation', () => {
  it('is the same with the same seed, draw for draw', () => {
    expect(lengths(3)).toEqual(lengths(3))
    expect(lengths(3)).not.toEqual(lengths(4))
  })

  it('gives what the policy earns exactly, within the error of sampling', () => {
    const lake = frozenLake()
    const exact = startValue(lake, policyValuesWithin(lake, () => [0.25, 0.25, 0.25, 0.25], lake.limit))
    const totals = [...simulate({ environment: finiteEnvironment(lake), policy: uniform(), learner: nothing, episodes: 20_000, seed: 2 })].map(({ total }) => total)
    expect(mean(totals)).toBeCloseTo(exact, 2)
  })

  it('counts the regret, and learns a bandit', () => {
    const environment = bandit({ chances: [0.2, 0.8] })
    const regrets = [...simulate({ environment, policy: thompsonBeta(), learner: betaBandit, episodes: 500, seed: 1 })].map(({ regret }) => regret)
    expect(mean(regrets.slice(0, 20))).toBeGreaterThan(0.05)
    expect(mean(regrets.slice(-200))).toBeLessThan(0.05)
  })

  it('learns a reward as late as it is known', () => {
    const environment = bandit({ chances: [1], delay: () => 3 })
    const known = [...simulate({ environment, policy: uniform(), learner: betaBandit, episodes: 6, seed: 1 })].map(({ view }) => view.counts('simulation', 'option-0').up)
    expect(known.at(-1)).toBe(3)
  })

  it('of a drifting bandit changes what is best', () => {
    const environment = bandit({ chances: [1, 0], drift: { from: 2, chances: [0, 1] } })
    const totals = [...simulate({ environment, policy: fixed({ option: 'option-0' }), learner: nothing, episodes: 4, seed: 1 })].map(({ total }) => total)
    expect(totals).toEqual([1, 1, 0, 0])
  })

  it('of a labelled stream remaps every label to another, and goes around', () => {
    const options = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
    const requests = options.map(({ id }) => ({ text: id, gold: id, options }))
    const rewarded = (remapFrom: number, option: string): number[] =>
      [...simulate({ environment: labelledStream({ requests, remapFrom }), policy: fixed({ option }), learner: nothing, episodes: 6, seed: 1 })].map(({ total }) => total)
    expect(rewarded(Infinity, 'a')).toEqual([1, 0, 0, 1, 0, 0])
    for (const option of ['a', 'b', 'c']) {
      expect(rewarded(3, option).slice(0, 3)).toEqual(rewarded(Infinity, option).slice(0, 3))
      expect(rewarded(3, option).slice(3)).not.toEqual(rewarded(Infinity, option).slice(3))
      expect(mean(rewarded(3, option).slice(3))).toBeCloseTo(1 / 3, 12)
    }
  })

  it('of a log estimates what a policy would have earned, from the decisions that agree', () => {
    const options = [{ id: 'a' }, { id: 'b' }]
    const random = seededRandom(7)
    const log = Array.from({ length: 4000 }, () => {
      const option = random() < 0.5 ? 'a' : 'b'
      return { situation: { task: '' }, options, option, reward: random() < (option === 'a' ? 0.3 : 0.7) ? 1 : 0 }
    })
    const episodes = [...simulate({ environment: loggedStream(log), policy: epsilonGreedy({ epsilon: 0.1 }), learner: optionModel, episodes: log.length, seed: 1 })]
    const known = episodes.filter(({ steps }) => steps === 1)
    expect(known.length / log.length).toBeCloseTo(0.5, 1)
    expect(mean(known.map(({ total }) => total))).toBeCloseTo(0.05 * 0.3 + 0.95 * 0.7, 1)
  })

  it('of a log that was no even draw estimates the same, by the probabilities with which it was drawn', () => {
    const options = [{ id: 'a' }, { id: 'b' }]
    const random = seededRandom(11)
    // Easy situations, in which both succeed more often, were mostly given a: taken as it is, the log would praise it.
    const log = Array.from({ length: 20_000 }, () => {
      const easy = random() < 0.5
      const chanceOfA = easy ? 0.9 : 0.1
      const option = random() < chanceOfA ? 'a' : 'b'
      return { situation: { task: '' }, options, option, propensity: option === 'a' ? chanceOfA : 1 - chanceOfA, reward: Number(random() < (easy ? 0.8 : 0.2)) }
    })
    expect(earnedByA(log)).toBeCloseTo(0.5, 1)
    expect(earnedByA(log.map(({ situation, option, reward }) => ({ situation, options, option, reward })))).toBeGreaterThan(0.7)
    for (const propensity of [0, 1.1, Number.NaN]) expect(() => loggedStream([{ ...log[0], propensity } as (typeof log)[0]])).toThrow(/propensity/)
  })

  it('refuses a stream without anything in it', () => {
    expect(() => loggedStream([])).toThrow(/decision/)
    expect(() => labelledStream({ requests: [] })).toThrow(/request/)
  })
})

describe('exponential delays', () => {
  it('have a mean from 100 for what never pays down to 10 for what always does', () => {
    const random = seededRandom(1)
    const average = (expected: number): number => mean(Array.from({ length: 20_000 }, () => exponentialDelay()(expected, random)))
    expect(average(1) / 10).toBeCloseTo(0.95, 1)
    expect(average(0) / 100).toBeCloseTo(1, 1)
  })
})
