import { type PolicyChoice, policyOf, seededRandom, shuffled } from '../src/index.ts'
import { labelledStream } from '../src/evaluate/environments/labelled-stream.ts'
import { simulate } from '../src/evaluate/environments/simulate.ts'
import { defineBench, number } from './harness/bench.ts'
import { learnerOf } from './harness/learners.ts'
import { mean, standardError, stretches } from './harness/statistics.ts'
import { requestsOf } from './harness/stream.ts'

const choices: readonly PolicyChoice[] = [{ name: 'default' }, { name: 'squarecb' }, { name: 'thompson-logistic' }]

export const bench = defineBench({
  name: 'drift',
  summary: 'labels that mean something else from half way on: how much is lost, and how soon it is made good',
  seeds: 3,
  flags: {
    limit: number(4000, 'only so many requests of each shuffle; 0: all'),
    stretches: number(10, 'points of the curve'),
  },
  run: ({ data, seeds, flags, progress }) => {
    const requests = requestsOf(data)
    const length = flags.limit > 0 ? Math.min(flags.limit, requests.length) : requests.length
    progress.start(choices.length * seeds * length, 'requests')
    const regretsOf = (choice: PolicyChoice, seed: number): number[] => {
      const policy = policyOf(choice)
      const order = shuffled(requests, seededRandom(seed)).slice(0, length)
      const environment = labelledStream({ requests: order, remapFrom: Math.floor(length / 2), seed })
      const regrets: number[] = []
      for (const { regret } of simulate({ environment, policy, learner: learnerOf(policy), episodes: length, seed })) {
        regrets.push(regret)
        progress.advance()
      }
      return regrets
    }
    const policies = choices.map((choice) => {
      const runs = Array.from({ length: seeds }, (_, place) => regretsOf(choice, place + 1))
      const curves = runs.map((regrets) => stretches(regrets, flags.stretches))
      const half = Math.floor(length / 2)
      return {
        policy: choice.name,
        regret: mean(runs.map(mean)),
        standardError: standardError(runs.map(mean)),
        before: mean(runs.map((regrets) => mean(regrets.slice(0, half)))),
        after: mean(runs.map((regrets) => mean(regrets.slice(half)))),
        curve: Array.from({ length: flags.stretches }, (_, part) => mean(curves.map((curve) => curve[part] ?? Number.NaN))),
      }
    })
    return Promise.resolve({ regret: policies[0]?.regret ?? Number.NaN, policies, requests: length, seeds, generated: data === undefined })
  },
  table: ({ policies }) => ({
    head: ['regret per request of', ...(policies[0]?.curve.map((_, part, all) => `${Math.round((100 * part) / all.length)} %`) ?? []), 'all', 'standard error'],
    rows: policies.map(({ policy, curve, regret, standardError }) => [policy, ...curve, regret, standardError]),
  }),
})
