import type { Reward } from './credit/reward.ts'
import type { CreditRules } from './credit/rules.ts'
import type { OptionSets } from './decide/option-sets.ts'
import type { PolicyChoice } from './decide/policies.ts'
import type { Policy } from './decide/policy.ts'
import type { RewardChoice } from './decide/rewards.ts'
import type { Random } from './decide/random.ts'
import type { Assigned } from './learn/learner.ts'
import type { Runner } from './learn/runner.ts'
import type { LifeThresholds } from './learn/structures/knowledge-life.ts'
import type { RecentAdvice } from './echo/recent-advice.ts'
import type { Arrivals } from './log/arrivals.ts'
import type { Redact } from './log/redact.ts'
import type { Model } from './models/model.ts'
import type { ReflectionRules } from './reflect/settings.ts'
import type { Storage } from './storage/storage.ts'

/** What the verbs work with: one namespace of one store, and the settings of the instance. */
export interface Scope {
  readonly namespace: string
  readonly storage: Storage
  readonly runner: Runner
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock: () => number
  readonly redact: Redact
  readonly optionSets: OptionSets
  /** Seeds the generator of each decision; the seed is logged. */
  readonly random: Random
  readonly recentAdvice: RecentAdvice
  /** Whoever writes what is followed says so, and whoever follows a log waits here. */
  readonly arrivals: Arrivals
  /** The policy that a choice point is configured with. */
  readonly policyAt: (point: string) => Policy
  /** The arm that decides at a choice point instead, where an experiment is running there. */
  readonly assign: (point: string, subject: Subject) => Promise<Assignment | undefined>
  readonly settings: ScopeSettings
}

/** Who may be assigned to an arm of an experiment. */
export interface Subject {
  readonly run: string
  readonly session?: string | undefined
  readonly user?: string | undefined
  /** Whether an option is among those to choose from: an experiment that withholds one is about decisions in which it was offered. */
  readonly offers: (option: string) => boolean
}

/** The arm of an experiment that decides for somebody. */
export interface Assignment {
  readonly experiment: Assigned
  readonly policy: Policy
  /** False for an arm with learning off: it recalls nothing, either. */
  readonly learning: boolean
}

/** How a choice point decides and what its silence means. */
export interface PointSettings {
  /** A policy by name, by name with settings, or one of your own; default `default`. */
  readonly policy?: PolicyChoice['name'] | PolicyChoice | Policy
  /** What its decisions are worth by what is known of a run: a reward by name, by name with settings, or one of your own; default: that of the instance. */
  readonly reward?: RewardChoice['name'] | RewardChoice | Reward
  /** What a decision counts as when its deadline passes without a verdict, in [0, 1]; default: nothing is learned. */
  readonly defaultReward?: number
  /** Time from decision to deadline, in milliseconds; default: that of the instance. */
  readonly deadlineMs?: number
}

export interface ScopeSettings {
  /** What happens when the learning layer fails inside `advise` or `decide`: advice of nothing with a warning, or the error. */
  readonly onError: 'fallback' | 'throw'
  /** Time after which an advised run without a verdict expires, in milliseconds. */
  readonly deadlineMs: number
  /** False: nothing is recalled and every choice is uniform, as a baseline; facts are written as usual. */
  readonly learning: boolean
  readonly points: ReadonlyMap<string, PointSettings>
  /** How verdicts become rewards. */
  readonly credit: CreditRules
  /** Probability with which knowledge that would be shown is left out of an advice; 0: never. */
  readonly withholding: number
  /** Whether what is known of a user shapes what is recalled and chosen for them. */
  readonly personalisation: boolean
  /** From when its uses validate an item of knowledge, or put it out of use. */
  readonly life: LifeThresholds
  /** How proposals of a teacher model become rules, and who that is. */
  readonly reflection: ReflectionRules
  readonly teacher: Model | undefined
  /** From when on something recurs in runs, and a run is slow or has many steps. */
  readonly learnings: {
    readonly leastRuns: Readonly<Record<'success_pattern' | 'failure_pattern' | 'task_strategy' | 'optimization' | 'agent_capability' | 'error_recovery', number>>
    readonly leastHarmed: number
    readonly leastAgents: number
    readonly leastMeasured: number
    readonly unusualAbove: number
    readonly slowAboveMs: number
    readonly manyStepsAbove: number
  }
  /** When a sequence of actions becomes a workflow, and how long it may be tried. */
  readonly workflows: { readonly support: number; readonly trialUnits: number }
  /** How recommendations are made of similar runs. */
  readonly patterns: { readonly patternLimit: number; readonly solutionLimit: number; readonly similarityThreshold: number; readonly confidenceBoost: number }
}
