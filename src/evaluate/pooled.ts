import type { LoggedReward } from './estimators/sample.ts'

/** What a log says of the decisions of one run, as one. */
export interface PooledReward extends LoggedReward {
  /** What they earned, each counted alike; `reward` is weighted. */
  readonly logged: number
}

/** A decision, and what was to be expected of its weight before the draw. */
interface Decision extends LoggedReward {
  /** Share of the choice that the log could not have made: the weight is expected to be 1 less that. */
  readonly unsupported: number
  readonly expectedSquare: number
}

/** The decisions of one run. */
export interface Pooled {
  readonly reward: PooledReward
  readonly unsupported: number
  readonly expectedSquare: number
}

const meanOf = (decisions: readonly Decision[], term: (decision: Decision) => number): number => decisions.reduce((sum, one) => sum + term(one), 0) / decisions.length

/** Within what was averaged: rounding must not put a reward above 1. */
const weightedMean = (decisions: readonly Decision[], term: (decision: Decision) => number): number => {
  const total = meanOf(decisions, ({ weight }) => weight)
  return total > 0 ? Math.min(1, meanOf(decisions, (one) => one.weight * term(one)) / total) : meanOf(decisions, term)
}

/**
 * The decisions of one run at a choice point as one: they share its verdict, so ten of them say no more of how runs go than one does, and intervals must count them once. Weights average, and rewards
 * do by weight, so that Σ w r of the run is what it was, as a mean; every estimator is then right for runs, which do not depend on one another.
 *
 * Given what came before, the weight of each decision is expected to be what it is expected to be alone, so those of a run do not vary together: the variance of their mean is that of their sum by
 * the square of their number.
 */
export const pooled = (decisions: readonly Decision[]): Pooled => {
  const unsupported = meanOf(decisions, (one) => one.unsupported)
  const variance = meanOf(decisions, (one) => one.expectedSquare - (1 - one.unsupported) ** 2) / decisions.length
  return {
    reward: {
      weight: meanOf(decisions, ({ weight }) => weight),
      reward: weightedMean(decisions, ({ reward }) => reward),
      predicted: weightedMean(decisions, ({ predicted }) => predicted),
      expected: Math.min(1, meanOf(decisions, ({ expected }) => expected)),
      logged: meanOf(decisions, ({ reward }) => reward),
    },
    unsupported,
    expectedSquare: (1 - unsupported) ** 2 + variance,
  }
}
