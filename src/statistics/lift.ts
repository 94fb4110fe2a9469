import { betaBinomialInterval } from './sequential/beta-binomial.ts'
import { newcombe, type ShareDifference } from './newcombe.ts'
import type { Share } from './share.ts'
import { wilson } from './wilson.ts'

/** What runs came to: the sum of the weights of their verdicts, and of weight · reward. */
export interface Outcomes {
  readonly weight: number
  readonly reward: number
}

/** Runs that may be compared with each other: those that have something in common, and all of them. */
export interface Stratum {
  readonly with: Outcomes
  readonly all: Outcomes
}

/** How much better runs with something went than others of the same strata. */
export interface Lift {
  /** Success of the others, each stratum counted as often as it has runs with it. */
  readonly baseline: Share
  /** Success with it less {@link Lift.baseline}; its interval of 95 % holds at all times at once. */
  readonly lift: ShareDifference
}

/** Differences of sums that are no more than rounding. */
const nothing = 1e-9

/** A stratum all of whose runs have it says nothing of what it is worth. */
const isComparable = ({ with: own, all }: Stratum): boolean => own.weight > nothing && all.weight - own.weight > nothing

/** Runs of the same strata without it. */
const baselineOf = (strata: readonly Stratum[]): Share => {
  const total = strata.reduce((sum, stratum) => sum + stratum.with.weight, 0)
  let rate = 0
  let variance = 0
  for (const { with: own, all } of strata) {
    const [weight, share] = [all.weight - own.weight, own.weight / total]
    rate += share * (Math.max(0, all.reward - own.reward) / weight)
    variance += share ** 2 / weight
  }
  // As many runs as would give a mean of this variance: strata are as sure as their smallest ones.
  const runs = variance === 0 ? 0 : 1 / variance
  return wilson(rate * runs, runs)
}

/** The same share with an interval that holds at all times: whoever looks after every run is fooled by Wilson's, which is too narrow for three good runs of three. */
const atAllTimes = (share: Share): Share => ({ ...share, ...betaBinomialInterval(share.count, share.of) })

/** How the runs went that have it, with Wilson's interval of 95 %. */
export const successOf = (strata: readonly Stratum[]): Share =>
  wilson(strata.reduce((sum, stratum) => sum + stratum.with.reward, 0), strata.reduce((sum, stratum) => sum + stratum.with.weight, 0))

/** The lift with its interval for one look, which is the narrower one: a quick look that leaves out nearly all. */
export const quickLift = (strata: readonly Stratum[]): ShareDifference => {
  const comparable = strata.filter(isComparable)
  return newcombe(successOf(comparable), baselineOf(comparable))
}

/** Lower end of {@link quickLift}. */
export const quickLow = (strata: readonly Stratum[]): number => quickLift(strata).low

/**
 * Success of runs with something over that of other runs of the same strata. The interval is made of exact confidence sequences (beta-binomial mixtures), combined by their distances
 * from the rates (Newcombe 1998, method 10): it may be looked at after every run. Where there is nothing to compare with, the difference is 0 and may be anything.
 */
export const liftOf = (strata: readonly Stratum[]): Lift => {
  const comparable = strata.filter(isComparable)
  const baseline = baselineOf(comparable)
  return { baseline, lift: newcombe(atAllTimes(successOf(comparable)), atAllTimes(baseline)) }
}
