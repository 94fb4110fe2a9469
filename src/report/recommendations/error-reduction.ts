import type { ErrorGroup } from '../../evaluate/metrics/error-groups.ts'
import { erroneousOf } from '../../evaluate/metrics/period-change.ts'
import { successFrom } from '../../evaluate/metrics/run-counts.ts'
import type { Moments } from '../../statistics/means.ts'
import { newcombe } from '../../statistics/newcombe.ts'
import type { Share } from '../../statistics/share.ts'
import { oneSided, wilson } from '../../statistics/wilson.ts'
import { percentText } from '../../statistics/in-words.ts'
import { numberText, rangeText } from '../in-words.ts'
import { approachSelection } from './approach-selection.ts'
import { aboveLimit } from './limits.ts'
import type { Finding, Gain } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Rule, type Window } from './window.ts'

/** An error that fewer runs had is an accident. */
const fewestWithError = 2

const judgedRows = ({ table, rows }: Window): number[] => rows.filter((row) => !Number.isNaN(table.reward.at(row)))

const successOf = ({ table }: Window, rows: readonly number[]): Share => wilson(rows.filter((row) => table.reward.at(row) > successFrom).length, rows.length)

/** An error, and what the runs say it costs. */
interface Cost extends Pick<Finding, 'error' | 'fix' | 'bottleneck'> {
  readonly gain: Gain
  readonly name: string
}

const nameOf = ({ template, tool }: ErrorGroup): string => template ?? `${tool ?? ''} fails`

/** What is known of an error: the step that fails, and what has helped. */
const described = ({ actions, fixesFor, group }: Window, error: ErrorGroup): Pick<Finding, 'error' | 'fix' | 'bottleneck'> => {
  const { template, tool, input, times, runs } = error
  const bottleneck = actions.find(({ action }) => action === tool)
  const [fix] = template === undefined ? [] : fixesFor({ message: template, category: group.category, ...(tool === undefined ? {} : { tool }), ...(input === undefined ? {} : { input }) })
  return {
    error: { ...(template === undefined ? {} : { template }), ...(tool === undefined ? {} : { tool }), times, runs: runs.size },
    ...(bottleneck === undefined ? {} : { bottleneck }),
    ...(fix === undefined ? {} : { fix: { id: fix.id, ...(fix.approach === undefined ? {} : { approach: fix.approach }), confidence: fix.confidence, steps: fix.steps } }),
  }
}

/** The error that costs the most: how much less often those runs go well that had it, times how many had it. */
const costliestError = (window: Window, judged: readonly number[]): Cost | undefined => {
  const costs = window.errors.flatMap((error) => {
    const { having = [], without = [] } = Object.groupBy(judged, (row) => (error.runs.has(window.table.idAt(row)) ? 'having' : 'without'))
    if (having.length < fewestWithError || without.length === 0) return []
    const { difference, low, high } = newcombe(successOf(window, without), successOf(window, having))
    if (difference <= 0) return []
    const part = having.length / judged.length
    return [{ error, gain: { measure: 'success', perRun: part * difference, share: part * difference, interval: { low: part * low, high: part * high } } as const }]
  })
  const [worst] = costs.toSorted((left, right) => right.gain.perRun - left.gain.perRun)
  return worst === undefined ? undefined : { ...described(window, worst.error), gain: worst.gain, name: nameOf(worst.error) }
}

/** The error that most runs had. */
const commonestError = (window: Window): Pick<Finding, 'error' | 'fix' | 'bottleneck'> => {
  const [commonest] = window.errors
  return commonest === undefined ? {} : described(window, commonest)
}

/** Whether another approach is recommended that gains what is missing to a share of successes. */
const reaches = (window: Window, limit: number): boolean => {
  const success = successOf(window, judgedRows(window))
  return approachSelection(window).some(({ gain }) => (success.rate ?? 0) + gain.perRun >= limit)
}

/** Below the limit: the gain is what the costliest error costs or, where none tells, what is missing to the limit. */
const unsuccessful: Rule = (window) => {
  const { table, limits } = window
  const judged = judgedRows(window)
  const success = successOf(window, judged)
  const most = wilson(success.count, success.of, oneSided).high
  if (judged.length < fewestRuns || success.rate === undefined || most >= limits.success) return []
  const cost = costliestError(window, judged)
  // Nothing is to be found out where another approach is shown to reach what is missing.
  if (cost === undefined && reaches(window, limits.success)) return []
  const { gain, name, ...about } = cost ?? {}
  const missing = limits.success - success.rate
  const statement = `${success.count} of ${success.of} runs went well, at most ${percentText(most)} with 95 % confidence; limit ${percentText(limits.success)}`
  return [
    {
      rule: 'success below the limit',
      title:
        cost === undefined
          ? `Find out why it fails: only ${percentText(success.rate)} of the runs go well.`
          : `Prevent "${name}": only ${percentText(success.rate)} of the runs go well, and fewer of those that have this error.`,
      gain: gain ?? { measure: 'success', perRun: missing, share: missing },
      ...(cost === undefined ? commonestError(window) : about),
      evidence: evidenceOf(window, statement, judged.filter((row) => table.reward.at(row) <= successFrom)),
    },
  ]
}

const fewerErrors = ({ mean }: Moments): string => `Make fewer errors: ${numberText(mean)} in a run.`

const many: Rule = (window) => {
  const { errors: column } = window.table
  const found = aboveLimit(window, { measure: 'errors', column, limit: window.limits.errors, text: numberText, title: fewerErrors })
  return found === undefined ? [] : [{ ...found, ...commonestError(window) }]
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
      ...commonestError(window),
      evidence: evidenceOf(window, statement, rows.filter((row) => table.errors.at(row) > 0)),
    },
  ]
}

/** Runs that do not go well, have many errors, or more than they had. */
export const errorReduction: Rule = (window) => [...unsuccessful(window), ...many(window), ...more(window)]
