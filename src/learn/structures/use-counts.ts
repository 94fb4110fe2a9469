import type { Verdict } from '../learner.ts'

/** How the uses of an item went. */
export interface UseSums {
  readonly uses: number
  /** Sum of weight · reward, 0 or more. */
  readonly up: number
  /** Sum of weight · (1 − reward), 0 or more. */
  readonly down: number
}

/** Counts that grow and shrink. */
export type Counts = { -readonly [Field in keyof UseSums]: UseSums[Field] }

export const noUses = (): Counts => ({ uses: 0, up: 0, down: 0 })

/** Adds sums, or takes them out. Below nothing there is nothing: what is left then are rounding errors, or uses that were never counted here. */
export const addSums = (counts: Counts, { uses, up, down }: UseSums, sign: 1 | -1): void => {
  counts.uses = Math.max(0, counts.uses + sign * uses)
  counts.up = counts.uses === 0 ? 0 : Math.max(0, counts.up + sign * up)
  counts.down = counts.uses === 0 ? 0 : Math.max(0, counts.down + sign * down)
}

/** A verdict on one use as sums. */
export const sumsOf = ({ reward, weight }: Verdict): UseSums => ({ uses: 1, up: weight * reward, down: weight * (1 - reward) })

/** Takes one use in, changes it, or takes it out. */
export const addUse = (counts: Counts, { previous, current }: { readonly previous?: UseSums | undefined; readonly current?: UseSums | undefined }): void => {
  // The new before the old, so that a use that only changes is never none.
  if (current !== undefined) addSums(counts, current, 1)
  if (previous !== undefined) addSums(counts, previous, -1)
}
