import { AutodidactError } from '../errors.ts'
import type { Learner } from './learner.ts'

/** A stretch of the log that a learner does not learn: behind `after`, up to and including `upTo`. */
export interface Skip {
  readonly after: number
  readonly upTo: number
}

/** A learner was brought back to what it knew at a place of the log. */
export interface RollBack {
  /** Name of the learner. */
  readonly learner: string
  /** Sequence of the last fact that it keeps. */
  readonly to: number
  /** Sequence of the fact that says so. */
  readonly at: number
}

/**
 * What a learner passes over, in the order of the log: what it passed over at the place that it was last brought back to, and everything from there on. So a roll-back
 * to before another one takes that one back, too, and one to between them brings it into force again.
 *
 * @param asOf only what was said up to here; default all
 */
export const skipsOf = (rollBacks: readonly RollBack[], learner: string, asOf = Infinity): readonly Skip[] => {
  const skips: Skip[] = []
  let end = asOf
  for (;;) {
    const last = rollBacks.findLast(({ learner: name, at }) => name === learner && at <= end)
    if (last === undefined) return skips.reverse()
    skips.push({ after: last.to, upTo: last.at })
    end = last.to
  }
}

/** Whether a place of the log is passed over. */
export const isSkipped = (skips: readonly Skip[], sequence: number): boolean => skips.some(({ after, upTo }) => sequence > after && sequence <= upTo)

/** Whether two learners that have learned up to a place under these skips have learned the same. */
export const sameUpTo = (sequence: number, left: readonly Skip[], right: readonly Skip[]): boolean => {
  const [ours, theirs] = [left, right].map((skips) => skips.filter(({ after }) => after < sequence).map(({ after, upTo }) => `${after} ${Math.min(upTo, sequence)}`))
  return JSON.stringify(ours) === JSON.stringify(theirs)
}

const decode = (bytes: Uint8Array): RollBack[] => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as RollBack[]
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved roll-backs are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/** Which learners were rolled back when, in the order of the log. Folded like any other, so that a log need not be searched for it. Grows by one entry for each roll-back. */
export const rollBacks: Learner<RollBack[], readonly RollBack[]> = {
  name: 'roll-backs',
  version: 1,
  handles: ['state.rolled-back'],
  initial: () => [],
  learn: (state, experience) => {
    if (experience.kind === 'state.rolled-back') state.push({ ...experience.data, at: experience.sequence })
    return state
  },
  view: (state) => state,
  save: (state) => new TextEncoder().encode(JSON.stringify(state)),
  load: decode,
}
