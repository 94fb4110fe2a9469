import { Autodidact, seededRandom, shuffled, taskStatistics } from '../src/index.ts'
import { agreement } from './harness/agreement.ts'
import { defineBench, number, type Progress } from './harness/bench.ts'
import { readChoices, type Request } from './harness/choices.ts'
import { mean, standardError } from './harness/statistics.ts'

/** The kinds of one shuffle of a stream that nobody gave kinds to. */
interface Pass {
  /** Share that belongs to no kind. */
  readonly other: number
  readonly kinds: number
  /** Of those that belong to one. */
  readonly purity: number
  readonly adjustedRand: number
  /** Of the kinds with the most runs. */
  readonly names: readonly string[]
}

const otherKind = 'other'
const shownNames = 8

const pass = async (requests: readonly Request[], progress: Progress): Promise<Pass> => {
  const autodidact = await Autodidact.open(':memory:')
  try {
    for (const { text } of requests) {
      await autodidact.record({ task: text, outcome: { success: true, judge: 'check' } })
      progress.advance()
    }
    const view = await autodidact.learned(taskStatistics)
    const kinds = requests.map(({ text }) => view.kindOf({ task: text }))
    const inOne = requests.flatMap(({ gold }, place) => (kinds[place] === otherKind ? [] : [{ gold, kind: kinds[place] ?? otherKind }]))
    const learned = view.kinds().filter((kind) => kind.learned)
    return {
      other: 1 - inOne.length / requests.length,
      kinds: learned.length,
      ...agreement(inOne.map(({ kind }) => kind), inOne.map(({ gold }) => gold)),
      names: learned.slice(0, shownNames).map(({ kind }) => kind),
    }
  } finally {
    await autodidact.close()
  }
}

const figures = ['other', 'purity', 'adjustedRand', 'kinds'] as const

export const bench = defineBench({
  name: 'kinds',
  summary: 'kinds of tasks that are learned from a stream of requests, compared with their labels',
  seeds: 5,
  flags: { requests: number(0, 'only so many requests of each shuffle; 0: all') },
  run: async ({ data, seeds, flags, progress }) => {
    const { requests } = readChoices(data)
    const length = flags.requests > 0 ? Math.min(flags.requests, requests.length) : requests.length
    progress.start(length * seeds, 'requests')
    const passes: Pass[] = []
    for (let seed = 1; seed <= seeds; seed += 1) passes.push(await pass(shuffled(requests, seededRandom(seed)).slice(0, length), progress))
    const of = (statistic: (values: readonly number[]) => number) =>
      Object.fromEntries(figures.map((figure) => [figure, statistic(passes.map((one) => one[figure]))])) as Record<(typeof figures)[number], number>
    return {
      ...of(mean),
      standardErrors: of(standardError),
      labels: new Set(requests.map(({ gold }) => gold)).size,
      names: passes[0]?.names ?? [],
      seeds,
      requests: length,
    }
  },
  table: (result) => ({
    head: ['figure', 'mean', 'standard error'],
    rows: [...figures.map((figure) => [figure, result[figure], result.standardErrors[figure]]), ['largest', result.names.join(', '), '']],
  }),
})
