import { AutodidactError } from '../errors.ts'
import { type CreditRules, defaultRules } from '../credit/rules.ts'
import type { Json } from '../log/payload.ts'
import type { Storage } from '../storage/storage.ts'
import { Fold } from './fold.ts'
import type { Learner } from './learner.ts'
import type { Mind } from './mind.ts'
import { eachOnce, isAmong } from './namesakes.ts'
import { nextTurn } from '../next-turn.ts'
import { nearestName } from '../text/nearest.ts'
import { type RollBack, type Skip, skipsOf } from './roll-backs.ts'
import { SavedMinds } from './saved-minds.ts'
import { Timeline, type TimelineSettings } from './timeline.ts'

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

/** A mind that leaves memory is saved when it is at least this share of `snapshotEvery` ahead of its snapshot: less is sooner folded again than written. */
const worthSaving = 0.1

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
  readonly #saved: SavedMinds
  readonly #minds = new Map<string, Mind>()
  readonly #queues = new Map<string, Promise<unknown>>()
  readonly #saving = new Set<Promise<unknown>>()

  constructor(storage: Storage, settings: RunnerSettings) {
    this.#storage = storage
    this.#learners = eachOnce(settings.learners)
    this.#credit = settings.credit ?? defaultRules
    this.#episodes = settings.learners.some(({ handles }) => handles.includes('episode.settled'))
    this.#snapshotEvery = settings.snapshotEvery ?? 1000
    this.#sliceMs = settings.sliceMs ?? 5
    this.#namespacesInMemory = settings.namespacesInMemory ?? 16
    this.#runsInMemory = settings.runsInMemory ?? 32
    this.#saved = new SavedMinds(storage, this.#credit, settings.skips)
  }

  /** Snapshots are a short cut only: one that cannot be saved or loaded is counted here, and the next one tried as usual. */
  get failedSnapshots(): number {
    return this.#saved.failed
  }

  /**
   * What a learner knows at the end of the log.
   *
   * @throws AutodidactError `UNKNOWN_LEARNER`, and what the storage throws
   */
  async viewOf(namespace: string, learner: string): Promise<unknown> {
    return this.#asked(namespace, (mind) => this.#foldIn(mind, learner, (candidate) => candidate.name === learner, (candidate) => candidate.variantOf === learner).view())
  }

  /** The first that suits the first of these wishes that any suits. */
  #foldIn(mind: Mind, wanted: string, ...wishes: readonly ((learner: Learner) => boolean)[]): Fold {
    const [fold] = wishes.flatMap((isWanted) => mind.foldOf(isWanted) ?? [])
    if (fold === undefined) throw this.#unknown(wanted)
    return fold
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
    const isDamaged = this.#saved.distrust(mind)
    if (isDamaged) this.#drop(mind)
    return isDamaged
  }

  /** Unless another one took its place meanwhile. */
  #drop(mind: Mind): void {
    if (this.#minds.get(mind.namespace) === mind) this.#minds.delete(mind.namespace)
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
    return key === this.#saved.keyOf(known ?? { name, version: Number(version) }) ? name : undefined
  }

  #unknown(name: string): AutodidactError {
    const otherVersion = this.#learners.find((learner) => name.startsWith(`${learner.name}@`))
    if (otherVersion !== undefined) {
      const here = `${otherVersion.name}@${otherVersion.version}`
      const next = here === name ? `Name it without its version: ${otherVersion.name}.` : `Here it is ${here}: pass the learner of the version that this program has.`
      return new AutodidactError('UNKNOWN_LEARNER', `There is no learner "${name}". ${next}`)
    }
    const names = this.#learners.map((learner) => learner.name)
    const nearest = nearestName(name.replace(/@\d+$/, ''), names)
    return new AutodidactError('UNKNOWN_LEARNER', `There is no learner "${name}". Known: ${names.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`)
  }

  /**
   * The same for a learner at hand, with the type of its view.
   *
   * @throws AutodidactError `UNKNOWN_LEARNER` also for another version of a learner that is there, and what the storage throws
   */
  async view<State, View>(namespace: string, learner: Learner<State, View>): Promise<View> {
    return this.ask(namespace, learner, (view) => view)
  }

  /**
   * An answer of the view of a learner that reads a part of its state only when it is asked for it: where that turns out to be damaged, the log is folded anew, and asked again.
   *
   * @param question asked at once, perhaps twice
   * @throws AutodidactError as {@link view}
   */
  async ask<State, View, Answer>(namespace: string, { name, version }: Learner<State, View>, question: (view: View) => Answer): Promise<Answer> {
    const isWanted = (candidate: Learner): boolean => candidate.name === name && candidate.version === version
    const isVariant = (candidate: Learner): boolean => candidate.variantOf === name && candidate.version === version
    // The fold was made by the learner of this name and version, or by the same code with other settings, so its view has this type.
    return this.#asked(namespace, (mind) => this.#foldIn(mind, `${name}@${version}`, isWanted, isVariant).ask((view) => question(view as View)))
  }

  /** The same for a learner that may not have been folded yet: it is from now on. */
  async viewOfAny<State, View>(namespace: string, learner: Learner<State, View>): Promise<View> {
    this.include(learner)
    return this.view(namespace, learner)
  }

  /** What the learners keep of one user at the end of the log, by `name@version`. */
  async about(namespace: string, user: string): Promise<readonly { readonly learner: string; readonly data: Json }[]> {
    return this.#asked(namespace, (mind) =>
      mind.folds.flatMap((fold) => {
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
    return mind.rolledBack
  }

  /**
   * Saves what was learned now, and with it what other programs may read.
   *
   * @returns false when the store keeps nothing, or another process is just saving
   */
  async publish(namespace: string): Promise<boolean> {
    const mind = await this.catchUp(namespace)
    return this.#storage.capabilities.persistent && this.#saved.save(mind)
  }

  async #advance(namespace: string): Promise<Mind> {
    for (;;) {
      const head = await this.#storage.head(namespace)
      const mind = await this.#mindAt(namespace, head.epoch)
      if (head.sequence <= mind.place) return mind
      try {
        await this.#foldAll(mind)
      } catch (error) {
        if (!this.#dropDamaged(mind)) throw error
        continue
      }
      // After an erasure elsewhere, what was learned from the erased facts must not answer once more.
      if ((await this.#storage.head(namespace)).epoch !== mind.epoch) continue
      if (mind.place - mind.savedSequence >= this.#snapshotEvery && this.#storage.capabilities.persistent) this.#saveLater(mind)
      return mind
    }
  }

  /** The state in memory where it is of this epoch, otherwise the one that was saved. It becomes the most recently used. */
  async #mindAt(namespace: string, epoch: number): Promise<Mind> {
    const known = this.#minds.get(namespace)
    this.#minds.delete(namespace)
    await this.#evict()
    // One that was at hand while a learner was included does not have it. Besides the learners it has the fold of roll-backs.
    const mind = known?.epoch === epoch && known.folds.length === this.#learners.length + 1 ? known : await this.#saved.load(this.#streamed(namespace), epoch, this.#learners)
    this.#minds.set(namespace, mind)
    return mind
  }

  /** Folds what lies behind the mind's place. A mind that fails on the way is dropped: it may have learned half of a fact or of a run's history. */
  async #foldAll(mind: Mind): Promise<void> {
    try {
      await mind.advance(() => this.#saved.relieve(mind))
    } catch (error) {
      mind.hasFailed = true
      this.#drop(mind)
      throw error
    }
  }

  #streamed(namespace: string): TimelineSettings {
    return { storage: this.#storage, namespace, credit: this.#credit, episodes: this.#episodes, sliceMs: this.#sliceMs, runsInMemory: this.#runsInMemory }
  }

  async #evict(): Promise<void> {
    while (this.#minds.size >= this.#namespacesInMemory) {
      const [longestUnused] = this.#minds.values()
      if (longestUnused === undefined) return
      this.#minds.delete(longestUnused.namespace)
      if (longestUnused.place - longestUnused.savedSequence >= this.#snapshotEvery * worthSaving) await this.#saved.save(longestUnused)
    }
  }

  #saveLater(mind: Mind): void {
    mind.savedSequence = mind.place
    const saving = nextTurn().then(() => this.#saved.save(mind))
    this.#saving.add(saving)
    void saving.finally(() => this.#saving.delete(saving))
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
      if (mind.place > mind.savedSequence && this.#storage.capabilities.persistent) await this.#saved.save(mind)
    }
    this.#minds.clear()
  }
}
