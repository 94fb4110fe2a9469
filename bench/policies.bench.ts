import { policyOf, type PolicyChoice, type TabularQView } from '../src/index.ts'
import { cartPole } from '../src/evaluate/environments/cart-pole.ts'
import { policyValuesWithin, startValue } from '../src/evaluate/environments/dynamic-programming.ts'
import { finiteEnvironment, type FiniteModel } from '../src/evaluate/environments/finite.ts'
import { frozenLake } from '../src/evaluate/environments/frozen-lake.ts'
import { greedyShares } from '../src/decide/shares.ts'
import { simulate } from '../src/evaluate/environments/simulate.ts'
import { taxi } from '../src/evaluate/environments/taxi.ts'
import { defineBench, number } from './harness/bench.ts'
import type { Progress } from './harness/bench.ts'
import { BenchFailure } from './harness/failure.ts'
import { mean, median } from './harness/statistics.ts'

type QLearning = Extract<PolicyChoice, { name: 'q-learning' }>
type PolicyGradient = Extract<PolicyChoice, { name: 'policy-gradient' }>

/** A success rate of .70 is Gymnasium's threshold for the slippery 4×4 lake. */
const lakeThreshold = 0.7
const poleThreshold = 475
const poleWindow = 100

/** Rates that fall with visits let the values of a world of chance settle; the taxi's world has none. */
const lakeLearner: QLearning = { name: 'q-learning', step: 0.1, halving: 1000, discount: 0.99, start: 0, firstEpsilon: 1, lastEpsilon: 0.01 }
const taxiLearner: QLearning = { name: 'q-learning', step: 0.1, discount: 0.99, start: 0, firstEpsilon: 1, lastEpsilon: 0.01 }
/** Of Gymnasium's tutorial, made for ice that is not slippery: on slippery ice it fails. */
const tutorial: QLearning = { name: 'q-learning', step: 0.8, discount: 0.95, start: 0, firstEpsilon: 0.1, lastEpsilon: 0.1 }
const network: PolicyGradient = { name: 'policy-gradient', hidden: 128, rate: 0.003, discount: 0.99, baseline: 'episode', entropy: 0, inputs: 'numbers' }
const linear: PolicyGradient = { ...network, hidden: 0, rate: 0.01 }

/** The return of the greedy policy after so many episodes, evaluated exactly. */
const greedyReturn = (model: FiniteModel, choice: QLearning, episodes: number, seed: number, progress: Progress): number => {
  const policy = policyOf({ ...choice, explorationEpisodes: 0.8 * episodes })
  if (policy.needs === undefined) throw new BenchFailure('Q-learning brings no learner.')
  // It is the learner of Q-learning, whose view this is.
  let view: TabularQView | undefined
  for (const episode of simulate({ environment: finiteEnvironment(model), policy, learner: policy.needs, episodes, seed })) {
    view = episode.view as TabularQView
    progress.advance()
  }
  const table = view?.table()['simulation'] ?? {}
  const shares = (state: number): ArrayLike<number> => greedyShares(Float64Array.from(model.actions, (action) => table[state]?.[action] ?? 0), 0)
  return startValue(model, policyValuesWithin(model, shares, model.limit))
}

/** Episodes until the mean of the last hundred reached the threshold; undefined when it never did. */
const episodesToBalance = (choice: PolicyGradient, cap: number, seed: number, progress: Progress): number | undefined => {
  const policy = policyOf({ ...choice, seed })
  if (policy.needs === undefined) throw new BenchFailure('The policy gradient brings no learner.')
  const totals: number[] = []
  for (const { total } of simulate({ environment: cartPole(), policy, learner: policy.needs, episodes: cap, seed })) {
    totals.push(total)
    progress.advance()
    if (totals.length >= poleWindow && mean(totals.slice(-poleWindow)) >= poleThreshold) return totals.length
  }
  return undefined
}

const overSeeds = <Result>(count: number, one: (seed: number) => Result): Result[] => Array.from({ length: count }, (_, place) => one(place + 1))

const solved = (returns: readonly number[]): number => returns.filter((value) => value >= lakeThreshold).length

const known = (episodes: readonly (number | undefined)[]): number[] => episodes.filter((count) => count !== undefined)

export const bench = defineBench({
  name: 'policies',
  summary: 'Q-learning and policy gradient on FrozenLake, Taxi and CartPole, beside the exact optimum',
  seeds: 10,
  flags: {
    lakeEpisodes: number(10_000, 'episodes on the frozen lake'),
    taxiEpisodes: number(5000, 'episodes in the taxi'),
    taxiSeeds: number(5, 'at most so many of the seeds in the taxi'),
    poleEpisodes: number(3000, 'most episodes with the cart pole'),
  },
  run: ({ flags, seeds, progress }) => {
    const lake = frozenLake()
    const onLake = (choice: QLearning, label: string): number[] => {
      progress.start(flags.lakeEpisodes * seeds, label)
      return overSeeds(seeds, (seed) => greedyReturn(lake, choice, flags.lakeEpisodes, seed, progress))
    }
    const onPole = (choice: PolicyGradient, label: string): (number | undefined)[] => {
      progress.start(flags.poleEpisodes * seeds, label)
      return overSeeds(seeds, (seed) => episodesToBalance(choice, flags.poleEpisodes, seed, progress))
    }
    const lakeReturns = onLake(lakeLearner, 'FrozenLake')
    const failingReturns = onLake(tutorial, 'FrozenLake, failing settings')
    const taxiSeeds = Math.min(seeds, flags.taxiSeeds)
    progress.start(flags.taxiEpisodes * taxiSeeds, 'Taxi')
    const taxiReturns = overSeeds(taxiSeeds, (seed) => greedyReturn(taxi(), taxiLearner, flags.taxiEpisodes, seed, progress))
    const balanced = onPole(network, 'CartPole, one hidden layer')
    const balancedLinear = onPole(linear, 'CartPole, linear')
    return Promise.resolve({
      frozenLakeSolved: solved(lakeReturns),
      frozenLakeReturn: mean(lakeReturns),
      frozenLakeReturns: lakeReturns,
      taxiReturn: mean(taxiReturns),
      taxiReturns,
      cartPoleSolved: known(balanced).length,
      cartPoleEpisodes: median(known(balanced)),
      cartPoleLinearSolved: known(balancedLinear).length,
      cartPoleLinearEpisodes: median(known(balancedLinear)),
      failingSolved: solved(failingReturns),
      failingReturn: mean(failingReturns),
      seeds,
      taxiSeeds,
    })
  },
  table: (result) => ({
    head: ['environment', 'settings', 'solved', 'of', 'return or episodes', 'best possible'],
    rows: [
      ['FrozenLake 4×4 slippery', 'q-learning, α .1 falling, γ .99', result.frozenLakeSolved, result.seeds, result.frozenLakeReturn, 0.7442],
      ['the same', 'of the tutorial: α .8, γ .95, ε .1', result.failingSolved, result.seeds, result.failingReturn, 0.7442],
      ['Taxi', 'q-learning, α .1, γ .99', result.taxiReturns.filter((value) => value > 7.93 - 1e-6).length, result.taxiSeeds, result.taxiReturn, 7.93],
      ['CartPole', 'policy-gradient, 128 hidden units', result.cartPoleSolved, result.seeds, result.cartPoleEpisodes, ''],
      ['CartPole', 'policy-gradient, linear', result.cartPoleLinearSolved, result.seeds, result.cartPoleLinearEpisodes, ''],
    ],
  }),
})
