import type { CreditRules } from '../credit/rules.ts'
import type { Snapshot, Storage } from '../storage/storage.ts'
import { Fold } from './fold.ts'
import type { Learner } from './learner.ts'
import { Mind, type Placed } from './mind.ts'
import { type RollBack, rollBacks, sameUpTo, type Skip, skipsOf } from './roll-backs.ts'
import type { TimelineSettings } from './timeline.ts'
import { Worths } from './worths.ts'

const leaseMs = 30_000

const placeName = (namespace: string, key: string): string => JSON.stringify([namespace, key])

/**
 * Minds as they are saved: a short cut, and nothing but that. One that cannot be saved or loaded, or turns out to be damaged, is counted and folded anew from the
 * log, which has everything that it had.
 */
export class SavedMinds {
  readonly #storage: Storage
  readonly #credit: CreditRules
  readonly #skips: readonly Skip[] | undefined
  /** Namespaces and learners whose saved state is damaged, until a better one is saved. */
  readonly #damaged = new Set<string>()
  /** By namespace, what is being written. */
  readonly #writing = new Map<string, Promise<boolean>>()
  #failed = 0

  /** @param skips stretches of the log that are passed over, whatever it says of roll-backs; undefined: as it says */
  constructor(storage: Storage, credit: CreditRules, skips: readonly Skip[] | undefined) {
    this.#storage = storage
    this.#credit = credit
    this.#skips = skips
  }

  /** How many could not be saved or loaded. */
  get failed(): number {
    return this.#failed
  }

  /** Under what a learner is saved. The rules of credit change what is learned, so state folded under others is another state. */
  keyOf({ name, version }: Pick<Learner, 'name' | 'version'>): string {
    return this.#credit.key === '' ? `${name}@${version}` : `${name}@${version}#${this.#credit.key}`
  }

  /** Under what is kept up to where it was written down what runs and decisions earned. */
  get #worthsKey(): string {
    return this.keyOf({ name: 'worths', version: 1 })
  }

  async load(settings: TimelineSettings, epoch: number, learners: readonly Learner[]): Promise<Mind> {
    const { namespace } = settings
    this.#credit.refused.drop(namespace)
    const saved = (learner: Learner): Promise<Snapshot | undefined> => this.#saved(namespace, this.keyOf(learner))
    const said = this.#continued(rollBacks, await saved(rollBacks))
    // The fold is that of the learner of roll-backs, so its view has this type.
    const all = this.#skips === undefined ? (said.view() as readonly RollBack[]) : []
    const placed: Placed[] = []
    for (const learner of learners) {
      const skips = skipsOf(all, learner.name)
      const snapshot = await saved(learner)
      // One that lies behind the last known roll-back, or before one that it does not know of, may hold what its learner is not to know.
      const valid = snapshot !== undefined && snapshot.sequence <= said.sequence && sameUpTo(snapshot.sequence, skips, skipsOf(all, learner.name, snapshot.sequence))
      placed.push({ skips, fold: this.#continued(learner, valid ? snapshot : undefined) })
    }
    const worths = this.#storage.capabilities.views === true ? new Worths((await this.#saved(namespace, this.#worthsKey))?.sequence ?? 0) : undefined
    return new Mind(settings, { epoch, rollBacks: said, placed, worths, skips: this.#skips })
  }

  /** Undefined also for one that lies beyond the end of the log, of which the end was lost: whoever went on from there would never learn again. */
  async #saved(namespace: string, key: string): Promise<Snapshot | undefined> {
    if (this.#damaged.has(placeName(namespace, key))) return undefined
    const snapshot = await this.#storage.snapshots.load(namespace, key)
    // Asked behind it, because others write meanwhile.
    return snapshot !== undefined && snapshot.sequence <= (await this.#storage.head(namespace)).sequence ? snapshot : undefined
  }

  #continued(learner: Learner, snapshot: Snapshot | undefined): Fold {
    try {
      if (snapshot !== undefined) {
        const fold = Fold.from(learner, snapshot.bytes, snapshot.sequence)
        // Which learners go on from where depends on it.
        if (learner === rollBacks) fold.view()
        return fold
      }
    } catch {
      this.#failed += 1
    }
    return new Fold(learner)
  }

  /**
   * Remembers which of a mind's states turned out to be damaged, so that they are not loaded again.
   *
   * @returns whether there are any; then the mind is not to be used again
   */
  distrust(mind: Mind): boolean {
    const damaged = mind.folds.filter(({ isDamaged }) => isDamaged)
    for (const { learner } of damaged) this.#damaged.add(placeName(mind.namespace, this.keyOf(learner)))
    this.#failed += damaged.length
    mind.hasFailed ||= damaged.length > 0
    return damaged.length > 0
  }

  /** Writes a snapshot of every learner, unless another process is just doing so. Never throws: a snapshot only saves time. */
  async save(mind: Mind): Promise<boolean> {
    if (mind.place === 0) return false
    const { namespace, epoch } = mind
    return this.#write(mind, () =>
      mind.folds.map((fold) => {
        const published = this.#storage.capabilities.views === true ? fold.published() : undefined
        const place = { namespace, learner: this.keyOf(fold.learner), sequence: fold.sequence, epoch }
        const bytes = fold.save()
        return { ...place, bytes, listed: fold !== mind.rollBacks && !fold.isInitial(bytes), ...(published === undefined ? {} : { published }) }
      }),
    )
  }

  /** Writes down what runs and decisions earned before it takes much memory, as in a long log that is folded from its beginning. */
  async relieve(mind: Mind): Promise<void> {
    if (mind.worths?.full === true && this.#storage.capabilities.persistent) await this.#write(mind, () => [])
  }

  /**
   * One after the other: a save may wait for its turn to write, and whoever took the lease meanwhile would write down how far all is known, but not what this one took along and could not write.
   *
   * @param take gives snapshots in one go, without a pause in which the mind could learn on
   */
  async #write(mind: Mind, take: () => readonly Snapshot[]): Promise<boolean> {
    if (this.#storage.capabilities.readOnly === true) return false
    const { namespace } = mind
    const writing = (this.#writing.get(namespace) ?? Promise.resolve()).then(() => this.#writeNow(mind, take))
    this.#writing.set(namespace, writing)
    const isWritten = await writing
    if (this.#writing.get(namespace) === writing) this.#writing.delete(namespace)
    return isWritten
  }

  /** Never throws. */
  async #writeNow(mind: Mind, take: () => readonly Snapshot[]): Promise<boolean> {
    const { namespace, epoch, worths } = mind
    try {
      const lease = await this.#storage.leases.acquire(`snapshots:${namespace}`, leaseMs)
      if (lease === undefined) return false
      try {
        // It may have failed while this waited for its turn.
        if (mind.hasFailed) return false
        const snapshots = take()
        const earned = worths?.take({ namespace, learner: this.#worthsKey, epoch })
        try {
          await this.#storage.snapshots.save(earned === undefined ? snapshots : [...snapshots, earned], lease)
        } catch (error) {
          worths?.putBack(earned?.worths ?? [])
          throw error
        }
        for (const { learner } of snapshots) this.#damaged.delete(placeName(namespace, learner))
        if (snapshots.length > 0) mind.savedSequence = Math.max(mind.savedSequence, Math.min(...snapshots.map(({ sequence }) => sequence)))
        return true
      } finally {
        await this.#storage.leases.release(lease)
      }
    } catch {
      this.#failed += 1
      return false
    }
  }
}
