import { type ConfidenceInterval, meanRatio, momentsOf } from '../../statistics/means.ts'
import { newcombe, type ShareDifference } from '../../statistics/newcombe.ts'
import { type Spread, distributionOf } from '../../statistics/quantiles.ts'
import type { Share } from '../../statistics/share.ts'
import { wilson } from '../../statistics/wilson.ts'
import { type RunCounts, runCounts } from './run-counts.ts'
import type { RunTable } from './run-table.ts'

/** Fewer runs are not divided into periods. */
const fewestInPeriods = 10

/** A duration below this counts as so long, in milliseconds: nothing has no ratio. */
export const shortestMs = 0.001

/** One third of the runs. */
export interface Period extends RunCounts {
  /** When its first run happened, in milliseconds since 1970-01-01 UTC. */
  readonly since: number
  /** Milliseconds; absent where no run told. */
  readonly duration?: Spread
  /** Runs in which something went wrong, out of those that have steps or count their errors; where no run of either period does, out of all. */
  readonly erroneous: Share
  /** Mean rating of the rated runs, in [0, 1]; absent without any. */
  readonly rating?: number
}

/** What has changed since the first period. */
export interface PeriodChange {
  /** The first and the last third of the runs: of three equal parts, the outer two tell most of a change from beginning to end (Bartlett 1949). */
  readonly first: Period
  readonly last: Period
  /** Success of the last less that of the first. */
  readonly success: ShareDifference
  /** How many times as long the last take as the first, by geometric means; below 1 is faster. Absent where fewer than two of either told, or all took the same. */
  readonly duration?: ConfidenceInterval
  /** Share of runs with an error, last less first; below 0 is better. From −1 to 1 where one of them has no run that could be compared. */
  readonly errors: ShareDifference
  /** The part of the errors that is gone: 1 − last / first; below 0 there are more. Absent when there were none at first, or nothing to compare with. */
  readonly errorReduction?: number
  /** Mean rating, last less first, as of two shares. Absent where fewer than three of either are rated. */
  readonly rating?: ConfidenceInterval
}

/** Of fewer ratings that are all alike, one time in eight the others are all alike in the other way. */
const fewestRatings = 3

/** Ratings as what they amount to of so many. */
const shareOf = (ratings: readonly number[]): Share => wilson(ratings.reduce((sum, rating) => sum + rating, 0), ratings.length)

/** Most ratings are 0 or 1, and a few that are all alike have no variance to make an interval of: as counts they have one. */
const ratingChange = (last: readonly number[], first: readonly number[]): ConfidenceInterval | undefined => {
  if (Math.min(last.length, first.length) < fewestRatings) return undefined
  const { difference: value, low, high } = newcombe(shareOf(last), shareOf(first))
  return { value, low, high }
}

/** The share of runs in which something went wrong. */
export const erroneousOf = (table: RunTable, rows: readonly number[]): Share => wilson(table.errors.told(rows).filter((errors) => errors > 0).length, rows.length)

/** The runs whose errors can be compared: where some have steps, those that have; a run without any has none that could fail. */
export const comparableErrors = (table: RunTable, rows: readonly number[]): readonly number[] => {
  const watched = rows.filter((row) => table.watched.at(row) > 0)
  return watched.length > 0 ? watched : rows
}

/** Ratings of the runs in some rows that are rated. */
export const ratingsOf = (table: RunTable, rows: readonly number[]): number[] => rows.map((row) => table.ratingAt(row)).filter((rating) => !Number.isNaN(rating))

const periodOf = (table: RunTable, rows: readonly number[], comparable: ReadonlySet<number>, ratings: readonly number[]): Period => {
  const duration = distributionOf(table.durationMs.told(rows))
  return {
    ...runCounts(table, rows),
    since: table.occurredAt.at(rows[0] ?? -1),
    ...(duration === undefined ? {} : { duration }),
    erroneous: erroneousOf(table, rows.filter((row) => comparable.has(row))),
    ...(ratings.length === 0 ? {} : { rating: momentsOf(ratings).mean }),
  }
}

/** What has changed between the first third and the last third of some runs, in the order of their rows; undefined for fewer than ten. */
export const changeOf = (table: RunTable, rows: readonly number[]): PeriodChange | undefined => {
  if (rows.length < fewestInPeriods) return undefined
  const third = Math.floor(rows.length / 3)
  const [early, late] = [rows.slice(0, third), rows.slice(-third)]
  const [earlyRatings, lateRatings] = [ratingsOf(table, early), ratingsOf(table, late)]
  const comparable = new Set(comparableErrors(table, [...early, ...late]))
  const [first, last] = [periodOf(table, early, comparable, earlyRatings), periodOf(table, late, comparable, lateRatings)]
  const duration = meanRatio(table.durationMs.told(late), table.durationMs.told(early), shortestMs)
  const rating = ratingChange(lateRatings, earlyRatings)
  const [before = 0, after] = [first.erroneous.rate, last.erroneous.rate]
  return {
    first,
    last,
    success: newcombe(last.success, first.success),
    ...(duration === undefined ? {} : { duration }),
    errors: newcombe(last.erroneous, first.erroneous),
    ...(before === 0 || after === undefined ? {} : { errorReduction: 1 - after / before }),
    ...(rating === undefined ? {} : { rating }),
  }
}
