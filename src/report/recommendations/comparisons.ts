import { rateAtLeast, rateAtMost } from '../../statistics/binomial.ts'
import { fisher, leastFisher } from '../../statistics/fisher.ts'
import { newcombe } from '../../statistics/newcombe.ts'
import { leastRankSum, type PairRatio, ratioOf, type Sides } from '../../statistics/rank-sum.ts'
import type { Share } from '../../statistics/share.ts'
import type { Finding } from './recommendation.ts'

/** How often a report recommends anything at all where everything is chance, at most. */
export const mistaken = 0.05

/**
 * What a rule compares. A report compares dozens of things, and of a hundred comparisons at 95 % five speak by chance: so each says first how sure it could be at most, and what it has
 * found when it is told how rare chance must make it.
 */
export interface Compared {
  /** For each comparison that could lead to a recommendation, whether it does or not: the smallest probability that chance could have come to. 0 where there is no smallest, 1 where it cannot speak. */
  readonly least: readonly number[]
  /** What is shown, if each comparison speaks by chance with this probability at most. */
  readonly findings: (chance: number) => readonly Finding[]
}

/** Several as one. */
export const together = (all: readonly Compared[]): Compared => ({
  least: all.flatMap(({ least }) => least),
  findings: (chance) => all.flatMap(({ findings }) => findings(chance)),
})

export const nothingToCompare: Compared = { least: [], findings: () => [] }

/** One comparison, of which there may be a finding. */
export const single = (least: number, findingAt: (chance: number) => Finding | undefined): Compared => ({
  least: [least],
  findings: (chance) => {
    const finding = findingAt(chance)
    return finding === undefined ? [] : [finding]
  },
})

/** How much more often something happens, and what bounds it on either side. */
export interface Larger {
  readonly difference: number
  readonly low: number
  readonly high: number
}

/** The share with the limits that it has exactly: where chance must be rare, Wilson's hold several times less often than they say, for shares near 0 or 1. */
const exactly = (share: Share, chance: number): Share => ({ ...share, low: rateAtLeast(share.count, share.of, chance), high: rateAtMost(share.count, share.of, chance) })

/**
 * How much larger a share is than another one, where it is shown to be larger: by the exact test, and by the interval that is told. Undefined where it is not.
 *
 * Source: Newcombe 1998, method 10, with the limits of Clopper and Pearson in the place of the score intervals.
 *
 * @param chance the probability that each end of the interval is on the wrong side
 */
export const larger = (share: Share, against: Share, chance: number): Larger | undefined => {
  if (share.of === 0 || against.of === 0 || fisher(share, against) > chance) return undefined
  const found = newcombe(exactly(share, chance), exactly(against, chance))
  return found.low > 0 ? found : undefined
}

/** The least that the probability of {@link larger} could have been. */
export const leastLarger = (share: Share, against: Share): number => (share.of === 0 || against.of === 0 ? 1 : leastFisher(share, against))

/** How many times as much one side takes, where it is shown to be more than so many times. */
export const timesAsMuch = (sides: Sides, chance: number, atLeast = 1): PairRatio | undefined => {
  const ratio = ratioOf(sides, chance)
  return ratio !== undefined && ratio.low > atLeast ? ratio : undefined
}

export const leastTimesAsMuch = leastRankSum
