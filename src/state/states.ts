import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { Fold } from '../learn/fold.ts'
import type { Learner } from '../learn/learner.ts'
import { betaBandit, dynamicBetaBandit } from '../learn/learners/beta-bandit.ts'
import { errorFixes } from '../learn/learners/error-fixes.ts'
import { executionPatterns } from '../learn/learners/execution-patterns.ts'
import { linearBandit } from '../learn/learners/linear-bandit.ts'
import { logisticBandit } from '../learn/learners/logistic-bandit.ts'
import { policyGradient } from '../learn/learners/policy-gradient.ts'
import { successPredictor } from '../learn/learners/success-predictor.ts'
import { tabularQ } from '../learn/learners/tabular-q.ts'
import { runOutlines } from '../learn/learners/run-outlines.ts'
import { workflows } from '../learn/learners/workflows.ts'
import { type Skip, skipsOf } from '../learn/roll-backs.ts'
import { textDigest } from '../log/canonical.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { cursorAfter } from '../storage/storage.ts'
import { type StateChange, differenceOf } from './difference.ts'
import { savedFact } from './origin.ts'

/** What a learner knew at a place of the log. */
export interface StateVersion {
  readonly learner: string
  /** Sequence of the last fact that it had learned; what {@link States.diff} and {@link States.rollBack} take. */
  readonly version: number
  /** Milliseconds since 1970-01-01 UTC. */
  readonly savedAt: number
  /** Of the state, as it is saved, before it is compressed. */
  readonly bytes: number
  /** True when its learner was brought back to an earlier one since. */
  readonly rolledBack: boolean
}

/** How two versions of a learner differ. */
export interface StateDifference {
  readonly learner: string
  readonly from: number
  readonly to: number
  /** How many values are not the same; `changes` has the first of them. */
  readonly total: number
  /** The largest change first. */
  readonly changes: readonly StateChange[]
}

/** What a roll-back has done. */
export interface RollBackReceipt {
  readonly learner: string
  /** The version that the learner is at. */
  readonly version: number
  /** Facts of the namespace that it does not know any more. */
  readonly passedOver: number
}

/** Learners of the package with their default settings, which need not be configured, or asked for, to be looked at. */
const builtIn: readonly Learner[] = [
  tabularQ, policyGradient, linearBandit, logisticBandit, betaBandit, dynamicBetaBandit, errorFixes, executionPatterns, successPredictor, workflows, runOutlines,
]

const place = z.number().int().min(0)

const settingsInput = z.strictObject({ limit: z.number().int().min(1).max(10_000).default(100) })

/** The version at the end of a skip, which is the roll-back itself, is the first that is without what was skipped. */
const isPassedOver = (skips: readonly Skip[], version: number): boolean => skips.some(({ after, upTo }) => version > after && version < upTo)

/** A text of this length and more that looks like base64 is no text that somebody wrote. */
const packedText = /^[\w+/]{120,}={0,2}$/

/** Of packed numbers their size, and a few digits by which a change is seen. */
const sizesOfPacked = (_: string, value: unknown): unknown =>
  typeof value === 'string' && packedText.test(value) ? `${Buffer.byteLength(value, 'base64').toLocaleString('en')} packed bytes (${textDigest(value).slice(0, 8)})` : value

/** Plain data of a state: what its view has as a table, what it is saved as where that is JSON, without what is packed in it, and otherwise what little can be said of it. */
const plainOf = (fold: Fold): unknown => {
  const view = fold.view()
  if (typeof view === 'object' && view !== null && 'table' in view && typeof view.table === 'function') return (view.table as () => unknown)()
  const bytes = fold.save()
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), sizesOfPacked) as unknown
  } catch {
    return { bytes: bytes.length }
  }
}

/**
 * Versions of what was learned. A version is a place in the log: what the learner knew there is folded again when it is asked for, so that versions take no space,
 * and an erasure reaches all of them.
 *
 * @example
 * ```ts
 * import { Autodidact, itemUsefulness } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.remember({ id: 'tip', content: 'Refunds above 100 need a second signature.' })
 * const { sequence } = await autodidact.head()
 * await autodidact.record({ task: 'refund order 1187', used: ['tip'], success: false })
 * console.assert((await autodidact.learned(itemUsefulness)).mean('tip') < 0.5)
 *
 * await autodidact.states.rollBack('item-usefulness', sequence)
 * console.assert((await autodidact.learned(itemUsefulness)).mean('tip') === 0.5)
 * await autodidact.close()
 * ```
 */
export class States {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /** False for a store that keeps no list of versions, such as a folder or one in memory: {@link list} is empty there, and any place in the log is a version all the same. */
  get keepsList(): boolean {
    const { capabilities, snapshots } = this.#scope.storage
    return capabilities.persistent && snapshots.versions !== undefined
  }

