import { AutodidactError } from '../../errors.ts'
import type { FactData, FactOf } from '../../log/fact.ts'
import type { Experience, Learner } from '../learner.ts'

type Choice = NonNullable<FactData['preference.stated']['choice']>

/** What a user said they prefer, without the words of it. */
export interface StatedPreference {
  readonly name: string
  /** Of the fact that says so. */
  readonly id: string
  readonly sequence: number
  /** The option to take at a choice point, and in which share of the decisions there; undefined for a preference in words. */
  readonly choice: Choice | undefined
}

export interface StatedPreferencesState {
  /** By user, then by name; the one stated last is the last. */
  readonly users: Map<string, Map<string, Omit<StatedPreference, 'name'>>>
}

export interface StatedPreferencesView {
  /** The one stated last is the last; empty for somebody who stated none. */
  of(user: string): readonly StatedPreference[]
  /** How many users stated any. */
  readonly users: number
}

const isStated = (experience: Experience): experience is FactOf<'preference.stated'> => experience.kind === 'preference.stated'

const listOf = ({ users }: StatedPreferencesState, user: string): readonly StatedPreference[] => Array.from(users.get(user) ?? [], ([name, stated]) => ({ name, ...stated }))

const state = (known: StatedPreferencesState, { id, sequence, user, data }: FactOf<'preference.stated'>): void => {
  if (user === undefined) return
  const own = known.users.get(user) ?? new Map<string, Omit<StatedPreference, 'name'>>()
  own.delete(data.name)
  if (data.text !== undefined || data.choice !== undefined) own.set(data.name, { id, sequence, choice: data.choice })
  if (own.size === 0) known.users.delete(user)
  else known.users.set(user, own)
}

type Saved = readonly (readonly [user: string, preferences: readonly StatedPreference[]])[]

const decode = (bytes: Uint8Array): StatedPreferencesState => {
  try {
    const saved = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return { users: new Map(saved.map(([user, own]) => [user, new Map(own.map(({ name, id, sequence, choice }) => [name, { id, sequence, choice }]))])) }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved preferences of users are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Which preferences each user stated, by name: where their words stand in the log, and which options they want. What a preference says in words is not kept here.
 *
 * Neither inverse nor merge is declared, because the latest of a name counts. Grows by some 150 bytes per preference; a user has at most 100.
 *
 * @example
 * ```ts
 * import { Autodidact, statedPreferences } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.preferences.set('ada', 'editor', { point: 'editor', option: 'vim' })
 * const stated = (await autodidact.learned(statedPreferences)).of('ada')
 * console.assert(stated.length === 1 && stated[0]?.choice?.option === 'vim')
 * await autodidact.close()
 * ```
 */
export const statedPreferences: Learner<StatedPreferencesState, StatedPreferencesView> = {
  name: 'stated-preferences',
  version: 1,
  handles: ['preference.stated'],
  initial: () => ({ users: new Map() }),
  learn: (known, experience) => {
    if (isStated(experience)) state(known, experience)
    return known
  },
  view: (known) => ({
    of: (user) => listOf(known, user),
    get users() {
      return known.users.size
    },
  }),
  about: (known, user) => (known.users.has(user) ? listOf(known, user).map(({ name, id, choice }) => ({ name, id, ...(choice === undefined ? {} : { choice: { ...choice } }) })) : undefined),
  save: (known) => new TextEncoder().encode(JSON.stringify(Array.from(known.users.keys(), (user) => [user, listOf(known, user)]))),
  load: decode,
}
