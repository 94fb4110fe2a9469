import type { Column } from '../../evaluate/metrics/columns.ts'
import { meanRatio, momentsOf } from '../../statistics/means.ts'
import { rangeText } from '../in-words.ts'
import type { Finding, Gain } from './recommendation.ts'
import { evidenceOf, fewestRuns, type Window, worthwhile } from './window.ts'

/** What is measured, the smallest of it that has a ratio, and how it is said. */
export interface Grown {
  readonly measure: Gain['measure']
  readonly column: Column
  readonly least: number
  /** What to do, by the means now and at first. */
  readonly title: (now: number, first: number) => string
}

/** The latest runs take more of something than the first third did, which the interval of the ratio shows: the gain is what was lost. */
export const grown = (window: Window, { measure, column, least, title }: Grown): Omit<Finding, 'bottleneck'> | undefined => {
  const [now, first] = [column.told(window.rows), column.told(window.first)]
  if (now.length < fewestRuns || first.length < fewestRuns) return undefined
  const ratio = meanRatio(now, first, least)
  const mean = momentsOf(now).mean
  const perRun = mean - momentsOf(first).mean
  if (ratio === undefined || ratio.low <= 1 || perRun <= worthwhile * mean) return undefined
  const range = rangeText(ratio, (value) => value.toFixed(2))
  return {
    rule: `more ${measure} than at first`,
    title: title(mean, mean - perRun),
    gain: { measure, perRun, share: perRun / mean },
    evidence: evidenceOf(window, `${now.length} latest runs against the first ${first.length}: ratio of geometric means ${ratio.value.toFixed(2)} (${range})`, window.rows),
  }
}
