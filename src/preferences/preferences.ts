import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { type StatedPreference, statedPreferences } from '../learn/learners/stated-preferences.ts'
import { asWritten, whole } from '../log/blobs.ts'
import { contentDigest } from '../log/canonical.ts'
import { refuseImpossible } from '../log/clock.ts'
import type { FactData, FactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { name as nameInput, text, time } from '../log/kinds/shared.ts'
import { newFact } from '../log/new-fact.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'

/** Preferences of one user, all of which are shown or weighed at every advice. */
const mostPreferences = 100

/** Longer ones would leave no room for anything else in a prompt. */
const longestText = 10_000

/** In which share of the decisions a preferred option is taken, unless somebody says otherwise: some are left to learn from. */
const defaultStrength = 0.8

const valueInput = z.union([
  text.refine((value) => value.trim() !== '', 'is empty').refine((value) => value.length <= longestText, `has more than ${longestText} characters`),
  z.strictObject({ point: nameInput, option: nameInput, strength: z.number().positive().max(1).optional() }),
])

const settingsInput = z.strictObject({ source: nameInput.optional(), occurredAt: time.optional() })

/** The option that a user wants at a choice point. */
export interface PreferredOption {
  readonly point: string
  /** Id of the option; where it is not offered, nothing changes. */
  readonly option: string
  /** Share of the decisions in which it is taken whatever was learned, in (0, 1]; default .8. At 1 nothing is learned of the others from this user. */
  readonly strength?: number
}

/** What a user prefers: words for the prompt, or an option. */
export type PreferenceValue = string | PreferredOption

/** A preference as it stands. */
export interface Preference {
  readonly name: string
  /** Of the fact that says so. */
  readonly id: string
  readonly value: string | Required<PreferredOption>
  /** Milliseconds since 1970-01-01 UTC. */
  readonly statedAt: number
}

/** Who tells of a preference, and when. */
export interface PreferenceSettings {
  /** Default `host`. */
  readonly source?: string
  /** Milliseconds since 1970-01-01 UTC, fractions cut off; default now. */
  readonly occurredAt?: number
}

/** What became of a preference. */
export interface PreferenceReceipt {
  readonly user: string
  readonly name: string
  /** `unchanged`: it stood so already, or there was none to take back; nothing was written. */
  readonly status: 'stored' | 'unchanged'
  /** Of the fact that says so; undefined where nothing was written. */
  readonly id: string | undefined
}

/** A preference that its fact states, as far as it states one. */
const preferenceIn = ({ id, occurredAt, data: { name, text: said, choice } }: FactOf<'preference.stated'>): Preference[] => {
  const value = said ?? choice
  return value === undefined ? [] : [{ name, id, value, statedAt: occurredAt }]
}

const inFull = async ({ storage, namespace }: Scope, stated: readonly StatedPreference[]): Promise<readonly Preference[]> => {
  if (stated.length === 0) return []
  const found = new Map<string, Preference>()
  for await (const page of storage.read('', { namespace, ids: stated.map(({ id }) => id) })) {
    for (const fact of page) {
      if (fact.kind !== 'preference.stated') continue
      for (const preference of preferenceIn(await whole(storage, fact))) found.set(preference.id, preference)
    }
  }
  // One that was forgotten in between is not there any more.
  return stated.flatMap(({ id }) => found.get(id) ?? [])
}

/**
 * What users said they prefer. It counts for that user alone, in every `advise` and `decide` that names them: words stand before what is recalled, and an option is taken in the share of the
 * decisions that its strength names. No recall finds it, for nobody.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.preferences.set('ada', 'tone', 'Short answers, no greeting.')
 * await autodidact.preferences.set('ada', 'editor', { point: 'editor', option: 'vim', strength: 1 })
 * const { prompt, choose } = await autodidact.advise('Open the file', { user: 'ada', choices: { editor: ['emacs', 'vim'] } })
 * console.assert(prompt.includes('no greeting') && choose['editor'] === 'vim')
 * const other = await autodidact.advise('Open the file', { user: 'grace' })
 * console.assert(other.prompt === '')
 * await autodidact.close()
 * ```
 */
export class Preferences {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * States a preference; the one of the same name that stood before does not count any more.
   *
   * @param value words for the prompt, at most 10,000 characters; or an option at a choice point
   * @throws AutodidactError `INVALID_INPUT`, also for the 101st of one user; `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.preferences.set('ada', 'units', 'Metric units.')
   * const { status } = await autodidact.preferences.set('ada', 'units', 'Metric units.')
   * console.assert(status === 'unchanged')
   * await autodidact.close()
   * ```
   */
  async set(user: string, name: string, value: PreferenceValue, settings: PreferenceSettings = {}): Promise<PreferenceReceipt> {
    const [who, what] = [validated(nameInput, user, 'preferences.set: user'), validated(nameInput, name, 'preferences.set: name')]
    const given = validated(valueInput, value, 'preferences.set: value')
    const said = typeof given === 'string' ? { text: this.#scope.redact(given, 'text') } : { choice: { ...given, strength: given.strength ?? defaultStrength } }
    const present = await this.get(who)
    const before = present.find((preference) => preference.name === what)
    if (before === undefined && present.length >= mostPreferences) {
      throw new AutodidactError('INVALID_INPUT', `preferences.set: "${who}" has ${mostPreferences} preferences already, and all of them are looked at every time. Take one back with preferences.unset, or change one.`)
    }
    if (before !== undefined && contentDigest({ value: before.value }) === contentDigest({ value: said.text ?? said.choice })) return { user: who, name: what, status: 'unchanged', id: undefined }
    return this.#state(who, { name: what, ...said }, settings, 'preferences.set')
  }

  /**
   * What a user prefers now; the one stated last is the last.
   *
   * @throws AutodidactError `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.preferences.set('ada', 'units', 'Metric units.')
   * const [preference] = await autodidact.preferences.get('ada')
   * console.assert(preference?.name === 'units' && preference.value === 'Metric units.')
   * await autodidact.close()
   * ```
   */
  async get(user: string): Promise<readonly Preference[]> {
    const who = validated(nameInput, user, 'preferences.get: user')
    return inFull(this.#scope, (await this.#scope.runner.view(this.#scope.namespace, statedPreferences)).of(who))
  }

  /**
   * Takes a preference back. The words stay in the log until they are forgotten.
   *
   * @throws AutodidactError `INVALID_INPUT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.preferences.set('ada', 'units', 'Metric units.')
   * await autodidact.preferences.unset('ada', 'units')
   * console.assert((await autodidact.preferences.get('ada')).length === 0)
   * await autodidact.close()
   * ```
   */
  async unset(user: string, name: string, settings: PreferenceSettings = {}): Promise<PreferenceReceipt> {
    const [who, what] = [validated(nameInput, user, 'preferences.unset: user'), validated(nameInput, name, 'preferences.unset: name')]
    const stated = (await this.#scope.runner.view(this.#scope.namespace, statedPreferences)).of(who)
    if (stated.every((preference) => preference.name !== what)) return { user: who, name: what, status: 'unchanged', id: undefined }
    return this.#state(who, { name: what }, settings, 'preferences.unset')
  }

  async #state(user: string, data: FactData['preference.stated'], settings: PreferenceSettings, verb: string): Promise<PreferenceReceipt> {
    const { source = 'host', occurredAt } = validated(settingsInput, settings, verb)
    refuseImpossible({ occurredAt }, this.#scope.clock(), verb)
    const id = newId('preference')
    const fact = newFact('preference.stated', id, data, { user, source, trust: 'user', occurredAt: occurredAt ?? this.#scope.clock() }, { id, user, ...data })
    await this.#scope.storage.commit({ namespace: this.#scope.namespace, ...asWritten([fact]) })
    return { user, name: data.name, status: 'stored', id }
  }
}
