import type { Column } from '../../evaluate/metrics/columns.ts'
import { momentsOf } from '../../statistics/means.ts'
import { medianOf } from '../../statistics/quantiles.ts'
import { type Compared, leastTimesAsMuch, nothingToCompare, single, timesAsMuch } from './comparisons.ts'
import type { Finding, Gain } from './recommendation.ts'
import { evidenceOf, fewestRuns, surely, type Window, worthwhile } from './window.ts'

/** What is measured, the smallest of it that has a ratio, and how it is said. */
export interface Grown {
  readonly measure: Gain['measure']
  readonly column: Column
  readonly smallest: number
  /** What to do, by the medians now and at first. */
  readonly title: (now: number, first: number) => string
  /** What else is known. */
  readonly about?: () => Pick<Finding, 'bottleneck'>
}

/**
 * The latest runs take more of something than the first third did: the gain is what they would take less at the ratio of then. By ranks, so that a few runs that take a thousand times as long neither show a
 * growth nor hide one.
 */
export const grown = (window: Window, { measure, column, smallest, title, about }: Grown): Compared => {
  const [values, against] = [column.told(window.rows), column.told(window.first)]
  if (values.length < fewestRuns || against.length < fewestRuns) return nothingToCompare
  const sides = { values, against, smallest }
  return single(leastTimesAsMuch(sides), (chance) => {
    const ratio = timesAsMuch(sides, chance)
    if (ratio === undefined || 1 - 1 / ratio.value <= worthwhile) return undefined
    const share = 1 - 1 / ratio.value
    const counts = `${values.length} latest runs against the first ${against.length}`
    return {
      rule: `more ${measure} than at first`,
      title: title(medianOf(values), medianOf(against)),
      gain: { measure, perRun: share * momentsOf(values).mean, share },
      evidence: evidenceOf(window, `${counts}: ${ratio.value.toFixed(2)} times as much (median of all pairs), at least ${ratio.low.toFixed(2)} times ${surely}`, window.rows),
      ...about?.(),
    }
  })
}
