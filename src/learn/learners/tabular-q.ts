import type { Ask } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import type { Episode, EpisodeSettled, Learner } from '../learner.ts'
import { type Earned, earned } from '../structures/episode-rewards.ts'
import { learnerName } from '../structures/learner-name.ts'

/** How the table learns. Another setting is another table, folded from the log. */
export interface TabularQSettings {
  /** Learning rate α, above 0 and at most 1. Default .1. */
  readonly step?: number
  /**
   * Visits of an option in a state after which its learning rate is half of `step`: α / (1 + visits / halving). Above 0. A rate that falls lets values settle in
   * a world of chance, one that does not follows a world that changes. Default infinity: it does not fall.
   */
  readonly halving?: number
  /** Discount γ of what comes later, in [0, 1]; 0 makes a bandit of it: each decision for itself. Default .99. */
  readonly discount?: number
  /**
   * What an option is worth in a state before it was tried there. `mean`: what was learned in that state on average, whatever the range of
   * rewards, so that an untried option stands above a failed one. A number: that, in units of reward; one above all rewards is an optimistic start.
   * Default `mean`.
   */
  readonly start?: 'mean' | number
}

/** A running mean of targets, by their weights. */
interface Mean {
  value: number
  weight: number
}

/** The value of an option in a state, and how often it was learned, by weights. */
interface Entry {
  value: number
  visits: number
}

/** What is known of one state. */
interface Row {
  readonly entries: Map<string, Entry>
  readonly mean: Mean
}

/** What is known of one choice point. */
interface Table {
  readonly rows: Map<string, Row>
  readonly mean: Mean
  episodes: number
}

/** One row per state, with one value per option tried in it: grows with their number. A text that never repeats is no state. */
export type TabularQState = Map<string, Table>

/** Values by choice point, state and option. */
export type QTable = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>

/** Reads the table. */
export interface TabularQView {
  /** Value of each option in the state of the ask, in units of reward, aligned with `ask.options`. */
  values(ask: Ask): Float64Array
  /** Episodes learned at a choice point. */
  episodes(point: string): number
  /** Everything that was learned, as plain data. Decisions without a state share the state `''`. */
  table(): QTable
}

const defaults = { step: 0.1, halving: Infinity, discount: 0.99, start: 'mean' } as const

/** Weights of less than this are rounding errors. */
const nothing = 1e-9

const add = (mean: Mean, value: number, weight: number): void => {
  mean.weight += weight
  // Written so that equal values have exactly their value as mean: an option never tried must tie with those it was averaged from.
  if (mean.weight > nothing) mean.value += (weight / mean.weight) * (value - mean.value)
  else mean.weight = 0
}

const newTable = (): Table => ({ rows: new Map(), mean: { value: 0, weight: 0 }, episodes: 0 })

const newRow = (): Row => ({ entries: new Map(), mean: { value: 0, weight: 0 } })

const nowhere: Table = newTable()

/** A table of these values, none of which was visited; each of them is one observation of what is to be had in its state. */
const importedTable = (values: Readonly<Record<string, Readonly<Record<string, number>>>>): Table => {
  const table = newTable()
  for (const [state, options] of Object.entries(values)) {
    const row = newRow()
    table.rows.set(state, row)
    for (const [option, value] of Object.entries(options)) {
      row.entries.set(option, { value, visits: 0 })
      add(row.mean, value, 1)
      add(table.mean, value, 1)
    }
  }
  return table
}

/** Names have a character or more, so this is no state of anybody's. */
const keyOf = (state: string | undefined): string => state ?? ''

const sortedEntries = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] => [...map].sort(([left], [right]) => (left < right ? -1 : 1))

const plainTable = ({ rows }: Table): QTable[string] =>
  Object.fromEntries(
    sortedEntries(rows).map(([place, { entries }]) => [place, Object.fromEntries(sortedEntries(entries).map(([option, { value }]) => [option, value]))]),
  )

type SavedRow = [state: string, mean: Mean, entries: [string, Entry][]]
type SavedTable = [point: string, mean: Mean, episodes: number, rows: SavedRow[]]

