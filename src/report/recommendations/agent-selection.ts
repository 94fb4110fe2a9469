import { comparedOn, type RunComparison } from '../../evaluate/metrics/comparison.ts'
import { momentsOf } from '../../statistics/means.ts'
import { durationText, percentText } from '../../statistics/in-words.ts'
import { rangeText } from '../in-words.ts'
import type { Finding } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Rule, type Window, windowRows, worthwhile } from './window.ts'

/** How much less often another agent may succeed, at worst, to be recommended for its speed. */
const noWorse = 0.1

/** Runs of each agent that are named. */
const namedRuns = 10

/** What another agent is found to do better. */
const findingOn = (window: Window, instead: string, theirs: readonly number[], { first, second, success, duration }: RunComparison): Finding | undefined => {
  const { table, rows, group } = window
  const named = [...rows.slice(-namedRuns), ...theirs.slice(-namedRuns)]
  const own = group.agent ?? 'whoever does it now'
  if (success.low > 0) {
    const counts = `${first.success.count} of ${first.success.of} latest runs of ${instead} went well, and ${second.success.count} of ${second.success.of} of ${own}`
    return {
      rule: 'more successful',
      instead,
      title: `Take "${instead}" for this: ${percentText(first.success.rate ?? 0)} of its runs go well, here ${percentText(second.success.rate ?? 0)}.`,
      gain: { measure: 'success', perRun: success.difference, share: success.difference, interval: { low: success.low, high: success.high } },
      evidence: evidenceOf(window, `${counts}: ${percentText(success.difference)} more (${rangeText(success, percentText)})`, named),
    }
  }
  const [mine, its] = [momentsOf(table.durationMs.told(rows)), momentsOf(table.durationMs.told(theirs))]
  const isFaster = duration !== undefined && duration.high < 1 - worthwhile && its.mean < mine.mean && mine.count >= fewestRuns && its.count >= fewestRuns
  if (!isFaster || success.low < -noWorse) return undefined
  const ratio = `ratio of geometric means of durations ${duration.value.toFixed(2)} (${rangeText(duration, (value) => value.toFixed(2))})`
  return {
    rule: 'as good and faster',
    instead,
    title: `Take "${instead}" for this: it is as good, and takes ${durationText(its.mean)} instead of ${durationText(mine.mean)}.`,
    gain: { measure: 'duration', perRun: mine.mean - its.mean, share: (mine.mean - its.mean) / mine.mean },
    evidence: evidenceOf(window, `${ratio}, ${its.count} against ${mine.count} runs; success at most ${percentText(noWorse)} lower`, named),
  }
}

const isSurer = ({ gain }: Finding): number => Number(gain.measure === 'success')

/** Another agent is shown to do this kind of task better or, being as good, faster: the best of them. It was no experiment: that one may have had the easier tasks. */
export const agentSelection: Rule = (window) => {
  const findings = window.others.flatMap((other): readonly Finding[] => {
    const theirs = windowRows(other).rows
    const comparison = comparedOn(window.table, theirs, window.rows)
    if (other.agent === undefined || comparison.first.verified.count < fewestRuns || comparison.second.verified.count < fewestRuns) return []
    const finding = findingOn(window, other.agent, theirs, comparison)
    return finding === undefined ? [] : [finding]
  })
  return findings.toSorted((left, right) => isSurer(right) - isSurer(left) || right.gain.share - left.gain.share).slice(0, 1)
}
