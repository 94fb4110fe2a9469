import { type ErrorGroup, errorGroupsIn } from '../../evaluate/metrics/error-groups.ts'
import type { RunGroup } from '../../evaluate/metrics/groups.ts'
import { latestRuns } from '../../evaluate/metrics/performance.ts'
import type { RunTable } from '../../evaluate/metrics/run-table.ts'
import { type ActionFigures, actionsOf, parallelIn, repeatsIn, type Saving } from '../../evaluate/metrics/steps.ts'
import type { ErrorFixesView } from '../../learn/learners/error-fixes.ts'
import type { FactOf } from '../../log/fact.ts'
import type { Compared } from './comparisons.ts'
import type { Finding, RecommendationLimits } from './recommendation.ts'
import { hasOverlap, leastSaved, runTime, waitedMs } from './run-time.ts'

/** Fewer runs of an agent in a category recommend nothing. */
export const fewestRuns = 5

/** Part of a run that must be to gain where no limit says what is worth while. */
export const worthwhile = 0.1

/** From this part of the time on the slowest step is named. */
const standsOut = 1 / 3

/** A step that takes at least so much of the time is looked at by itself. */
const mostOfTheTime = 0.5

/** Fewer uses of a step have no median to speak of. */
const fewestUses = 10

/** What takes more than so many times the median is out of the ordinary. */
const outlying = 2

/** How sure a report is of what it recommends, in words: of all of it at once. */
export const surely = 'with 95 % confidence'

/** What could be left out of a run, or need not be waited for. */
export interface LookedSaving {
  readonly steps: number
  /** Whether these steps tell how long they took. */
  readonly isTimed: boolean
  /** Milliseconds that the run takes less without; at least, where steps are done at the same time. */
  readonly savedMs: number
}

/** What is kept of a run while others are looked at: numbers only, because steps may hold much. */
export interface LookedRun {
  readonly id: string
  /** Milliseconds: what the run says or, where it says nothing, its steps one after the other. */
  readonly timeMs: number
  readonly steps: number
  /** Calls that had been made before with the same result. */
  readonly repeated: LookedSaving
  /** Steps that waited for others without need. */
  readonly waiting: LookedSaving
  /** Milliseconds that uses of {@link Window.uneven} took above its median, where they took more than twice that; as far as the run had to wait for them. */
  readonly outlyingMs: number
}

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
  /** The runs of the rows. */
  readonly runs: readonly LookedRun[]
  readonly actions: readonly ActionFigures[]
  /** The step that takes at least half of the time, where its median is known. */
  readonly uneven?: ActionFigures
  readonly errors: readonly ErrorGroup[]
  /** What has helped against errors like one; empty where nothing is known. */
  readonly fixesFor: ErrorFixesView['fixesFor']
  /** Other agents' runs of this kind of task. */
  readonly others: readonly RunGroup[]
  readonly limits: Required<RecommendationLimits>
}

/** Says what it compares, and what is to gain. */
export type Rule = (window: Window) => Compared

/** The rows that recommendations for a group are about, and those that they are compared with. */
export const windowRows = ({ rows }: RunGroup): { readonly rows: readonly number[]; readonly first: readonly number[] } => {
  const before = Math.min(Math.floor(rows.length / 3), rows.length - latestRuns)
  return { rows: rows.slice(-latestRuns), first: before < fewestRuns ? [] : rows.slice(0, before) }
}

/** Everything of a window but what follows from its group and its runs. */
export type WindowSurroundings = Pick<Window, 'table' | 'others' | 'limits' | 'fixesFor'>

type Recorded = FactOf<'run.recorded'>

/** The step that has its median looked at. */
const unevenIn = ([step]: readonly ActionFigures[]): ActionFigures | undefined =>
  step?.share === undefined || step.duration === undefined || step.share < mostOfTheTime || step.duration.count < fewestUses ? undefined : step

const savingOf = (saving: Saving | undefined, savedOf: (durationMs: number) => number): LookedSaving => {
  const { steps, durationMs } = saving ?? { steps: 0, durationMs: 0 }
  return { steps, isTimed: durationMs > 0, savedMs: savedOf(durationMs) }
}

const lookedAt = (runs: readonly Recorded[], uneven: ActionFigures | undefined): LookedRun[] => {
  const [repeated, waiting] = [repeatsIn(runs), parallelIn(runs)]
  const usual = uneven?.duration?.median ?? Infinity
  const outlyingOf = ({ action, durationMs = 0 }: Recorded['data']['steps'][number]): number => (action === uneven?.action && durationMs > outlying * usual ? durationMs - usual : 0)
  const times = runs.map(({ data }) => runTime(data))
  // Of one run is enough: the others, which do more beside their steps, do these no differently, and only do not show it.
  const isOverlapping = times.some(hasOverlap)
  return runs.flatMap(({ id, data }, place) => {
    const time = times[place]
    if (time === undefined) return []
    return [
      {
        id,
        timeMs: time.tookMs,
        steps: data.steps.length,
        repeated: savingOf(repeated[place], (durationMs) => leastSaved(time, durationMs, isOverlapping)),
        waiting: savingOf(waiting[place], (durationMs) => waitedMs(time, durationMs, isOverlapping)),
        outlyingMs: leastSaved(time, data.steps.reduce((sum, step) => sum + outlyingOf(step), 0), isOverlapping),
      },
    ]
  })
}

export const windowOf = (group: RunGroup, recorded: readonly Recorded[], surroundings: WindowSurroundings): Window => {
  const actions = actionsOf(recorded)
  const uneven = unevenIn(actions)
  return {
    ...surroundings,
    group,
    ...windowRows(group),
    runs: lookedAt(recorded, uneven),
    actions,
    ...(uneven === undefined ? {} : { uneven }),
    errors: errorGroupsIn(recorded),
  }
}

/** The step that takes most of the time, where one stands out. */
export const slowestStep = ({ actions }: Window): Pick<Finding, 'bottleneck'> => {
  const [slowest] = actions
  return slowest?.share !== undefined && slowest.share >= standsOut ? { bottleneck: slowest } : {}
}

/** What the finding rests on: the numbers, and the runs in some rows. @param looked rows that were looked at */
export const evidenceOf = (window: Window, statement: string, rows: readonly number[], looked: readonly number[] = window.rows): Finding['evidence'] => ({
  statement,
  looked: looked.length,
  runs: rows.slice(-latestRuns).map((row) => window.table.idAt(row)),
})
