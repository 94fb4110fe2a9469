import { AutodidactError } from '../../errors.ts'
import type { Experience, Learner, RunSettled, Verdict } from '../learner.ts'

/** How often an item was shown in runs that went well and in runs that did not, in units of believed verdicts. */
export interface UsefulnessCounts {
  /** Sum of weight · reward. */
  readonly up: number
  /** Sum of weight · (1 − reward). */
  readonly down: number
}

interface Counts extends UsefulnessCounts {
  /** Settled runs that showed the item; whole, so that it tells exactly when none is left. */
  readonly runs: number
}

export type ItemUsefulnessState = Map<string, Counts>

export interface ItemUsefulnessView {
  /** Zeros for an item that no settled run has shown. */
  counts(id: string): UsefulnessCounts
  /** Judged runs that showed the item. */
  runs(id: string): number
  /** Mean of the Beta distribution with one success and one failure assumed: (1 + up) / (2 + up + down), in (0, 1); .5 for an unknown item. */
  mean(id: string): number
  /** The counts of every item, by id. */
  table(): Readonly<Record<string, UsefulnessCounts>>
}

/** Sums of less than this are rounding errors. */
const nothing = 1e-9

/** Adds counts to those of an item, and drops the item when nothing is left: then it is as if it had never been shown. */
const add = (state: ItemUsefulnessState, id: string, { up, down, runs }: Counts): void => {
  const before = state.get(id) ?? { up: 0, down: 0, runs: 0 }
  const after = { up: before.up + up, down: before.down + down, runs: before.runs + runs }
  if (after.runs === 0 && Math.abs(after.up) < nothing && Math.abs(after.down) < nothing) state.delete(id)
  else state.set(id, after)
}

const countsOf = ({ reward, weight }: Verdict, sign: 1 | -1): Counts => ({ up: sign * weight * reward, down: sign * weight * (1 - reward), runs: sign })

const settle = (state: ItemUsefulnessState, settled: RunSettled, removed: Verdict | undefined, added: Verdict | undefined): ItemUsefulnessState => {
  for (const id of new Set(settled.shown)) {
    if (added !== undefined) add(state, id, countsOf(added, 1))
    if (removed !== undefined) add(state, id, countsOf(removed, -1))
  }
  return state
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

const decode = (bytes: Uint8Array): ItemUsefulnessState => {
  try {
    const rows = JSON.parse(new TextDecoder().decode(bytes)) as [string, number, number, number][]
    return new Map(rows.map(([id, up, down, runs]) => [id, { up, down, runs }]))
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved usefulness of items is damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * How useful each recalled item has been: Beta counts from the runs that showed it. A run counts once per item, however often the item was shown
 * in it. Recall multiplies relevance by the mean: shrunk by the number of runs it stayed ahead of raw similarity under 20 % flipped feedback and
 * 20 % poisoned writes.
 *
 * Exactly invertible and mergeable (sums). Grows by one row per item ever shown in a settled run.
 *
 * @example
 * ```ts
 * import { itemUsefulness } from 'autodidact'
 *
 * const view = itemUsefulness.view(itemUsefulness.initial())
 * console.assert(view.mean('never shown') === 0.5)
 * ```
 */
export const itemUsefulness: Learner<ItemUsefulnessState, ItemUsefulnessView> = {
  name: 'item-usefulness',
  version: 1,
  handles: ['run.settled'],
  initial: () => new Map(),
  learn: (state, experience) => (isRun(experience) ? settle(state, experience, experience.previous, experience.current) : state),
  inverse: (state, experience) => (isRun(experience) ? settle(state, experience, experience.current, experience.previous) : state),
  merge: (left, right) => {
    const merged: ItemUsefulnessState = new Map(left)
    for (const [id, counts] of right) add(merged, id, counts)
    return merged
  },
  view: (state) => ({
    counts: (id) => {
      const { up, down } = state.get(id) ?? { up: 0, down: 0 }
      return { up, down }
    },
    runs: (id) => state.get(id)?.runs ?? 0,
    mean: (id) => {
      const { up, down } = state.get(id) ?? { up: 0, down: 0 }
      return (1 + up) / (2 + up + down)
    },
    table: () => Object.fromEntries([...state].sort(([left], [right]) => (left < right ? -1 : 1)).map(([id, { up, down }]) => [id, { up, down }])),
  }),
  save: (state) => {
    const rows = [...state].sort(([left], [right]) => (left < right ? -1 : 1)).map(([id, { up, down, runs }]) => [id, up, down, runs])
    return new TextEncoder().encode(JSON.stringify(rows))
  },
  load: decode,
}
