import { noticeDeadlines } from '../credit/deadlines.ts'
import { OptionSets } from '../decide/option-sets.ts'
import { seededRandom } from '../decide/random.ts'
import { RecentAdvice } from '../echo/recent-advice.ts'
import { assign } from '../evaluate/experiments/assign.ts'
import { expectObject } from '../expect.ts'
import type { Learner } from '../learn/learner.ts'
import { Runner } from '../learn/runner.ts'
import { Arrivals } from '../log/arrivals.ts'
import { wholeMilliseconds } from '../log/clock.ts'
import { createRedact } from '../log/redact.ts'
import type { Scope } from '../scope.ts'
import type { Storage } from '../storage/storage.ts'
import { type AutodidactSettings, withDefaults } from './settings.ts'
import { onDemand, type Wiring } from './wiring.ts'

/** Each remembers the prompts of its last advices, up to about 2 MB. */
const scopesAtHand = 64

/** What all namespaces of one open store share, and the scope of each. It does not keep the settings: the key in them stays with the store. */
export class Instance {
  readonly #storage: Storage
  readonly #runner: Runner
  readonly #arrivals: Arrivals
  readonly #scopes = new Map<string, Scope>()
  readonly #make: (namespace: string) => Scope
  /** What is still to be done before the store closes, by namespace and name. */
  readonly #closing = new Map<string, () => Promise<unknown>>()

  constructor(storage: Storage, settings: AutodidactSettings, { learners, policyAt, credit }: Wiring) {
    this.#storage = storage
    this.#runner = new Runner(storage, { learners, credit })
    this.#arrivals = new Arrivals(storage)
    const redact = createRedact(settings.redact)
    const shared = {
      storage,
      runner: this.#runner,
      arrivals: this.#arrivals,
      clock: wholeMilliseconds(settings.clock ?? Date.now),
      redact,
      optionSets: new OptionSets(redact),
      random: seededRandom(settings.seed ?? Math.floor(Math.random() * 2 ** 32)),
      policyAt,
      settings: { ...withDefaults(settings), credit },
    }
    this.#make = (namespace) => {
      const scope: Scope = { ...shared, namespace, recentAdvice: new RecentAdvice(), assign: (point, subject) => assign(scope, point, subject) }
      return scope
    }
  }

  /** What the verbs work with in a namespace. One that was dropped in between has only forgotten which advice was lately given there. */
  scope(namespace: string): Scope {
    const scope = this.#scopes.get(namespace) ?? this.#make(namespace)
    // The most recently used last.
    this.#scopes.delete(namespace)
    this.#scopes.set(namespace, scope)
    const [longestUnused] = this.#scopes.keys()
    if (this.#scopes.size > scopesAtHand && longestUnused !== undefined) this.#scopes.delete(longestUnused)
    return scope
  }

  /** What a learner knows at the end of the log of a namespace; one on demand is folded from now on. */
  async learned<State, View>(namespace: string, learner: Learner<State, View>): Promise<View> {
    await noticeDeadlines(this.scope(namespace), Infinity)
    return onDemand.has(learner) ? this.#runner.viewOfAny(namespace, learner) : this.#runner.view(namespace, learner)
  }

  /** Has something done before the store closes; one task for each name and namespace. */
  beforeClose(namespace: string, name: string, task: () => Promise<unknown>): void {
    this.#closing.set(JSON.stringify([namespace, name]), task)
  }

  /** Does what is still to be done, saves what was learned, and closes the store. */
  async close(): Promise<void> {
    this.#arrivals.close()
    const tasks = [...this.#closing.values()]
    this.#closing.clear()
    await Promise.allSettled(tasks.map((task) => task()))
    await this.#runner.close()
    await this.#storage.close()
  }
}

/** A store of somebody's own that lacks a method fails here, and not in the middle of a record. */
export const expectStorage = (storage: Storage): void => {
  expectObject(storage, 'over: storage', ['commit', 'read', 'head', 'erased', 'search', 'optionSet', 'blob', 'due', 'erase', 'namespaces', 'size', 'close'])
  expectObject(storage.capabilities, 'over: capabilities of the storage')
  expectObject(storage.snapshots, 'over: snapshots of the storage', ['load', 'save'])
  expectObject(storage.leases, 'over: leases of the storage', ['acquire', 'release'])
  if (storage.bookmarks !== undefined) expectObject(storage.bookmarks, 'over: bookmarks of the storage', ['list', 'find', 'put', 'advance', 'remove'])
}
