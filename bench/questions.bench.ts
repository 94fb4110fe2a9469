import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateShop } from '../examples/shop/generate.ts'
import { DataAssistant, ReadOnlyDatabase, type Reasoner } from '../src/agents/index.ts'
import { simulate } from '../src/cli/demo/simulation.ts'
import { readStream, type Stream, type StreamQuestion } from '../src/cli/demo/stream.ts'
import { compare, type Summary } from '../src/cli/demo/summary.ts'
import { Autodidact, type Item, seededRandom, shuffled } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import { dataFolder } from './harness/data.ts'
import { mean, standardError } from './harness/statistics.ts'

/** The query of a recalled case. */
const queryOf = ({ response }: Item): string | undefined =>
  typeof response === 'object' && response !== null && 'query' in response && typeof response.query === 'string' ? response.query : undefined

/** Gives the query of a recalled case as it is, without looking at the values in it. */
const repeating = (accepts: (item: Item, question: string) => boolean, reason: string): Reasoner => ({
  answer: async (question, { items }) => {
    const found = items.find((item) => item.kind === 'example' && queryOf(item) !== undefined && accepts(item, question))
    const query = found === undefined ? undefined : queryOf(found)
    return found === undefined || query === undefined ? undefined : { answered: true, query, confidence: 1, cases: [found.id], reason }
  },
})

const exact = repeating((item, question) => item.task.trim().toLowerCase() === question.trim().toLowerCase(), 'the same question')
const nearest = repeating(() => true, 'the nearest question')

type Shares = Pick<Summary, 'mean' | 'wrong' | 'unknown' | 'precision' | 'tenths' | 'medianMs' | 'p95Ms' | 'learningMedianMs'>

interface Asked {
  readonly learning: Shares
  readonly baseline: Shares
  readonly leftOut: number
}

/** One shuffle of the stream, asked of an assistant with this reasoner and of one that never learns. */
const ask = async (path: string, questions: readonly StreamQuestion[], reasoner: Reasoner | undefined, advance: () => void): Promise<Asked> => {
  const database = await ReadOnlyDatabase.open(path)
  const autodidact = await Autodidact.open(':memory:', { seed: 1, onError: 'throw' })
  const idle = await Autodidact.open(':memory:', { seed: 1, onError: 'throw', learning: false })
  try {
    const learning = await DataAssistant.open({ autodidact, database, ...(reasoner === undefined ? {} : { createReasoner: async () => reasoner }) })
    const baseline = await DataAssistant.open({ autodidact: idle, database })
    return compare(await simulate({ questions, database, learning, baseline, signal: new AbortController().signal, onTurn: advance }))
  } finally {
    await autodidact.close()
    await idle.close()
    await database.close()
  }
}

/** Shares of several shuffles, averaged; times are means of their medians. */
const average = (all: readonly Shares[]) => ({
  mean: mean(all.map((one) => one.mean)),
  // Of one seed there is none: null in JSON.
  standardError: standardError(all.map((one) => one.mean)),
  wrong: mean(all.map((one) => one.wrong)),
  unknown: mean(all.map((one) => one.unknown)),
  precision: mean(all.map((one) => one.precision ?? 0)),
  tenths: Array.from({ length: 10 }, (_, part) => mean(all.map((one) => one.tenths[part] ?? 0))),
  medianMs: mean(all.map((one) => one.medianMs)),
  p95Ms: mean(all.map((one) => one.p95Ms)),
  learningMedianMs: mean(all.map((one) => one.learningMedianMs)),
})

const streamOf = (data: string | undefined, folder: string): Stream => {
  if (data !== undefined) return readStream(dataFolder(data, ['database.sqlite', 'questions.jsonl']))
  generateShop(folder)
  return readStream(folder)
}

export const bench = defineBench({
  name: 'questions',
  summary: 'the data assistant on a stream of questions, corrected after each answer that is not right; the generated shop without --data',
  seeds: 5,
  flags: { limit: number(0, 'questions of the stream to ask; 0: all'), first: number(1, 'first seed of the shuffles') },
  run: async ({ data, flags, seeds, progress }) => {
    const folder = mkdtempSync(join(tmpdir(), 'autodidact-questions-'))
    try {
      const { database, questions } = streamOf(data, folder)
      const asked: Record<'cases' | 'exact' | 'nearest', Asked[]> = { cases: [], exact: [], nearest: [] }
      for (let seed = flags.first; seed < flags.first + seeds; seed += 1) {
        // The shop's own order keeps the last third for new phrasings.
        const order = data === undefined && seed === flags.first ? questions : shuffled(questions, seededRandom(seed))
        const stream = flags.limit > 0 ? order.slice(0, flags.limit) : order
        for (const [name, reasoner] of [['cases', undefined], ['exact', exact], ['nearest', nearest]] as const) {
          progress.start(stream.length, `seed ${seed}, ${name}`)
          asked[name].push(await ask(database, stream, reasoner, () => progress.advance()))
        }
      }
      const perSeed = asked.cases.map(({ learning }, place) => ({ seed: flags.first + place, ...learning }))
      return {
        ...average(perSeed),
        questions: questions.length,
        leftOut: asked.cases[0]?.leftOut ?? 0,
        seeds,
        perSeed,
        baselines: {
          learningOff: average(asked.cases.map(({ baseline }) => baseline)),
          exactMatch: average(asked.exact.map(({ learning }) => learning)),
          nearestCase: average(asked.nearest.map(({ learning }) => learning)),
        },
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  table: ({ baselines, ...cases }) => ({
    head: ['assistant', 'right', 'last tenth', 'wrong', "I don't know", 'precision', 'ms'],
    rows: [
      ['to reach', '≥ .60', '≥ .70', '', '', '≥ .80', ''],
      ...Object.entries({ cases, ...baselines }).map(([name, one]) => [
        name,
        one.mean.toFixed(3),
        (one.tenths[9] ?? 0).toFixed(3),
        one.wrong.toFixed(3),
        one.unknown.toFixed(3),
        one.precision.toFixed(3),
        one.medianMs.toFixed(1),
      ]),
    ],
  }),
})
