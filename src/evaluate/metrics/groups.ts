import { type Performance, performanceOf } from './performance.ts'
import type { RunTable } from './run-table.ts'
import { adjustedTrends, type Trend } from './trend.ts'

/** Groups that are looked at in full, those with the most runs. */
export const mostGroups = 100

/** The runs of one agent on one kind of task, as rows of a table. */
export interface RunGroup {
  readonly category: string
  /** Absent for runs that name no agent. */
  readonly agent?: string
  readonly rows: readonly number[]
}

/** How one agent does one kind of task. */
export interface GroupPerformance extends Performance {
  /** The category that was given, or the kind that the task is like. */
  readonly category: string
  /** Absent for runs that name no agent. */
  readonly agent?: string
}

const byName = (left: string | undefined, right: string | undefined): number => ((left ?? '') < (right ?? '') ? -1 : Number((left ?? '') > (right ?? '')))

/** Runs by kind of task and agent, the most runs first. */
export const groupsOf = (table: RunTable): RunGroup[] => {
  const byKind = Map.groupBy(table.rows, (row) => table.kind.at(row) ?? '')
  return [...byKind]
    .flatMap(([category, rows]) =>
      [...Map.groupBy(rows, (row) => table.agent.at(row))].map(([agent, own]): RunGroup => ({ category, ...(agent === undefined ? {} : { agent }), rows: own })),
    )
    .toSorted((left, right) => right.rows.length - left.rows.length || byName(left.category, right.category) || byName(left.agent, right.agent))
}

const measures = ['success', 'duration', 'iterations', 'errors', 'rating'] as const satisfies readonly (keyof Performance['trends'])[]

/** How several sets of runs went, with the trends of each measure adjusted for their number: of a hundred sets without any, five would seem to have one. */
const performancesOf = (table: RunTable, sets: readonly (readonly number[])[]): Performance[] => {
  const all = sets.map((rows) => performanceOf(table, rows))
  const adjusted = new Map(measures.map((measure) => [measure, adjustedTrends(all.map(({ trends }) => trends[measure]))]))
  return all.map((one, place) => {
    const trendIn = (measure: (typeof measures)[number]): Trend => adjusted.get(measure)?.[place] ?? one.trends[measure]
    return {
      ...one,
      trends: { success: trendIn('success'), duration: trendIn('duration'), iterations: trendIn('iterations'), errors: trendIn('errors'), rating: trendIn('rating') },
    }
  })
}

/** How each of several groups does. */
export const groupPerformances = (table: RunTable, groups: readonly RunGroup[]): GroupPerformance[] => {
  const performances = performancesOf(table, groups.map(({ rows }) => rows))
  return groups.flatMap(({ category, agent }, place) => {
    const performance = performances[place]
    return performance === undefined ? [] : [{ category, ...(agent === undefined ? {} : { agent }), ...performance }]
  })
}

/** How the runs of each name of a column went, of the hundred names with the most runs. */
export const performancesBy = (table: RunTable, nameAt: (row: number) => string | undefined): ReadonlyMap<string | undefined, Performance> => {
  const sets = [...Map.groupBy(table.rows, nameAt)].toSorted(([one, left], [other, right]) => right.length - left.length || byName(one, other)).slice(0, mostGroups)
  const performances = performancesOf(table, sets.map(([, rows]) => rows))
  return new Map(sets.flatMap(([name], place) => (performances[place] === undefined ? [] : [[name, performances[place]] as const])))
}
