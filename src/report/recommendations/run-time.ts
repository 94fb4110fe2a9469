import type { FactOf } from '../../log/fact.ts'

/** What clocks may differ by, as a part of a run, before its steps are said to have overlapped: durations are rounded each by itself. */
const clockError = 0.02

/** How long a run took, beside what its steps took. All in milliseconds. */
export interface RunTime {
  /** By the run's own word; where it has none, its steps one after the other. */
  readonly tookMs: number
  /** Whether the run tells how long it took. */
  readonly isTold: boolean
  /** All steps that tell theirs, one after the other. */
  readonly summedMs: number
  readonly longestMs: number
}

export const runTime = ({ durationMs, steps }: FactOf<'run.recorded'>['data']): RunTime => {
  const durations = steps.map((step) => step.durationMs ?? 0)
  const summedMs = durations.reduce((sum, duration) => sum + duration, 0)
  return { tookMs: durationMs ?? summedMs, isTold: durationMs !== undefined, summedMs, longestMs: durations.reduce((most, duration) => Math.max(most, duration), 0) }
}

/** Whether the steps together took longer than the run: some of them were done at the same time. */
export const hasOverlap = ({ tookMs, summedMs }: RunTime): boolean => summedMs > tookMs * (1 + clockError)

/**
 * What a run takes less, at least, if its steps take so much less. One after the other: just that. At the same time: steps that overlap take no less than the longest of them now, and no more than the sum of what is
 * left of them then; which of them waited for which is not known. Never more than the run took.
 *
 * @param savedMs of the durations of its steps
 * @param isOverlapping whether steps of this agent are known to be done at the same time
 */
export const leastSaved = ({ tookMs, summedMs, longestMs }: RunTime, savedMs: number, isOverlapping: boolean): number => {
  if (!isOverlapping) return Math.min(savedMs, tookMs)
  if (!Number.isFinite(summedMs)) return 0
  return Math.min(Math.max(0, longestMs - (summedMs - savedMs)), savedMs, tookMs)
}

/**
 * What a run takes less if steps that wait for one another without need are done at the same time: never more than it takes beyond its longest step. Nothing where some are done so already, because it is
 * not known which, or where the run does not tell how long it took.
 */
export const waitedMs = ({ tookMs, isTold, longestMs }: RunTime, waitingMs: number, isOverlapping: boolean): number =>
  isOverlapping || !isTold ? 0 : Math.max(0, Math.min(waitingMs, tookMs - longestMs))
