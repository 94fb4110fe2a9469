import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Autodidact, errorFixes, successPredictor } from '../src/index.ts'
import { defineBench, number, type Progress } from './harness/bench.ts'
import { dataFolder } from './harness/data.ts'
import { BenchFailure } from './harness/failure.ts'
import { mean, standardError } from './harness/statistics.ts'

const pattern = /^episodes\.jsonl(?:\.gz)?$/

const fileIn = (data: string | undefined): string => {
  const folder = dataFolder(data, [])
  const file = readdirSync(folder).find((name) => pattern.test(name))
  if (file === undefined) throw new BenchFailure(`${folder} lacks episodes.jsonl and episodes.jsonl.gz. Name a folder that holds one of them with --data DIR.`)
  return join(folder, file)
}

/** Imports the file into a new one on disk, and has computed what follows from it. */
const imported = async (file: string, progress: Progress) => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-import-'))
  try {
    const started = performance.now()
    const autodidact = await Autodidact.open(join(folder, 'agent.db'))
    const report = await autodidact.import(createReadStream(file), { onEpisode: () => progress.advance() })
    const importSeconds = (performance.now() - started) / 1000
    const { runs, success } = await autodidact.report()
    const groups = (await autodidact.learned(errorFixes)).groups()
    const { workflows } = await autodidact.workflows.list()
    const seconds = (performance.now() - started) / 1000
    // What the predictor is asked before each run, in the order of the log.
    const known: { agent?: string | undefined; category?: string | undefined; reward: number }[] = []
    for await (const fact of autodidact.export({ kinds: ['run.recorded'] })) {
      const { outcome, category } = fact.kind === 'run.recorded' ? fact.data : {}
      const reward = outcome?.score ?? (outcome?.success === undefined ? undefined : Number(outcome.success))
      if (reward !== undefined) known.push({ agent: fact.agent, category, reward })
    }
    await autodidact.close()
    return { report, runs, success, groups, workflows: workflows.length, seconds, importSeconds, known }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Foretold {
  readonly chance: number
  readonly reward: number
}

/** Each run is predicted before anything is learned of it. */
const foretold = async (runs: Awaited<ReturnType<typeof imported>>['known'], progress: Progress): Promise<{ pairs: readonly Foretold[]; signal: number }> => {
  const autodidact = await Autodidact.open(':memory:')
  try {
    const pairs: Foretold[] = []
    for (const { agent, category, reward } of runs) {
      const run = { ...(agent === undefined ? {} : { agent }), ...(category === undefined ? {} : { category }) }
      pairs.push({ chance: (await autodidact.learned(successPredictor)).predict(run).probability, reward })
      await autodidact.record({ ...run, task: 'the next task', outcome: { score: reward, judge: 'check' } })
      progress.advance()
    }
    return { pairs, signal: (await autodidact.learned(successPredictor)).predict().signal }
  } finally {
    await autodidact.close()
  }
}

/** Expected calibration error in bins of equal width: mean distance of prediction and outcome by bin, weighted by size. */
const calibrationError = (pairs: readonly Foretold[], bins: number): number => {
  const byBin = Map.groupBy(pairs, ({ chance }) => Math.min(bins - 1, Math.floor(chance * bins)))
  const distances = [...byBin.values()].map((bin) => Math.abs(bin.reduce((sum, { chance, reward }) => sum + chance - reward, 0)))
  return distances.reduce((sum, distance) => sum + distance, 0) / pairs.length
}

/** Brier skill score against the base rate of all runs, known in hindsight, with its 95 % interval from the paired differences. */
const skillOf = (pairs: readonly Foretold[]) => {
  const base = mean(pairs.map(({ reward }) => reward))
  const baseBrier = mean(pairs.map(({ reward }) => (reward - base) ** 2))
  const gains = pairs.map(({ chance, reward }) => (reward - base) ** 2 - (reward - chance) ** 2)
  const [skill, margin] = [mean(gains) / baseBrier, (1.96 * standardError(gains)) / baseBrier]
  const interval = { low: skill - margin, high: skill + margin }
  const answer = interval.low > 0 ? 'better than the base rate' : interval.high < 0 ? 'worse than the base rate' : 'no signal'
  return { brier: mean(pairs.map(({ chance, reward }) => (reward - chance) ** 2)), baseBrier, skill, skillInterval: interval, answer }
}

export const bench = defineBench({
  name: 'import',
  summary: 'real runs imported, and what is learned from them: predicted success, groups of errors, workflows',
  flags: { bins: number(10, 'bins of the calibration error') },
  run: async ({ data, flags, progress }) => {
    const file = fileIn(data)
    progress.start(0, 'importing')
    const { report, runs, success, groups, workflows, seconds, importSeconds, known } = await imported(file, progress)
    progress.start(known.length, 'predicting')
    const { pairs, signal } = await foretold(known, progress)
    return {
      seconds,
      ...skillOf(pairs),
      calibrationError: calibrationError(pairs, flags.bins),
      workflows,
      errorGroups: groups.length,
      recurringErrors: groups.filter(({ errors }) => errors > 1).length,
      fixedErrors: groups.reduce((sum, { fixed }) => sum + fixed, 0),
      errors: groups.reduce((sum, { errors }) => sum + errors, 0),
      runs,
      steps: report.steps,
      failed: report.failed,
      successRate: success.rate ?? null,
      importSeconds,
      signal,
    }
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: Object.entries(result).map(([figure, value]) => [figure, typeof value === 'number' ? value : typeof value === 'string' ? value : JSON.stringify(value)]),
  }),
})
