import { type ArmSums, type Comparison, compare, reversed } from '../../evaluate/experiments/judge.ts'

/** What showing an item does to the reward of a run, from runs in which a draw decided whether it was shown. */
export interface ItemEffect {
  /** Mean reward with it less that without, in [−1, 1]. */
  readonly difference: number
  /** It lies between these with a confidence of 95 %, however often one looks. */
  readonly low: number
  readonly high: number
  /** Judged runs with it, and without. */
  readonly offered: number
  readonly withheld: number
  readonly method: Comparison['method']
}

/** Of the rewards of one arm. */
type Sums = { -readonly [Field in keyof ArmSums]: ArmSums[Field] }

/** The rewards of runs that were shown an item, and of those from which a draw withheld it. */
export interface ItemTrial {
  readonly offered: Sums
  readonly withheld: Sums
}

const noSums = (): Sums => ({ judged: 0, sum: 0, squares: 0 })

export const noTrial = (): ItemTrial => ({ offered: noSums(), withheld: noSums() })

/** Takes the reward of a run in, or out. */
export const addTo = (sums: Sums, reward: number | undefined, sign: 1 | -1): void => {
  if (reward === undefined) return
  sums.judged += sign
  // What is left of the sums of nobody are rounding errors.
  sums.sum = sums.judged === 0 ? 0 : sums.sum + sign * reward
  sums.squares = sums.judged === 0 ? 0 : sums.squares + sign * reward ** 2
}

/** Undefined as long as the item was always shown, or never. */
export const effectIn = (trial: ItemTrial | undefined): ItemEffect | undefined => {
  if (trial === undefined || trial.offered.judged === 0 || trial.withheld.judged === 0) return undefined
  const [comparison] = compare(new Map([['withheld', trial.withheld], ['offered', trial.offered]]))
  if (comparison === undefined) return undefined
  const { difference, low, high, method } = comparison.arm === 'offered' ? comparison : reversed(comparison)
  return { difference, low, high, offered: trial.offered.judged, withheld: trial.withheld.judged, method }
}
