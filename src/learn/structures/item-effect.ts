import { type ArmSums, type Comparison, compare, reversed } from '../../statistics/sequential/judge.ts'

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

export type Arm = keyof ItemTrial

export const arms = ['offered', 'withheld'] as const satisfies readonly Arm[]

const noSums = (): Sums => ({ judged: 0, sum: 0, squares: 0 })

export const noTrial = (): ItemTrial => ({ offered: noSums(), withheld: noSums() })

/** Adds rewards to those of an arm, or takes them out. Below nothing there is nothing, and no sum of rewards in [0, 1] is more than there are: else nobody could compare them. */
const add = (sums: Sums, { judged, sum, squares }: ArmSums, sign: 1 | -1): void => {
  sums.judged = Math.max(0, sums.judged + sign * judged)
  sums.sum = Math.min(sums.judged, Math.max(0, sums.sum + sign * sum))
  sums.squares = Math.min(sums.judged, Math.max(0, sums.squares + sign * squares))
}

const one = (reward: number): ArmSums => ({ judged: 1, sum: reward, squares: reward ** 2 })

/** Takes the reward of a run in, changes it, or takes it out. */
export const addReward = (sums: Sums, previous: number | undefined, current: number | undefined): void => {
  // The new before the old, so that a reward that only changes is never none.
  if (current !== undefined) add(sums, one(current), 1)
  if (previous !== undefined) add(sums, one(previous), -1)
}

/** Adds what one trial has shown to another. */
export const addTrial = (to: ItemTrial, from: ItemTrial): void => {
  for (const arm of arms) add(to[arm], from[arm], 1)
}

/** Undefined as long as the item was always shown, or never. */
export const effectIn = (trial: ItemTrial | undefined): ItemEffect | undefined => {
  if (trial === undefined || trial.offered.judged === 0 || trial.withheld.judged === 0) return undefined
  const [comparison] = compare(new Map([['withheld', trial.withheld], ['offered', trial.offered]]))
  if (comparison === undefined) return undefined
  const { difference, low, high, method } = comparison.arm === 'offered' ? comparison : reversed(comparison)
  return { difference, low, high, offered: trial.offered.judged, withheld: trial.withheld.judged, method }
}
