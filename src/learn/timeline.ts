import { settle } from '../credit/credit.ts'
import { Dossier } from '../credit/dossier.ts'
import type { CreditRules } from '../credit/rules.ts'
import type { Fact } from '../log/fact.ts'
import { cursorAfter, type Storage } from '../storage/storage.ts'
import { nextTurn } from '../next-turn.ts'
import type { Fold } from './fold.ts'
import { hashText } from './hash.ts'
import type { Experience } from './learner.ts'
import { isSkipped, type Skip } from './roll-backs.ts'
import type { Worths } from './worths.ts'

/** Option sets kept by the ids of their options, for learners of episodes. */
const mostOptionSets = 1024

/** Runs remembered as departed, about 24 bytes each. */
const mostDeparted = 100_000

/** How a log is streamed. */
export interface TimelineSettings {
  readonly storage: Storage
  readonly namespace: string
  readonly credit: CreditRules
  /** Whether a learner looks at whole episodes, which cost more to join than single decisions. */
  readonly episodes: boolean
  readonly sliceMs: number
  readonly runsInMemory: number
  /** Only the log up to this sequence; default all. */
  readonly upTo?: number
}

/**
 * A log as some learners see it: all of it, or without the stretches that they were rolled back over. Joins its facts to runs, and streams them with what they
 * settled past the learners. A fact that is passed over never happened here: what is said later of a run that was recorded there settles nothing.
 */
export class Timeline {
  readonly skips: readonly Skip[]
  #folds: readonly Fold[] = []
  /** By what they learn from: of what a fact settles, most learners want nothing. */
  readonly #listeners = new Map<string, Fold[]>()
  /** Of the last fact that was streamed. */
  sequence: number
  readonly #settings: TimelineSettings
  readonly #worths: Worths | undefined
  /** Runs lately folded, the longest untouched first. */
  #dossiers = new Map<string, Dossier>()
  /**
   * Hashes of the runs that were folded and left memory, as long as the whole log was seen: a run that is neither here nor there is new, and
   * its history need not be looked for. Undefined after a snapshot, or when there are too many.
   */
  #departed: Set<number> | undefined
  /** Ids of the options of each set, as far as episodes are wanted. */
  readonly #optionSets = new Map<string, readonly string[]>()
  /** @param worths is told what runs and decisions earned, from its own place on */
  constructor(settings: TimelineSettings, skips: readonly Skip[], folds: readonly Fold[], worths?: Worths) {
    this.#settings = settings
    this.skips = skips
    this.folds = folds
    this.sequence = Math.min(...folds.map((fold) => fold.sequence), worths?.sequence ?? Infinity)
    this.#departed = this.sequence === 0 ? new Set() : undefined
    this.#worths = worths
  }

  get folds(): readonly Fold[] {
    return this.#folds
  }

