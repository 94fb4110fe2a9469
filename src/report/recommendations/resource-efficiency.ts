import { successFrom } from '../../evaluate/metrics/run-counts.ts'
import { studentQuantile } from '../../statistics/student.ts'
import { boundText, percentText } from '../../statistics/in-words.ts'
import { type Compared, leastTimesAsMuch, nothingToCompare, single, timesAsMuch, together } from './comparisons.ts'
import { grown } from './growth.ts'
import { numberText } from '../in-words.ts'
import { evidenceOf, fewestRuns, type Rule, surely, type Window } from './window.ts'

/** Part of the tokens, or of the cost, that may go into runs that fail before it is worth a word. */
const wasted = 0.2

/** What costs less has no ratio. */
const smallest = 1e-9

type Resource = 'tokens' | 'cost'

/**
 * What goes into runs that fail: a ratio of two sums, with its error by linearisation (Cochran, "Sampling Techniques", 1977, section 6.4). Only where they take more than others, by ranks: else there is no more to
 * know than how many fail.
 */
const waste = (window: Window, resource: Resource): Compared => {
  const { reward, [resource]: column } = window.table
  const told = window.rows.filter((row) => !Number.isNaN(column.at(row)) && !Number.isNaN(reward.at(row)))
  const all = told.reduce((sum, row) => sum + column.at(row), 0)
  const hasFailed = (row: number): boolean => reward.at(row) <= successFrom
  const failed = told.filter(hasFailed)
  // Where all of them fail there is nothing to tell apart: that is an error to be reduced.
  if (told.length < fewestRuns || all === 0 || failed.length === told.length) return nothingToCompare
  const sides = { values: column.told(failed), against: column.told(told.filter((row) => !hasFailed(row))), smallest }
  const share = failed.reduce((sum, row) => sum + column.at(row), 0) / all
  const residuals = told.map((row) => column.at(row) * (Number(hasFailed(row)) - share))
  const error = Math.sqrt((told.length / (told.length - 1)) * residuals.reduce((sum, residual) => sum + residual ** 2, 0)) / all
  return single(leastTimesAsMuch(sides), (chance) => {
    const least = share - studentQuantile(1 - chance, told.length - 1) * error
    const ratio = timesAsMuch(sides, chance)
    if (!(least > wasted) || ratio === undefined) return undefined
    return {
      rule: `${resource} of failures`,
      title: `End failing runs earlier: ${percentText(share)} of the ${resource} go into them.`,
      gain: { measure: resource, perRun: (share * all) / told.length, share },
      evidence: evidenceOf(
        window,
        `${failed.length} of ${told.length} runs failed with ${percentText(share)} of the ${resource}, at least ${boundText(least)} ${surely}; they took ${ratio.value.toFixed(2)} times as much as others`,
        failed,
      ),
    }
  })
}

const more = (window: Window, measure: Resource): Compared =>
  grown(window, {
    measure,
    column: window.table[measure],
    smallest,
    title: (now, first) => `Find out where the ${measure} go: usually ${numberText(now)} a run, ${numberText(first)} at first.`,
  })

/** Tokens and money that go into runs that fail, or have become more. */
export const resourceEfficiency: Rule = (window) => together((['tokens', 'cost'] as const).flatMap((resource) => [waste(window, resource), more(window, resource)]))
