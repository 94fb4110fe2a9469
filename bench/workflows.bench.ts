import { Autodidact, type Random, seededRandom, shuffled } from '../src/index.ts'
import { defineBench, number, type Progress } from './harness/bench.ts'
import { type Episode, readEpisodes } from './harness/episodes.ts'
import { mean, median } from './harness/statistics.ts'
import { liveIn, type World, type WorldResult } from './harness/workflow-world.ts'

/** What stands out in runs of real agents, and in the same runs with their outcomes dealt out anew. */
interface Mined {
  readonly runs: number
  readonly compared: number
  readonly byChance: number
  readonly standOut: number
  readonly workflows: readonly string[]
}

const mine = async (episodes: readonly Episode[]): Promise<Mined> => {
  const autodidact = await Autodidact.open(':memory:')
  try {
    for (const { task, category, success, steps } of episodes) {
      const done = steps.map(({ action, input, ok }) => ({ action, ...(input === undefined ? {} : { input }), ...(ok === undefined ? {} : { ok }) }))
      await autodidact.record({ task, ...(category === undefined ? {} : { category }), steps: done, outcome: { success, judge: 'check' } })
    }
    const { compared, byChance, standOut, workflows } = await autodidact.workflows.list()
    return { runs: episodes.length, compared, byChance, standOut, workflows: workflows.filter(({ status }) => status !== 'recurring').map(({ description, answer }) => `${description}. ${answer}`) }
  } finally {
    await autodidact.close()
  }
}

const dealtAnew = (episodes: readonly Episode[], random: Random): Episode[] => {
  const outcomes = shuffled(episodes.map(({ success }) => success), random)
  return episodes.map((episode, place) => ({ ...episode, success: outcomes[place] ?? false }))
}

const shareOf = (results: readonly WorldResult[], is: (result: WorldResult) => boolean): number => mean(results.map((result) => Number(is(result))))

const sumOf = (results: readonly WorldResult[], of: (result: WorldResult) => number): number => results.reduce((sum, result) => sum + of(result), 0)

interface Flags {
  readonly observed: number
  readonly runs: number
  readonly units: number
}

const lives = async (world: World, seeds: number, { observed, runs, units }: Flags, progress: Progress): Promise<WorldResult[]> => {
  const results: WorldResult[] = []
  for (let seed = 1; seed <= seeds; seed += 1) results.push(await liveIn({ world, observed, runs, trialUnits: units, seed }, () => progress.advance()))
  return results
}

export const bench = defineBench({
  name: 'workflows',
  summary: 'sequences of actions that recur in good runs: is one that helps found and proven, and one that does not refused?',
  seeds: 20,
  flags: {
    observed: number(400, 'runs before anything is offered'),
    runs: number(2_500, 'runs with offers'),
    units: number(600, 'judged units of a trial, at most'),
    deals: number(20, 'times that the outcomes of --data are dealt out anew'),
  },
  run: async ({ data, seeds, flags, progress }) => {
    const episodes = data === undefined ? undefined : readEpisodes(data)
    progress.start(2 * seeds * (flags.observed + flags.runs), 'runs of two simulated agents')
    const truly = await lives('true', seeds, flags, progress)
    const none = await lives('shuffled', seeds, flags, progress)
    const real = episodes === undefined ? undefined : await mine(episodes)
    const dealt: Mined[] = []
    if (episodes !== undefined) {
      progress.start(flags.deals, 'outcomes dealt out anew')
      for (let seed = 1; seed <= flags.deals; seed += 1) {
        dealt.push(await mine(dealtAnew(episodes, seededRandom(seed))))
        progress.advance()
      }
    }
    return {
      found: shareOf(truly, ({ plantedTried }) => plantedTried),
      proven: shareOf(truly, ({ plantedHelpful }) => plantedHelpful),
      medianUntil: median(truly.map(({ until }) => until ?? Infinity)),
      habitTried: shareOf(truly, ({ habitTried }) => habitTried),
      habitHelpful: shareOf(truly, ({ habitHelpful }) => habitHelpful),
      before: mean(truly.map(({ before }) => before)),
      after: mean(truly.map(({ after }) => after)),
      shuffledTried: sumOf(none, ({ tried }) => tried),
      shuffledHelpful: sumOf(none, ({ helpful }) => helpful) / Math.max(1, sumOf(none, ({ tried }) => tried)),
      shuffledBefore: mean(none.map(({ before }) => before)),
      shuffledAfter: mean(none.map(({ after }) => after)),
      ...(real === undefined ? {} : { real: { ...real, dealtMean: mean(dealt.map(({ standOut }) => standOut)), dealtMost: Math.max(...dealt.map(({ standOut }) => standOut)) } }),
      seeds,
    }
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: [
      ['the sequence that helps was tried', result.found],
      ['  and proven helpful', result.proven],
      ['  after so many runs with offers, median', result.medianUntil],
      ['success before, and in the last quarter', `${result.before.toFixed(3)}, ${result.after.toFixed(3)}`],
      ['the habit that only looks good was tried', result.habitTried],
      ['  and declared helpful', result.habitHelpful],
      ['outcomes by chance: workflows tried', result.shuffledTried],
      ['  share declared helpful at any time', result.shuffledHelpful],
      ['  success before, and in the last quarter', `${result.shuffledBefore.toFixed(3)}, ${result.shuffledAfter.toFixed(3)}`],
      ...(result.real === undefined
        ? []
        : [
            ['real runs', result.real.runs],
            ['  sequences compared', result.real.compared],
            ['  stand out', result.real.standOut],
            ['  the same with outcomes dealt out anew: mean, most', `${result.real.dealtMean.toFixed(1)}, ${result.real.dealtMost}`],
            ...result.real.workflows.slice(0, 10).map((workflow) => ['', workflow]),
          ]),
    ],
  }),
})