  set folds(folds: readonly Fold[]) {
    this.#folds = folds
    this.#listeners.clear()
    for (const fold of folds) {
      for (const kind of new Set(fold.learner.handles)) this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), fold])
    }
  }

  /**
   * Folds what lies behind, to the end of the log, in slices that leave other work its turn. One that fails on the way is not to be used again: it may have learned
   * half of a fact or of a run's history.
   *
   * @param afterPage is waited for after each page of facts
   */
  async advance(afterPage?: () => Promise<void>): Promise<void> {
    const { storage, namespace, sliceMs, upTo } = this.#settings
    const filter = { namespace, ...(upTo === undefined ? {} : { before: upTo + 1 }) }
    let sliceEnd = performance.now() + sliceMs
    for await (const page of storage.read(cursorAfter(this.sequence), filter)) {
      await this.#fetchOptionSets(page)
      await this.#joinMissing(page)
      for (const fact of page) {
        this.#foldOne(fact)
        if (performance.now() < sliceEnd) continue
        this.#mark()
        await nextTurn()
        sliceEnd = performance.now() + sliceMs
      }
      this.#mark()
      this.#trim()
      await afterPage?.()
    }
  }

  #foldOne(fact: Fact): void {
    if (!isSkipped(this.skips, fact.sequence)) this.#learn(fact)
    this.sequence = Math.max(this.sequence, fact.sequence)
  }

  /** Has all learners stand where the stream does. Before anybody else gets a turn, who may save them. */
  #mark(): void {
    for (const fold of this.#folds) fold.sequence = Math.max(fold.sequence, this.sequence)
    this.#worths?.passed(this.sequence)
  }

  #learn(fact: Fact): void {
    this.#tell(fact)
    if (fact.run === undefined) return
    const dossier = this.#dossierOf(fact.run)
    // Who judged a run is worked out only where somebody asks.
    const settlements = settle(dossier, fact, this.#settings.episodes, this.#listeners.has('run.judged'))
    for (const settlement of settlements) this.#tell(settlement)
    this.#worths?.note(dossier, fact.sequence, settlements)
  }

  #tell(experience: Experience): void {
    const listeners = this.#listeners.get(experience.kind)
    if (listeners === undefined) return
    for (const fold of listeners) fold.learn(experience)
  }

  #dossierOf(run: string): Dossier {
    const known = this.#dossiers.get(run)
    if (known === undefined) {
      const { credit, episodes } = this.#settings
      const fresh = new Dossier(run, credit, episodes ? (key) => this.#optionSets.get(key) : undefined)
      this.#dossiers.set(run, fresh)
      return fresh
    }
    this.#dossiers.delete(run)
    this.#dossiers.set(run, known)
    return known
  }

  /** Reads the earlier facts of the page's runs that are not in memory, all in one query. */
  async #joinMissing(page: readonly Fact[]): Promise<void> {
    const first = page[0]
    if (first === undefined) return
    const departed = this.#departed
    const runs = [...new Set(page.flatMap((fact) => fact.run ?? []))].filter(
      (run) => !this.#dossiers.has(run) && (departed === undefined || departed.has(hashText(run))),
    )
    if (runs.length === 0) return
    for (const run of runs) this.#dossierOf(run)
    const { storage, namespace } = this.#settings
    for await (const facts of storage.read('', { namespace, runs, before: first.sequence })) {
      await this.#fetchOptionSets(facts)
      for (const fact of facts) {
        if (fact.run !== undefined && !isSkipped(this.skips, fact.sequence)) this.#dossierOf(fact.run).add(fact)
      }
    }
    for (const run of runs) this.#dossiers.get(run)?.thin()
  }

  /** Has the options of decisions at hand before they are folded; those of a set that was erased are not known any more. */
  async #fetchOptionSets(facts: readonly Fact[]): Promise<void> {
    const { storage, namespace, episodes } = this.#settings
    if (!episodes) return
    if (this.#optionSets.size > mostOptionSets) this.#optionSets.clear()
    for (const fact of facts) {
      if (fact.kind !== 'decision.made' || this.#optionSets.has(fact.data.optionSet)) continue
      const set = await storage.optionSet(namespace, fact.data.optionSet)
      if (set !== undefined) this.#optionSets.set(fact.data.optionSet, set.options.map(({ id }) => id))
    }
  }

  /** Behind a page, since most runs leave with it: of what stays, only what verdicts need. */
  #trim(): void {
    if (this.#departed !== undefined && this.#departed.size > mostDeparted) this.#departed = undefined
    if (this.#dossiers.size > this.#settings.runsInMemory) this.#leave()
    for (const dossier of this.#dossiers.values()) dossier.thin()
  }

  #leave(): void {
    const { runsInMemory } = this.#settings
    let leaving = this.#dossiers.size - Math.ceil(runsInMemory / 2)
    // A new map, because a map whose entries come and go is a chain of tables to V8, and one that got old keeps all later ones, with all runs that
    // have left, until memory is collected as a whole: that took a third of the time of a replay.
    const staying = new Map<string, Dossier>()
    for (const [run, dossier] of this.#dossiers) {
      if (leaving <= 0) staying.set(run, dossier)
      else this.#departed?.add(hashText(run))
      leaving -= 1
    }
    this.#dossiers = staying
  }
}
