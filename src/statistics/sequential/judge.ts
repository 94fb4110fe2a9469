import { asymptoticDifference, type Moments } from './asymptotic.ts'
import { betaBinomialInterval } from './beta-binomial.ts'
import { defaultAlpha, type Interval } from './interval.ts'

/** Judged units of each of two arms from which the central limit theorem is trusted; below, the exact sequences are compared. */
const fewestAsymptotic = 100

/**
 * Of the probability of ever being wrong, the part that the exact sequences may spend; the asymptotic ones spend the rest. Spent on both in full, the two together would be wrong twice as often. The
 * exact ones get less because they hardly ever miss what they may, and most of the time the others decide.
 */
const exactShare = 0.2

/** What is known of an arm: how many units, and the sums of their mean rewards and of the squares of these. */
export interface ArmSums {
  readonly judged: number
  readonly sum: number
  readonly squares: number
}

/** One arm against another. */
export interface Comparison extends Interval {
  readonly arm: string
  readonly against: string
  /** Mean reward of the arm less that of the other. */
  readonly difference: number
  /** How the interval was made: by exact sequences while there are few units, then by the asymptotic one of the difference. */
  readonly method: 'exact' | 'asymptotic'
}

/** Count, mean and unbiased variance of an arm's units. */
export const momentsOf = ({ judged, sum, squares }: ArmSums): Moments => {
  const mean = judged === 0 ? 0 : sum / judged
  // Sums of squares that are nearly equal may leave a rounding error below 0.
  return { count: judged, mean, variance: judged < 2 ? 0 : Math.max(0, squares - judged * mean ** 2) / (judged - 1) }
}

/**
 * Every arm against every other, with intervals that hold for all pairs and at all times at once with probability 95 %, over the exact and the asymptotic part of the run together: alpha is shared out
 * between the two, and then evenly among the pairs (or, for the exact sequences, among the arms). So they may be looked at after every reward, and acted upon at once.
 *
 * @param arms by name
 */
export const compare = (arms: ReadonlyMap<string, ArmSums>, alpha = defaultAlpha): Comparison[] => {
  const list = [...arms]
  const pairs = (list.length * (list.length - 1)) / 2
  return list.flatMap(([against, other], place) =>
    list.slice(place + 1).map(([arm, own]): Comparison => {
      const [left, right] = [momentsOf(other), momentsOf(own)]
      if (left.count >= fewestAsymptotic && right.count >= fewestAsymptotic) {
        const { difference, low, high } = asymptoticDifference(left, right, { alpha: ((1 - exactShare) * alpha) / pairs })
        return { arm, against, difference, low: Math.max(-1, low), high: Math.min(1, high), method: 'asymptotic' }
      }
      const [before, after] = [other, own].map(({ sum, judged }) => betaBinomialInterval(sum, judged, (exactShare * alpha) / list.length)) as [Interval, Interval]
      return { arm, against, difference: right.mean - left.mean, low: after.low - before.high, high: after.high - before.low, method: 'exact' }
    }),
  )
}

/** The same comparison seen from the other arm. Taken from 0, so that no difference stays 0 and does not become -0. */
export const reversed = ({ arm, against, difference, low, high, method }: Comparison): Comparison => ({
  arm: against, against: arm, difference: 0 - difference, low: 0 - high, high: 0 - low, method,
})

/** The comparisons that show an arm to be worse than another, by the worse arm; of several the one that is surest. */
export const losses = (comparisons: readonly Comparison[]): ReadonlyMap<string, Comparison> => {
  const worst = new Map<string, Comparison>()
  for (const each of comparisons.flatMap((comparison) => [comparison, reversed(comparison)])) {
    const known = worst.get(each.arm)
    if (each.high < 0 && (known === undefined || each.high < known.high)) worst.set(each.arm, each)
  }
  return worst
}

/** The arm that is shown to be better than every other; undefined while there is none. */
export const winnerOf = (arms: Iterable<string>, comparisons: readonly Comparison[]): string | undefined => {
  const both = comparisons.flatMap((comparison) => [comparison, reversed(comparison)])
  return [...arms].find((arm) => {
    const own = both.filter((comparison) => comparison.arm === arm)
    return own.length > 0 && own.every(({ low }) => low > 0)
  })
}
