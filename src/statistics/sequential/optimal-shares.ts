import { expectNumber, expectObject } from '../../expect.ts'
import type { Moments } from './asymptotic.ts'
import { expectArms, leaderOf } from './best-arm.ts'
import { turningPoint } from './interval.ts'

/** Settings of {@link optimalShares}. */
export interface OptimalSharesSettings {
  /** How much worse than the best an arm may be and still pass for it, in units of reward; 0 or more, default 0. */
  readonly tolerance?: number
  /** Least share of each arm, from 0 to 1 / number of arms; default .05. */
  readonly least?: number
  /** Pull toward equal shares, divided by the root of the number of rewards; 0 or more, default .01. */
  readonly regularization?: number
}

/** Smallest squared gap that is told apart; arms as good as the leader would need an infinite number of rewards. */
const leastGap = 1e-6
const leastVariance = 1e-12
/** Nobody may have nothing: its error would be infinite. */
const leastShare = 1e-6

/** Minimum of a convex function on [from, to] by golden-section search (Kiefer 1953), to a 10⁻⁸th of its range. */
const minimum = (from: number, to: number, value: (argument: number) => number): number => {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [low, high] = [from, to]
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)]
  let [atLeft, atRight] = [value(left), value(right)]
  for (let step = 0; step < 40; step += 1) {
    if (atLeft <= atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - ratio * (high - low)
      atLeft = value(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + ratio * (high - low)
      atRight = value(right)
    }
  }
  return (low + high) / 2
}

/** The point nearest to equal shares with at least these and a given sum, which they do not exceed: the rest is filled up to one level. */
const filledUp = (lower: readonly number[], sum: number): number[] => {
  const needed = lower.reduce((total, share) => total + share, 0)
  const sorted = [...lower].sort((left, right) => left - right)
  let below = 0
  let level = 0
  for (const [place, share] of sorted.entries()) {
    const above = needed - below - share
    below += share
    level = (sum - above) / (place + 1)
    if (level <= (sorted[place + 1] ?? Infinity)) break
  }
  return lower.map((share) => Math.max(share, level))
}

/**
 * Shares of traffic with which the best arm is found soonest: those that minimise maxᵢ 2 (v_L/w_L + v_i/w_i) / (μ_L − μ_i + ε)², L being the leader, plus
 * `regularization` / √t · ‖w − 1/K‖², subject to Σ w = 1 and w ≥ `least`. Convex, solved by two nested line searches over the leader's share and the level.
 *
 * Source: Garivier and Kaufmann 2016; the regularised form is TensorZero's.
 *
 * @returns one share per arm, aligned with `arms`; they sum to 1
 * @example
 * ```ts
 * import { optimalShares } from 'autodidact'
 *
 * const arms = [0.1, 0.5, 0.6].map((mean) => ({ count: 100, mean, variance: 0.2 }))
 * const [far = 0, near = 0, leader = 0] = optimalShares(arms)
 * console.assert(far < 0.1 && Math.abs(near - leader) < 0.1)
 * ```
 */
export const optimalShares = (arms: readonly Moments[], settings: OptimalSharesSettings = {}): number[] => {
  expectArms(arms, 'optimalShares')
  expectObject(settings, 'optimalShares: settings')
  const { tolerance = 0, least = 0.05, regularization = 0.01 } = settings
  expectNumber(tolerance, 'optimalShares: tolerance', 0, 1e50)
  expectNumber(least, 'optimalShares: least', 0, 1)
  expectNumber(regularization, 'optimalShares: regularization', 0, 1e50)
  const equal = 1 / arms.length
  const [first] = arms
  // Among equals the leader is an accident, and would be given the larger share.
  if (arms.every(({ mean, variance }) => mean === first?.mean && variance === first.variance)) return arms.map(() => equal)
  const place = leaderOf(arms)
  const leader = arms[place]
  const variances = arms.map(({ variance }) => Math.max(variance, leastVariance))
  const gaps = arms.map(({ mean }) => Math.max(((leader?.mean ?? 0) - mean + tolerance) ** 2, leastGap))
  const floor = Math.min(Math.max(least, leastShare), equal)
  const pull = regularization / Math.sqrt(arms.reduce((sum, { count }) => sum + count, 0))

  const others = [...arms.keys()].filter((other) => other !== place)
  /** The least share of every other arm when the leader has this one, and no comparison may need more than this level. */
  const needs = (own: number, level: number): number[] =>
    others.map((other) => {
      const margin = (level * (gaps[other] ?? 0)) / 2 - (variances[place] ?? 0) / own
      return margin > 0 ? Math.max(floor, (variances[other] ?? 0) / margin) : Infinity
    })
  const possible = (own: number, level: number): boolean => needs(own, level).reduce((sum, share) => sum + share, 0) <= 1 - own
  const sharesAt = (own: number, level: number): number[] => filledUp(needs(own, level), 1 - own).toSpliced(place, 0, own)
  const costAt = (own: number, level: number): number => level + pull * sharesAt(own, level).reduce((sum, share) => sum + (share - equal) ** 2, 0)

  /** The level that costs least with this share of the leader: the lowest possible one, or a little more where that is nearer to equal shares. */
  const levelAt = (own: number): number => {
    let high = 1
    while (!possible(own, high)) high *= 2
    while (high > Number.MIN_VALUE && possible(own, high / 2)) high /= 2
    const lowest = turningPoint(high / 2, high, (level) => possible(own, level))
    return pull === 0 ? lowest : minimum(lowest, lowest + pull, (level) => costAt(own, level))
  }
  const own = minimum(floor, 1 - floor * others.length, (share) => costAt(share, levelAt(share)))
  return sharesAt(own, levelAt(own))
}
