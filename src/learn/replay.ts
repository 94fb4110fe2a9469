import type { CreditRules } from '../credit/rules.ts'
import type { Storage } from '../storage/storage.ts'
import type { Experience, ExperienceKind, Learner } from './learner.ts'
import { Runner } from './runner.ts'

/** Runs kept joined while the log streams past, about 4 kB each. */
export const runsInMemory = 4096

/** Whose log is replayed, and how it is read as credit: as by those who learned from it. */
export interface ReplayedLog {
  readonly storage: Storage
  readonly namespace: string
  readonly credit: CreditRules
}

/**
 * Streams the whole log of a namespace, with the settlements that the credit join derives from it, past a visitor: once, in order, in slices that
 * leave other work its turn. A verdict that comes later than {@link runsInMemory} other runs has its run read once more. Nothing is kept and no snapshot is read or written.
 */
export const replay = async (log: ReplayedLog, kinds: readonly ExperienceKind[], visit: (experience: Experience) => void): Promise<void> => {
  const { storage, namespace, credit } = log
  // A learner that keeps nothing: so the log is joined by the very code that learns from it.
  const visitor: Learner<undefined, undefined> = {
    name: 'replay',
    version: 1,
    handles: kinds,
    initial: () => undefined,
    learn: (_, experience) => {
      visit(experience)
      return undefined
    },
    view: () => undefined,
    save: () => new Uint8Array(),
    load: () => undefined,
  }
  await new Runner(storage, { learners: [visitor], credit, snapshotEvery: Number.POSITIVE_INFINITY, runsInMemory }).view(namespace, visitor)
}
