import { Autodidact, seededRandom, shuffled, similarities } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import type { Progress } from './harness/bench.ts'
import { readChoices, type Request } from './harness/choices.ts'
import { mean, standardError, stretches } from './harness/statistics.ts'

/** How one pass over the stream went. */
interface Pass {
  readonly seed: number
  /** Share of right choices, exploration included. */
  readonly mean: number
  readonly lastTenth: number
  readonly tenths: readonly number[]
  /** Share of decisions that did not take the option held best. */
  readonly explored: number
}

const point = 'option'

const summary = (seed: number, rewards: readonly number[], explored: number): Pass => {
  const tenths = stretches(rewards)
  return { seed, mean: mean(rewards), lastTenth: tenths.at(-1) ?? Number.NaN, tenths, explored: explored / rewards.length }
}

/** One pass: what is learned from is the reward of the option taken and nothing else. */
const pass = async (order: readonly Request[], seed: number, flip: number, progress: Progress): Promise<Pass> => {
  const noise = seededRandom(seed + 1_000_003)
  const autodidact = await Autodidact.open(':memory:', { seed, onError: 'throw' })
  const rewards: number[] = []
  let explored = 0
  try {
    for (const { text, gold, options } of order) {
      const decision = await autodidact.decide(point, options, { task: text })
      const right = decision.option === gold
      const told = noise() < flip ? !right : right
      await autodidact.record({ run: decision.run, task: text, response: decision.option, outcome: { success: told, judge: 'check' } })
      rewards.push(Number(right))
      if (decision.propensity < Math.max(...Object.values(decision.probabilities))) explored += 1
      progress.advance()
    }
  } finally {
    await autodidact.close()
  }
  return summary(seed, rewards, explored)
}

/** Always the option whose id and description are most like the request. */
const byDescription = (requests: readonly Request[]): number =>
  mean(
    requests.map(({ text, gold, options }) => {
      const scores = similarities(text, options)
      const best = scores.reduce((leader, score, place) => (score > (scores[leader] ?? 0) ? place : leader), 0)
      return Number(options[best]?.id === gold)
    }),
  )

export const bench = defineBench({
  name: 'choices',
  summary: 'learning to choose from the reward of the chosen option alone, in one pass over a stream of requests',
  seeds: 5,
  flags: {
    flip: number(0, 'share of rewards that the learner is told inverted'),
    limit: number(0, 'only so many requests of each shuffle; 0: all'),
  },
  run: async ({ data, seeds, flags, progress }) => {
    const { options, requests } = readChoices(data)
    const length = flags.limit > 0 ? Math.min(flags.limit, requests.length) : requests.length
    progress.start(length * seeds, 'requests')
    const perSeed: Pass[] = []
    const start = performance.now()
    for (let seed = 1; seed <= seeds; seed += 1) {
      perSeed.push(await pass(shuffled(requests, seededRandom(seed)).slice(0, length), seed, flags.flip, progress))
    }
    const elapsed = performance.now() - start
    return {
      mean: mean(perSeed.map((one) => one.mean)),
      lastTenth: mean(perSeed.map((one) => one.lastTenth)),
      standardError: standardError(perSeed.map((one) => one.mean)),
      explored: mean(perSeed.map((one) => one.explored)),
      seeds,
      perSeed,
      requests: length,
      options: options.length,
      flip: flags.flip,
      random: mean(requests.map((request) => 1 / request.options.length)),
      descriptions: byDescription(requests),
      msPerRequest: elapsed / (length * seeds),
    }
  },
  table: (result) => ({
    head: ['who chooses', 'mean', 'last tenth', 'explored'],
    rows: [
      ...result.perSeed.map((one) => [`autodidact, seed ${one.seed}`, one.mean, one.lastTenth, one.explored]),
      [`autodidact, mean of ${result.seeds}`, result.mean, result.lastTenth, result.explored],
      ['description alone', result.descriptions, result.descriptions, 0],
      ['chance', result.random, result.random, 1],
    ],
  }),
})
