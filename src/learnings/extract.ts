import type { RunOutline, RunOutlinesView } from '../learn/learners/run-outlines.ts'
import type { TaskStatisticsView } from '../learn/learners/task-statistics.ts'
import { type Found, groupsOf, type JudgedRun } from './found.ts'
import { agentCapabilities, failurePatterns, optimizations, successPatterns, taskStrategies } from './habits.ts'
import { judged, surest } from './judged.ts'
import type { Learning } from './learning.ts'
import { bestPractices, errorRecoveries } from './shared.ts'

/** A learning with the runs it was seen in. */
export interface Extracted {
  readonly found: Found
  readonly learning: Learning
}

const judgedRuns = (runs: readonly RunOutline[], kinds: TaskStatisticsView): JudgedRun[] =>
  runs.flatMap((run) => {
    const { verdict, category, topic } = run
    if (verdict === undefined || verdict.weight <= 0) return []
    return [{ ...run, verdict, kind: kinds.kindOf({ task: '', ...(category === undefined ? {} : { category }), ...(topic === undefined ? {} : { topic }) }) }]
  })

const extract = (runs: readonly JudgedRun[]): Extracted[] => {
  const groups = groupsOf(runs)
  const habits = groups.flatMap((group) => [...successPatterns(group), ...failurePatterns(group), ...taskStrategies(group), ...optimizations(group)])
  const found = [...habits, ...agentCapabilities(groups), ...bestPractices(habits, runs), ...errorRecoveries(runs)]
  return found.map((one) => ({ found: one, learning: judged(one) })).sort((left, right) => surest(left.learning, right.learning))
}

/** Lists live as long as no run is added or judged; what was made of them goes with them. */
const known = new WeakMap<readonly RunOutline[], readonly Extracted[]>()

/** All that recurs in the latest runs that were judged, the surest first. */
export const extracted = (outlines: RunOutlinesView, kinds: TaskStatisticsView): readonly Extracted[] => {
  const runs = outlines.runs()
  const made = known.get(runs) ?? extract(judgedRuns(runs, kinds))
  known.set(runs, made)
  return made
}
