import { asWritten } from '../log/blobs.ts'
import type { NewFact } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import type { IndexEntry } from '../storage/storage.ts'
import { consequences } from './consequences.ts'
import { Dossier } from './dossier.ts'
import { factsOfRun, untilUndisturbed } from './run-facts.ts'

/** What is to be written to a run. */
export interface Addition {
  readonly facts: readonly NewFact[]
  /** The index row of the run, for the fact that records it, once it is known what the log says of it then. */
  readonly index?: (after: Dossier) => IndexEntry
}

/** What became of it. */
export interface Appended<Made extends Addition> {
  readonly made: Made
  /** False when it had all been written before: then nothing was written now. */
  readonly stored: boolean
  /** The run as it was. */
  readonly before: Dossier
  /** The run as it is. */
  readonly after: Dossier
}

/**
 * Writes to a run what depends on what the log says of it, with all that follows, in one batch; made anew from a fresh reading when somebody else wrote to the
 * run in between. Every verb that says what was done in a run, or how it went, writes through here.
 *
 * @param make may be called more than once, and says what is to be written; nothing when nothing is any more
 * @throws AutodidactError `CONFLICT` when others kept writing to the run, whatever `make` throws, and what the storage throws
 */
export const appendToRun = <Made extends Addition>(scope: Scope, run: string, make: (before: Dossier) => Promise<Made>): Promise<Appended<Made>> =>
  untilUndisturbed(async () => {
    const { storage, namespace } = scope
    const known = await factsOfRun(storage, namespace, run)
    const before = Dossier.of(run, known, scope.settings.credit)
    const made = await make(before)
    const batch = asWritten(made.facts)
    const after = Dossier.of(run, known, scope.settings.credit)
    for (const fact of batch.facts) after.add({ ...fact, namespace, sequence: after.lastSequence + 1, recordedAt: scope.clock() })
    const { facts } = await storage.commit({
      namespace,
      ...batch,
      ...consequences([{ before, after }]),
      ...(made.index === undefined ? {} : { index: [made.index(after)] }),
    })
    const stored = facts.some(({ status }) => status === 'stored')
    return { made, stored, before, after: stored ? after : before }
  })
