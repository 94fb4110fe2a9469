import { AutodidactError } from '../errors.ts'
import { settle } from '../credit/credit.ts'
import { Dossier } from '../credit/dossier.ts'
import { type CreditRules, defaultRules } from '../credit/rules.ts'
import type { Fact } from '../log/fact.ts'
import { cursorAfter, type Snapshot, type Storage } from '../storage/storage.ts'
import { Fold } from './fold.ts'
import { hashText } from './hash.ts'
import type { Learner } from './learner.ts'
import { nextTurn } from '../next-turn.ts'

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
}

/** Option sets kept by the ids of their options, for learners of episodes. */
const mostOptionSets = 1024

/** Runs remembered as departed, about 24 bytes each. */
const mostDeparted = 100_000

const leaseMs = 30_000

/** A mind that leaves memory is saved when it is at least this share of `snapshotEvery` ahead of its snapshot: less is sooner folded again than written. */
const worthSaving = 0.1

/** The learned state of one namespace, folded up to a place in its log. */
interface Mind {
  readonly namespace: string
  epoch: number
  sequence: number
  readonly folds: readonly Fold[]
  /** Runs lately folded, the longest untouched first. */
  dossiers: Map<string, Dossier>
  /**
   * Hashes of the runs that were folded and left memory, as long as the mind has seen the whole log: a run that is neither here nor there is new, and
   * its history need not be looked for. Undefined after a snapshot, or when there are too many.
   */
  departed: Set<number> | undefined
  /** Ids of the options of each set, as far as episodes are wanted. */
  readonly optionSets: Map<string, readonly string[]>
  /** Of the last snapshot. */
  savedSequence: number
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
  readonly #minds = new Map<string, Mind>()
  readonly #queues = new Map<string, Promise<unknown>>()
  readonly #saving = new Set<Promise<void>>()
  #failedSnapshots = 0

  constructor(storage: Storage, settings: RunnerSettings) {
    this.#storage = storage
    this.#learners = [...settings.learners]
    this.#credit = settings.credit ?? defaultRules
    this.#episodes = settings.learners.some(({ handles }) => handles.includes('episode.settled'))
    this.#snapshotEvery = settings.snapshotEvery ?? 1000
    this.#sliceMs = settings.sliceMs ?? 5
    this.#namespacesInMemory = settings.namespacesInMemory ?? 16
    this.#runsInMemory = settings.runsInMemory ?? 32
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
    return this.#viewOf(namespace, learner, (candidate) => candidate.name === learner)
  }

