import type { Features, Learner, Numbers } from '../learn/learner.ts'
import type { Warning } from '../warning.ts'
import type { Random } from './random.ts'

/** One thing that can be chosen. */
export interface Option {
  readonly id: string
  /** What it is for, in words: the default policy knows a new option by these. */
  readonly description?: string
}

/** What a policy is asked: which of these options, in this situation? */
export interface Ask {
  readonly point: string
  /** Frozen: their order is that of the weights, and of what is logged. */
  readonly options: readonly Option[]
  readonly features: Features
  /** Similarity of the task to each option's description, in [0, 1], aligned with `options`. */
  readonly similarities: Float64Array
  /** The caller's discrete state, for tabular policies. */
  readonly state?: string
  /** The numbers of the caller's context, for policies that take them as they are; `features` has them too, hashed. */
  readonly context?: Numbers
}

/** A probability per option, aligned with `Ask.options`; sums to 1. */
export type Distribution = Float64Array

/** Weighs options and never draws: `decide` owns the one sampler. */
export interface Policy<View = unknown> {
  readonly name: string
  /** Name of the learner whose view it weighs with; absent for policies that learn nothing. */
  readonly learner?: string
  /** That learner itself, where it is not one of those that are always folded: it is folded wherever the policy is configured. */
  readonly needs?: Learner
  /** True when weights are Monte-Carlo estimates; such a policy gets a seeded generator. */
  readonly estimated: boolean
  /** Of an estimate, how many draws it rests on: weights are multiples of 1 / draws. */
  readonly draws?: number
  weigh(view: View, ask: Ask, random?: Random): Distribution
  /** Expected raw reward per option where the policy has one, aligned with `Ask.options`. */
  expect?(view: View, ask: Ask): Float64Array
  /** What a tabular policy holds each option to be worth, in units of reward, aligned with `Ask.options`; logged with the decision. */
  values?(view: View, ask: Ask): Float64Array
  /** Why it cannot do here what its settings say, and does something else; the decision carries it. Undefined where it can. */
  warning?(ask: Ask): Warning | undefined
}
