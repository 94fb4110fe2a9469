import { shortestMs } from '../../evaluate/metrics/period-change.ts'
import { leastMean, momentsOf } from '../../statistics/means.ts'
import { boundText, durationText, percentText } from '../../statistics/in-words.ts'
import { countText } from '../in-words.ts'
import { type Compared, nothingToCompare, single, together } from './comparisons.ts'
import { grown } from './growth.ts'
import { aboveLimit } from './limits.ts'
import type { Finding } from './recommendation.ts'
import { evidenceOf, type Rule, slowestStep, surely, type Window, worthwhile } from './window.ts'

/** A step that takes most of the time and is now and then much slower than its own median: the gain is what it then takes above that. */
const uneven = (window: Window): Compared => {
  const { runs, rows, uneven: step, table } = window
  if (step?.duration === undefined) return nothingToCompare
  const { median, p95 } = step.duration
  const excess = new Map(runs.map(({ id, outlyingMs }) => [id, outlyingMs]))
  const shares = momentsOf(runs.map(({ timeMs, outlyingMs }) => (timeMs === 0 ? 0 : outlyingMs / timeMs)))
  if (shares.mean === 0) return nothingToCompare
  return single(0, (chance) => {
    const least = leastMean(shares, chance)
    if (!(least > worthwhile)) return undefined
    const perRun = momentsOf(excess.values()).mean
    const figures = `${countText(step.uses, 'use')} in ${countText(step.runs, 'run')}: median ${durationText(median)}, 95 % below ${durationText(p95)}`
    return {
      rule: 'a step with outliers',
      title: `Make "${step.action}" even: it takes ${percentText(step.share ?? 0)} of the time of all steps, and now and then more than twice as long as usual.`,
      gain: { measure: 'duration', perRun, share: perRun / momentsOf(runs.map(({ timeMs }) => timeMs)).mean },
      bottleneck: step,
      evidence: evidenceOf(
        window,
        `${figures}; gained if those that take more than twice the median took the median, at least ${boundText(least)} of a run ${surely}`,
        rows.filter((row) => (excess.get(table.idAt(row)) ?? 0) > 0),
      ),
    }
  })
}

/** Runs that take long, longer than they did, or have a step that takes long now and then. */
export const executionSpeed: Rule = (window) => {
  const { durationMs: column } = window.table
  const about = (): Pick<Finding, 'bottleneck'> => slowestStep(window)
  return together([
    aboveLimit(window, {
      measure: 'duration',
      column,
      limit: window.limits.durationMs,
      text: durationText,
      title: ({ mean }) => `Make it faster: a run takes ${durationText(mean)} in the mean.`,
      about,
    }),
    grown(window, {
      measure: 'duration',
      column,
      smallest: shortestMs,
      title: (now, first) => `Find out what made it slower: a run usually takes ${durationText(now)}, and took ${durationText(first)} at first.`,
      about,
    }),
    uneven(window),
  ])
}
