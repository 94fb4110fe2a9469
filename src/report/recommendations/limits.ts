import type { Column } from '../../evaluate/metrics/columns.ts'
import { leastMean, type Moments, momentsOf } from '../../statistics/means.ts'
import { type Compared, nothingToCompare, single } from './comparisons.ts'
import type { Finding, Gain } from './recommendation.ts'
import { evidenceOf, fewestRuns, surely, type Window } from './window.ts'

/** What is measured, where too much of it begins, and how it is said. */
export interface Limited {
  readonly measure: Gain['measure']
  readonly column: Column
  readonly limit: number
  readonly text: (value: number) => string
  /** What to do, by what the runs take now. */
  readonly title: (now: Moments) => string
  /** What else is known. */
  readonly about: () => Pick<Finding, 'bottleneck' | 'error' | 'fix'>
}

/** The latest runs have more of something than the limit in the mean: the gain is what is above it. Where no run is above it, there is nothing that could be shown. */
export const aboveLimit = (window: Window, { measure, column, limit, text, title, about }: Limited): Compared => {
  const values = column.told(window.rows)
  const now = momentsOf(values)
  if (now.count < fewestRuns || !values.some((value) => value > limit)) return nothingToCompare
  return single(0, (chance) => {
    const least = leastMean(now, chance)
    if (!(least > limit)) return undefined
    const perRun = momentsOf(values.map((value) => Math.max(0, value - limit))).mean
    return {
      rule: `${measure} above the limit`,
      title: title(now),
      gain: { measure, perRun, share: perRun / now.mean },
      evidence: evidenceOf(
        window,
        `mean of ${now.count} runs ${text(now.mean)}, at least ${text(least)} ${surely}; limit ${text(limit)}`,
        window.rows.filter((row) => column.at(row) > limit),
      ),
      ...about(),
    }
  })
}
