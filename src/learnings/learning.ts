import type { ShareDifference } from '../statistics/newcombe.ts'
import type { Share } from '../statistics/share.ts'

/** What can be learned from runs without a model. */
export const learningTypes = ['success_pattern', 'failure_pattern', 'optimization', 'error_recovery', 'task_strategy', 'best_practice', 'agent_capability'] as const

export type LearningType = (typeof learningTypes)[number]

/** Ways to go about a task. Where such runs are shown to go worse than others, each is a failure pattern. */
const habitTypes = ['success_pattern', 'task_strategy', 'best_practice'] as const

export type HabitType = (typeof habitTypes)[number]

export const isHabit = (type: LearningType): type is HabitType => habitTypes.some((habit) => habit === type)

/** From the least sure to the surest. */
export const bands = ['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH'] as const

/** How sure a learning is, by its confidence: from 0, .5, .7 and .85 on. */
export type Band = (typeof bands)[number]

/** How often something was tried, repetitions in a row taken as one, and how often it failed. */
export interface Tries {
  readonly failed: number
  readonly of: number
}

/** Something that recurs in runs, and how they went. */
export interface Learning {
  /** The same as long as type, agent, kind of task and what recurs are. */
  readonly id: string
  readonly type: LearningType
  /** In words, made of names of actions, tools, approaches, agents and kinds, and of the words of errors. */
  readonly title: string
  /** What to do, or not to, when; in a sentence. */
  readonly advice: string
  /** How sure that is. */
  readonly description: string
  /** Of a failure pattern that is no last action: the type that it would be of, if such runs did not go worse than others. */
  readonly from?: HabitType
  /** Whose habit it is; absent where it is about several agents, or about runs that name none. */
  readonly agent?: string
  /** All agents whose runs it was seen in. */
  readonly agents: readonly string[]
  /** The category of its tasks or the name of a learned kind, or `other`; absent for recoveries, which are about an error and not a kind of task. */
  readonly kind?: string
  /** What recurs: actions in their order, the last action of a run, or what was done about an error. */
  readonly actions?: readonly string[]
  /** Of a strategy whose runs name theirs. */
  readonly approach?: string
  /** Of runs that are slow or have many steps: the median of their kind, from where on a run counts as such, and the mean of those. Milliseconds, or steps (`metrics.iterations`, where the host counts them in another way). */
  readonly figures?: { readonly of: 'durationMs' | 'steps'; readonly median: number; readonly limit: number; readonly mean: number }
  /** Of an action that fails more often than what else is done. */
  readonly tries?: Tries
  /** Errors that its latest runs had, without what differs from one time to the next, the most frequent first; read from the log. Of failures and recoveries. */
  readonly errors?: readonly string[]
  /** Of a recovery: the tool that failed. */
  readonly tool?: string
  /** Id of the fix, as `fixesFor` gives it. */
  readonly fix?: string
  /** Judged runs that it was seen in, as a whole number: those that broke off under way to it, or to something else, count in part. */
  readonly runs: number
  /** Share of them that went well, weighted by how much each verdict is to be believed, with its 95 % interval (Wilson 1927). */
  readonly success: Share
  /** Of other runs that may be compared: of the same kind and agent; `of` is 0 where there are none. */
  readonly baseline: Share
  /** Success less baseline, with an interval that holds at all times at once. */
  readonly lift: ShareDifference
  /** Lower end of the interval of the share of runs that did what the learning says: went well, or, of a failure pattern and an optimization, wrong. In [0, 1]. */
  readonly confidence: number
  readonly band: Band
  /** Whether these runs went better (or worse, where that is what it says) than the others, with an interval that chance does not explain. */
  readonly validated: boolean
  /** Ids of learnings that say no more of the same runs, or of a part of them, and are not listed beside it; absent where there are none, and where it was asked for by its id. */
  readonly alike?: readonly string[]
  /** Ids of the latest runs it was seen in, good and bad, the latest first, and of those that had the errors it names; at most 20. */
  readonly evidence: readonly string[]
  /** When it was last seen, in milliseconds since 1970-01-01 UTC. */
  readonly seenAt: number
}

/** A learning that bears on a task. */
export interface RelevantLearning extends Learning {
  /** Of the run it was seen in that is most like the task, as recall has it; in (0, 1]. */
  readonly relevance: number
}

/** What was learned, the surest first. */
export interface LearningList {
  readonly learnings: readonly Learning[]
  /** How many there are, with those that were left out by `limit`. */
  readonly total: number
  /** How many of these are validated. */
  readonly validated: number
  /** How many would be, at most, of all that was compared for them, if outcomes had nothing to do with what was done. */
  readonly byChance: number
}

/** Learnings whose claim is that such runs go wrong. */
export const isWarning = (type: LearningType): boolean => type === 'failure_pattern' || type === 'optimization'
