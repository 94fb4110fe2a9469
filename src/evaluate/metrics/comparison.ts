import { type ConfidenceInterval, meanRatio } from '../../statistics/means.ts'
import { newcombe, type ShareDifference } from '../../statistics/newcombe.ts'
import { type Spread, distributionOf } from '../../statistics/quantiles.ts'
import { shortestMs } from './period-change.ts'
import { type RunCounts, runCounts } from './run-counts.ts'
import type { RunTable } from './run-table.ts'

/** One side of a comparison. */
export interface ComparedRuns extends RunCounts {
  /** Milliseconds, of the runs that told theirs. */
  readonly duration?: Spread
}

/** Runs of one agent against those of another. */
export interface RunComparison {
  readonly first: ComparedRuns
  readonly second: ComparedRuns
  /** Success of the first less that of the second. */
  readonly success: ShareDifference
  /** How many times as long the first takes, by geometric means; below 1 it is faster. Absent where fewer than two of either told, or all took the same. */
  readonly duration?: ConfidenceInterval
  /** Which is shown to succeed more often: its interval does not hold 0. */
  readonly moreSuccessful: 'first' | 'second' | 'not shown'
  /** Which is shown to be faster: its interval does not hold 1. */
  readonly faster: 'first' | 'second' | 'not shown'
}

const sideOf = (table: RunTable, rows: readonly number[]): ComparedRuns => {
  const duration = distributionOf(table.durationMs.told(rows))
  return { ...runCounts(table, rows), ...(duration === undefined ? {} : { duration }) }
}

/** Compares the runs in some rows with those in others. */
export const comparedOn = (table: RunTable, rows: readonly number[], against: readonly number[]): RunComparison => {
  const [first, second] = [sideOf(table, rows), sideOf(table, against)]
  const success = newcombe(first.success, second.success)
  const duration = meanRatio(table.durationMs.told(rows), table.durationMs.told(against), shortestMs)
  return {
    first,
    second,
    success,
    ...(duration === undefined ? {} : { duration }),
    moreSuccessful: success.low > 0 ? 'first' : success.high < 0 ? 'second' : 'not shown',
    faster: duration === undefined || (duration.low <= 1 && duration.high >= 1) ? 'not shown' : duration.high < 1 ? 'first' : 'second',
  }
}

/**
 * A difference over several kinds of tasks, each compared within itself, so that whoever had the easier ones is not taken for the better. Weights are those of Mantel and Haenszel 1959,
 * n₁ n₂ / (n₁ + n₂); the interval puts those of the kinds together: Zou and Donner 2008, "Construction of confidence limits about effect measures: a general
 * approach". Kinds that only one of them did say nothing.
 */
export const stratified = (comparisons: readonly RunComparison[]): ShareDifference => {
  const weighed = comparisons.map(({ first, second, success }) => {
    const [own, other] = [first.success.of, second.success.of]
    return { success, weight: own * other === 0 ? 0 : (own * other) / (own + other) }
  })
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return { difference: 0, low: -1, high: 1 }
  const difference = weighed.reduce((sum, { success, weight }) => sum + (weight / total) * success.difference, 0)
  const below = Math.hypot(...weighed.map(({ success, weight }) => (weight / total) * (success.difference - success.low)))
  const above = Math.hypot(...weighed.map(({ success, weight }) => (weight / total) * (success.high - success.difference)))
  return { difference, low: Math.max(-1, difference - below), high: Math.min(1, difference + above) }
}
