import type { Estimate } from './estimators/estimate.ts'
import type { WeightSummary } from './estimators/weights.ts'
import type { Interval } from '../statistics/sequential/interval.ts'

/** Why a log cannot say what a policy would have earned. */
export type RefusalCode =
  | 'NOTHING_JUDGED'
  | 'MISSING_PROPENSITIES'
  | 'ESTIMATED_PROPENSITIES'
  | 'NO_SUPPORT'
  | 'LOW_EFFECTIVE_SAMPLE_SIZE'
  | 'TOO_LITTLE_EXPLORATION'
  | 'UNBALANCED_WEIGHTS'

/** A result all the same: a number would be worse than none. */
export interface Refusal {
  readonly code: RefusalCode
  /** What is missing, in one sentence with its figures. */
  readonly reason: string
  /** What to do about it. */
  readonly next: string
}

/** The value of the policy by each formula, cut to [0, 1]; what they have in common is most to be believed. */
export interface Estimates {
  /** Self-normalised inverse propensity scoring: the value that is shown; the interval that is shown holds this one and the next. */
  readonly selfNormalised: Estimate
  readonly selfNormalisedDoublyRobust: Estimate
  readonly doublyRobust: Estimate
  readonly inversePropensity: Estimate
  /** Without an interval: what is wrong with it is the reward model, and that no number of decisions shows. */
  readonly directMethod: { readonly value: number }
}

/** What the log can say: the self-normalised value, in an interval that holds those of both self-normalised estimators. */
export interface Answer extends Estimate {
  readonly status: 'answered'
  /** How much more than the log's own policy it would have earned, on the same decisions; in [-1, 1]. */
  readonly gain: Estimate
  readonly estimates: Estimates
  /** The interval that holds for any number of decisions and any weights, if only the propensities are right; wide. */
  readonly guaranteed: Interval
}

export interface NoAnswer {
  readonly status: 'refused'
  readonly refusal: Refusal
  /** What can be guaranteed all the same. Absent where the propensities are missing, estimates, or contradicted by what was drawn. */
  readonly guaranteed?: Interval
}

/** How much the log tells about the policy. */
export interface EvaluationWeights extends WeightSummary {
  /**
   * (Σ E w)² / Σ E w², with E w² = Σ π² / p of each decision by the probabilities that were logged, and E w = 1 where the log could have taken every option: the effective sample size that such logs
   * have, whatever was drawn in this one. Far below
   * `effectiveSampleSize` where what the policy would do was rare and by chance was not drawn.
   */
  readonly expectedEffectiveSampleSize: number
}

/** The value of the policy, mean reward in [0, 1] with a 95 % interval, or why there is none; with what it stands on. */
export type Assessment = (Answer | NoAnswer) & EvaluationWeights & {
  /** Share of the policy's choices that the log could not have made: their rewards cannot be known from it. */
  readonly unsupported: number
}

/** The decisions of a choice point, and which of them could be used. */
export interface DecisionCounts {
  /** All that are in the log. */
  readonly decisions: number
  /** Those of them with a verdict. */
  readonly judged: number
  /** Those of them in which the agent did as advised. */
  readonly followed: number
  /** Those of them whose propensity and option set are in the log: what the estimates stand on. */
  readonly used: number
  /** Runs that these belong to. Decisions of one run share its verdict and count as one: each run counts alike. */
  readonly runs: number
  /** Those of `used` whose propensity is a Monte-Carlo estimate. */
  readonly estimated: number
}

/** What another policy would have earned on the decisions that are in the log. */
export type Evaluation = Assessment & {
  readonly point: string
  readonly policy: string
  readonly counts: DecisionCounts
  /** What the policies that decided have earned on the decisions used, every run counted alike. Absent without any. */
  readonly logged?: Estimate
  /** The same with what is known today for every decision, the rewards it is judged by included: more than it would have earned. Absent for policies that learn nothing. */
  readonly hindsight?: Assessment
  /** All of it in one line. */
  readonly answer: string
}
