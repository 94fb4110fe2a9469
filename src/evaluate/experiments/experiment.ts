import type { PolicyChoice } from '../../decide/policies.ts'
import type { Interval } from '../../statistics/sequential/interval.ts'
import type { Comparison } from '../../statistics/sequential/judge.ts'

/** As the choice point is configured, but as if one option were not there: what is that option worth to those who are offered it? */
export interface WithoutOption {
  readonly name: 'without'
  /** Its id. */
  readonly option: string
}

/**
 * What an arm decides with: `configured` as the choice point is, `off` without anything learned, without one of its options, or a policy by name or with its
 * settings.
 */
export type ArmPolicy = 'configured' | 'off' | WithoutOption | PolicyChoice['name'] | PolicyChoice

/** An experiment to begin. */
export interface ExperimentInput {
  /** The choice point at which the arms decide. */
  readonly point: string
  /** Its name; the same with the same content begins once, so a program may say it at every start. Default: a new id. */
  readonly id?: string
  /** Two to twenty arms by name. Default: `{ learned: 'configured', off: 'off' }`, which asks whether learning helps here. */
  readonly arms?: Readonly<Record<string, ArmPolicy>>
  /** Share of new units of each arm, above 0, summing to 1; default equal shares. */
  readonly shares?: Readonly<Record<string, number>>
  /** What is assigned to an arm, stays with it, and counts once. Where a decision has no user or session, the finer one stands in. Default `run`. */
  readonly unit?: 'run' | 'session' | 'user'
  /** `best-arm`: from 100 judged units an arm, shares go where the best arm is found soonest, and then to it. `fixed`: they stay. Default `best-arm`. */
  readonly allocation?: 'fixed' | 'best-arm'
  /** Whether an arm that is shown to be worse than another gets no further units. Default true. */
  readonly rollBack?: boolean
}

/** One arm, as it stands. */
export interface ArmStatus {
  readonly arm: string
  readonly policy: ArmPolicy
  /** Of new units; 0 once it is rolled back or the experiment stopped. */
  readonly share: number
  /** Units that were assigned to it, and those of them with a verdict. */
  readonly units: number
  readonly judged: number
  readonly decisions: number
  /** Mean over the units of their mean reward, in [0, 1]; absent without a verdict. */
  readonly mean?: number
  /** In which the true mean lies at all times at once with a confidence of 95 %. */
  readonly interval: Interval
  /** By which comparison it was rolled back. */
  readonly rolledBack?: { readonly against: string; readonly difference: number } & Interval
}

/** Whether learning helps, where one arm has it off: the best of the other arms against that one. */
export interface LearningHelp extends Comparison {
  readonly helps: 'yes' | 'no' | 'unknown'
}

/** An experiment as it stands. */
export interface ExperimentStatus {
  readonly id: string
  readonly point: string
  readonly unit: 'run' | 'session' | 'user'
  /** `decided`: all arms but one are rolled back, and it decides until the experiment is stopped. */
  readonly state: 'running' | 'decided' | 'stopped'
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number
  readonly arms: readonly ArmStatus[]
  /** Each pair once. All intervals hold together and at all times with a confidence of 95 %. */
  readonly comparisons: readonly Comparison[]
  /** The arm that is shown to be better than every other, or the one that is left. */
  readonly winner?: string
  readonly learning?: LearningHelp
  /** Decisions of units in another arm than their first: after a roll-back, or of two processes at the same moment. They are not counted. */
  readonly moved: number
  /** What makes the comparison doubtful, in words. */
  readonly warnings: readonly string[]
  /** All of it in one line. */
  readonly answer: string
}
