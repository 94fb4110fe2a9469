import { successFrom } from '../../evaluate/metrics/run-counts.ts'
import { studentQuantile } from '../../statistics/student.ts'
import { percentText } from '../../statistics/in-words.ts'
import { grown } from './growth.ts'
import { numberText } from '../in-words.ts'
import type { Finding } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Rule, type Window } from './window.ts'

/** Part of the tokens, or of the cost, that may go into runs that fail, with a confidence of 95 %, before it is worth a word. */
const wasted = 0.2

/** What costs less has no ratio. */
const least = 1e-9

type Resource = 'tokens' | 'cost'

/**
 * Whether a run that fails takes more than others: only then there is more to know than how many fail. The share of what goes into failures less the share of failures, above 0 with 95 %
 * confidence; the error by linearisation, as below.
 */
const failuresAreDearer = (costs: readonly number[], fails: readonly boolean[]): boolean => {
  const count = costs.length
  const all = costs.reduce((sum, cost) => sum + cost, 0)
  const rate = fails.filter(Boolean).length / count
  const share = costs.reduce((sum, cost, place) => sum + (fails[place] === true ? cost : 0), 0) / all
  const residuals = costs.map((cost, place) => (cost * count * (Number(fails[place]) - share)) / all - (Number(fails[place]) - rate))
  const error = Math.sqrt(residuals.reduce((sum, residual) => sum + residual ** 2, 0) / (count * (count - 1)))
  return share - rate - studentQuantile(0.95, count - 1) * error > least
}

/** What goes into runs that fail: a ratio of two sums, with its error by linearisation (Cochran, "Sampling Techniques", 1977, section 6.4). */
const waste = (window: Window, resource: Resource): readonly Finding[] => {
  const { reward, [resource]: column } = window.table
  const told = window.rows.filter((row) => !Number.isNaN(column.at(row)) && !Number.isNaN(reward.at(row)))
  const all = told.reduce((sum, row) => sum + column.at(row), 0)
  const failed = told.filter((row) => reward.at(row) <= successFrom)
  // Where all of them fail there is nothing to tell apart: that is an error to be reduced.
  if (told.length < fewestRuns || all === 0 || failed.length === told.length) return []
  const share = failed.reduce((sum, row) => sum + column.at(row), 0) / all
  const residuals = told.map((row) => column.at(row) * (Number(reward.at(row) <= successFrom) - share))
  const error = Math.sqrt((told.length / (told.length - 1)) * residuals.reduce((sum, residual) => sum + residual ** 2, 0)) / all
  const low = share - studentQuantile(0.95, told.length - 1) * error
  if (!(low > wasted) || !failuresAreDearer(told.map((row) => column.at(row)), told.map((row) => reward.at(row) <= successFrom))) return []
  return [
    {
      rule: `${resource} of failures`,
      title: `End failing runs earlier: ${percentText(share)} of the ${resource} go into them.`,
      gain: { measure: resource, perRun: (share * all) / told.length, share },
      evidence: evidenceOf(window, `${failed.length} of ${told.length} runs failed with ${percentText(share)} of the ${resource}, at least ${percentText(low)} with 95 % confidence`, failed),
    },
  ]
}

const more = (window: Window, measure: Resource): readonly Finding[] => {
  const title: Parameters<typeof grown>[1]['title'] = (now, first) => `Find out where the ${measure} go: ${numberText(now)} a run, ${numberText(first)} at first.`
  const found = grown(window, { measure, column: window.table[measure], least, title })
  return found === undefined ? [] : [found]
}

/** Tokens and money that go into runs that fail, or have become more. */
export const resourceEfficiency: Rule = (window) => (['tokens', 'cost'] as const).flatMap((resource) => [...waste(window, resource), ...more(window, resource)])
