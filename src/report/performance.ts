import { groupPerformances, groupsOf, mostGroups } from '../evaluate/metrics/groups.ts'
import { successFrom } from '../evaluate/metrics/run-counts.ts'
import type { RunTable } from '../evaluate/metrics/run-table.ts'
import { offeredTo } from '../fixes/fixes.ts'
import { createErrorFixes, type ErrorFixesView } from '../learn/learners/error-fixes.ts'
import type { FactOf } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import { recommendationsFor } from './recommendations/recommend.ts'
import type { Recommendation, RecommendationLimits } from './recommendations/recommendation.ts'
import { fewestRuns, type Window, windowOf, windowRows } from './recommendations/window.ts'
import type { GroupReport } from './summary.ts'

/** Actions of a group that are named. */
const namedSteps = 3

/** An approach that went well so often recurs. */
const fewestSuccesses = 3

/** Groups, and what their latest runs recommend. */
export interface GroupReports {
  readonly groups: readonly GroupReport[]
  readonly groupCount: number
  readonly recommendations: readonly Recommendation[]
}

/** The runs in some rows as they were recorded, in the order of the rows. */
const recordedIn = async ({ storage, namespace }: Scope, table: RunTable, rows: readonly number[]): Promise<FactOf<'run.recorded'>[]> => {
  const runs = new Map<string, FactOf<'run.recorded'>>()
  const ids = rows.map((row) => table.idAt(row))
  for await (const page of storage.read('', { namespace, ids, kinds: ['run.recorded'] })) {
    for (const fact of page) if (fact.kind === 'run.recorded') runs.set(fact.id, fact)
  }
  return ids.flatMap((id) => runs.get(id) ?? [])
}

/** With learning off nothing is known. */
const noFixes: Pick<ErrorFixesView, 'fixesFor'> = { fixesFor: () => [] }

/** Looks at each kind of task and agent; of those with enough runs it reads the latest twenty once more, because steps are not kept in the table. */
export const groupReports = async (scope: Scope, table: RunTable, limits: Required<RecommendationLimits>): Promise<GroupReports> => {
  const all = groupsOf(table)
  const shown = all.slice(0, mostGroups)
  const groups: GroupReport[] = []
  const windows: Window[] = []
  const known = scope.settings.learning ? await scope.runner.viewOfAny(scope.namespace, createErrorFixes({ solutionLimit: scope.settings.patterns.solutionLimit })) : noFixes
  const isOffered = await offeredTo(scope)
  const fixesFor: ErrorFixesView['fixesFor'] = (error, settings) => known.fixesFor(error, settings, isOffered)
  for (const [place, performance] of groupPerformances(table, shown).entries()) {
    const group = shown[place]
    if (group === undefined || group.rows.length < fewestRuns) {
      groups.push({ ...performance, steps: [] })
      continue
    }
    const others = shown.filter(({ category, agent }) => category === group.category && agent !== group.agent)
    const window = windowOf(group, await recordedIn(scope, table, windowRows(group).rows), { table, others, limits, fixesFor })
    groups.push({ ...performance, steps: window.actions.slice(0, namedSteps) })
    windows.push(window)
  }
  return { groups, groupCount: all.length, recommendations: recommendationsFor(windows) }
}

/** Pairs of a kind of task and an approach that recur in runs that go well. */
export const patternsIn = (table: RunTable): number => {
  const successes = new Map<string, number>()
  for (const row of table.rows) {
    const approach = table.approach.at(row)
    if (approach === undefined || !(table.reward.at(row) > successFrom)) continue
    const pattern = JSON.stringify([table.kind.at(row), approach])
    successes.set(pattern, (successes.get(pattern) ?? 0) + 1)
  }
  return [...successes.values()].filter((count) => count >= fewestSuccesses).length
}
