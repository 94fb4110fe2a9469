import type { Fact, FactData, FactKind } from '../log/fact.ts'
import type { Numbers } from '../log/numbers.ts'
import type { Features } from '../log/packed.ts'
import type { Json } from '../log/payload.ts'

export type { Numbers } from '../log/numbers.ts'
export type { Features } from '../log/packed.ts'

/** Which arm of which experiment decided, for which unit, and with which probability the unit was assigned to it. */
export type Assigned = NonNullable<FactData['decision.made']['experiment']>

/** How a run or a decision went: a reward in [0, 1] and how much it is to be believed, in (0, 1]. */
export interface Verdict {
  readonly reward: number
  readonly weight: number
}

/**
 * The verdict on a run became known (`previous` absent), changed, or was withdrawn (`current` absent).
 * Made by the credit join from the log; never stored.
 */
export interface RunSettled {
  readonly kind: 'run.settled'
  /** Of the fact that caused it. */
  readonly sequence: number
  readonly occurredAt: number
  readonly run: string
  /** Sequence of the fact that recorded the run: the same whatever is said of it later. Absent in a settlement that was made by hand: as if the run had been recorded just then. */
  readonly recorded?: number | undefined
  readonly user?: string | undefined
  readonly agent?: string | undefined
  readonly previous?: Verdict | undefined
  readonly current?: Verdict | undefined
  /** What was recalled for the run and, as far as is known, really shown to the agent. */
  readonly shown: readonly string[]
  /**
   * Knowledge that would have been shown: what was, and what a draw of a known probability left out; and which of it was there only to be tried, by a draw of its own. Absent where nothing was
   * drawn.
   */
  readonly trial?: { readonly offered: readonly string[]; readonly withheld: readonly string[]; readonly explored?: readonly string[] | undefined } | undefined
  /** The beginning of the task, at most 1,000 characters. */
  readonly task: string
  /** Hashed terms of the task that carry its topic, 32 bits with a sign, in their order; absent where the record was written without them. */
  readonly topic?: readonly number[] | undefined
  /** Hashed stems of the beginning of the task; made when they are asked for. */
  readonly features: Features
  readonly category?: string | undefined
  /** What kind of work it is within its category. */
  readonly type?: string | undefined
  /** Names of what had to be done before it. */
  readonly dependencies?: readonly string[] | undefined
  /** As it was estimated, in the host's own unit. */
  readonly effort?: number | undefined
  /** How the agent went about it. */
  readonly approach?: string | undefined
  /** What it owed its success to, by names of the agent's own. */
  readonly factors?: readonly string[] | undefined
  /** Actions of all steps in their order, also of those that failed. */
  readonly actions: readonly string[]
  /** Places in `actions` of the steps that failed; absent where none did. */
  readonly failures?: readonly number[] | undefined
  /** Options really taken at its choice points, in the order of its decisions. */
  readonly taken: readonly string[]
  readonly durationMs?: number | undefined
  readonly cost?: number | undefined
  readonly tokens?: number | undefined
  readonly steps: number
  readonly failed: boolean
}

/** The reward of a decision became known (`previous` absent), changed, or was withdrawn (`current` absent). */
export interface DecisionSettled {
  readonly kind: 'decision.settled'
  readonly sequence: number
  readonly occurredAt: number
  readonly run: string
  /** For whom it was decided, where that was said. */
  readonly user?: string
  readonly decision: string
  /** The named choice point: `tool`, `strategy`, … */
  readonly point: string
  /** The option really taken. */
  readonly option: string
  /** False when the agent took another option than advised: learned from, but kept out of off-policy evaluation. */
  readonly followed: boolean
  /** Probability with which the advised option was drawn; in (0, 1]. */
  readonly propensity: number
  readonly features: Features
  /** Similarity of the task to the description of the option taken, in [0, 1]. */
  readonly similarity: number
  readonly state?: string
  /** The numbers of the caller's context, by name; absent where there are none. */
  readonly context?: Numbers
  /** The arm of an experiment that decided, where one was running. */
  readonly experiment?: Assigned
  readonly previous?: Verdict
  readonly current?: Verdict
}