  /**
   * The versions that were saved, the oldest first: about every 1,000 facts and at closing, and only where the learner had learned something. Of more than 256 of a
   * learner the older ones are thinned out. Any other place in the log is a version, too. Empty where the store keeps no list, as in memory or in a folder.
   *
   * @param learner only of the learner of this name; default all
   * @throws AutodidactError `UNKNOWN_LEARNER`, `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open('agent.db')
   * await autodidact.record({ task: 'refund order 1187', success: true })
   * await autodidact.persistence.refreshViews()
   * const [version] = await autodidact.states.list('task-statistics')
   * console.assert(version?.version === (await autodidact.head()).sequence)
   * await autodidact.close()
   * ```
   */
  async list(learner?: string): Promise<readonly StateVersion[]> {
    const { storage, namespace, runner } = this.#scope
    const only = learner === undefined ? undefined : await this.#known(learner, 'states.list')
    const rollBacks = await runner.rollBacks(namespace)
    const saved = (await storage.snapshots.versions?.(namespace)) ?? []
    return saved.flatMap(({ learner: key, sequence, savedAt, bytes }): StateVersion[] => {
      const found = runner.learnerSavedAs(key)
      if (found === undefined || (only !== undefined && found !== only)) return []
      return [{ learner: found, version: sequence, savedAt, bytes, rolledBack: isPassedOver(skipsOf(rollBacks, found), sequence) }]
    })
  }

  /**
   * How what a learner knew at one place differs from what it knew at another: values by the names on the way to them, the largest change first. Both are folded
   * from the log, about 50,000 facts a second.
   *
   * @param from a version, or any place in the log; 0 is before the first fact
   * @param to default: now
   * @throws AutodidactError `UNKNOWN_LEARNER`, `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.persistence.saveQTable('tool', { start: { search: 0.5 } })
   * const { sequence } = await autodidact.head()
   * await autodidact.persistence.saveQTable('tool', { start: { search: 0.7 } })
   * const { changes } = await autodidact.states.diff('tabular-q', sequence)
   * console.assert(changes[0]?.path.join('.') === 'tool.start.search' && changes[0].before === 0.5 && changes[0].after === 0.7)
   * await autodidact.close()
   * ```
   */
  async diff(learner: string, from: number, to?: number, settings: { readonly limit?: number } = {}): Promise<StateDifference> {
    const { namespace, runner } = this.#scope
    const { limit } = validated(settingsInput, settings, 'states.diff')
    const found = this.#learner(validated(name, learner, 'states.diff: learner'))
    const head = await this.#head()
    const [first, last] = [this.#place(from, head, 'states.diff: from'), to === undefined ? head : this.#place(to, head, 'states.diff: to')]
    const before = plainOf(await runner.foldUpTo(namespace, found, first))
    const after = plainOf(await runner.foldUpTo(namespace, found, last))
    const changes = differenceOf(before, after)
    return { learner: found.name, from: first, to: last, total: changes.length, changes: changes.slice(0, limit) }
  }

  /**
   * Brings a learner back to what it knew at a place of the log: from now on it is as if what lies between there and here had not happened, also when what it knows is
   * built anew. Feedback that comes later on runs recorded there teaches it nothing; other learners, the log and what is recalled stay as they are. To go
   * forward again, roll back to a place before the roll-back.
   *
   * @param version a version, or any place in the log before its end; 0 forgets all that was learned
   * @throws AutodidactError `UNKNOWN_LEARNER`, `INVALID_INPUT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.persistence.saveQTable('tool', { start: { search: 0.5 } })
   * const { sequence } = await autodidact.head()
   * await autodidact.persistence.saveQTable('tool', { start: { search: -9 } })
   * await autodidact.states.rollBack('tabular-q', sequence)
   * console.assert((await autodidact.persistence.getQTable('tool'))?.['start']?.['search'] === 0.5)
   * await autodidact.close()
   * ```
   */
  async rollBack(learner: string, version: number): Promise<RollBackReceipt> {
    const { storage, namespace, runner } = this.#scope
    const found = await this.#known(learner, 'states.rollBack')
    const head = await this.#head()
    const to = this.#place(version, head, 'states.rollBack: version')
    if (to === head) throw new AutodidactError('INVALID_INPUT', `states.rollBack: "${found}" is at ${to}, the end of the log. Name an earlier version. Nothing was written.`)
    let passedOver = 0
    for await (const page of storage.read(cursorAfter(to), { namespace })) passedOver += page.length
    await storage.commit({ namespace, facts: [savedFact(this.#scope, 'state.rolled-back', { learner: found, to }, {})] })
    await runner.publish(namespace)
    return { learner: found, version: to, passedOver }
  }

  /** One that is folded here, or comes with the package: the others are known by those who configured them. */
  #learner(given: string): Learner {
    const ours = builtIn.find((learner) => learner.name === given)
    if (ours !== undefined) this.#scope.runner.include(ours)
    return this.#scope.runner.learnerNamed(given)
  }

  /** The name of a learner that is known here, or of which another process has saved a version. */
  async #known(given: string, what: string): Promise<string> {
    const { storage, namespace, runner } = this.#scope
    const learner = validated(name, given, `${what}: learner`)
    if (builtIn.some((ours) => ours.name === learner)) return learner
    const saved = (await storage.snapshots.versions?.(namespace)) ?? []
    return saved.some((version) => runner.learnerSavedAs(version.learner) === learner) ? learner : runner.learnerNamed(learner).name
  }

  async #head(): Promise<number> {
    return (await this.#scope.storage.head(this.#scope.namespace)).sequence
  }

  #place(given: number, head: number, what: string): number {
    const sequence = validated(place, given, what)
    if (sequence <= head) return sequence
    throw new AutodidactError('INVALID_INPUT', `${what} is ${sequence}, and the log ends at ${head}. Name a version of "states.list", or a place before that end. Nothing was written.`)
  }
}
