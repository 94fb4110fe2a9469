import { z } from 'zod'
import { kindsKnownTo } from '../evaluate/metrics/measured-runs.ts'
import { RunTable } from '../evaluate/metrics/run-table.ts'
import type { ExperienceKind } from '../learn/learner.ts'
import { replay } from '../learn/replay.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { refuseSeconds } from '../log/clock.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { prune, type PruneSettings, pruneInput } from '../state/prune.ts'
import type { Improvement } from './improvement.ts'
import { complaintsOn, ComplainedRuns } from './issues.ts'
import { proposalsFrom } from './proposals.ts'

const settingsInput = z.strictObject({
  examples: z.number().int().min(0).max(100).default(3),
  prune: pruneInput.optional(),
})

/** How to improve; every field has a default. */
export interface ImproveSettings {
  /** Examples of each kind of task, 0 to 100. Default 3. */
  readonly examples?: number
  /** What may be pruned, as `prune` takes it. Default: nothing is, and the report says what of the details of facts older than 90 days would go. */
  readonly prune?: PruneSettings
}

const dayMs = 24 * 3_600_000

/** Older details are proposed to be pruned. */
const oldDays = 90

/**
 * Housekeeping, to be done now and then: what people were not content with, by kind of task and with examples; pruning; and what the log is worth as training data. It learns
 * nothing and writes nothing but what pruning does.
 *
 * Reads the log once, and what was said of the runs that were complained of once more.
 *
 * @throws AutodidactError `INVALID_INPUT`, those of `prune` where it is to prune, and what the storage throws
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { run } = await autodidact.record({ task: 'Capital of Australia?', category: 'geography', response: 'Sydney' })
 * await autodidact.feedback(run, { correction: 'Canberra', comment: 'look again' }, { author: 'ada' })
 *
 * const { issues, exports } = await autodidact.improve()
 * console.assert(issues[0]?.kind === 'geography' && issues[0].corrections === 1)
 * console.assert(issues[0]?.examples[0]?.correction === 'Canberra')
 * console.assert(exports[1]?.use === 'preferences' && !exports[1].isWorthwhile)
 * await autodidact.close()
 * ```
 */
export const improve = async (scope: Scope, given: ImproveSettings = {}): Promise<Improvement> => {
  const { examples, prune: pruning } = validated(settingsInput, given, 'improve')
  // Before anything is read.
  refuseSeconds({ 'prune.before': pruning?.before }, scope.clock(), 'improve')
  const looked = await betweenErasures(scope.storage, scope.namespace, () => lookedAt(scope, examples))
  // Last, because it takes texts that are examples.
  if (pruning === undefined && scope.storage.thin === undefined) return looked
  return { ...looked, pruned: await prune(scope, pruning ?? { before: Math.max(0, scope.clock() - oldDays * dayMs), dryRun: true }) }
}

const lookedAt = async (scope: Scope, examples: number): Promise<Improvement> => {
  const { storage, namespace, settings } = scope
  const table = new RunTable(await kindsKnownTo(scope))
  const complained = new ComplainedRuns()
  const kinds = ['run.recorded', 'run.settled', 'feedback.received'] as const satisfies readonly ExperienceKind[]
  await replay({ storage, namespace, credit: settings.credit }, kinds, (experience) => {
    table.add(experience)
    complained.add(experience)
  })
  const { issues, corrected } = await complaintsOn(scope, table, complained.rowsIn(table), examples)
  return { issues, exports: proposalsFrom(table, corrected) }
}
