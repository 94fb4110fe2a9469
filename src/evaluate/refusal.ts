import type { DecisionCounts, EvaluationWeights, Refusal } from './evaluation.ts'
import type { PolicySample } from './logged-decisions.ts'

/** Below this effective sample size an average of weighted rewards is decided by a few of them. */
export const fewestEffective = 50
/** What the mean weight may be, as a multiple of what it must be on average. Beyond it what is not in the log, or is there too often, is a fifth of the answer. */
export const meanWeightBand = { low: 0.8, high: 1.25 } as const
/** More standard errors from its expectation than chance brings about. */
const beyondChance = 3
/** Largest share of decisions without a propensity, and of choices the log could not have made. */
const mostMissing = 0.05
/** Largest share of propensities that are Monte-Carlo estimates. */
const mostEstimated = 0.5

/** A refusal, and whether propensities that can be relied on are there all the same. */
export interface Refused {
  readonly refusal: Refusal
  readonly propensitiesHold: boolean
}

/** Sums of probabilities that were kept with seven digits are right to so much: fifty decisions of the policy's own are fifty. */
const rounding = 1e-6

const isTooFew = (size: number): boolean => size < fewestEffective * (1 - rounding)

/** Rounded down: nothing that is too little is said to be enough. */
const wholeOf = (size: number): number => Math.floor(size * (1 + rounding))

const runsIn = (size: number): string => (wholeOf(size) === 1 ? '1 run' : `${wholeOf(size)} runs`)

const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`

/** What is missing before weights are looked at. */
const missing = ({ decisions, judged, followed, used, estimated }: DecisionCounts, acceptEstimated: boolean): Refusal | undefined => {
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
  return undefined
}

/** What would make the sample large enough, with about how many runs that takes if they are like those that are there. */
const collectMore = ({ effectiveSampleSize, expectedEffectiveSampleSize }: EvaluationWeights, runs: number): string => {
  const size = Math.min(effectiveSampleSize, expectedEffectiveSampleSize > 0 ? expectedEffectiveSampleSize : effectiveSampleSize)
  // Of nothing there is no rate, and of next to nothing none that tells anything.
  if (wholeOf(size) < 1) return 'Collect more decisions'
  const more = Math.ceil(((fewestEffective - size) * runs) / size)
  return `Collect more decisions (at the present rate about ${more} more judged ${more === 1 ? 'run' : 'runs'})`
}

/** What the log did not try often enough. */
const untried = (weights: EvaluationWeights, runs: number, unsupported: number): Refusal | undefined => {
  const { effectiveSampleSize, expectedEffectiveSampleSize } = weights
  if (unsupported > mostMissing) {
    return {
      code: 'NO_SUPPORT',
      reason: `${percent(unsupported)} of what the policy would have chosen had probability 0 in the log.`,
      next: 'Explore: a policy with an epsilon above 0 at this choice point keeps every option open to evaluation.',
    }
  }
  if (isTooFew(effectiveSampleSize)) {
    return {
      code: 'LOW_EFFECTIVE_SAMPLE_SIZE',
      reason: `The log tells as much as ${runsIn(effectiveSampleSize)} of this policy would; at least ${fewestEffective} are needed.`,
      next: `${collectMore(weights, runs)}, explore more, or compare the two in an experiment.`,
    }
  }
  if (isTooFew(expectedEffectiveSampleSize)) {
    return {
      code: 'TOO_LITTLE_EXPLORATION',
      reason:
        `What this policy would do was so rare in the log that ${runsIn(runs)} like these tell on average as much as ${runsIn(expectedEffectiveSampleSize)} of its own would; ` +
        `at least ${fewestEffective} are needed. That it looks like ${wholeOf(effectiveSampleSize)} is because the rare draws are missing.`,
      next: `Explore more at this choice point (\`epsilon-greedy\` with an epsilon of .1, or \`uniform\`), ${collectMore(weights, runs).replace('C', 'c')}, or compare the two in an experiment.`,
    }
  }
  return undefined
}

/** The mean of what was to average 1 − `unsupported`, with this variance before the draws. */
const unbalanced = ({ meanWeight, effectiveSampleSize }: EvaluationWeights, { unsupported, expectedSquare, rewards: { length: runs } }: PolicySample): Refused | undefined => {
  const expected = 1 - unsupported
  const ratio = meanWeight / expected
  if (ratio >= meanWeightBand.low && ratio <= meanWeightBand.high) return undefined
  // Mean squares of the weights: expected before the draws, and as drawn. Where all probabilities but one were made up, as in a log of elsewhere, the latter may be larger.
  const square = Math.max(expectedSquare, (runs * meanWeight ** 2) / effectiveSampleSize)
  const isChance = Math.abs(meanWeight - expected) <= beyondChance * Math.sqrt(Math.max(0, square - expected ** 2) / runs)
  const reason = `The importance weights average ${meanWeight.toFixed(2)}, where ${expected.toFixed(2)} is to be expected; from ${meanWeightBand.low} to ${meanWeightBand.high} times that is near enough.`
  return {
    refusal: {
      code: 'UNBALANCED_WEIGHTS',
      reason: `${reason} ${isChance ? 'By chance the log has too few, or too many, of its rare draws.' : 'Chance does not explain that.'}`,
      next: isChance
        ? 'Collect more decisions, explore more, or compare the two in an experiment.'
        : 'See that the propensities are those that options were drawn with, and that whether a decision is judged and followed does not depend on its option.',
    },
    propensitiesHold: isChance,
  }
}

/** Why no number would be honest; undefined when one is. */
export const refusalOf = (counts: DecisionCounts, sample: PolicySample, weights: EvaluationWeights, acceptEstimated: boolean): Refused | undefined => {
  const without = missing(counts, acceptEstimated)
  if (without !== undefined) return { refusal: without, propensitiesHold: false }
  const refusal = untried(weights, counts.runs, sample.unsupported)
  if (refusal !== undefined) return { refusal, propensitiesHold: true }
  return sample.inHindsight ? undefined : unbalanced(weights, sample)
}
