import type { ErrorGroup } from '../../evaluate/metrics/error-groups.ts'
import { comparableErrors, erroneousOf } from '../../evaluate/metrics/period-change.ts'
import { runCounts, successFrom } from '../../evaluate/metrics/run-counts.ts'
import { atMost, rateAtMost } from '../../statistics/binomial.ts'
import type { Moments } from '../../statistics/means.ts'
import type { Share } from '../../statistics/share.ts'
import { boundText, percentText } from '../../statistics/in-words.ts'
import { numberText } from '../in-words.ts'
import { approachSelection } from './approach-selection.ts'
import { type Compared, larger, leastLarger, nothingToCompare, single, together } from './comparisons.ts'
import { aboveLimit } from './limits.ts'
import type { Finding, Gain } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Rule, surely, type Window } from './window.ts'

/** An error that fewer runs had is an accident. */
const fewestWithError = 2

const judgedRows = ({ table, rows }: Window): number[] => rows.filter((row) => !Number.isNaN(table.reward.at(row)))

const successOf = ({ table }: Window, rows: readonly number[]): Share => runCounts(table, rows).success

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

/** Success without an error, and with it. */
interface Costing {
  readonly error: ErrorGroup
  readonly having: Share
  readonly without: Share
}

/** Errors that may have cost something: of those runs that had one, and of others. */
const costing = (window: Window, judged: readonly number[]): Costing[] =>
  window.errors.flatMap((error) => {
    const { having = [], without = [] } = Object.groupBy(judged, (row) => (error.runs.has(window.table.idAt(row)) ? 'having' : 'without'))
    return having.length < fewestWithError || without.length === 0 ? [] : [{ error, having: successOf(window, having), without: successOf(window, without) }]
  })

/** The error that is shown to cost the most: how much less often those runs go well that had it, times how many had it. */
const costliestError = (window: Window, errors: readonly Costing[], chance: number): Cost | undefined => {
  const costs = errors.flatMap(({ error, having, without }) => {
    const found = larger(without, having, chance)
    if (found === undefined) return []
    const part = having.of / (having.of + without.of)
    const perRun = part * found.difference
    return [{ error, gain: { measure: 'success', perRun, share: perRun, interval: { low: part * found.low, high: part * found.high } } as const }]
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
const reaches = (window: Window, limit: number, rate: number, chance: number): boolean =>
  approachSelection(window).findings(chance).some(({ gain }) => rate + gain.perRun >= limit)

/** Below the limit: the gain is what the costliest error costs or, where none is shown to, what is missing to the limit. */
const unsuccessful = (window: Window): Compared => {
  const { table, limits } = window
  const judged = judgedRows(window)
  const { count, of, rate } = successOf(window, judged)
  if (of < fewestRuns || rate === undefined) return nothingToCompare
  const errors = costing(window, judged)
  const { least, findings } = single(atMost(0, of, limits.success), (chance) => {
    const most = rateAtMost(count, of, chance)
    if (most >= limits.success) return undefined
    const cost = costliestError(window, errors, chance)
    // Nothing is to be found out where another approach is shown to reach what is missing.
    if (cost === undefined && reaches(window, limits.success, rate, chance)) return undefined
    const { gain, name, ...about } = cost ?? {}
    const missing = limits.success - rate
    return {
      rule: 'success below the limit',
      title:
        cost === undefined
          ? `Find out why it fails: only ${percentText(rate)} of the runs go well.`
          : `Prevent "${name}": only ${percentText(rate)} of the runs go well, and fewer of those that have this error.`,
      gain: gain ?? { measure: 'success', perRun: missing, share: missing },
      ...(cost === undefined ? commonestError(window) : about),
      evidence: evidenceOf(
        window,
        `${count} of ${of} runs went well, at most ${boundText(most)} ${surely}; limit ${percentText(limits.success)}`,
        judged.filter((row) => table.reward.at(row) <= successFrom),
      ),
    }
  })
  return { least: [...least, ...errors.map(({ having, without }) => leastLarger(without, having))], findings }
}

const fewerErrors = ({ mean }: Moments): string => `Make fewer errors: ${numberText(mean)} in a run.`

const many = (window: Window): Compared => {
  const { errors: column } = window.table
  return aboveLimit(window, { measure: 'errors', column, limit: window.limits.errors, text: numberText, title: fewerErrors, about: () => commonestError(window) })
}

const more = (window: Window): Compared => {
  const { table, rows, first } = window
  const comparable = new Set(comparableErrors(table, [...first, ...rows]))
  const [now, before] = [rows, first].map((some) => erroneousOf(table, some.filter((row) => comparable.has(row))))
  if (now === undefined || before === undefined) return nothingToCompare
  const { rate: nowRate, of } = now
  if (of < fewestRuns || nowRate === undefined || before.rate === undefined) return nothingToCompare
  const beforeRate = before.rate
  return single(leastLarger(now, before), (chance) => {
    const found = larger(now, before, chance)
    if (found === undefined) return undefined
    const { difference, low, high } = found
    const counts = `${now.count} of ${of} latest runs against ${before.count} of the first ${before.of}`
    return {
      rule: 'more errors than at first',
      title: `Find out what has broken: ${percentText(nowRate)} of the runs have errors, ${percentText(beforeRate)} had at first.`,
      gain: { measure: 'errors', perRun: difference, share: difference / nowRate, interval: { low, high } },
      ...commonestError(window),
      evidence: evidenceOf(window, `${counts}: ${percentText(difference)} more, at least ${boundText(low)} ${surely}`, rows.filter((row) => table.errors.at(row) > 0)),
    }
  })
}

/** Runs that do not go well, have many errors, or more than they had. */
export const errorReduction: Rule = (window) => together([unsuccessful(window), many(window), more(window)])
