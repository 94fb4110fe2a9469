import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Autodidact, estimate, inversePropensity, type LoggedReward, robustInterval, selfNormalised, type Storage, summarizeWeights } from '../src/index.ts'
import { SqliteStorage } from '../src/storage/sqlite/sqlite-storage.ts'
import { defineBench, number } from './harness/bench.ts'
import { dataFolder } from './harness/data.ts'
import { BenchFailure } from './harness/failure.ts'
import { writeDecisions } from './harness/logged-decisions.ts'

/** One row of a log of another system. */
interface Row {
  readonly option: string
  readonly context: Readonly<Record<string, number>>
  readonly reward: number
  readonly propensity: number
}

const file = 'logged.csv'

/** `option`, `reward` and `propensity`, and any other columns of numbers as the context. */
const readRows = (data: string | undefined): Row[] => {
  const path = join(dataFolder(data, [file]), file)
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/)
  const names = head.split(',')
  const missing = ['option', 'reward', 'propensity'].filter((name) => !names.includes(name))
  if (missing.length > 0) throw new BenchFailure(`${path} lacks the column ${missing.join(' and ')}.`)
  return lines.map((line, index) => {
    const fields = Object.fromEntries(line.split(',').map((field, place) => [names[place] ?? '', field]))
    const { option = '', reward, propensity, ...others } = fields
    const row = { option, reward: Number(reward), propensity: Number(propensity), context: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, Number(value)])) }
    const numbers = [row.reward, row.propensity, ...Object.values(row.context)]
    if (option === '' || !numbers.every(Number.isFinite)) throw new BenchFailure(`${path}:${index + 2} has a field that is no number.`)
    return row
  })
}

/** Options that are numbered from 0 are all there, also those that were never drawn. */
const optionsOf = (rows: readonly Row[], given: number): string[] => {
  const seen = [...new Set(rows.map(({ option }) => option))]
  const numbers = seen.map(Number)
  if (numbers.every((id) => Number.isInteger(id) && id >= 0)) {
    const count = given > 0 ? given : Math.max(...numbers) + 1
    return Array.from({ length: count }, (_, id) => String(id))
  }
  return seen
}

/** The same log through the product: written as facts, read back, evaluated by the verb. */
const throughTheVerb = async (rows: readonly Row[], options: readonly string[], advance: (by: number) => void) => {
  const storage: Storage = await SqliteStorage.open(':memory:')
  const autodidact = Autodidact.over(storage)
  try {
    await writeDecisions(storage, 'logged', rows.map((row) => ({ ...row, options })), advance)
    const start = performance.now()
    const evaluation = await autodidact.evaluate({ point: 'logged', policy: 'uniform' })
    return { evaluation, seconds: (performance.now() - start) / 1000 }
  } finally {
    await autodidact.close()
  }
}

export const bench = defineBench({
  name: 'evaluate',
  summary: 'what the uniform policy would have earned on a logged stream',
  flags: { options: number(0, 'how many options there were; 0: as many as are numbered in the log') },
  run: async ({ data, flags, progress }) => {
    const rows = readRows(data)
    const options = optionsOf(rows, flags.options)
    // Straight from the columns, so that the verb has something to be compared with.
    const sample = rows.map(({ reward, propensity }): LoggedReward => ({ weight: 1 / options.length / propensity, reward, predicted: 0, expected: 0 }))
    const weights = summarizeWeights(sample.map(({ weight }) => weight))
    progress.start(rows.length, 'writing')
    const { evaluation, seconds } = await throughTheVerb(rows, options, (by) => progress.advance(by))
    const answered = evaluation.status === 'answered'
    return {
      ips: inversePropensity()(sample).value,
      snips: selfNormalised(sample).value,
      ess: weights.effectiveSampleSize,
      refused: !answered,
      largestWeight: weights.largestWeight,
      interval: estimate(selfNormalised, sample),
      guaranteed: robustInterval(sample),
      logged: rows.reduce((sum, { reward }) => sum + reward, 0) / rows.length,
      verb: answered
        ? { ips: evaluation.estimates.inversePropensity.value, ess: evaluation.effectiveSampleSize, ...evaluation.estimates }
        : { refusal: evaluation.refusal, ess: evaluation.effectiveSampleSize },
      answer: evaluation.answer,
      rows: rows.length,
      options: options.length,
      seconds,
    }
  },
  table: ({ ips, snips, ess, refused, largestWeight, interval, guaranteed, logged, rows, options, seconds }) => ({
    head: ['figure', 'value'],
    rows: [
      ['decisions', rows],
      ['options', options],
      ['earned by the log', logged],
      ['uniform, inverse propensity scoring', ips],
      ['uniform, self-normalised', snips],
      ['  95 % interval', `${interval.low.toFixed(6)} to ${interval.high.toFixed(6)}`],
      ['  guaranteed', `${guaranteed.low.toFixed(6)} to ${guaranteed.high.toFixed(6)}`],
      ['effective sample size', ess],
      ['largest weight', largestWeight],
      ['refused', String(refused)],
      ['seconds', seconds],
    ],
  }),
})
