import { momentsOf } from '../../statistics/means.ts'
import { type Spread, distributionOf } from '../../statistics/quantiles.ts'
import type { Share } from '../../statistics/share.ts'
import { wilson } from '../../statistics/wilson.ts'
import { changeOf, comparableErrors, erroneousOf, type PeriodChange, ratingsOf } from './period-change.ts'
import { type RunCounts, runCounts, successFrom } from './run-counts.ts'
import type { RunTable } from './run-table.ts'
import { type Trend, trendOf } from './trend.ts'

/** How the latest runs went is told of so many. */
export const latestRuns = 20

const mostApproaches = 3

/** Runs that went about it in one way. */
export interface ApproachPerformance {
  readonly approach: string
  /** Runs with a verdict. */
  readonly runs: number
  /** Those of them that went well. */
  readonly success: Share
  /** Median, in milliseconds, of those that told; absent where none did. */
  readonly durationMs?: number
}

/** How runs went, how long they took, and whether that gets better. */
export interface Performance extends RunCounts {
  /** The latest 20 of them, or all where there are fewer. */
  readonly recent: RunCounts
  /** Milliseconds, of the runs that told theirs. */
  readonly duration?: Spread
  /** How often they went about it: `metrics.iterations`, or the number of steps. */
  readonly iterations?: Spread
  readonly tokens?: Spread
  /** In the host's own currency unit. */
  readonly cost?: Spread
  /** What went wrong on the way. */
  readonly errors: {
    /** All errors: `metrics.errors`, or failed steps, and runs that ended with an error. */
    readonly count: number
    /** Mean over the runs; 0 without runs. */
    readonly perRun: number
    /** Runs with at least one. */
    readonly runs: Share
  }
  /** Runs that used something that had been recalled, out of all. */
  readonly reuse: Share
  /** What people said of whole runs, the latest word of each. */
  readonly ratings: {
    /** Runs that were rated. */
    readonly runs: number
    /** Those rated above one half. */
    readonly positive: Share
    /** In [0, 1]; absent without ratings. */
    readonly mean?: number
  }
  readonly trends: {
    /** Of verdicts: rising is better. */
    readonly success: Trend
    /** Of durations: falling is better, as for the next two. */
    readonly duration: Trend
    readonly iterations: Trend
    readonly errors: Trend
    /** Of ratings: rising is better. */
    readonly rating: Trend
  }
  /** Against the first period; absent for fewer than ten runs. */
  readonly change?: PeriodChange
  /** At most three, the surest first: by the lower end of the interval. */
  readonly approaches: readonly ApproachPerformance[]
}

const bySurety = (left: ApproachPerformance, right: ApproachPerformance): number =>
  right.success.low - left.success.low || right.runs - left.runs || (left.approach < right.approach ? -1 : 1)

/** Every approach that has runs with a verdict, the surest first. */
export const approachesOf = (table: RunTable, rows: readonly number[]): ApproachPerformance[] => {
  const judged = rows.filter((row) => !Number.isNaN(table.reward.at(row)))
  return [...Map.groupBy(judged, (row) => table.approach.at(row))]
    .flatMap(([approach, own]): ApproachPerformance[] => {
      if (approach === undefined) return []
      const durationMs = distributionOf(table.durationMs.told(own))?.median
      const success = wilson(own.filter((row) => table.reward.at(row) > successFrom).length, own.length)
      return [{ approach, runs: own.length, success, ...(durationMs === undefined ? {} : { durationMs }) }]
    })
    .toSorted(bySurety)
}

const optional = <Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } =>
  // The computed name is the only one, which the compiler does not follow.
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }

/** How the runs in some rows went, in the order of the rows. */
export const performanceOf = (table: RunTable, rows: readonly number[]): Performance => {
  const [durations, iterations, errors] = [table.durationMs.told(rows), table.iterations.told(rows), table.errors.told(rows)]
  const ratings = ratingsOf(table, rows)
  const errorCount = errors.reduce((sum, count) => sum + count, 0)
  return {
    ...runCounts(table, rows),
    recent: runCounts(table, rows.slice(-latestRuns)),
    ...optional('duration', distributionOf(durations)),
    ...optional('iterations', distributionOf(iterations)),
    ...optional('tokens', distributionOf(table.tokens.told(rows))),
    ...optional('cost', distributionOf(table.cost.told(rows))),
    errors: { count: errorCount, perRun: rows.length === 0 ? 0 : errorCount / rows.length, runs: erroneousOf(table, rows) },
    reuse: wilson(table.reused.told(rows).filter((reused) => reused > 0).length, rows.length),
    ratings: {
      runs: ratings.length,
      positive: wilson(ratings.filter((rating) => rating > successFrom).length, ratings.length),
      ...(ratings.length === 0 ? {} : { mean: momentsOf(ratings).mean }),
    },
    trends: {
      success: trendOf(table.reward.told(rows)),
      duration: trendOf(durations),
      iterations: trendOf(iterations),
      errors: trendOf(table.errors.told(comparableErrors(table, rows))),
      rating: trendOf(ratings),
    },
    ...optional('change', changeOf(table, rows)),
    approaches: approachesOf(table, rows).slice(0, mostApproaches),
  }
}
