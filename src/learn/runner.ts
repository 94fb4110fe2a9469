import { AutodidactError } from '../errors.ts'
import { type CreditRules, defaultRules } from '../credit/rules.ts'
import type { Json } from '../log/payload.ts'
import type { Snapshot, Storage } from '../storage/storage.ts'
import { Fold } from './fold.ts'
import type { Learner } from './learner.ts'
import { eachOnce, isAmong } from './namesakes.ts'
import { nextTurn } from '../next-turn.ts'
import { type RollBack, rollBacks, sameUpTo, type Skip, skipsOf } from './roll-backs.ts'
import { Timeline, type TimelineSettings } from './timeline.ts'
import { Worths } from './worths.ts'

/** How the runner works; all numbers have documented defaults. */
export interface RunnerSettings {
  readonly learners: readonly Learner[]
  /** How verdicts become rewards; default {@link defaultRules}. */
  readonly credit?: CreditRules
  /** Facts between two snapshots; default 1,000. */
  readonly snapshotEvery?: number
  /** Longest stretch of folding before other work of the process gets its turn, in milliseconds; default 5. */
  readonly sliceMs?: number
  /** Namespaces kept in memory; the longest unused leaves after a snapshot. Default 16. */
  readonly namespacesInMemory?: number
  /** Runs kept joined in memory for each namespace, about 4 kB each; default 32. */
  readonly runsInMemory?: number
  /** Stretches of the log that are passed over, whatever it says of roll-backs; default: as it says. */
  readonly skips?: readonly Skip[]
}

const leaseMs = 30_000

/** A mind that leaves memory is saved when it is at least this share of `snapshotEvery` ahead of its snapshot: less is sooner folded again than written. */
const worthSaving = 0.1

/** The learned state of one namespace, folded up to a place in its log. */
interface Mind {
  readonly namespace: string
  readonly epoch: number
  /** The whole log, with all learners that were never rolled back. */
  readonly main: Timeline
  /** The log without some stretches, for the others. */
  others: readonly Timeline[]
  readonly rollBacks: Fold
  /** What is to be written down for other programs; undefined where the store keeps nothing for them. */
  readonly worths: Worths | undefined
  /** Of the last snapshot. */
  savedSequence: number
  /** Whether it failed on the way: what its learners have learned is ahead of their places, and must not be saved. */
  hasFailed: boolean
}

const foldsOf = ({ main, others }: Mind): readonly Fold[] => [main, ...others].flatMap(({ folds }) => folds)

/** The last fact that everybody has learned. */
const placeOf = ({ main, others }: Mind): number => Math.min(...[main, ...others].map(({ sequence }) => sequence))

const placeName = (namespace: string, key: string): string => JSON.stringify([namespace, key])

// The fold is that of the learner of roll-backs, so its view has this type.
const rolledBack = ({ rollBacks: fold }: Mind): readonly RollBack[] => fold.view() as readonly RollBack[]

/** Folds by what they pass over. */
const bySkips = (folds: readonly { readonly fold: Fold; readonly skips: readonly Skip[] }[]) => {
  const groups = new Map<string, { readonly skips: readonly Skip[]; readonly folds: Fold[] }>()
  for (const { fold, skips } of folds) {
    const key = JSON.stringify(skips)
    const group = groups.get(key) ?? { skips, folds: [] }
    groups.set(key, group)
    group.folds.push(fold)
  }
  return groups
}

/**
 * Keeps the learned state of each namespace at the end of its log, whoever wrote there: this process, another one, or a history that was
 * rewritten by an erasure.
 */
export class Runner {
  readonly #storage: Storage
  readonly #learners: Learner[]
  readonly #credit: CreditRules
  /** Whether a learner looks at whole episodes, which cost more to join than single decisions. */
  #episodes: boolean
  readonly #snapshotEvery: number
  readonly #sliceMs: number
  readonly #namespacesInMemory: number
  readonly #runsInMemory: number
  readonly #skips: readonly Skip[] | undefined
  readonly #minds = new Map<string, Mind>()
  readonly #queues = new Map<string, Promise<unknown>>()
  readonly #saving = new Set<Promise<unknown>>()
  #failedSnapshots = 0
  /** Namespaces and learners whose saved state is damaged, until a better one is saved. */
  readonly #damaged = new Set<string>()

