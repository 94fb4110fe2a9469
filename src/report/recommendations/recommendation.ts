import type { ActionFigures } from '../../evaluate/metrics/steps.ts'
import type { ErrorFix } from '../../learn/learners/error-fixes.ts'

/** What can be made better. */
export const recommendationTypes = [
  'execution-speed',
  'iteration-reduction',
  'error-reduction',
  'resource-efficiency',
  'agent-selection',
  'approach-selection',
  'parallel-execution',
  'caching',
] as const

/** One of {@link recommendationTypes}. */
export type RecommendationType = (typeof recommendationTypes)[number]

/** What would be gained, by what the runs say. */
export interface Gain {
  /** `duration` in milliseconds, `iterations` and `errors` as numbers, `success` as a share, `tokens`, `cost` in the host's own unit. */
  readonly measure: 'duration' | 'iterations' | 'errors' | 'success' | 'tokens' | 'cost'
  /** Mean over the runs that were looked at, above 0: what a run would take less, or succeed more often. */
  readonly perRun: number
  /** The same as a part of what a run takes now, in [0, 1]; of success, in points. */
  readonly share: number
  /** Where the gain is a difference between runs and not counted within them: what `perRun` is at least and at most, each with a confidence of 95 % that holds for all comparisons of the report at once. */
  readonly interval?: { readonly low: number; readonly high: number }
}

/** What to change, why, and what it would bring. It is made anew with each report, and gone when it is no longer true. */
export interface Recommendation {
  /** Of type, rule, category and agent: the same as long as it holds. */
  readonly id: string
  readonly type: RecommendationType
  /** The rule that found it; a type may have several. */
  readonly rule: string
  readonly category: string
  /** Absent for runs that name no agent. */
  readonly agent?: string
  /** 1 to 10, the most urgent 10: of the type, and of how much there is to gain. */
  readonly priority: number
  /** In one sentence. */
  readonly title: string
  readonly gain: Gain
  /** The step that it comes from most, where one stands out. */
  readonly bottleneck?: ActionFigures
  /** The error that it is about, for `error-reduction`: what differs from one time to the next is masked. */
  readonly error?: { readonly template?: string; readonly tool?: string; readonly times: number; readonly runs: number }
  /** What has helped against that error, where it is known surely enough to be offered. */
  readonly fix?: Pick<ErrorFix, 'id' | 'approach' | 'confidence' | 'steps'>
  /** The agent to take instead, for `agent-selection`; the approach, for `approach-selection`. */
  readonly instead?: string
  readonly evidence: {
    /** The numbers that it rests on. */
    readonly statement: string
    /** Runs of this agent in this category that were looked at: the latest, 5 to 20; where agents are compared up to 60, and where approaches are all that are judged. */
    readonly looked: number
    /** Ids of runs that show it, at most 20; `explain` tells more of each. */
    readonly runs: readonly string[]
  }
}

/** What a rule says; the rest follows from the group. */
export type Finding = Omit<Recommendation, 'id' | 'type' | 'category' | 'agent' | 'priority'>

/** From where on something is worth a recommendation; every field has a default. */
export interface RecommendationLimits {
  /** Mean duration of a run, in milliseconds. Default 30,000. */
  readonly durationMs?: number
  /** Mean iterations of a run. Default 8. */
  readonly iterations?: number
  /** Share of runs that go well, in [0, 1]. Default .8. */
  readonly success?: number
  /** Mean errors of a run. Default 2. */
  readonly errors?: number
}
