import { Autodidact, type Item, seededRandom, shuffled, similarities } from '../src/index.ts'
import { defineBench, number, toggle } from './harness/bench.ts'
import type { Progress } from './harness/bench.ts'
import { readChoices, type Request } from './harness/choices.ts'
import { mean, standardError, stretches } from './harness/statistics.ts'

/** What disturbs the feedback of a pass. */
interface Disturbance {
  /** Share of verdicts that say the opposite. */
  readonly flipped: number
  /** Share of requests after which somebody else records a wrong answer to them as a success. */
  readonly poisoned: number
}

const conditions = ['clean', 'flipped', 'poisoned'] as const

type Condition = (typeof conditions)[number]

/** What a pass needs besides the requests. */
interface PassSettings {
  readonly seed: number
  readonly disturbance: Disturbance
  /** Items recalled per request. */
  readonly limit: number
  /** False: relevance alone ranks. */
  readonly learning: boolean
  readonly progress: Progress
}

/** The label with the greatest sum of scores among the recalled examples; undefined when nothing was recalled. */
const bestLabel = (items: readonly Item[]): string | undefined => {
  const sums = new Map<string, number>()
  for (const { kind, response, score } of items) {
    if (kind === 'example' && typeof response === 'string') sums.set(response, (sums.get(response) ?? 0) + score)
  }
  let best: string | undefined
  for (const [label, sum] of sums) if (best === undefined || sum > (sums.get(best) ?? 0)) best = label
  return best
}

const mostSimilar = ({ text, options }: Request): string => {
  const scores = similarities(text, options)
  const best = scores.reduce((leader, score, place) => (score > (scores[leader] ?? 0) ? place : leader), 0)
  return options[best]?.id ?? ''
}

/** One pass of an agent that copies: whether each answer was truly right. */
const pass = async (requests: readonly Request[], { seed, disturbance, limit, learning, progress }: PassSettings): Promise<number[]> => {
  const noise = seededRandom(seed + 1_000_003)
  const autodidact = await Autodidact.open(':memory:', { seed, learning })
  const rewards: number[] = []
  try {
    for (const request of requests) {
      const { text, gold, options } = request
      const { items } = await autodidact.recall(text, { limit })
      const label = bestLabel(items) ?? mostSimilar(request)
      const used = items.filter(({ kind, response }) => kind === 'example' && response === label).map(({ id }) => id)
      const { run } = await autodidact.record({ task: text, response: label, used })
      const right = label === gold
      await autodidact.feedback(run, noise() < disturbance.flipped ? (right ? 'down' : 'up') : right ? 'up' : 'down')
      if (noise() < disturbance.poisoned) {
        const wrong = options.filter(({ id }) => id !== gold)[Math.floor(noise() * (options.length - 1))]
        if (wrong !== undefined) await autodidact.record({ task: text, response: wrong.id, outcome: { success: true, judge: 'user' }, source: 'stranger' })
      }
      rewards.push(Number(right))
      progress.advance()
    }
  } finally {
    await autodidact.close()
  }
  return rewards
}

/** Share of right answers of each pass. */
const shares = (passes: readonly number[][]): number[] => passes.map((rewards) => mean(rewards))

const lastTenth = (passes: readonly number[][]): number => mean(passes.map((rewards) => stretches(rewards).at(-1) ?? Number.NaN))

export const bench = defineBench({
  name: 'noise',
  summary: 'an agent that copies the best label recalled, with clean, flipped and poisoned feedback',
  seeds: 5,
  flags: {
    share: number(0.2, 'share of feedback that is flipped, and of requests that are poisoned'),
    requests: number(0, 'only so many requests of each shuffle; 0: all'),
    items: number(10, 'items recalled per request'),
    baseline: toggle('measure relevance alone as well: recall with learning off'),
  },
  run: async ({ data, seeds, flags, progress }) => {
    const { requests } = readChoices(data)
    const length = flags.requests > 0 ? Math.min(flags.requests, requests.length) : requests.length
    const disturbances: Readonly<Record<Condition, Disturbance>> = {
      clean: { flipped: 0, poisoned: 0 },
      flipped: { flipped: flags.share, poisoned: 0 },
      poisoned: { flipped: 0, poisoned: flags.share },
    }
    const start = performance.now()
    const under = async (condition: Condition, learning: boolean): Promise<number[][]> => {
      progress.start(length * seeds, learning ? condition : `${condition}, relevance alone`)
      const passes: number[][] = []
      for (let seed = 1; seed <= seeds; seed += 1) {
        const order = shuffled(requests, seededRandom(seed)).slice(0, length)
        passes.push(await pass(order, { seed, disturbance: disturbances[condition], limit: flags.items, learning, progress }))
      }
      return passes
    }
    const all = async (learning: boolean) => ({
      clean: await under('clean', learning),
      flipped: await under('flipped', learning),
      poisoned: await under('poisoned', learning),
    })
    const own = await all(true)
    const alone = flags.baseline ? await all(false) : undefined
    return {
      clean: mean(shares(own.clean)),
      flipped: mean(shares(own.flipped)),
      poisoned: mean(shares(own.poisoned)),
      standardErrors: {
        clean: standardError(shares(own.clean)),
        flipped: standardError(shares(own.flipped)),
        poisoned: standardError(shares(own.poisoned)),
      },
      lastTenths: { clean: lastTenth(own.clean), flipped: lastTenth(own.flipped), poisoned: lastTenth(own.poisoned) },
      perSeed: { clean: shares(own.clean), flipped: shares(own.flipped), poisoned: shares(own.poisoned) },
      ...(alone === undefined
        ? {}
        : { relevanceAlone: { clean: mean(shares(alone.clean)), flipped: mean(shares(alone.flipped)), poisoned: mean(shares(alone.poisoned)) } }),
      descriptions: mean(requests.map((request) => Number(mostSimilar(request) === request.gold))),
      seeds,
      requests: length,
      share: flags.share,
      msPerRequest: (performance.now() - start) / (length * seeds * conditions.length * (alone === undefined ? 1 : 2)),
    }
  },
  table: (result) => ({
    head: ['feedback', 'right', 'standard error', 'last tenth', 'relevance alone', 'descriptions alone'],
    rows: conditions.map((condition) => [
      condition,
      result[condition],
      result.standardErrors[condition],
      result.lastTenths[condition],
      result.relevanceAlone?.[condition] ?? '',
      result.descriptions,
    ]),
  }),
})
