import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject } from '../../expect.ts'
import type { DecisionSettled, Learner, Verdict } from '../learner.ts'
import { learnerName } from '../structures/learner-name.ts'

/** How the counts are kept. Another setting is another learner, folded from the log. */
export interface BetaBanditSettings {
  /**
   * Verdicts that an option's counts may add up to, 1 or more: with every further one both are scaled down to it, so that old ones fade. Default infinity:
   * nothing fades.
   */
  readonly capacity?: number
}

/** Rewards earned and missed by an option, in units of believed verdicts. */
export interface BetaCounts {
  /** Sum of weight · reward. */
  readonly up: number
  /** Sum of weight · (1 − reward). */
  readonly down: number
}

interface Counts {
  up: number
  down: number
  /** Settled decisions; whole, so that it tells exactly when none is left. */
  settled: number
}

/** One row per option ever taken, by choice point: grows with their number. */
export type BetaBanditState = Map<string, Map<string, Counts>>

/** Reads the counts. */
export interface BetaBanditView {
  /** Zeros for an option that was never settled. */
  counts(point: string, option: string): BetaCounts
  /** All of them by choice point and option, as plain data. */
  table(): Readonly<Record<string, Readonly<Record<string, BetaCounts>>>>
}

const unlimited = { capacity: Infinity } as const

/** Sums of less than this are rounding errors. */
const nothing = 1e-9

const sorted = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] => [...map].sort(([left], [right]) => (left < right ? -1 : 1))

const add = (state: BetaBanditState, point: string, option: string, { up, down, settled }: Counts): Counts | undefined => {
  const options = state.get(point) ?? new Map<string, Counts>()
  const before = options.get(option) ?? { up: 0, down: 0, settled: 0 }
  const after = { up: before.up + up, down: before.down + down, settled: before.settled + settled }
  if (after.settled === 0 && Math.abs(after.up) < nothing && Math.abs(after.down) < nothing) options.delete(option)
  else options.set(option, after)
  if (options.size === 0) state.delete(point)
  else state.set(point, options)
  return options.get(option)
}

const countsOf = ({ reward, weight }: Verdict, sign: 1 | -1): Counts => ({ up: sign * weight * reward, down: sign * weight * (1 - reward), settled: sign })

const decode = (bytes: Uint8Array): BetaBanditState => {
  try {
    const rows = JSON.parse(new TextDecoder().decode(bytes)) as [string, [string, Counts][]][]
    return new Map(rows.map(([point, options]) => [point, new Map(options)]))
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved counts of options are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Beta counts of each option, without looking at the situation: for Thompson sampling from Beta(1 + up, 1 + down). Rewards may be anything from 0 to 1; they
 * need no centring, because an option never tried is uniform over all of it.
 *
 * With a `capacity` C this is dynamic Thompson sampling (Gupta, Granmo and Agrawala 2011): once up + down has reached C, both are scaled by C / (C + 1)
 * after each update, so that an option is known by about its last C verdicts.
 *
 * Without one, counts are sums: exactly invertible and mergeable. With one, a changed reward is taken out and put in at today's scale.
 *
 * @throws AutodidactError INVALID_INPUT when the capacity is below 1
 *
 * @example
 * ```ts
 * import { createBetaBandit } from 'autodidact'
 *
 * const learner = createBetaBandit({ capacity: 50 })
 * console.assert(learner.view(learner.initial()).counts('tool', 'search').up === 0)
 * ```
 */
export const createBetaBandit = (settings: BetaBanditSettings = {}): Learner<BetaBanditState, BetaBanditView> => {
  expectObject(settings, 'createBetaBandit: settings')
  const { capacity } = { ...unlimited, ...settings }
  if (capacity !== Infinity) expectNumber(capacity, 'createBetaBandit: capacity', 1)

  const settle = (state: BetaBanditState, { point, option }: DecisionSettled, removed: Verdict | undefined, added: Verdict | undefined): BetaBanditState => {
    const full = (): boolean => {
      const { up, down } = state.get(point)?.get(option) ?? { up: 0, down: 0 }
      return up + down >= capacity - nothing
    }
    if (added !== undefined) {
      const fades = full() && removed === undefined
      const counts = add(state, point, option, countsOf(added, 1))
      if (fades && counts !== undefined) {
        counts.up *= capacity / (capacity + added.weight)
        counts.down *= capacity / (capacity + added.weight)
      }
    }
    if (removed !== undefined) {
      const counts = add(state, point, option, countsOf(removed, -1))
      // What has faded cannot be taken out whole.
      if (counts !== undefined && capacity < Infinity) [counts.up, counts.down] = [Math.max(0, counts.up), Math.max(0, counts.down)]
    }
    return state
  }

  const learner: Learner<BetaBanditState, BetaBanditView> = {
    name: learnerName('beta-bandit', { capacity }, unlimited),
    version: 1,
    handles: ['decision.settled'],
    initial: () => new Map(),
    learn: (state, experience) => (experience.kind === 'decision.settled' ? settle(state, experience, experience.previous, experience.current) : state),
    view: (state) => ({
      counts: (point, option) => {
        const { up, down } = state.get(point)?.get(option) ?? { up: 0, down: 0 }
        return { up, down }
      },
      table: () =>
        Object.fromEntries(sorted(state).map(([point, options]) => [point, Object.fromEntries(sorted(options).map(([option, { up, down }]) => [option, { up, down }]))])),
    }),
    save: (state) => new TextEncoder().encode(JSON.stringify(sorted(state).map(([point, options]) => [point, sorted(options)]))),
    load: decode,
  }
  if (capacity < Infinity) return learner
  return {
    ...learner,
    inverse: (state, experience) => (experience.kind === 'decision.settled' ? settle(state, experience, experience.current, experience.previous) : state),
    merge: (left, right) => {
      const merged: BetaBanditState = new Map([...left].map(([point, options]) => [point, new Map(options)]))
      for (const [point, options] of right) for (const [option, counts] of options) add(merged, point, option, counts)
      return merged
    },
  }
}

/** Beta counts that never fade. */
export const betaBandit = createBetaBandit()

/** Beta counts that fade after a hundred verdicts. */
export const dynamicBetaBandit = createBetaBandit({ capacity: 100 })
