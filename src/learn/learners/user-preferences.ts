import { AutodidactError } from '../../errors.ts'
import type { FactOf } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'
import type { DecisionSettled, Experience, Learner, RunSettled, Verdict } from '../learner.ts'
import type { ItemUsefulnessView, UsefulnessCounts } from './item-usefulness.ts'
import { agreesWith, correctionIn, type CorrectionHashes, type ComparedText } from '../structures/correction.ts'
import { BoundedMap } from '../structures/bounded-map.ts'
import { noRatings, type RatedThing, type RatingSums, type Taste, tastesOf, withRating } from '../structures/taste.ts'

/** Users, and of each of them items, options and corrections: those that were longest without news go. */
const mostUsers = 2_000
const mostItems = 100
const mostOptions = 100
const mostCorrections = 20

/** Feedback that was taken back before it came, and corrections of runs of which it is not known yet whose they are. */
const mostWaiting = 1_000

/** Options of everybody. */
const mostOfEverybody = 20_000

interface Correction extends CorrectionHashes {
  /** The decision that is meant, or the whole run: what is said of it later counts instead. */
  readonly subject: string
}

/** Choice point and option as one key. */
const keyOf = (point: string, option: string): string => JSON.stringify([point, option])

type SavedSums = readonly [key: string, count: number, weight: number, reward: number]

interface SavedPerson {
  readonly items: readonly SavedSums[]
  readonly options: readonly SavedSums[]
  readonly corrections: readonly (readonly [string, Correction])[]
}

interface Saved {
  /** Each as it stands by itself, so that it need not be read to be kept. */
  readonly users: readonly (readonly [user: string, person: string])[]
  readonly options: readonly SavedSums[]
  readonly retracted: readonly string[]
  readonly unclaimed: readonly (readonly [string, Unclaimed])[]
}

const rowsOf = (table: BoundedMap<string, RatingSums>): SavedSums[] => Array.from(table, ([key, { count, weight, reward }]) => [key, count, weight, reward])

const loaded = (most: number, rows: readonly SavedSums[]): BoundedMap<string, RatingSums> =>
  new BoundedMap(most, rows.map(([key, count, weight, reward]) => [key, { count, weight, reward }] as const))

const damaged = (cause: unknown): AutodidactError =>
  new AutodidactError('CORRUPT', 'What was learned of users is damaged. Drop this snapshot and fold the log again.', { cause })

/** What was learned of one user. As it was saved until somebody asks: most users are not heard of while a process lives, and as objects they take three times as much. */
class Person {
  #saved: string | undefined
  #items: BoundedMap<string, RatingSums> | undefined
  #options: BoundedMap<string, RatingSums> | undefined
  /** By the feedback that says so, so that an earlier one counts again where a later one is taken back. */
  #corrections: BoundedMap<string, Correction> | undefined

  constructor(saved?: string) {
    this.#saved = saved
  }

