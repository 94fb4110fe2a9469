import { shortestMs } from '../../evaluate/metrics/period-change.ts'
import { leastMean, momentsOf } from '../../statistics/means.ts'
import { durationText, percentText } from '../../statistics/in-words.ts'
import { grown } from './growth.ts'
import { aboveLimit } from './limits.ts'
import type { Finding } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Rule, slowestStep, type Window, worthwhile } from './window.ts'

/** A step that takes at least so much of the time is looked at by itself. */
const mostOfTheTime = 0.5

/** Fewer uses of a step have no median to speak of. */
const fewestUses = 10

/** A step that takes most of the time and is now and then slower than its own median: the gain is what it takes above that. */
const uneven = (window: Window): readonly Finding[] => {
  const { runs, rows, actions, table } = window
  const [step] = actions
  if (step?.share === undefined || step.duration === undefined || step.share < mostOfTheTime || step.duration.count < fewestUses) return []
  const { median, p95 } = step.duration
  const excess = new Map(
    runs.map(({ id, data }) => [id, data.steps.reduce((sum, { action, durationMs = 0 }) => sum + (action === step.action ? Math.max(0, durationMs - median) : 0), 0)]),
  )
  const times = runs.map(({ data }) => Math.max(data.durationMs ?? 0, data.steps.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0)))
  const shares = runs.map(({ id }, place) => (times[place] === 0 ? 0 : (excess.get(id) ?? 0) / (times[place] ?? 1)))
  if (!(leastMean(momentsOf(shares)) > worthwhile)) return []
  const perRun = momentsOf(excess.values()).mean
  const statement = `${step.uses} uses in ${step.runs} runs: median ${durationText(median)}, 95 % below ${durationText(p95)}; gained if none took longer than the median`
  return [
    {
      rule: 'a step with outliers',
      title: `Make "${step.action}" even: it takes ${percentText(step.share)} of the time, and now and then much longer than usual.`,
      gain: { measure: 'duration', perRun, share: perRun / momentsOf(times).mean },
      bottleneck: step,
      evidence: evidenceOf(window, statement, rows.filter((row) => (excess.get(table.idAt(row)) ?? 0) > 0)),
    },
  ]
}

/** Runs that take long, longer than they did, or have a step that takes long now and then. */
export const executionSpeed: Rule = (window) => {
  if (window.rows.length < fewestRuns) return []
  const { durationMs: column } = window.table
  const slow = aboveLimit(window, {
    measure: 'duration',
    column,
    limit: window.limits.durationMs,
    text: durationText,
    title: ({ mean }) => `Make it faster: a run takes ${durationText(mean)} in the mean.`,
  })
  const slower = grown(window, {
    measure: 'duration',
    column,
    least: shortestMs,
    title: (now, first) => `Find out what made it slower: a run takes ${durationText(now)}, and took ${durationText(first)} at first.`,
  })
  return [...[slow, slower].flatMap((finding) => (finding === undefined ? [] : { ...finding, ...slowestStep(window) })), ...uneven(window)]
}
