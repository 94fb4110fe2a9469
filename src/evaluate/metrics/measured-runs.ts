import { replay } from '../../learn/replay.ts'
import { taskStatistics } from '../../learn/learners/task-statistics.ts'
import type { Scope } from '../../scope.ts'
import { type KindOf, RunTable } from './run-table.ts'

/** Says of a run without a category which of the kinds that were learned it is like. */
export const kindsKnownTo = async ({ runner, namespace }: Scope): Promise<KindOf> => {
  const statistics = await runner.view(namespace, taskStatistics)
  return (recorded) => statistics.kindOf(recorded)
}

/** All recorded runs of the namespace, read from the log once. */
export const measuredRuns = async (scope: Scope): Promise<RunTable> => {
  const { storage, namespace, settings } = scope
  const table = new RunTable(await kindsKnownTo(scope))
  const kinds = ['run.recorded', 'run.settled', 'advice.given', 'feedback.received', 'feedback.retracted'] as const
  await replay({ storage, namespace, credit: settings.credit }, kinds, (experience) => table.add(experience))
  return table
}
