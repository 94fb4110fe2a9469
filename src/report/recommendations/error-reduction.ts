import { erroneousOf } from '../../evaluate/metrics/period-change.ts'
import { successFrom } from '../../evaluate/metrics/run-counts.ts'
import { newcombe } from '../../evaluate/statistics/newcombe.ts'
import type { Share } from '../../evaluate/statistics/share.ts'
import { oneSided, wilson } from '../../evaluate/statistics/wilson.ts'
import { numberText, percentText, rangeText } from '../in-words.ts'
import { aboveLimit } from './limits.ts'
import type { Gain } from './recommendation.ts'
import { evidenceOf, failingStep, fewestRuns, type Rule, type Window } from './window.ts'

/** An error that fewer runs had is an accident. */
const fewestWithError = 2

const judgedRows = ({ table, rows }: Window): number[] => rows.filter((row) => !Number.isNaN(table.reward.at(row)))

const successOf = ({ table }: Window, rows: readonly number[]): Share => wilson(rows.filter((row) => table.reward.at(row) > successFrom).length, rows.length)

/** An error, and what the runs say it costs. */
interface Cost {
  readonly gain: Gain
  readonly bottleneck: Window['actions'][number]
}

/** The error that costs the most: how much less often those runs go well that had it, times how many had it. */
const costliestError = (window: Window, judged: readonly number[]): Cost | undefined => {
  const costs = window.actions.flatMap((bottleneck): Cost[] => {
    const failed = new Set(window.runs.filter(({ data }) => data.steps.some(({ action, ok }) => action === bottleneck.action && ok === false)).map(({ id }) => id))
    const { having = [], without = [] } = Object.groupBy(judged, (row) => (failed.has(window.table.idAt(row)) ? 'having' : 'without'))
    if (having.length < fewestWithError || without.length === 0) return []
    const { difference, low, high } = newcombe(successOf(window, without), successOf(window, having))
    if (difference <= 0) return []
    const part = having.length / judged.length
    return [{ bottleneck, gain: { measure: 'success', perRun: part * difference, share: part * difference, interval: { low: part * low, high: part * high } } }]
  })
  return costs.toSorted((left, right) => right.gain.perRun - left.gain.perRun)[0]
}

/** Below the limit: the gain is what the costliest error costs or, where none tells, what is missing to the limit. */
const unsuccessful: Rule = (window) => {
  const { table, limits } = window
  const judged = judgedRows(window)
  const success = successOf(window, judged)
  const most = wilson(success.count, success.of, oneSided).high
  if (judged.length < fewestRuns || success.rate === undefined || most >= limits.success) return []
  const cost = costliestError(window, judged)
  const missing = limits.success - success.rate
  const statement = `${success.count} of ${success.of} runs went well, at most ${percentText(most)} with 95 % confidence; limit ${percentText(limits.success)}`
  return [
    {
      rule: 'success below the limit',
      title:
        cost === undefined
          ? `Find out why it fails: only ${percentText(success.rate)} of the runs go well.`
          : `Keep "${cost.bottleneck.action}" from failing: only ${percentText(success.rate)} of the runs go well, and fewer of those in which it fails.`,
      gain: cost?.gain ?? { measure: 'success', perRun: missing, share: missing },
      ...(cost === undefined ? failingStep(window) : { bottleneck: cost.bottleneck }),
      evidence: evidenceOf(window, statement, judged.filter((row) => table.reward.at(row) <= successFrom)),
    },
  ]
}

const many: Rule = (window) => {
  const { errors: column } = window.table
  const title: Parameters<typeof aboveLimit>[1]['title'] = ({ mean }) => `Make fewer errors: ${numberText(mean)} in a run.`
  const found = aboveLimit(window, { measure: 'errors', column, limit: window.limits.errors, text: numberText, title })
  return found === undefined ? [] : [{ ...found, ...failingStep(window) }]
}

const more: Rule = (window) => {
  const { table, rows, first } = window
  const [now, before] = [erroneousOf(table, rows), erroneousOf(table, first)]
  const { difference, low, high } = newcombe(now, before)
  if (rows.length < fewestRuns || now.rate === undefined || before.rate === undefined || low <= 0) return []
  const statement = `${now.count} of ${now.of} latest runs against ${before.count} of the first ${before.of}: ${percentText(difference)} more (${rangeText({ low, high }, percentText)})`
  return [
    {
      rule: 'more errors than at first',
      title: `Find out what has broken: ${percentText(now.rate)} of the runs have errors, ${percentText(before.rate)} had at first.`,
      gain: { measure: 'errors', perRun: difference, share: difference / now.rate, interval: { low, high } },
      ...failingStep(window),
      evidence: evidenceOf(window, statement, rows.filter((row) => table.errors.at(row) > 0)),
    },
  ]
}

/** Runs that do not go well, have many errors, or more than they had. */
export const errorReduction: Rule = (window) => [...unsuccessful(window), ...many(window), ...more(window)]