  get items(): BoundedMap<string, RatingSums> {
    this.#read()
    return (this.#items ??= new BoundedMap(mostItems))
  }

  get options(): BoundedMap<string, RatingSums> {
    this.#read()
    return (this.#options ??= new BoundedMap(mostOptions))
  }

  get corrections(): BoundedMap<string, Correction> {
    this.#read()
    return (this.#corrections ??= new BoundedMap(mostCorrections))
  }

  /** False only where the feedback is none of theirs: cheaper than to look. */
  mayHaveSaid(feedback: string): boolean {
    return this.#saved === undefined || this.#saved.includes(JSON.stringify(feedback))
  }

  save(): string {
    if (this.#saved !== undefined) return this.#saved
    const saved: SavedPerson = { items: rowsOf(this.items), options: rowsOf(this.options), corrections: [...this.corrections] }
    return JSON.stringify(saved)
  }

  #read(): void {
    if (this.#saved === undefined) return
    try {
      const { items, options, corrections } = JSON.parse(this.#saved) as SavedPerson
      this.#items = loaded(mostItems, items)
      this.#options = loaded(mostOptions, options)
      this.#corrections = new BoundedMap(mostCorrections, corrections)
      this.#saved = undefined
    } catch (cause) {
      throw damaged(cause)
    }
  }
}

/** A correction before the run that it is of, by nobody who was named: it is of whoever the run turns out to be of. */
interface Unclaimed {
  readonly run: string
  readonly correction: Correction
}

export interface UserPreferencesState {
  readonly users: BoundedMap<string, Person>
  /** Those of everybody. What everybody thinks of items is counted elsewhere already, item by item. */
  readonly options: BoundedMap<string, RatingSums>
  /** Ids of feedback that was taken back. */
  readonly retracted: BoundedMap<string, true>
  /** By the feedback. */
  readonly unclaimed: BoundedMap<string, Unclaimed>
}

/** What was learned of one user. */
export interface PersonalView {
  /**
   * By how much better runs of this user go with an item than everybody's, by id; nothing for an item that this user was never shown.
   *
   * @param everybody the view of `itemUsefulness`
   */
  items(everybody: Pick<ItemUsefulnessView, 'counts'>): ReadonlyMap<string, Taste>
  /** The same for options taken at a choice point. */
  optionsAt(point: string): ReadonlyMap<string, Taste>
  /** Mean reward of an option for everybody, in [0, 1], shrunk to ½; for policies that expect nothing. */
  meanOf(point: string, option: string): number
  /** Whether this user ever put an answer right. */
  readonly corrects: boolean
  /** Whether something says what this user said in a correction: the same answer, or all of its words. */
  agrees(said: ComparedText): boolean
}

export interface UserPreferencesView {
  /** Undefined for a user of whom nothing was learned. */
  of(user: string): PersonalView | undefined
  /** How many users something is known of; at most 2,000. */
  readonly users: number
}

const personIn = ({ users }: UserPreferencesState, user: string): Person => users.get(user) ?? new Person()

/** Takes a verdict in, changes it, or takes it out. One that was let go of cannot be taken out any more. */
const rate = (table: BoundedMap<string, RatingSums>, key: string, previous: Verdict | undefined, current: Verdict | undefined): void => {
  const before = table.get(key)
  const without = before === undefined || previous === undefined ? (before ?? noRatings) : withRating(before, previous, -1)
  const after = current === undefined ? without : withRating(without, current, 1)
  if (after.count === 0) table.delete(key)
  else table.set(key, after)
}

const isEmpty = ({ items, options, corrections }: Person): boolean => items.size + options.size + corrections.size === 0

const keep = (state: UserPreferencesState, user: string, person: Person): void => {
  if (isEmpty(person)) state.users.delete(user)
  else state.users.set(user, person)
}

const settleRun = (state: UserPreferencesState, settled: RunSettled): void => {
  claim(state, settled)
  const { user, shown, previous, current } = settled
  if (user === undefined || shown.length === 0) return
  const person = personIn(state, user)
  for (const item of new Set(shown)) rate(person.items, item, previous, current)
  keep(state, user, person)
}

const settleDecision = (state: UserPreferencesState, { user, point, option, previous, current }: DecisionSettled): void => {
  const key = keyOf(point, option)
  rate(state.options, key, previous, current)
  if (user === undefined) return
  const person = personIn(state, user)
  rate(person.options, key, previous, current)
  keep(state, user, person)
}

const correct = (state: UserPreferencesState, fact: FactOf<'feedback.received'>): void => {
  const { id, run = id, user, data } = fact
  const hashes = correctionIn(fact)
  if (hashes === undefined || state.retracted.get(id) === true) return
  const correction = { subject: data.decision ?? run, ...hashes }
  const who = data.author ?? user
  if (who === undefined) {
    state.unclaimed.set(id, { run, correction })
    return
  }
  const person = personIn(state, who)
  person.corrections.set(id, correction)
  keep(state, who, person)
}

/** Corrections by nobody who was named are of the user of their run. */
const claim = (state: UserPreferencesState, { run, user }: RunSettled): void => {
  if (state.unclaimed.size === 0) return
  for (const [feedback, { run: its, correction }] of state.unclaimed) {
    if (its !== run) continue
    state.unclaimed.delete(feedback)
    if (user === undefined) continue
    const person = personIn(state, user)
    person.corrections.set(feedback, correction)
    keep(state, user, person)
  }
}

/** Whoever takes something back is not named, and may do so before it came. */
const retract = (state: UserPreferencesState, { data: { feedback } }: FactOf<'feedback.retracted'>): void => {
  state.retracted.set(feedback, true)
  state.unclaimed.delete(feedback)
  for (const [user, person] of state.users) {
    if (!person.mayHaveSaid(feedback) || person.corrections.get(feedback) === undefined) continue
    person.corrections.delete(feedback)
    if (isEmpty(person)) state.users.delete(user)
  }
}

const learn = (state: UserPreferencesState, experience: Experience): UserPreferencesState => {
  if (experience.kind === 'run.settled') settleRun(state, experience)
  else if (experience.kind === 'decision.settled') settleDecision(state, experience)
  else if (experience.kind === 'feedback.received') correct(state, experience)
  else if (experience.kind === 'feedback.retracted') retract(state, experience)
  return state
}

const ratedIn = (own: Iterable<readonly [string, RatingSums]>, everybody: (key: string) => Pick<RatingSums, 'weight' | 'reward'>): ReadonlyMap<string, RatedThing> =>
  new Map(Array.from(own, ([key, sums]) => [key, { own: sums, everybody: everybody(key) }]))

const weighed = ({ up, down }: UsefulnessCounts): Pick<RatingSums, 'weight' | 'reward'> => ({ weight: up + down, reward: up })

/** The latest word on each subject. */
const standing = ({ corrections }: Person): readonly Correction[] => [...new Map(Array.from(corrections, ([, correction]) => [correction.subject, correction])).values()]

const personalView = (state: UserPreferencesState, person: Person): PersonalView => ({
  items: (everybody) => tastesOf(ratedIn(person.items, (id) => weighed(everybody.counts(id)))),
  corrects: person.corrections.size > 0,
  optionsAt: (point) => {
    const own = Array.from(person.options).filter(([key]) => pointAndOption(key)[0] === point)
    // Whatever everybody's table let go of is rated by nobody else.
    const everybody = (key: string): RatingSums => state.options.get(key) ?? person.options.get(key) ?? noRatings
    return new Map([...tastesOf(ratedIn(own, everybody))].map(([key, taste]) => [pointAndOption(key)[1], taste]))
  },
  meanOf: (point, option) => {
    const { weight, reward } = state.options.get(keyOf(point, option)) ?? noRatings
    return (0.5 + reward) / (1 + weight)
  },
  agrees: (said) => agreesWith(standing(person), said),
})

/** The inverse of {@link keyOf}. */
const pointAndOption = (key: string): readonly [point: string, option: string] => {
  const [point = '', option = ''] = JSON.parse(key) as string[]
  return [point, option]
}

const round = (value: number): number => Math.round(value * 1000) / 1000

const rowOf = ({ weight, reward }: RatingSums): { weight: number; mean: number } => ({ weight: round(weight), mean: round(weight > 0 ? reward / weight : 0) })

/** Ids and figures: what this user said is in their facts. */
const aboutUser = (state: UserPreferencesState, user: string): Json | undefined => {
  const person = state.users.get(user)
  if (person === undefined) return undefined
  return {
    items: Array.from(person.items, ([item, sums]) => ({ item, ...rowOf(sums) })),
    options: Array.from(person.options, ([key, sums]) => ({ point: pointAndOption(key)[0], option: pointAndOption(key)[1], ...rowOf(sums) })),
    corrections: Array.from(person.corrections, ([feedback]) => feedback),
  }
}

const encode = ({ users, options, retracted, unclaimed }: UserPreferencesState): Uint8Array => {
  const rows: Saved = {
    users: Array.from(users, ([user, person]) => [user, person.save()]),
    options: rowsOf(options),
    retracted: Array.from(retracted, ([feedback]) => feedback),
    unclaimed: [...unclaimed],
  }
  return new TextEncoder().encode(JSON.stringify(rows))
}

const decode = (bytes: Uint8Array): UserPreferencesState => {
  try {
    const { users, options, retracted, unclaimed } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return {
      users: new BoundedMap(mostUsers, users.map(([user, saved]) => [user, new Person(saved)] as const)),
      options: loaded(mostOfEverybody, options),
      retracted: new BoundedMap(mostWaiting, retracted.map((feedback) => [feedback, true] as const)),
      unclaimed: new BoundedMap(mostWaiting, unclaimed),
    }
  } catch (cause) {
    throw damaged(cause)
  }
}

/**
 * How what was shown to each user, and the options taken for them, went, against how the same went for everybody; and hashes of what they put right. For that user's recall and choices alone.
 *
 * What somebody thinks of one thing is the difference of their mean reward from everybody's, shrunk to none while little is known, without what all their ratings have in common (see
 * `structures/taste.ts`). No word is kept; what stays of a correction are hashes, and they go with the feedback when it is forgotten.
 *
 * Bounded: 2,000 users with 100 items, 100 options and 20 corrections each, 20,000 options of everybody; what was longest without news goes first. Neither inverse nor merge is declared,
 * because what goes depends on what came before.
 *
 * @example
 * ```ts
 * import { Autodidact, userPreferences } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * for (const user of ['ada', 'grace']) {
 *   for (const option of ['short', 'long']) {
 *     const { run } = await autodidact.decide('style', [option], { user })
 *     await autodidact.record({ run, user, task: 'Explain', response: option, success: (user === 'ada') === (option === 'short') })
 *   }
 * }
 * const ada = (await autodidact.learned(userPreferences)).of('ada')?.optionsAt('style')
 * console.assert((ada?.get('short')?.advantage ?? 0) > 0 && (ada?.get('long')?.advantage ?? 0) < 0)
 * await autodidact.close()
 * ```
 */
export const userPreferences: Learner<UserPreferencesState, UserPreferencesView> = {
  name: 'user-preferences',
  version: 2,
  handles: ['run.settled', 'decision.settled', 'feedback.received', 'feedback.retracted'],
  initial: () => ({ users: new BoundedMap(mostUsers), options: new BoundedMap(mostOfEverybody), retracted: new BoundedMap(mostWaiting), unclaimed: new BoundedMap(mostWaiting) }),
  learn,
  view: (state) => ({
    of: (user) => {
      const person = state.users.get(user)
      return person === undefined ? undefined : personalView(state, person)
    },
    get users() {
      return state.users.size
    },
  }),
  about: aboutUser,
  save: encode,
  load: decode,
}