const decode = (bytes: Uint8Array): TabularQState => {
  try {
    const tables = JSON.parse(new TextDecoder().decode(bytes)) as SavedTable[]
    return new Map(
      tables.map(([point, mean, episodes, rows]) => [
        point,
        { mean, episodes, rows: new Map(rows.map(([state, mean, entries]) => [state, { mean, entries: new Map(entries) }])) },
      ]),
    )
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved Q table is damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

const same = (left: Earned | undefined, right: Earned | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  left.reward === right.reward &&
  left.weight === right.weight &&
  left.transition.option === right.transition.option &&
  left.transition.state === right.transition.state &&
  left.transition.nextState === right.transition.nextState &&
  left.transition.terminated === right.transition.terminated &&
  left.transition.truncated === right.transition.truncated

/**
 * Tabular Q-learning (Watkins 1989): what each option is worth in each state, if the best is done from there on.
 *
 *     Q[s, a] += α (r + γ max Q[s', ·] − Q[s, a])
 *
 * Nothing is added for the future where a run has terminated; where it was truncated, the value of the state that was reached is. (A run cut off in
 * a state that nobody named teaches nothing by its last step.) The maximum is over the options offered there. A run is learned when it is recorded, from its last
 * step to its first, so that one success reaches all steps that led to it (Lin 1992).
 *
 * The rewards are those of the steps as they were recorded, in any unit; see {@link TabularQSettings.start} for how untried options compare.
 *
 * A changed reward is one step away from what was learned and one towards what is true now, as far as steps differ: exact to α of the change for the last
 * visit, approximate for earlier ones. Folding the log again is exact.
 *
 * A table that was imported takes the place of what was learned at its choice point, and learning goes on from there: what was learned before cannot be taken out of
 * it any more, so a reward of before that changes moves it by the difference, as if it were in.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { createTabularQ } from 'autodidact'
 *
 * const learner = createTabularQ({ discount: 0 })
 * console.assert(Object.keys(learner.view(learner.initial()).table()).length === 0)
 * ```
 */
export const createTabularQ = (settings: TabularQSettings = {}): Learner<TabularQState, TabularQView> => {
  expectObject(settings, 'createTabularQ: settings')
  const { step, halving, discount, start } = { ...defaults, ...settings }
  expectPositive(step, 'createTabularQ: step')
  expectNumber(step, 'createTabularQ: step', 0, 1)
  if (halving !== Infinity) expectPositive(halving, 'createTabularQ: halving')
  expectNumber(discount, 'createTabularQ: discount', 0, 1)
  if (start !== 'mean') expectNumber(start, 'createTabularQ: start')

  /** Of an option never tried in the state; undefined where nothing at all is known. */
  const untried = (table: Table, row: Row | undefined): number | undefined => {
    if (start !== 'mean') return start
    if (row !== undefined && row.mean.weight > 0) return row.mean.value
    return table.mean.weight > 0 ? table.mean.value : undefined
  }

  const valueOf = (table: Table, row: Row | undefined, option: string): number => row?.entries.get(option)?.value ?? untried(table, row) ?? 0

  const best = (table: Table, state: string | undefined, options: readonly string[]): number => {
    const row = table.rows.get(keyOf(state))
    let most = -Infinity
    for (const option of options) most = Math.max(most, valueOf(table, row, option))
    return most
  }

  /** What the decision turned out to be worth; undefined where that is not known. */
  const targetOf = (table: Table, { transition, reward }: Earned, next: Earned | undefined): number | undefined => {
    const { terminated, truncated, nextState, options } = transition
    if (discount === 0 || terminated) return reward
    if (next !== undefined) return reward + discount * best(table, next.transition.state, next.transition.options)
    if (!truncated) return reward
    return nextState === undefined ? undefined : reward + discount * best(table, nextState, options)
  }

  /** One step towards what the decision turned out to be worth, or with sign −1 away from it. */
  const move = (table: Table, made: Earned, next: Earned | undefined, sign: 1 | -1): void => {
    const target = targetOf(table, made, next)
    if (target === undefined) return
    const { option, state } = made.transition
    const row = table.rows.get(keyOf(state)) ?? newRow()
    table.rows.set(keyOf(state), row)
    const entry = row.entries.get(option) ?? { value: untried(table, row) ?? target, visits: 0 }
    row.entries.set(option, entry)
    const weight = sign * made.weight
    entry.value += (step / (1 + entry.visits / halving)) * weight * (target - entry.value)
    entry.visits = Math.max(0, entry.visits + weight)
    add(row.mean, target, weight)
    add(table.mean, target, weight)
  }

  const settle = (state: TabularQState, { point, previous, current }: EpisodeSettled): void => {
    const table = state.get(point) ?? newTable()
    state.set(point, table)
    const [before, after] = [previous, current].map((episode: Episode | undefined) => (episode === undefined ? [] : earned(episode, discount))) as [Earned[], Earned[]]
    for (let place = Math.max(before.length, after.length) - 1; place >= 0; place -= 1) {
      const [old, now] = [before[place], after[place]]
      if (same(old, now)) continue
      if (old !== undefined) move(table, old, before[place + 1], -1)
      if (now !== undefined) move(table, now, after[place + 1], 1)
    }
    // Of a table that was imported, episodes of before may be taken back that it does not count.
    table.episodes = Math.max(0, table.episodes + Number(current !== undefined) - Number(previous !== undefined))
  }

  return {
    name: learnerName('tabular-q', { step, halving, discount, start }, defaults),
    version: 1,
    handles: ['episode.settled', 'state.imported'],
    initial: () => new Map(),
    learn: (state, experience) => {
      if (experience.kind === 'episode.settled') settle(state, experience)
      else if (experience.kind === 'state.imported' && experience.data.form === 'q-table') state.set(experience.data.point, importedTable(experience.data.table))
      return state
    },
    view: (state) => ({
      values: ({ point, options, state: place }) => {
        const table = state.get(point) ?? nowhere
        const row = table.rows.get(keyOf(place))
        return Float64Array.from(options, ({ id }) => valueOf(table, row, id))
      },
      episodes: (point) => state.get(point)?.episodes ?? 0,
      table: () => Object.fromEntries(sortedEntries(state).map(([point, table]) => [point, plainTable(table)])),
    }),
    published: {
      view: 'q_tables',
      rows: (state) => sortedEntries(state).map(([name, table]) => ({ name, json: JSON.stringify(plainTable(table)) })),
    },
    save: (state) => {
      const tables = sortedEntries(state).map(([point, { mean, episodes, rows }]): SavedTable => [
        point,
        mean,
        episodes,
        sortedEntries(rows).map(([place, row]): SavedRow => [place, row.mean, sortedEntries(row.entries)]),
      ])
      return new TextEncoder().encode(JSON.stringify(tables))
    },
    load: decode,
  }
}

/** The Q table with its default settings. */
export const tabularQ = createTabularQ()