  constructor(storage: Storage, settings: RunnerSettings) {
    this.#storage = storage
    this.#learners = eachOnce(settings.learners)
    this.#credit = settings.credit ?? defaultRules
    this.#episodes = settings.learners.some(({ handles }) => handles.includes('episode.settled'))
    this.#snapshotEvery = settings.snapshotEvery ?? 1000
    this.#sliceMs = settings.sliceMs ?? 5
    this.#namespacesInMemory = settings.namespacesInMemory ?? 16
    this.#runsInMemory = settings.runsInMemory ?? 32
    this.#skips = settings.skips
  }

  /** Snapshots are a short cut only: one that cannot be saved or loaded is counted here, and the next one tried as usual. */
  get failedSnapshots(): number {
    return this.#failedSnapshots
  }

  /**
   * What a learner knows at the end of the log.
   *
   * @throws AutodidactError `UNKNOWN_LEARNER`, and what the storage throws
   */
  async viewOf(namespace: string, learner: string): Promise<unknown> {
    return this.#viewOf(namespace, learner, (candidate) => candidate.name === learner, (candidate) => candidate.variantOf === learner)
  }

  async #viewOf(namespace: string, wanted: string, ...wishes: readonly ((learner: Learner) => boolean)[]): Promise<unknown> {
    return this.#asked(namespace, (mind) => {
      const folds = foldsOf(mind)
      const [fold] = wishes.flatMap((isWanted) => folds.find(({ learner }) => isWanted(learner)) ?? [])
      if (fold === undefined) throw this.#unknown(wanted)
      return fold.view()
    })
  }

  /** Asks what is known at the end of the log; again where a state turns out to be damaged, which is then folded from the beginning. */
  async #asked<Answer>(namespace: string, ask: (mind: Mind) => Answer): Promise<Answer> {
    for (;;) {
      const mind = await this.catchUp(namespace)
      try {
        return ask(mind)
      } catch (error) {
        if (!this.#dropDamaged(mind)) throw error
      }
    }
  }

  /** Has a mind with damaged states folded anew, from the log, which has everything that they had. Returns false for one without. */
  #dropDamaged(mind: Mind): boolean {
    const damaged = foldsOf(mind).filter(({ isDamaged }) => isDamaged)
    for (const { learner } of damaged) this.#damaged.add(placeName(mind.namespace, this.#key(learner)))
    mind.hasFailed ||= damaged.length > 0
    if (this.#minds.get(mind.namespace) === mind && damaged.length > 0) this.#minds.delete(mind.namespace)
    this.#failedSnapshots += damaged.length
    return damaged.length > 0
  }

  /**
   * Folds one more learner from now on, from the beginning of each log; nothing happens when it is there. For policies that come into play while the program runs,
   * such as those of an experiment.
   *
   * @throws AutodidactError `INVALID_INPUT` when another learner has its name
   */
  include(learner: Learner): void {
    if (isAmong(learner, this.#learners)) return
    this.#learners.push(learner)
    this.#episodes ||= learner.handles.includes('episode.settled')
    // What is in memory does not have it; the others are loaded from their snapshots again.
    this.#minds.clear()
  }

  /**
   * The learner of a name, for whoever folds a log of their own with it.
   *
   * @throws AutodidactError `UNKNOWN_LEARNER`
   */
  learnerNamed(name: string): Learner {
    const found = this.#learners.find((candidate) => candidate.name === name)
    if (found === undefined) throw this.#unknown(name)
    return found
  }

  /** The name of the learner whose state is saved under a key; undefined for one of another version than here, or by other rules of credit. */
  learnerSavedAs(key: string): string | undefined {
    const [, name = '', version] = /^(.+)@(\d+)(?:#[^#]*)?$/.exec(key) ?? []
    const known = this.#learners.find((learner) => learner.name === name)
    return key === this.#key(known ?? { name, version: Number(version) }) ? name : undefined
  }

  #unknown(name: string): AutodidactError {
    const known = this.#learners.map(({ name, version }) => `${name}@${version}`).join(', ')
    return new AutodidactError('UNKNOWN_LEARNER', `There is no learner "${name}". Known: ${known}.`)
  }

  /**
   * The same for a learner at hand, with the type of its view.
   *
   * @throws AutodidactError `UNKNOWN_LEARNER` also for another version of a learner that is there, and what the storage throws
   */
  async view<State, View>(namespace: string, { name, version }: Learner<State, View>): Promise<View> {
    const isWanted = (candidate: Learner): boolean => candidate.name === name && candidate.version === version
    const isVariant = (candidate: Learner): boolean => candidate.variantOf === name && candidate.version === version
    const view = await this.#viewOf(namespace, `${name}@${version}`, isWanted, isVariant)
    // The fold was made by the learner of this name and version, or by the same code with other settings, so its view has this type.
    return view as View
  }

  /** The same for a learner that may not have been folded yet: it is from now on. */
  async viewOfAny<State, View>(namespace: string, learner: Learner<State, View>): Promise<View> {
    this.include(learner)
    return this.view(namespace, learner)
  }

  /** What the learners keep of one user at the end of the log, by `name@version`. */
  async about(namespace: string, user: string): Promise<readonly { readonly learner: string; readonly data: Json }[]> {
    return this.#asked(namespace, (mind) =>
      foldsOf(mind).flatMap((fold) => {
        const data = fold.about(user)
        return data === undefined ? [] : [{ learner: `${fold.learner.name}@${fold.learner.version}`, data }]
      }),
    )
  }

  /** Folds what is new in the log; calls for one namespace take turns. */
  catchUp(namespace: string): Promise<Mind> {
    const before = this.#queues.get(namespace) ?? Promise.resolve()
    const turn = before.then(
      () => this.#advance(namespace),
      () => this.#advance(namespace),
    )
    this.#queues.set(namespace, turn)
    // The promise holds the mind: kept any longer, it would keep in memory what was evicted.
    const leave = (): void => {
      if (this.#queues.get(namespace) === turn) this.#queues.delete(namespace)
    }
    void turn.then(leave, leave)
    return turn
  }

  /** What a learner would know if the log ended at a place: what {@link viewOf} would have said then, unless facts were erased since. */
  async foldUpTo(namespace: string, learner: Learner, upTo: number): Promise<Fold> {
    const fold = new Fold(learner)
    const skips = skipsOf(await this.rollBacks(namespace), learner.name, upTo)
    await new Timeline({ ...this.#streamed(namespace), episodes: learner.handles.includes('episode.settled'), upTo }, skips, [fold]).advance()
    return fold
  }

  /** Which learners were rolled back when, in the order of the log. */
  async rollBacks(namespace: string): Promise<readonly RollBack[]> {
    const mind = await this.catchUp(namespace)
    return rolledBack(mind)
  }

  /**
   * Saves what was learned now, and with it what other programs may read.
   *
   * @returns false when the store keeps nothing, or another process is just saving
   */
  async publish(namespace: string): Promise<boolean> {
    const mind = await this.catchUp(namespace)
    return this.#storage.capabilities.persistent && this.#save(mind)
  }

  async #advance(namespace: string): Promise<Mind> {
    for (;;) {
      const head = await this.#storage.head(namespace)
      const mind = await this.#mindAt(namespace, head.epoch)
      if (head.sequence <= placeOf(mind)) return mind
      try {
        await this.#foldAll(mind)
      } catch (error) {
        if (!this.#dropDamaged(mind)) throw error
        continue
      }
      // After an erasure elsewhere, what was learned from the erased facts must not answer once more.
      if ((await this.#storage.head(namespace)).epoch !== mind.epoch) continue
      if (placeOf(mind) - mind.savedSequence >= this.#snapshotEvery && this.#storage.capabilities.persistent) this.#saveLater(mind)
      return mind
    }
  }

  /** The state in memory where it is of this epoch, otherwise the one that was saved. It becomes the most recently used. */
  async #mindAt(namespace: string, epoch: number): Promise<Mind> {
    const known = this.#minds.get(namespace)
    this.#minds.delete(namespace)
    await this.#evict()
    // One that was at hand while a learner was included does not have it. Besides the learners it has the fold of roll-backs.
    const mind = known?.epoch === epoch && foldsOf(known).length === this.#learners.length + 1 ? known : await this.#load(namespace, epoch)
    this.#minds.set(namespace, mind)
    return mind
  }

  /** Folds what lies behind the mind's place. A mind that fails on the way is dropped: it may have learned half of a fact or of a run's history. */
  async #foldAll(mind: Mind): Promise<void> {
    try {
      do {
        await mind.main.advance(() => this.#relieve(mind))
        this.#separate(mind)
        for (const timeline of mind.others) await timeline.advance()
        // They may have met facts that were written meanwhile.
      } while (mind.others.some(({ sequence }) => sequence > mind.main.sequence))
    } catch (error) {
      mind.hasFailed = true
      if (this.#minds.get(mind.namespace) === mind) this.#minds.delete(mind.namespace)
      throw error
    }
  }

  /** Gives each learner the timeline that the log says it has. One that has learned what it is not to know begins anew. */
  #separate(mind: Mind): void {
    const all = rolledBack(mind)
    if (all.length === 0 || this.#skips !== undefined) return
    const timelines = [mind.main, ...mind.others]
    const placed = timelines.flatMap(({ skips: before, folds }) =>
      folds.map((fold) => {
        const skips = skipsOf(all, fold.learner.name)
        return { skips, fold: sameUpTo(fold.sequence, skips, before) ? fold : new Fold(fold.learner) }
      }),
    )
    const groups = bySkips(placed)
    // Nobody ever comes back to the whole log, so that this only loses learners.
    mind.main.folds = groups.get('[]')?.folds ?? []
    groups.delete('[]')
    mind.others = [...groups].map(([key, { skips, folds }]) => {
      const known = mind.others.find((timeline) => JSON.stringify(timeline.skips) === key && folds.every((fold) => timeline.folds.includes(fold)))
      if (known === undefined) return new Timeline(this.#streamed(mind.namespace), skips, folds)
      known.folds = folds
      return known
    })
  }

  #streamed(namespace: string): TimelineSettings {
    return { storage: this.#storage, namespace, credit: this.#credit, episodes: this.#episodes, sliceMs: this.#sliceMs, runsInMemory: this.#runsInMemory }
  }

  /** The rules of credit change what is learned, so state folded under others is another state. */
  #key({ name, version }: Pick<Learner, 'name' | 'version'>): string {
    return this.#credit.key === '' ? `${name}@${version}` : `${name}@${version}#${this.#credit.key}`
  }

  /** Under what is kept up to where it was written down what runs and decisions earned. */
  get #worthsKey(): string {
    return this.#key({ name: 'worths', version: 1 })
  }

  async #load(namespace: string, epoch: number): Promise<Mind> {
    this.#credit.refused.drop(namespace)
    const { capabilities } = this.#storage
    const saved = (learner: Learner): Promise<Snapshot | undefined> => this.#saved(namespace, this.#key(learner))
    const said = this.#continued(rollBacks, await saved(rollBacks))
    const all = this.#skips === undefined ? (said.view() as readonly RollBack[]) : []
    const placed = []
    for (const learner of this.#learners) {
      const skips = skipsOf(all, learner.name)
      const snapshot = await saved(learner)
      // One that lies behind the last known roll-back, or before one that it does not know of, may hold what its learner is not to know.
      const valid = snapshot !== undefined && snapshot.sequence <= said.sequence && sameUpTo(snapshot.sequence, skips, skipsOf(all, learner.name, snapshot.sequence))
      placed.push({ skips, fold: this.#continued(learner, valid ? snapshot : undefined) })
    }
    const worths = capabilities.views === true ? new Worths((await this.#saved(namespace, this.#worthsKey))?.sequence ?? 0) : undefined
    const groups = bySkips(placed)
    const main = new Timeline(this.#streamed(namespace), this.#skips ?? [], [said, ...(groups.get('[]')?.folds ?? [])], worths)
    groups.delete('[]')
    const others = [...groups.values()].map(({ skips, folds }) => new Timeline(this.#streamed(namespace), skips, folds))
    const mind: Mind = { namespace, epoch, main, others, rollBacks: said, worths, savedSequence: 0, hasFailed: false }
    mind.savedSequence = placeOf(mind)
    return mind
  }

  /** Undefined also for one that lies beyond the end of the log, of which the end was lost: whoever went on from there would never learn again. */
  async #saved(namespace: string, key: string): Promise<Snapshot | undefined> {
    if (this.#damaged.has(placeName(namespace, key))) return undefined
    const snapshot = await this.#storage.snapshots.load(namespace, key)
    // Asked behind it, because others write meanwhile.
    return snapshot !== undefined && snapshot.sequence <= (await this.#storage.head(namespace)).sequence ? snapshot : undefined
  }

  /** The log has everything that a damaged snapshot had. */
  #continued(learner: Learner, snapshot: Snapshot | undefined): Fold {
    try {
      if (snapshot !== undefined) {
        const fold = Fold.from(learner, snapshot.bytes, snapshot.sequence)
        // Which learners go on from where depends on it.
        if (learner === rollBacks) fold.view()
        return fold
      }
    } catch {
      this.#failedSnapshots += 1
    }
    return new Fold(learner)
  }

  async #evict(): Promise<void> {
    while (this.#minds.size >= this.#namespacesInMemory) {
      const [longestUnused] = this.#minds.values()
      if (longestUnused === undefined) return
      this.#minds.delete(longestUnused.namespace)
      if (placeOf(longestUnused) - longestUnused.savedSequence >= this.#snapshotEvery * worthSaving) await this.#save(longestUnused)
    }
  }

  #saveLater(mind: Mind): void {
    mind.savedSequence = placeOf(mind)
    const saving = nextTurn().then(() => this.#save(mind))
    this.#saving.add(saving)
    void saving.finally(() => this.#saving.delete(saving))
  }

  /** Writes a snapshot of every learner, unless another process is just doing so. Never throws: a snapshot only saves time. */
  async #save(mind: Mind): Promise<boolean> {
    if (placeOf(mind) === 0) return false
    const { namespace, epoch } = mind
    return this.#write(mind, () =>
      foldsOf(mind).map((fold) => {
        const published = this.#storage.capabilities.views === true ? fold.published() : undefined
        const place = { namespace, learner: this.#key(fold.learner), sequence: fold.sequence, epoch }
        const bytes = fold.save()
        return { ...place, bytes, listed: fold !== mind.rollBacks && !fold.isInitial(bytes), ...(published === undefined ? {} : { published }) }
      }),
    )
  }

  /** Writes down what runs and decisions earned before it takes much memory, as in a long log that is folded from its beginning. */
  async #relieve(mind: Mind): Promise<void> {
    if (mind.worths?.full === true && this.#storage.capabilities.persistent) await this.#write(mind, () => [])
  }

  /** @param take gives snapshots in one go, without a pause in which the mind could learn on */
  async #write(mind: Mind, take: () => readonly Snapshot[]): Promise<boolean> {
    if (this.#storage.capabilities.readOnly === true) return false
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
      this.#failedSnapshots += 1
      return false
    }
  }

  /** Drops the state of a namespace, so that the next call folds its log from the beginning or from a snapshot that is still valid. */
  drop(namespace: string): void {
    this.#minds.delete(namespace)
  }

  async #settled(): Promise<void> {
    while (this.#queues.size > 0 || this.#saving.size > 0) await Promise.allSettled([...this.#queues.values(), ...this.#saving])
  }

  /** Waits for what is under way and saves what was learned since the last snapshot. */
  async close(): Promise<void> {
    await this.#settled()
    // What was written since somebody last asked: little, and other programs want to see it. Namespaces of which nobody asked anything are left to whoever does.
    if (this.#storage.capabilities.persistent && this.#storage.capabilities.readOnly !== true) {
      // Listed before: each catching up moves a mind to the end.
      const namespaces = Array.from(this.#minds.keys())
      for (const namespace of namespaces) await this.catchUp(namespace).catch(() => undefined)
      // Where that was much, it is being saved.
      await this.#settled()
    }
    for (const mind of this.#minds.values()) {
      if (placeOf(mind) > mind.savedSequence && this.#storage.capabilities.persistent) await this.#save(mind)
    }
    this.#minds.clear()
  }
}
