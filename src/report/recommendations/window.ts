import { type ErrorGroup, errorGroupsIn } from '../../evaluate/metrics/error-groups.ts'
import type { RunGroup } from '../../evaluate/metrics/groups.ts'
import { latestRuns } from '../../evaluate/metrics/performance.ts'
import type { RunTable } from '../../evaluate/metrics/run-table.ts'
import { type ActionFigures, actionsOf } from '../../evaluate/metrics/steps.ts'
import type { ErrorFixesView } from '../../learn/learners/error-fixes.ts'
import type { FactOf } from '../../log/fact.ts'
import type { Finding, RecommendationLimits } from './recommendation.ts'

/** Fewer runs of an agent in a category recommend nothing. */
export const fewestRuns = 5

/** Part of a run that must be to gain, with a confidence of 95 %, where no limit says what is worth while. */
export const worthwhile = 0.1

/** From this part of the time on the slowest step is named. */
const standsOut = 1 / 3

/**
 * The latest runs of one agent on one kind of task. What is recommended is about them, so that what has become better is no longer complained of. They are compared
 * with the first third of all runs, as far as that is before them.
 */
export interface Window {
  readonly group: RunGroup
  readonly table: RunTable
  /** At most twenty rows. */
  readonly rows: readonly number[]
  /** Rows of the first third; empty where they would be fewer than five. */
  readonly first: readonly number[]
  /** The runs of the rows, as they were recorded. */
  readonly runs: readonly FactOf<'run.recorded'>[]
  readonly actions: readonly ActionFigures[]
  readonly errors: readonly ErrorGroup[]
  /** What has helped against errors like one; empty where nothing is known. */
  readonly fixesFor: ErrorFixesView['fixesFor']
  /** Other agents' runs of this kind of task. */
  readonly others: readonly RunGroup[]
  readonly limits: Required<RecommendationLimits>
}

/** Says what is to gain; nothing where it is not shown. */
export type Rule = (window: Window) => readonly Finding[]

/** The rows that recommendations for a group are about, and those that they are compared with. */
export const windowRows = ({ rows }: RunGroup): { readonly rows: readonly number[]; readonly first: readonly number[] } => {
  const before = Math.min(Math.floor(rows.length / 3), rows.length - latestRuns)
  return { rows: rows.slice(-latestRuns), first: before < fewestRuns ? [] : rows.slice(0, before) }
}

/** Everything of a window but what follows from its group and its runs. */
export type WindowSurroundings = Pick<Window, 'table' | 'others' | 'limits' | 'fixesFor'>

export const windowOf = (group: RunGroup, runs: Window['runs'], surroundings: WindowSurroundings): Window => ({
  ...surroundings,
  group,
  ...windowRows(group),
  runs,
  actions: actionsOf(runs),
  errors: errorGroupsIn(runs),
})

/** The step that takes most of the time, where one stands out. */
export const slowestStep = ({ actions }: Window): Pick<Finding, 'bottleneck'> => {
  const [slowest] = actions
  return slowest?.share !== undefined && slowest.share >= standsOut ? { bottleneck: slowest } : {}
}

/** What the finding rests on: the numbers, and the runs in some rows of the window. */
export const evidenceOf = (window: Window, statement: string, rows: readonly number[]): Finding['evidence'] => ({
  statement,
  looked: window.rows.length,
  runs: rows.slice(-latestRuns).map((row) => window.table.idAt(row)),
})
