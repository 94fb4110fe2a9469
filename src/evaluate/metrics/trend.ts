import { holm } from '../../statistics/holm.ts'
import { mannKendall } from '../../statistics/mann-kendall.ts'

/** Fewer runs show no trend, whatever they are: the normal approximation of the test is good from here on. */
export const fewestInTrend = 10

/** From this probability on a trend may be chance. */
const level = 0.05

/** Whether something rises or falls from run to run, and the evidence for it. */
export interface Trend {
  /** `none` is no evidence of a trend, which is no evidence that there is none. */
  readonly direction: 'rising' | 'falling' | 'none'
  /** A rank test: see `mannKendall`. */
  readonly test: 'Mann-Kendall'
  /** Runs that tell the value. */
  readonly runs: number
  /** Kendall's τ-b, in [−1, 1]. */
  readonly tau: number
  /** The statistic of the test, in standard deviations. */
  readonly z: number
  /** Two-sided probability of as much if there is no trend. */
  readonly p: number
  /** The same, raised for the number of trends of this measure that the report looks at (Holm); the direction goes by it. */
  readonly adjusted: number
}

const directionOf = (adjusted: number, z: number): Trend['direction'] => (adjusted >= level ? 'none' : z > 0 ? 'rising' : 'falling')

/** @param values in the order of the runs */
export const trendOf = (values: readonly number[]): Trend => {
  const { count, tau, z, p } = mannKendall(values)
  if (count < fewestInTrend) return { direction: 'none', test: 'Mann-Kendall', runs: count, tau, z, p, adjusted: 1 }
  return { direction: directionOf(p, z), test: 'Mann-Kendall', runs: count, tau, z, p, adjusted: p }
}

/** The trends of one measure with their probabilities raised for their number; those of too few runs were not tested, and count for nothing. */
export const adjustedTrends = (trends: readonly Trend[]): Trend[] => {
  const tested = trends.filter(({ runs }) => runs >= fewestInTrend)
  const raised = holm(tested.map(({ p }) => p))
  return trends.map((trend) => {
    const adjusted = raised[tested.indexOf(trend)] ?? 1
    return { ...trend, adjusted, direction: directionOf(adjusted, trend.z) }
  })
}