/** One decision of an episode, and what came of it. */
export interface Transition {
  readonly decision: string
  /** The option really taken. */
  readonly option: string
  /** Ids of all options offered. */
  readonly options: readonly string[]
  /** False when the agent took another option than advised. */
  readonly followed: boolean
  /** Probability with which the advised option was drawn; in (0, 1]. */
  readonly propensity: number
  readonly features: Features
  readonly context?: Numbers
  /** The discrete state in which it was taken. */
  readonly state?: string
  /**
   * What this decision alone earned: the reward of its step, any finite number, or a verdict on it in [0, 1]. Absent where only the whole run was
   * judged.
   */
  readonly reward?: number
  /** How much `reward` is to be believed, in (0, 1]; 1 where there is none. */
  readonly weight: number
  /** The state that it led to, where that is known. */
  readonly nextState?: string
  /** The task ended here: nothing follows, so nothing more is to be earned. */
  readonly terminated: boolean
  /** The task was cut off here, by a limit of time or steps: more could have been earned. */
  readonly truncated: boolean
}

/** The decisions of one run at one choice point, in their order. */
export interface Episode {
  readonly transitions: readonly Transition[]
  /** On the whole run, where there is one. */
  readonly verdict?: Verdict
}

/**
 * What a run earned at one choice point, step by step, became known (`previous` absent), changed, or was withdrawn (`current` absent). The same
 * decisions as those of `decision.settled`, in their order and with what followed them: for learners that look ahead.
 */
export interface EpisodeSettled {
  readonly kind: 'episode.settled'
  readonly sequence: number
  readonly occurredAt: number
  readonly run: string
  readonly point: string
  readonly previous?: Episode
  readonly current?: Episode
}

/** One word on a run, and whose it is: every one that stands, whether or not a stronger one made the verdict. */
export interface Voice {
  /** What told us. */
  readonly source: string
  /** Who recorded the run, where its record says how it went; a feedback has none. */
  readonly agent?: string | undefined
  /** Who said so, or the user of the run where a person did who was not named. */
  readonly user?: string | undefined
  /** In [0, 1]. */
  readonly reward: number
  /** How much a verdict of its level is believed, in (0, 1]. */
  readonly weight: number
}

/**
 * Who says what of a run became known (`previous` absent), changed, or was withdrawn (`current` absent), whether or not the verdict is another. Of runs only that were shown
 * something: for learners that ask who taught what, and who says so.
 */
export interface RunJudged {
  readonly kind: 'run.judged'
  readonly sequence: number
  readonly occurredAt: number
  readonly run: string
  /** What was recalled for the run and, as far as is known, really shown to the agent. */
  readonly shown: readonly string[]
  readonly previous?: readonly Voice[]
  readonly current?: readonly Voice[]
}

/** What a learner sees: the facts of the log and the settlements that the credit join derives from them. */
export type Experience = Fact | RunSettled | DecisionSettled | EpisodeSettled | RunJudged

export type ExperienceKind = FactKind | RunSettled['kind'] | DecisionSettled['kind'] | EpisodeSettled['kind'] | RunJudged['kind']

/** Which view a learner's rows belong to, and what they are: one for each choice point, by its name, in ascending order. */
export interface Publication<State> {
  readonly view: 'q_tables' | 'policy_params'
  rows(state: State): readonly { readonly name: string; readonly json: string }[]
}

/**
 * Folds experience into state. Pure: no clock, no randomness, no I/O.
 *
 * Laws, checked for every learner by the contract suite in `autodidact/testing`: the same experience gives the same state bit for bit; a
 * snapshot at any cut changes nothing; unknown kinds and features are ignored; experience is never mutated; `merge` is commutative and
 * associative with `initial()` as identity; `inverse` undoes `learn` within 1e-9; state is bounded, or its growth documented.
 */
export interface Learner<State = unknown, View = unknown> {
  readonly name: string
  /** Persisted as `name@version`; a change of meaning is a new version. */
  readonly version: number
  readonly handles: readonly ExperienceKind[]
  /** Name of the learner of which it is the same with other settings: where that one is asked for and is not folded, this one answers. */
  readonly variantOf?: string
  initial(): State
  /** May mutate and return its own first argument; must not touch the second. */
  learn(state: State, experience: Experience): State
  view(state: State): View
  /** Plain bytes of a state, and back. The same state gives the same bytes. */
  save(state: State): Uint8Array
  load(bytes: Uint8Array): State
  /** Declares what other programs may read of a state: rows of a name and JSON, in one of the views that a store keeps. */
  readonly published?: Publication<State>
  /** Declares that something is kept by user, and what of one: data that JSON can hold; undefined where nothing is known of that user. */
  about?(state: State, user: string): Json | undefined
  /** Declares that one experience can be taken out exactly. */
  inverse?(state: State, experience: Experience): State
  /** Declares that the states of two logs add up. */
  merge?(left: State, right: State): State
}
