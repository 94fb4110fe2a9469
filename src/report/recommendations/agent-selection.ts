import { shortestMs } from '../../evaluate/metrics/period-change.ts'
import { runCounts } from '../../evaluate/metrics/run-counts.ts'
import { momentsOf } from '../../statistics/means.ts'
import { newcombe } from '../../statistics/newcombe.ts'
import { medianOf } from '../../statistics/quantiles.ts'
import type { Share } from '../../statistics/share.ts'
import { boundText, durationText, percentText } from '../../statistics/in-words.ts'
import { type Compared, larger, leastLarger, leastTimesAsMuch, nothingToCompare, single, timesAsMuch, together } from './comparisons.ts'
import type { Finding } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Rule, surely, type Window, windowRows, worthwhile } from './window.ts'

/** How much less often another agent may succeed, at worst, to be recommended for its speed. */
const noWorse = 0.1

/** Runs of each agent that are compared, its latest: with twenty, agents that differ by less than a half are hardly told apart. */
const comparedRuns = 60

/** Runs of each agent that are named. */
const namedRuns = 10

/** Success of one agent, by the runs that are compared and by the latest of these. */
interface Side {
  readonly rows: readonly number[]
  readonly success: Share
  readonly latest: Share
  readonly durations: readonly number[]
}

const sideOf = ({ table }: Window, group: Window['group']): Side => {
  const rows = group.rows.slice(-comparedRuns)
  return { rows, success: runCounts(table, rows).success, latest: runCounts(table, windowRows(group).rows).success, durations: table.durationMs.told(rows) }
}

const namedIn = (own: Side, theirs: Side): number[] => [own, theirs].flatMap(({ rows }) => rows.slice(-namedRuns))

/** Another agent succeeds more often, by the latest runs too: whoever has become better is not held to the time before. */
const moreSuccessful = (window: Window, instead: string, theirs: Side, own: Side): Compared =>
  single(leastLarger(theirs.success, own.success), (chance) => {
    const success = larger(theirs.success, own.success, chance)
    if (success === undefined || (theirs.latest.rate ?? 0) <= (own.latest.rate ?? 0)) return undefined
    const { difference, low, high } = success
    const counts = `${theirs.success.count} of ${theirs.success.of} latest runs of ${instead} went well, and ${own.success.count} of ${own.success.of} of ${window.group.agent ?? 'whoever does it now'}`
    return {
      rule: 'more successful',
      instead,
      title: `Take "${instead}" for this: ${percentText(theirs.success.rate ?? 0)} of its runs go well, here ${percentText(own.success.rate ?? 0)}.`,
      gain: { measure: 'success', perRun: difference, share: difference, interval: { low, high } },
      evidence: evidenceOf(window, `${counts}: ${percentText(difference)} more, at least ${boundText(low)} ${surely}`, namedIn(own, theirs), own.rows),
    }
  })

/** Another agent takes less time, and is as good as far as is known. */
const faster = (window: Window, instead: string, theirs: Side, own: Side): Compared => {
  if (theirs.durations.length < fewestRuns || own.durations.length < fewestRuns) return nothingToCompare
  const sides = { values: own.durations, against: theirs.durations, smallest: shortestMs }
  return single(leastTimesAsMuch(sides), (chance) => {
    const ratio = timesAsMuch(sides, chance, 1 / (1 - worthwhile))
    if (ratio === undefined || newcombe(theirs.success, own.success).low < -noWorse) return undefined
    const share = 1 - 1 / ratio.value
    const times = `${own.durations.length} runs took ${ratio.value.toFixed(2)} times as long as ${theirs.durations.length} of ${instead} (median of all pairs), at least ${ratio.low.toFixed(2)} times ${surely}`
    return {
      rule: 'as good and faster',
      instead,
      title: `Take "${instead}" for this: it is as good, and usually takes ${durationText(medianOf(theirs.durations))} instead of ${durationText(medianOf(own.durations))}.`,
      gain: { measure: 'duration', perRun: share * momentsOf(own.durations).mean, share },
      evidence: evidenceOf(
        window,
        `${times}; success at most ${percentText(noWorse)} lower, with 95 % confidence by itself`,
        namedIn(own, theirs),
        own.rows,
      ),
    }
  })
}

const isSurer = ({ gain }: Finding): number => Number(gain.measure === 'success')

/** Another agent is shown to do this kind of task better or, being as good, faster: the best of them. It was no experiment: that one may have had the easier tasks. */
export const agentSelection: Rule = (window) => {
  const own = sideOf(window, window.group)
  if (own.latest.of < fewestRuns) return nothingToCompare
  const { least, findings } = together(
    window.others.flatMap((other) => {
      const { agent } = other
      const theirs = sideOf(window, other)
      return agent === undefined || theirs.latest.of < fewestRuns ? [] : [moreSuccessful(window, agent, theirs, own), faster(window, agent, theirs, own)]
    }),
  )
  return { least, findings: (chance) => findings(chance).toSorted((left, right) => isSurer(right) - isSurer(left) || right.gain.share - left.gain.share).slice(0, 1) }
}
