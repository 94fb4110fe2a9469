import type { RunOutline, RunOutlinesView } from '../learn/learners/run-outlines.ts'
import type { TaskStatisticsView } from '../learn/learners/task-statistics.ts'
import { groupsOf, type JudgedRun } from './found.ts'
import { agentCapabilities, failurePatterns, optimizations, successPatterns, taskStrategies } from './habits.ts'
import { type Judged, judged, surest } from './judged.ts'
import { bestPractices, errorRecoveries } from './shared.ts'

const judgedRuns = (runs: readonly RunOutline[], kinds: TaskStatisticsView): JudgedRun[] =>
  runs.flatMap((run) => {
    const { verdict, category, topic } = run
    if (verdict === undefined || verdict.weight <= 0) return []
    return [{ ...run, verdict, kind: kinds.kindOf({ task: '', ...(category === undefined ? {} : { category }), ...(topic === undefined ? {} : { topic }) }) }]
  })

const extract = (runs: readonly JudgedRun[]): Judged[] => {
  const groups = groupsOf(runs)
  const habits = groups.flatMap((group) => [...successPatterns(group), ...failurePatterns(group), ...taskStrategies(group), ...optimizations(group)])
  const found = [...habits, ...agentCapabilities(groups), ...bestPractices(habits, runs), ...errorRecoveries(runs)]
  return found.map(judged).sort(surest)
}

/** Lists live as long as no run is added or judged; what was made of them goes with them. */
const known = new WeakMap<readonly RunOutline[], readonly Judged[]>()

/** All that recurs in the latest runs that were judged, the surest first. */
export const extracted = (outlines: RunOutlinesView, kinds: TaskStatisticsView): readonly Judged[] => {
  const runs = outlines.runs()
  const made = known.get(runs) ?? extract(judgedRuns(runs, kinds))
  known.set(runs, made)
  return made
}
