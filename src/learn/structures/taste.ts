/** How somebody differs from everybody in what they are content with. Pure. */

/** Rewards of one thing, each by how much it is believed. */
export interface RatingSums {
  /** Settlements; whole, so that it tells exactly when none is left. */
  readonly count: number
  readonly weight: number
  /** Sum of weight · reward. */
  readonly reward: number
}

export const noRatings: RatingSums = { count: 0, weight: 0, reward: 0 }

/** What a difference of one person is worth, and how sure that is. */
export interface Taste {
  /** By how much the reward is higher for this person than for everybody, shrunk to 0; in (−1, 1). */
  readonly advantage: number
  /** Variance of it, at most: a reward in [0, 1] varies by ¼ or less. */
  readonly variance: number
}

/** So many ratings of one's own count as much as being like everybody. */
const shrinkage = 3

const largestVariance = 0.25

const meanOf = ({ weight, reward }: Pick<RatingSums, 'weight' | 'reward'>): number => (weight > 0 ? reward / weight : 0.5)

const shrunk = (weight: number): number => weight / (weight + shrinkage)

/** One thing that this person rated, and how everybody (this person included) did. */
export interface RatedThing {
  readonly own: RatingSums
  readonly everybody: Pick<RatingSums, 'weight' | 'reward'>
}

/**
 * By how much one person is more content with each thing than everybody: n / (n + 3) · (own mean − everybody's mean − offset), an empirical Bayes estimate with a fixed prior. The offset is what all
 * their ratings have in common (somebody with harder tasks, or who is never content, likes nothing less than anything else): the mean of the shrunk differences, each thing counted once, and shrunk
 * as if there were two more without any: who knows one thing alone, and is not content with it, would like another one better.
 */
export const tastesOf = <Key>(things: ReadonlyMap<Key, RatedThing>): ReadonlyMap<Key, Taste> => {
  const rated = [...things].filter(([, { own }]) => own.count > 0 && own.weight > 0)
  const differences = rated.map(([key, { own, everybody }]) => ({ key, weight: own.weight, difference: meanOf(own) - meanOf(everybody) }))
  const offset = differences.reduce((sum, { weight, difference }) => sum + shrunk(weight) * difference, 0) / (differences.length + 2)
  return new Map(
    differences.map(({ key, weight, difference }) => [key, { advantage: shrunk(weight) * (difference - offset), variance: (shrunk(weight) ** 2 * largestVariance) / weight }]),
  )
}

/** Adds a rating (sign 1), or takes one out that was added before (−1). */
export const withRating = (sums: RatingSums, { reward, weight }: { readonly reward: number; readonly weight: number }, sign: 1 | -1): RatingSums => {
  const count = sums.count + sign
  // What is left of the sums of none are rounding errors.
  return count <= 0 ? noRatings : { count, weight: Math.max(0, sums.weight + sign * weight), reward: Math.max(0, sums.reward + sign * weight * reward) }
}
