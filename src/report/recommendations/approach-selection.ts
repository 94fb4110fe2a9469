import { successFrom } from '../../evaluate/metrics/run-counts.ts'
import { newcombe, type ShareDifference } from '../../statistics/newcombe.ts'
import type { Share } from '../../statistics/share.ts'
import { studentQuantile } from '../../statistics/student.ts'
import { wilson } from '../../statistics/wilson.ts'
import { percentText } from '../../statistics/in-words.ts'
import { rangeText } from '../in-words.ts'
import { evidenceOf, fewestRuns, type Rule } from './window.ts'

/** So many degrees of freedom make Student's distribution the normal one. */
const asGoodAsNormal = 1e7

interface Approach {
  readonly name: string
  readonly share: Share
  /** Part of the latest judged runs that went about it so. */
  readonly part: number
}

/** An approach in use, and how much less often it goes well than the surest. */
interface Worse extends Approach {
  readonly difference: ShareDifference
}

const successAmong = (reward: { at: (row: number) => number }, rows: readonly number[], z?: number): Share =>
  wilson(rows.filter((row) => reward.at(row) > successFrom).length, rows.length, z)

/**
 * One approach goes well more often than another that is still in use, by all runs of this agent on this kind of task. It was no experiment: one approach may have had the easier tasks.
 *
 * Intervals hold for all pairs of approaches at once (Bonferroni): the best of several looks better than it is.
 */
export const approachSelection: Rule = (window) => {
  const { table, rows, group } = window
  const judged = (row: number): boolean => !Number.isNaN(table.reward.at(row))
  const latest = rows.filter(judged)
  const byApproach = [...Map.groupBy(group.rows.filter(judged), (row) => table.approach.at(row))].flatMap(([name, own]) => (name === undefined || own.length < fewestRuns ? [] : [{ name, own }]))
  if (byApproach.length < 2 || latest.length < fewestRuns) return []
  const pairs = (byApproach.length * (byApproach.length - 1)) / 2
  const z = studentQuantile(1 - 0.025 / pairs, asGoodAsNormal)
  const [best, ...others] = byApproach
    .map(({ name, own }): Approach => ({ name, share: successAmong(table.reward, own, z), part: latest.filter((row) => table.approach.at(row) === name).length / latest.length }))
    .toSorted((left, right) => right.share.low - left.share.low || (left.name < right.name ? -1 : 1))
  if (best === undefined) return []
  const [worst] = others
    .map((other): Worse => ({ ...other, difference: newcombe(best.share, other.share) }))
    .filter(({ part, difference }) => part > 0 && difference.low > 0)
    .toSorted((left, right) => right.part * right.difference.difference - left.part * left.difference.difference)
  if (worst === undefined) return []
  const { part, difference: { difference, low, high } } = worst
  const counts = `${best.share.count} of ${best.share.of} runs with "${best.name}" went well, and ${worst.share.count} of ${worst.share.of} with "${worst.name}"`
  return [
    {
      rule: 'a better approach',
      instead: best.name,
      title: `Use the approach "${best.name}": ${percentText(best.share.rate ?? 0)} of ${best.share.of} runs went well, ${percentText(worst.share.rate ?? 0)} of ${worst.share.of} with "${worst.name}".`,
      gain: { measure: 'success', perRun: part * difference, share: part * difference, interval: { low: part * low, high: part * high } },
      evidence: evidenceOf(window, `${counts}: ${percentText(difference)} more (${rangeText({ low, high }, percentText)}); ${percentText(part)} of the latest runs went about it so`, latest.filter((row) => table.approach.at(row) === worst.name)),
    },
  ]
}
