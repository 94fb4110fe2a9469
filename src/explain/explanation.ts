import type { Option } from '../decide/policy.ts'
import type { Assigned, Verdict } from '../learn/learner.ts'
import type { RecalledKind } from '../recall/item.ts'
import type { Standing } from '../storage/storage.ts'

/** One word on a run: from its record or from a feedback. */
export interface ExplainedVote {
  /** Id of the fact that says so. */
  readonly fact: string
  /** Absent for a check, a host or a model that was not named, and for somebody unnamed who spoke of nobody's run. */
  readonly author?: string
  /** How strong it is: correction > check > user > host > model. */
  readonly level: 'correction' | 'check' | 'user' | 'host' | 'model'
  /** In [0, 1]: for a correction, whether the response was already as corrected. */
  readonly reward: number
  /** Id of the one decision that is meant; absent when the whole run is. */
  readonly decision?: string
  /** False when it was taken back, or when the same author said something else later. */
  readonly stands: boolean
}

/** How a run went, as far as is known. */
export interface ExplainedOutcome {
  /** False while the agent has not written down what it did. */
  readonly recorded: boolean
  /** How recall treats the run. */
  readonly standing: Standing
  /** Absent while nobody has judged. */
  readonly verdict?: Verdict
  /** In the order of the log. */
  readonly votes: readonly ExplainedVote[]
  /** True when the deadline passed without a verdict. */
  readonly expired: boolean
}

/** A run that was shown an item, and so changed how useful the item is held to be. */
export interface UsefulnessEvidence {
  readonly run: string
  /** The verdict on that run when the advice was given. */
  readonly verdict: Verdict
  /** Ids of the facts that carry the verdict. */
  readonly facts: readonly string[]
}

/** One recalled item and why it was recalled. */
export interface ExplainedItem {
  /** Of the run or the knowledge. */
  readonly id: string
  /** The advice that showed it. */
  readonly advice: string
  readonly kind: RecalledKind
  /** What the items were ordered by, in [0, 1]: relevance × usefulness × recency, less what a better item already said. */
  readonly score: number
  /** In [0, 1). */
  readonly relevance: number
  /** In (0, 1); ½ when nothing was known. */
  readonly usefulness: number
  readonly reason: string
  /** Task of the run or title of the knowledge; absent once it was forgotten. */
  readonly task?: string
  /** True when the item was erased since. */
  readonly forgotten: boolean
  /** Whether credit for the run goes to it: false when the record says that it was not used. Absent before the run is recorded. */
  readonly used?: boolean
  /** What is said of the run that the item is; absent for knowledge and for what was forgotten. */
  readonly outcome?: ExplainedOutcome
  /** Weight of the verdicts for and against it, from runs that were shown it before: usefulness = (1 + up) / (2 + up + down). */
  readonly counts: { readonly up: number; readonly down: number }
  /** The runs behind the counts, the latest first; at most 100. */
  readonly evidence: readonly UsefulnessEvidence[]
  /** How many runs there are behind the counts. */
  readonly runs: number
  /** Id of the fact that the item is. */
  readonly facts: readonly string[]
}

/** One option of a choice point as the decision saw it. */
export interface ExplainedOption extends Option {
  /** With which it could be drawn, in [0, 1]; logged before the agent acted. */
  readonly probability: number
  /** Similarity of the task to its description, in [0, 1]. */
  readonly similarity: number
  /** Expected reward in [0, 1]; absent where the policy has none, or where it cannot be computed again. */
  readonly expected?: number
}

/** A settled decision of an earlier run that taught this one. */
export interface Lesson {
  readonly run: string
  readonly decision: string
  /** The option that was taken there. */
  readonly option: string
  /** The verdict that was learned. */
  readonly verdict: Verdict
  /**
   * By how much learning it moved the expected value of the recommended option away from that of its strongest rival, in units of reward; above 0 it speaks
   * for the recommendation.
   */
  readonly contribution: number
  /** Ids of the facts that carry the verdict. */
  readonly facts: readonly string[]
}

/**
 * What came of the search for the facts that taught a decision:
 * - `found`: without `facts` the recommended option would have been another one; folded again to be sure.
 * - `untaught`: nothing learned decided. The descriptions of the options, or a tie, or a policy that does not learn, would have led to the same.
 * - `unproven`: it learned, but no set was found within the limits; `lessons` names those that moved it most, and `facts` is empty.
 */
export type Teaching = 'found' | 'untaught' | 'unproven'

/** One decision and what taught it. */
export interface ExplainedDecision {
  readonly id: string
  readonly point: string
  /** The advice in which it was made, where there is one. */
  readonly advice?: string
  /** Milliseconds since 1970-01-01 UTC. */
  readonly decidedAt: number
  /** The option that was drawn. */
  readonly option: string
  /** Probability with which it was drawn, in (0, 1]. */
  readonly propensity: number
  /** The option of the highest probability; absent when several share it. */
  readonly recommended?: string
  /** True when the option drawn is not among those of the highest probability. */
  readonly explored: boolean
  readonly policy: string
  /** True when the probabilities are Monte-Carlo estimates. */
  readonly estimated: boolean
  /** The arm of the experiment that decided, where one was running. */
  readonly experiment?: Assigned
  /** Shares of the decision that were the user's own: what they said they prefer, and what was learned of them; absent where nothing was. */
  readonly personal?: { readonly stated?: number | undefined; readonly learned?: number | undefined }
  /** Of the generator that drew, an integer in [0, 2^32). */
  readonly seed: number
  /** Expected reward of the option drawn, in [0, 1]; absent where the policy has none. */
  readonly expected?: number
  /** Most probable first. */
  readonly options: readonly ExplainedOption[]
  /** What was really done; absent while the run is not recorded. */
  readonly taken?: string
  /** What it earned so far; absent while nobody has judged. */
  readonly verdict?: Verdict
  readonly teaching: Teaching
  /** In one sentence, for people. */
  readonly reason: string
  /** Those behind `facts`, or where nothing was proven those that moved it most; the strongest first. */
  readonly lessons: readonly Lesson[]
  /** Settled decisions of this choice point that had been learned from when this one was made. */
  readonly settled: number
  /** Ids of the facts that taught it: without them, the recommended option is another one. */
  readonly facts: readonly string[]
}

/** Why an advice was given or a run went as it did, and which facts taught it. Plain data. */
export interface Explanation {
  /** What the id named. */
  readonly subject: 'advice' | 'run' | 'decision'
  readonly id: string
  readonly run: string
  /** Ids of the advice given for the run, in the order of the log. */
  readonly advice: readonly string[]
  /** What was asked; absent when only a decision is known. */
  readonly task?: string
  readonly user?: string
  readonly agent?: string
  readonly session?: string
  /** False when learning was off: then nothing was recalled, and choices were uniform. */
  readonly learning: boolean
  readonly recalled: readonly ExplainedItem[]
  readonly decisions: readonly ExplainedDecision[]
  readonly outcome: ExplainedOutcome
  /** Ids of what its user said they prefer, as far as it stood in the prompt and was not erased since. */
  readonly preferences: readonly string[]
  /** Ids of the facts that taught the advice, without repetition: erased, the same question is advised otherwise. */
  readonly facts: readonly string[]
  /** What is not there and why, in sentences for people. */
  readonly notes: readonly string[]
}
