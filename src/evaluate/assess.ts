import { directMethod } from './estimators/direct-method.ts'
import { doublyRobust } from './estimators/doubly-robust.ts'
import { type Estimate, estimate } from './estimators/estimate.ts'
import { inversePropensity } from './estimators/inverse-propensity.ts'
import { type Estimator, type LoggedReward, meanWithError, sumOf } from './estimators/sample.ts'
import { selfNormalised } from './estimators/self-normalised.ts'
import { selfNormalisedDoublyRobust } from './estimators/self-normalised-doubly-robust.ts'
import { summarizeWeights, type WeightSummary } from './estimators/weights.ts'
import type { Answer, Assessment, DecisionCounts, Refusal } from './evaluation.ts'
import { robustInterval } from '../statistics/sequential/robust.ts'

/** Below this effective sample size an average of weighted rewards is decided by a few of them. */
export const fewestEffective = 50
/** Largest share of decisions without a propensity, and of choices the log could not have made. */
const mostMissing = 0.05
/** Largest share of propensities that are Monte-Carlo estimates. */
const mostEstimated = 0.5

/** What the log's own policy earned: every weight is 1. */
const onPolicy: Estimator = (sample) => meanWithError(sample.map(({ reward }) => reward))

/** The difference of the two means on the same decisions; what both have in common does not blur it. */
const gainOver: Estimator = (sample) => {
  const own = selfNormalised(sample)
  const logged = onPolicy(sample)
  const scale = sample.length / sumOf(sample, ({ weight }) => weight)
  const terms = sample.map(({ weight, reward }) => scale * weight * (reward - own.value) - (reward - logged.value))
  return { value: own.value - logged.value, standardError: meanWithError(terms).standardError }
}

/** What the decisions used have earned. */
export const loggedValue = (sample: readonly LoggedReward[]): Estimate => valueBy(onPolicy, sample.map((one) => ({ ...one, weight: 1 })))

const decisionsIn = (size: number): string => (size.toFixed(0) === '1' ? '1 decision' : `${size.toFixed(0)} decisions`)

const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`

/**
 * An estimate cut to what can be: rewards lie in [0, 1], while an interval of a normal approximation, and a formula that weighs, may leave it. That brings no estimate further
 * from the truth.
 */
const possible = ({ value, low, high }: Estimate, least: number, most: number): Estimate => {
  const cut = (bound: number): number => Math.min(most, Math.max(least, bound))
  return { value: cut(value), low: cut(low), high: cut(high) }
}

const valueBy = (estimator: Estimator, sample: readonly LoggedReward[]): Estimate => possible(estimate(estimator, sample), 0, 1)

/** Why no number would be honest; undefined when one is. */
const refusalOf = (counts: DecisionCounts, weights: WeightSummary, unsupported: number, acceptEstimated: boolean): Refusal | undefined => {
  const { decisions, judged, followed, used, estimated } = counts
  if (followed === 0) {
    return {
      code: 'NOTHING_JUDGED',
      reason: `Of ${decisions} decisions ${judged} have a verdict, and in none of these the agent did as advised.`,
      next: 'Record how runs went, or send feedback; decisions that the agent overrode say nothing about a policy.',
    }
  }
  if (used < followed * (1 - mostMissing)) {
    return {
      code: 'MISSING_PROPENSITIES',
      reason: `${followed - used} of the ${followed} judged decisions have no propensity or no option set; up to ${percent(mostMissing)} may lack them.`,
      next: 'Let `decide` or `advise` make the decisions: they log the probability before the agent acts.',
    }
  }
  if (!acceptEstimated && estimated > used * mostEstimated) {
    return {
      code: 'ESTIMATED_PROPENSITIES',
      reason: `${estimated} of the ${used} propensities are Monte-Carlo estimates, and errors of small ones become errors of large weights.`,
      next: 'Collect decisions with a policy of exact probabilities, or accept estimates with `acceptEstimated: true`.',
    }
  }
  if (unsupported > mostMissing) {
    return {
      code: 'NO_SUPPORT',
      reason: `${percent(unsupported)} of what the policy would have chosen had probability 0 in the log.`,
      next: 'Explore: a policy with an epsilon above 0 at this choice point keeps every option open to evaluation.',
    }
  }
  if (weights.effectiveSampleSize < fewestEffective) {
    return {
      code: 'LOW_EFFECTIVE_SAMPLE_SIZE',
      reason: `The log tells as much as ${decisionsIn(weights.effectiveSampleSize)} of this policy would; at least ${fewestEffective} are needed.`,
      next: 'Collect more decisions, explore more, or compare the two in an experiment.',
    }
  }
  return undefined
}

const answerOf = (sample: readonly LoggedReward[]): Answer => {
  const estimates = {
    selfNormalised: valueBy(selfNormalised, sample),
    selfNormalisedDoublyRobust: valueBy(selfNormalisedDoublyRobust, sample),
    doublyRobust: valueBy(doublyRobust, sample),
    inversePropensity: valueBy(inversePropensity(), sample),
    directMethod: { value: directMethod(sample).value },
  }
  const { low, high } = robustInterval(sample)
  const guaranteed = { low: Math.max(0, low), high: Math.min(1, high) }
  return { status: 'answered', ...estimates.selfNormalised, gain: possible(estimate(gainOver, sample), -1, 1), estimates, guaranteed }
}

/**
 * What a policy is worth by a sample of a log, or why the log cannot say.
 *
 * @param unsupported share of the policy's choices that the log could not have made
 * @param acceptEstimated true: Monte-Carlo propensities count like exact ones
 */
export const assess = (sample: readonly LoggedReward[], counts: DecisionCounts, unsupported: number, acceptEstimated = false): Assessment => {
  const weights = summarizeWeights(sample.map(({ weight }) => weight))
  const refusal = refusalOf(counts, weights, unsupported, acceptEstimated)
  const result = refusal === undefined ? answerOf(sample) : ({ status: 'refused', refusal } as const)
  return { ...result, ...weights, unsupported }
}