  async #viewOf(namespace: string, wanted: string, isWanted: (learner: Learner) => boolean): Promise<unknown> {
    const mind = await this.catchUp(namespace)
    const fold = mind.folds.find(({ learner }) => isWanted(learner))
    if (fold === undefined) throw this.#unknown(wanted)
    return fold.view()
  }

  /**
   * Folds one more learner from now on, from the beginning of each log; nothing happens when one of its name and version is there. For policies that come into play
   * while the program runs, such as those of an experiment.
   */
  include(learner: Learner): void {
    if (this.#learners.some(({ name, version }) => name === learner.name && version === learner.version)) return
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
    const view = await this.#viewOf(namespace, `${name}@${version}`, (candidate) => candidate.name === name && candidate.version === version)
    // The fold was made by the learner of this name and version, so its view has this type.
    return view as View
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

  async #advance(namespace: string): Promise<Mind> {
    for (;;) {
      const head = await this.#storage.head(namespace)
      const mind = await this.#mindAt(namespace, head.epoch)
      if (head.sequence <= mind.sequence) return mind
      await this.#foldAll(mind)
      // After an erasure elsewhere, what was learned from the erased facts must not answer once more.
      if ((await this.#storage.head(namespace)).epoch !== mind.epoch) continue
      if (mind.sequence - mind.savedSequence >= this.#snapshotEvery && this.#storage.capabilities.persistent) this.#saveLater(mind)
      return mind
    }
  }

  /** The state in memory where it is of this epoch, otherwise the one that was saved. It becomes the most recently used. */
  async #mindAt(namespace: string, epoch: number): Promise<Mind> {
    const known = this.#minds.get(namespace)
    this.#minds.delete(namespace)
    await this.#evict()
    // One that was at hand while a learner was included does not have it.
    const mind = known?.epoch === epoch && known.folds.length === this.#learners.length ? known : await this.#load(namespace, epoch)
    this.#minds.set(namespace, mind)
    return mind
  }

  /** Folds what lies behind the mind's place. A mind that fails on the way is dropped: it may have learned half of a fact or of a run's history. */
  async #foldAll(mind: Mind): Promise<void> {
    const start = Math.min(mind.sequence, ...mind.folds.map((fold) => fold.sequence))
    let sliceEnd = performance.now() + this.#sliceMs
    try {
      for await (const page of this.#storage.read(cursorAfter(start), { namespace: mind.namespace })) {
        await this.#fetchOptionSets(mind, page)
        await this.#joinMissing(mind, page)
        for (const fact of page) {
          this.#foldOne(mind, fact)
          if (performance.now() < sliceEnd) continue
          await nextTurn()
          sliceEnd = performance.now() + this.#sliceMs
        }
        this.#trim(mind)
      }
    } catch (error) {
      if (this.#minds.get(mind.namespace) === mind) this.#minds.delete(mind.namespace)
      throw error
    }
  }

  #foldOne(mind: Mind, fact: Fact): void {
    for (const fold of mind.folds) fold.learn(fact)
    if (fact.run !== undefined) {
      const dossier = this.#dossierOf(mind, fact.run)
      for (const settlement of settle(dossier, fact, this.#episodes)) {
        for (const fold of mind.folds) fold.learn(settlement)
      }
      dossier.thin()
    }
    for (const fold of mind.folds) fold.sequence = Math.max(fold.sequence, fact.sequence)
    mind.sequence = Math.max(mind.sequence, fact.sequence)
  }

  #dossierOf(mind: Mind, run: string): Dossier {
    const known = mind.dossiers.get(run)
    if (known === undefined) {
      const fresh = new Dossier(run, this.#credit, this.#episodes ? (key) => mind.optionSets.get(key) : undefined)
      mind.dossiers.set(run, fresh)
      return fresh
    }
    mind.dossiers.delete(run)
    mind.dossiers.set(run, known)
    return known
  }

  /** Reads the earlier facts of the page's runs that are not in memory, all in one query. */
  async #joinMissing(mind: Mind, page: readonly Fact[]): Promise<void> {
    const first = page[0]
    if (first === undefined) return
    const runs = [...new Set(page.flatMap((fact) => fact.run ?? []))].filter(
      (run) => !mind.dossiers.has(run) && (mind.departed === undefined || mind.departed.has(hashText(run))),
    )
    if (runs.length === 0) return
    for (const run of runs) this.#dossierOf(mind, run)
    for await (const facts of this.#storage.read('', { namespace: mind.namespace, runs, before: first.sequence })) {
      await this.#fetchOptionSets(mind, facts)
      for (const fact of facts) if (fact.run !== undefined) this.#dossierOf(mind, fact.run).add(fact)
    }
    for (const run of runs) mind.dossiers.get(run)?.thin()
  }

  /** Has the options of decisions at hand before they are folded; those of a set that was erased are not known any more. */
  async #fetchOptionSets(mind: Mind, facts: readonly Fact[]): Promise<void> {
    if (!this.#episodes) return
    if (mind.optionSets.size > mostOptionSets) mind.optionSets.clear()
    for (const fact of facts) {
      if (fact.kind !== 'decision.made' || mind.optionSets.has(fact.data.optionSet)) continue
      const set = await this.#storage.optionSet(mind.namespace, fact.data.optionSet)
      if (set !== undefined) mind.optionSets.set(fact.data.optionSet, set.options.map(({ id }) => id))
    }
  }

  #trim(mind: Mind): void {
    if (mind.departed !== undefined && mind.departed.size > mostDeparted) mind.departed = undefined
    if (mind.dossiers.size <= this.#runsInMemory) return
    const all = [...mind.dossiers]
    const leaving = all.length - Math.ceil(this.#runsInMemory / 2)
    for (const [run] of all.slice(0, leaving)) mind.departed?.add(hashText(run))
    // A new map, because a map whose entries come and go is a chain of tables to V8, and one that got old keeps all later ones, with all runs that
    // have left, until memory is collected as a whole: that took a third of the time of a replay.
    mind.dossiers = new Map(all.slice(leaving))
  }

  /** The rules of credit change what is learned, so state folded under others is another state. */
  #key(learner: Learner): string {
    const name = `${learner.name}@${learner.version}`
    return this.#credit.key === '' ? name : `${name}#${this.#credit.key}`
  }

  async #load(namespace: string, epoch: number): Promise<Mind> {
    const folds: Fold[] = []
    for (const learner of this.#learners) folds.push(this.#continued(learner, await this.#storage.snapshots.load(namespace, this.#key(learner))))
    const sequence = Math.min(...folds.map((fold) => fold.sequence))
    return { namespace, epoch, sequence, folds, dossiers: new Map(), departed: sequence === 0 ? new Set() : undefined, optionSets: new Map(), savedSequence: sequence }
  }

  /** The log has everything that a damaged snapshot had. */
  #continued(learner: Learner, snapshot: Snapshot | undefined): Fold {
    try {
      if (snapshot !== undefined) return Fold.from(learner, snapshot.bytes, snapshot.sequence)
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
      if (longestUnused.sequence - longestUnused.savedSequence >= this.#snapshotEvery * worthSaving) await this.#save(longestUnused)
    }
  }

  #saveLater(mind: Mind): void {
    mind.savedSequence = mind.sequence
    const saving = nextTurn().then(() => this.#save(mind))
    this.#saving.add(saving)
    void saving.finally(() => this.#saving.delete(saving))
  }

  /** Writes a snapshot of every learner, unless another process is just doing so. Never throws: a snapshot only saves time. */
  async #save(mind: Mind): Promise<void> {
    if (mind.sequence === 0 || this.#storage.capabilities.readOnly === true) return
    try {
      const { namespace, epoch } = mind
      const lease = await this.#storage.leases.acquire(`snapshots:${namespace}`, leaseMs)
      if (lease === undefined) return
      try {
        // Taken in one go, without a pause in which the mind could learn on.
        const snapshots = mind.folds.map(
          (fold): Snapshot => ({ namespace, learner: this.#key(fold.learner), sequence: fold.sequence, epoch, bytes: fold.save() }),
        )
        await this.#storage.snapshots.save(snapshots, lease)
        mind.savedSequence = Math.max(mind.savedSequence, snapshots[0]?.sequence ?? 0)
      } finally {
        await this.#storage.leases.release(lease)
      }
    } catch {
      this.#failedSnapshots += 1
    }
  }

  /** Drops the state of a namespace, so that the next call folds its log from the beginning or from a snapshot that is still valid. */
  drop(namespace: string): void {
    this.#minds.delete(namespace)
  }

  /** Waits for what is under way and saves what was learned since the last snapshot. */
  async close(): Promise<void> {
    while (this.#queues.size > 0 || this.#saving.size > 0) await Promise.allSettled([...this.#queues.values(), ...this.#saving])
    for (const mind of this.#minds.values()) {
      if (mind.sequence > mind.savedSequence && this.#storage.capabilities.persistent) await this.#save(mind)
    }
    this.#minds.clear()
  }
}
