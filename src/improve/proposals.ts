import { successFrom } from '../evaluate/metrics/run-counts.ts'
import type { RunTable } from '../evaluate/metrics/run-table.ts'
import type { ExportProposal } from './improvement.ts'

/** Fewer different tasks teach a model their answers by heart. */
const fewestTasks = 100

const namedKinds = 5

const uses = {
  demonstrations: { what: 'tasks with a right answer', kinds: ['run.recorded', 'feedback.received', 'feedback.retracted'] },
  preferences: { what: 'tasks with a wrong and a right answer', kinds: ['run.recorded', 'feedback.received', 'feedback.retracted'] },
} as const

const proposalOf = (table: RunTable, use: ExportProposal['use'], rows: readonly number[]): ExportProposal => {
  const tasks = new Set(rows.map((row) => table.taskHash.at(row))).size
  const kinds = [...Map.groupBy(rows, (row) => table.kind.at(row) ?? '')]
    .map(([kind, own]) => ({ kind, examples: own.length }))
    .toSorted((left, right) => right.examples - left.examples || (left.kind < right.kind ? -1 : 1))
  const isWorthwhile = tasks >= fewestTasks
  // The earliest that was written, which need not be the first that happened.
  const since = rows.reduce((least, row) => Math.min(least, table.recordedAt.at(row)), Infinity)
  const { what, kinds: factKinds } = uses[use]
  return {
    use,
    examples: rows.length,
    tasks,
    users: new Set(rows.map((row) => table.user.at(row))).size,
    kinds: kinds.slice(0, namedKinds),
    isWorthwhile,
    settings: { kinds: factKinds, ...(rows.length === 0 ? {} : { since }) },
    answer: `${tasks} different ${what} in ${rows.length} runs: ${isWorthwhile ? 'worth exporting' : `${fewestTasks - tasks} more are needed before that is worth exporting`}.`,
  }
}

/** What the log could teach a model: right answers, and wrong ones beside them. @param corrected rows of runs whose answer was replaced by another */
export const proposalsFrom = (table: RunTable, corrected: readonly number[]): ExportProposal[] => {
  const isCorrected = new Set(corrected)
  const right = table.rows.filter((row) => isCorrected.has(row) || (table.answered.at(row) > 0 && table.reward.at(row) > successFrom))
  return [proposalOf(table, 'demonstrations', right), proposalOf(table, 'preferences', corrected)]
}
