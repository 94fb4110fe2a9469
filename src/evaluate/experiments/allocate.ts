import { bestArm } from '../../statistics/sequential/best-arm.ts'
import { optimalShares } from '../../statistics/sequential/optimal-shares.ts'
import { type ArmSums, momentsOf } from '../../statistics/sequential/judge.ts'

/** Judged units of every arm from which shares follow what is known. */
const fewestAllocated = 100

/** What every arm keeps, so that its mean goes on being measured. */
export const leastShare = 0.05

/** An arm that still gets units. */
export interface ActiveArm extends ArmSums {
  readonly name: string
  /** As the experiment was begun. */
  readonly share: number
}

/**
 * Shares of new units: as the experiment was begun, until each arm has 100 judged units. Then those with which the best arm is found soonest, and once it is
 * found nearly all of them for it.
 *
 * @param arms those that still get units
 * @returns by name; they sum to 1
 */
export const allocate = (arms: readonly ActiveArm[], allocation: 'fixed' | 'best-arm'): ReadonlyMap<string, number> => {
  const total = arms.reduce((sum, { share }) => sum + share, 0)
  if (allocation === 'fixed' || arms.length < 2 || arms.some(({ judged }) => judged < fewestAllocated)) {
    return new Map(arms.map(({ name, share }) => [name, share / total]))
  }
  const moments = arms.map(momentsOf)
  const best = bestArm(moments, { fewest: fewestAllocated })
  const least = Math.min(leastShare, 1 / arms.length)
  const shares = best === undefined ? optimalShares(moments, { least, regularization: 0 }) : arms.map((_, place) => (place === best ? 1 - least * (arms.length - 1) : least))
  return new Map(arms.map(({ name }, place) => [name, shares[place] ?? 0]))
}
