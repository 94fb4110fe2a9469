import type { RunOutline, RunOutlinesView } from '../learn/learners/run-outlines.ts'
import type { TaskStatisticsView } from '../learn/learners/task-statistics.ts'
import { type Found, groupsOf, type JudgedRun } from './found.ts'
import { agentCapabilities, failurePatterns, optimizations, successPatterns, taskStrategies } from './habits.ts'
import { type Judged, judged, surest } from './judged.ts'
import type { LearningThresholds } from './settings.ts'
import { errorRecoveries, sharedHabits } from './shared.ts'

const judgedRuns = (runs: readonly RunOutline[], kinds: TaskStatisticsView): JudgedRun[] =>
  runs.flatMap((run) => {
    const { verdict, category, topic } = run
    if (verdict === undefined || verdict.weight <= 0) return []
    return [{ ...run, verdict, kind: kinds.kindOf({ task: '', ...(category === undefined ? {} : { category }), ...(topic === undefined ? {} : { topic }) }) }]
  })

/** What recurs in runs that were judged. */
export interface Extracted {
  /** What can be said, the surest first. */
  readonly told: readonly Judged[]
  /** All that was asked for that, whether anything can be said of it or not. */
  readonly asked: readonly Found[]
}

const extract = (runs: readonly JudgedRun[], thresholds: LearningThresholds): Extracted => {
  const groups = groupsOf(runs)
  const habits = groups.flatMap((group) => [successPatterns, failurePatterns, taskStrategies, optimizations].flatMap((find) => find(group, thresholds)))
  const found = [...habits, ...agentCapabilities(groups, thresholds), ...sharedHabits(habits, runs, thresholds), ...errorRecoveries(runs, thresholds)]
  return { told: found.flatMap(judged).sort(surest), asked: found }
}

/** Lists live as long as no run is added or judged, each in one instance, whose thresholds do not change; what was made of them goes with them. */
const known = new WeakMap<readonly RunOutline[], Extracted>()

/** All that recurs in the latest runs that were judged. */
export const extracted = (outlines: RunOutlinesView, kinds: TaskStatisticsView, thresholds: LearningThresholds): Extracted => {
  const runs = outlines.runs()
  const made = known.get(runs) ?? extract(judgedRuns(runs, kinds), thresholds)
  known.set(runs, made)
  return made
}
