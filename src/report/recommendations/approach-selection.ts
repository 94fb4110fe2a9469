import { runCounts } from '../../evaluate/metrics/run-counts.ts'
import type { Share } from '../../statistics/share.ts'
import { boundText, percentText } from '../../statistics/in-words.ts'
import { type Compared, type Larger, larger, leastLarger, nothingToCompare } from './comparisons.ts'
import { evidenceOf, fewestRuns, surely, type Window } from './window.ts'

/** By so many of its latest runs, too, an approach must be the better one: with twenty, one that goes well .15 more often seems not to in every seventh log. */
const presentRuns = 60

interface Approach {
  readonly name: string
  readonly share: Share
  /** Share of its latest runs that went well. */
  readonly latest: number
  /** Part of the latest judged runs that went about it so. */
  readonly part: number
}

/** An approach in use, and how much less often it goes well than a surer one. */
interface Worse {
  readonly worse: Approach
  readonly better: Approach
  readonly difference: Larger
}

/** The approaches that enough runs took, those that are surest to go well first, and the runs that are judged: the latest, and all. */
const approachesIn = ({ table, rows, group }: Window): { readonly approaches: readonly Approach[]; readonly latest: readonly number[]; readonly judged: readonly number[] } => {
  const isJudged = (row: number): boolean => !Number.isNaN(table.reward.at(row))
  const [latest, judged] = [rows.filter(isJudged), group.rows.filter(isJudged)]
  const approaches = [...Map.groupBy(judged, (row) => table.approach.at(row))].flatMap(([name, own]): Approach[] => {
    if (name === undefined || own.length < fewestRuns) return []
    const recently = runCounts(table, own.slice(-presentRuns)).success.rate ?? 0
    return [{ name, share: runCounts(table, own).success, latest: recently, part: latest.filter((row) => table.approach.at(row) === name).length / latest.length }]
  })
  return { approaches: approaches.toSorted((left, right) => right.share.low - left.share.low || (left.name < right.name ? -1 : 1)), latest, judged }
}

/** The surest approach that is shown to go well more often, and does by the latest runs of both, too: what worked for a year and has broken is not to be taken for it. */
const betterThan = (worse: Approach, approaches: readonly Approach[], chance: number): Worse[] => {
  for (const better of approaches) {
    const difference = better.latest > worse.latest ? larger(better.share, worse.share, chance) : undefined
    if (difference !== undefined) return [{ worse, better, difference }]
  }
  return []
}

/**
 * One approach goes well more often than another that is still in use, by all runs of this agent on this kind of task. It was no experiment: one approach may have had the easier tasks.
 *
 * Each approach is compared with each that is in use: the best of several looks better than it is.
 */
export const approachSelection = (window: Window): Compared => {
  const { table } = window
  const { approaches, latest, judged } = approachesIn(window)
  if (latest.length < fewestRuns) return nothingToCompare
  const inUse = approaches.filter(({ part }) => part > 0)
  return {
    least: inUse.flatMap((worse) => approaches.filter((other) => other !== worse).map((other) => leastLarger(other.share, worse.share))),
    findings: (chance) => {
      const [worst] = inUse
        .flatMap((worse) => betterThan(worse, approaches, chance))
        .toSorted((left, right) => right.worse.part * right.difference.difference - left.worse.part * left.difference.difference)
      if (worst === undefined) return []
      const { worse, better: best, difference: { difference, low, high } } = worst
      const { part } = worse
      const counts = `${best.share.count} of ${best.share.of} runs with "${best.name}" went well, and ${worse.share.count} of ${worse.share.of} with "${worse.name}"`
      return [
        {
          rule: 'a better approach',
          instead: best.name,
          title: `Use the approach "${best.name}": ${percentText(best.share.rate ?? 0)} of ${best.share.of} runs went well, ${percentText(worse.share.rate ?? 0)} of ${worse.share.of} with "${worse.name}".`,
          gain: { measure: 'success', perRun: part * difference, share: part * difference, interval: { low: part * low, high: part * high } },
          evidence: evidenceOf(
            window,
            `${counts}: ${percentText(difference)} more, at least ${boundText(low)} ${surely}; ${percentText(part)} of the latest runs went about it so`,
            latest.filter((row) => table.approach.at(row) === worse.name),
            judged,
          ),
        },
      ]
    },
  }
}
