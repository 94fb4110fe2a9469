import { directMethod } from './estimators/direct-method.ts'
import { doublyRobust } from './estimators/doubly-robust.ts'
import { type Estimate, estimate } from './estimators/estimate.ts'
import { inversePropensity } from './estimators/inverse-propensity.ts'
import { type Estimator, type LoggedReward, meanWithError, sumOf } from './estimators/sample.ts'
import { selfNormalised } from './estimators/self-normalised.ts'
import { selfNormalisedDoublyRobust } from './estimators/self-normalised-doubly-robust.ts'
import { summarizeWeights } from './estimators/weights.ts'
import type { Answer, Assessment, DecisionCounts, EvaluationWeights, NoAnswer } from './evaluation.ts'
import type { PolicySample } from './logged-decisions.ts'
import type { PooledReward } from './pooled.ts'
import { refusalOf } from './refusal.ts'
import type { Interval } from '../statistics/sequential/interval.ts'
import { robustInterval } from '../statistics/sequential/robust.ts'

/** What the log's own policy earned, whatever the weights; the imagined decisions of an interval have one reward. */
const earned = ({ reward, logged = reward }: LoggedReward & Partial<PooledReward>): number => logged

const onPolicy: Estimator = (sample) => meanWithError(sample.map(earned))

/** The difference of the self-normalised doubly robust mean and the log's, on the same decisions; what both have in common does not blur it. */
const gainOver: Estimator = (sample) => {
  const logged = onPolicy(sample)
  const total = sumOf(sample, ({ weight }) => weight)
  const correction = sumOf(sample, ({ weight, reward, predicted }) => weight * (reward - predicted)) / total
  const scale = sample.length / total
  const terms = sample.map((one) => one.expected + scale * one.weight * (one.reward - one.predicted - correction) - (earned(one) - logged.value))
  return { value: selfNormalisedDoublyRobust(sample).value - logged.value, standardError: meanWithError(terms).standardError }
}

/** The doubly robust estimators of it are those that only weigh. */
const withoutModel = (sample: readonly PooledReward[]): PooledReward[] => sample.map((one) => ({ ...one, predicted: 0, expected: 0 }))

/**
 * An estimate cut to what can be: rewards lie in [0, 1], while an interval of a normal approximation, and a formula that weighs, may leave it. That brings no estimate further
 * from the truth.
 */
const possible = ({ value, low, high }: Estimate, least: number, most: number): Estimate => {
  const cut = (bound: number): number => Math.min(most, Math.max(least, bound))
  return { value: cut(value), low: cut(low), high: cut(high) }
}

/** What the decisions used have earned. */
export const loggedValue = (sample: readonly PooledReward[]): Estimate => possible(estimate(onPolicy, sample.map((one) => ({ ...one, weight: 1 }))), 0, 1)

/** As much wider on each side as the interval has to be. */
const widened = ({ value, low, high }: Estimate, factor: number): Estimate => ({ value, low: value - factor * (value - low), high: value + factor * (high - value) })

/** What holds whatever the weights are, if the propensities are right: also of what the log could not have chosen, which counts as unknown. */
const guaranteedBy = (sample: readonly LoggedReward[]): Interval => {
  const { low, high } = robustInterval(sample)
  return { low: Math.max(0, low), high: Math.min(1, high) }
}

/**
 * The standard error of what was drawn knows nothing of the large weights that were possible and were not drawn. Where the log looks better than such logs are, its intervals
 * are widened to what they would be at the sample size that was to be expected.
 */
const wideningOf = ({ effectiveSampleSize, expectedEffectiveSampleSize }: EvaluationWeights): number => Math.sqrt(Math.max(1, effectiveSampleSize / expectedEffectiveSampleSize))

/**
 * The first estimate, in an interval that holds the second one's, too. Self-normalised weighing errs to where the log has been often: options that a learning policy found bad are rare
 * there, so too few bad rewards are weighed. A model knows what these are like, and may be wrong in other ways.
 */
const enclosing = (first: Estimate, second: Estimate): Estimate => ({ value: first.value, low: Math.min(first.low, second.low), high: Math.max(first.high, second.high) })

const answerOf = (sample: readonly PooledReward[], weights: EvaluationWeights): Answer => {
  const factor = wideningOf(weights)
  const by = (estimator: Estimator): Estimate => possible(widened(estimate(estimator, sample), factor), 0, 1)
  const estimates = {
    selfNormalised: by(selfNormalised),
    selfNormalisedDoublyRobust: by(selfNormalisedDoublyRobust),
    doublyRobust: by(doublyRobust),
    inversePropensity: by(inversePropensity()),
    directMethod: { value: directMethod(sample).value },
  }
  const gainBy = (rewards: readonly PooledReward[]): Estimate => possible(widened(estimate(gainOver, rewards), factor), -1, 1)
  const shown = enclosing(estimates.selfNormalised, estimates.selfNormalisedDoublyRobust)
  return { status: 'answered', ...shown, gain: enclosing(gainBy(withoutModel(sample)), gainBy(sample)), estimates, guaranteed: guaranteedBy(sample) }
}

const weightsOf = ({ rewards, unsupported, expectedSquare }: PolicySample): EvaluationWeights => ({
  ...summarizeWeights(rewards.map(({ weight }) => weight)),
  expectedEffectiveSampleSize: expectedSquare > 0 ? (rewards.length * (1 - unsupported) ** 2) / expectedSquare : 0,
})

/**
 * What a policy is worth by a sample of a log, or why the log cannot say.
 *
 * @param acceptEstimated true: Monte-Carlo propensities count like exact ones
 */
export const assess = (sample: PolicySample, counts: DecisionCounts, acceptEstimated = false): Assessment => {
  const { rewards, unsupported } = sample
  const weights = weightsOf(sample)
  const refused = refusalOf(counts, sample, weights, acceptEstimated)
  const result = (): Answer | NoAnswer => {
    if (refused === undefined) return answerOf(rewards, weights)
    const { refusal, propensitiesHold } = refused
    return { status: 'refused', refusal, ...(propensitiesHold ? { guaranteed: guaranteedBy(rewards) } : {}) }
  }
  return { ...result(), ...weights, unsupported }
}
