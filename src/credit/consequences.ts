import type { NewFactOf } from '../log/fact.ts'
import type { Batch } from '../storage/storage.ts'
import type { Dossier } from './dossier.ts'
import { standingOf } from './standing.ts'

/** A run as the log had it, and as it has it after a write. */
export interface Changed {
  readonly before: Dossier
  readonly after: Dossier
}

/** What has to be in the same batch as a change of some runs. */
export type Consequences = Required<Pick<Batch, 'expect' | 'standings' | 'deadlines'>>

/**
 * Everything that a write, or an erasure, means for its runs: that nobody else may have written to them since they were read, how recall treats them
 * from now on, and until when they wait for a verdict. What learners see of it is not written; `settle` derives it from the log, for whoever folds it.
 */
export const consequences = (changed: readonly Changed[]): Consequences => ({
  expect: changed.map(({ before }) => ({ run: before.run, sequence: before.lastSequence })),
  standings: changed
    // A run that was not recorded has no index row to change; one that is recorded now is written with its row.
    .filter(({ before, after }) => before.recorded !== undefined && after.recorded !== undefined)
    .map(({ after }) => ({ id: after.run, standing: standingOf(after) })),
  deadlines: changed.map(({ after }) => ({ run: after.run, expiresAt: after.verdict === undefined ? after.deadline : undefined })),
})

/**
 * The same for advice and decisions, which are written without reading their run: it waits for a verdict until the earliest of their deadlines, or until one that
 * is earlier still. Nothing else follows, since neither says how the run went.
 */
export const consequencesOfAsking = (run: string, facts: readonly NewFactOf<'advice.given' | 'decision.made'>[]): Pick<Batch, 'deadlines'> => {
  const deadlines = facts.flatMap(({ data }) => data.expiresAt ?? [])
  return deadlines.length === 0 ? {} : { deadlines: [{ run, expiresAt: Math.min(...deadlines), keepEarlier: true }] }
}
