import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import { defaultAlpha, expectAlpha, type Interval } from './interval.ts'

/** More rewards than any log has, and larger ones; with less than that no formula here overflows. */
const mostRewards = 1e15
const largest = 1e50

/** What is known of the rewards of one arm. */
export interface Moments {
  /** How many independent rewards, 1 or more. */
  readonly count: number
  readonly mean: number
  /** Of one reward, the unbiased estimate; 0 or more. */
  readonly variance: number
}

/** @throws AutodidactError `INVALID_INPUT` when they are no count, mean and variance */
export const expectMoments = (moments: Moments, what: string): void => {
  expectObject(moments, what)
  expectNumber(moments.count, `${what}: count`, 0, mostRewards)
  expectNumber(moments.mean, `${what}: mean`, -largest, largest)
  expectNumber(moments.variance, `${what}: variance`, 0, largest)
}

/** Settings of an asymptotic confidence sequence. */
export interface AsymptoticSettings {
  /** Probability that the sequence ever misses the truth; above 0, at most .5, default .05. */
  readonly alpha?: number
  /** Number of rewards at which it is tightest; above 0. Default 500, of both arms together, for a difference; 100, of variance 1, for a mean. */
  readonly tunedFor?: number
}

/** @throws AutodidactError `INVALID_INPUT` */
const checked = (settings: AsymptoticSettings, defaultTuning: number, what: string): Required<AsymptoticSettings> => {
  expectObject(settings, `${what}: settings`)
  const { alpha = defaultAlpha, tunedFor = defaultTuning } = settings
  expectAlpha(alpha, what)
  expectPositive(tunedFor, `${what}: tunedFor`)
  return { alpha, tunedFor }
}

/**
 * Half-width of the asymptotic confidence sequence of a mean: mean ± margin holds the truth at all times at once with probability 1 − alpha, once
 * there are enough rewards for the central limit theorem. Tightest near `tunedFor` / variance rewards.
 *
 * √( (nvρ² + 1) / (n²ρ²) · ln((nvρ² + 1) / α²) ) with ρ² = (−2 ln α + ln(−2 ln α) + 1) / `tunedFor`.
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of
 * Statistics 52(6); the choice of ρ is theirs and TensorZero's.
 *
 * @throws AutodidactError `INVALID_INPUT`
 * @example
 * ```ts
 * import { asymptoticMargin } from 'autodidact'
 *
 * console.assert(Math.abs(asymptoticMargin({ count: 100, variance: 0.25 }) - 0.161333) < 1e-6)
 * ```
 */
export const asymptoticMargin = (moments: Omit<Moments, 'mean'>, settings: AsymptoticSettings = {}): number => {
  expectObject(moments, 'asymptoticMargin: moments')
  expectMoments({ mean: 0, count: moments.count, variance: moments.variance }, 'asymptoticMargin')
  const { count, variance } = moments
  const { alpha, tunedFor } = checked(settings, 100, 'asymptoticMargin')
  const tail = -2 * Math.log(alpha)
  const rhoSquared = (tail + Math.log(tail) + 1) / tunedFor
  const information = count * variance * rhoSquared + 1
  return Math.sqrt((information / (count ** 2 * rhoSquared)) * Math.log(information / alpha ** 2))
}

/** A difference of two means with its confidence sequence. */
export interface Difference extends Interval {
  readonly difference: number
  /** Anytime-valid: the probability that it ever falls to p or below, where there is no difference, is at most p. */
  readonly pValue: number
}

/**
 * Confidence sequence of the difference of two arms' means, `right` − `left`: valid at all times at once, so it may be looked at after every reward.
 *
 * With SE² = v₁/n₁ + v₂/n₂, s² = 2 (v₁ + v₂), N = s² / SE² and ρ² = (−2 ln α + ln(−2 ln α + 1)) / N*, the half-width is
 * s · √( 2 (Nρ² + 1) ln(√(Nρ² + 1) / α) / (Nρ)² ), and p = min(1, 1/e) with e = exp(ρ²N d²/SE² / (2 (Nρ² + 1))) / √(Nρ² + 1).
 *
 * For arms of equal counts N = n₁ + n₂, which is the form of GrowthBook and PostHog. For others it is the number of rewards that evenly shared would tell as
 * much; a prior of fixed variance on the difference then keeps its meaning while the shares of the arms change.
 *
 * Needs about 100 rewards an arm for the central limit theorem; below that see {@link betaBinomialInterval}.
 *
 * Source: Waudby-Smith et al. 2024 as above; GrowthBook, "Sequential testing".
 *
 * @example
 * ```ts
 * import { asymptoticDifference } from 'autodidact'
 *
 * const rewards = (mean: number) => ({ count: 500, mean, variance: (mean * (1 - mean) * 500) / 499 })
 * const { low, high, pValue } = asymptoticDifference(rewards(0.5), rewards(0.6))
 * console.assert(low > 0 && Math.abs((high - low) / 2 - 0.095935) < 1e-6 && pValue < 0.05)
 * ```
 */
export const asymptoticDifference = (left: Moments, right: Moments, settings: AsymptoticSettings = {}): Difference => {
  expectMoments(left, 'asymptoticDifference: left')
  expectMoments(right, 'asymptoticDifference: right')
  const { alpha, tunedFor } = checked(settings, 500, 'asymptoticDifference')
  const difference = right.mean - left.mean
  const spread = 2 * (left.variance + right.variance)
  const squaredError = left.variance / left.count + right.variance / right.count
  // Rewards that never vary have no error to speak of; the smallest keeps the formula defined.
  const count = squaredError > 0 ? spread / squaredError : left.count + right.count
  const tail = -2 * Math.log(alpha)
  const information = ((tail + Math.log(tail + 1)) / tunedFor) * count
  const halfWidth = Math.sqrt(spread) * Math.sqrt((2 * (information + 1) * Math.log(Math.sqrt(information + 1) / alpha)) / (information * count))
  const logEvidence =
    difference === 0 ? -Infinity : (information * (difference ** 2 / Math.max(squaredError, Number.MIN_VALUE))) / (2 * (information + 1)) - Math.log(information + 1) / 2
  return { difference, low: difference - halfWidth, high: difference + halfWidth, pValue: Math.min(1, Math.exp(-logEvidence)) }
}
