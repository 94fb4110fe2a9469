import type { Column } from '../../evaluate/metrics/columns.ts'
import { leastMean, type Moments, momentsOf } from '../../statistics/means.ts'
import type { Finding, Gain } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Window } from './window.ts'

/** What is measured, where too much of it begins, and how it is said. */
export interface Limited {
  readonly measure: Gain['measure']
  readonly column: Column
  readonly limit: number
  readonly text: (value: number) => string
  /** What to do, by what the runs take now. */
  readonly title: (now: Moments) => string
}

/** The latest runs have more of something than the limit, in the mean and with 95 % confidence: the gain is what is above it. */
export const aboveLimit = (window: Window, { measure, column, limit, text, title }: Limited): Omit<Finding, 'bottleneck'> | undefined => {
  const values = column.told(window.rows)
  const now = momentsOf(values)
  const least = leastMean(now)
  if (now.count < fewestRuns || !(least > limit)) return undefined
  const perRun = momentsOf(values.map((value) => Math.max(0, value - limit))).mean
  const statement = `mean of ${now.count} runs ${text(now.mean)}, at least ${text(least)} with 95 % confidence; limit ${text(limit)}`
  return {
    rule: `${measure} above the limit`,
    title: title(now),
    gain: { measure, perRun, share: perRun / now.mean },
    evidence: evidenceOf(window, statement, window.rows.filter((row) => column.at(row) > limit)),
  }
}
