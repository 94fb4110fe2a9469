import { z } from 'zod'
import type { Scope } from '../scope.ts'

/** From when on something recurs, and a run is slow; every field has a default. */
export interface LearningSettings {
  /**
   * Runs that must have it, by type, from 1 to 4,096; of a success pattern and a strategy, good ones, of a failure pattern bad ones, of a recovery those that it helped. Defaults: `success_pattern` 3 (at least 2), `failure_pattern` 2,
   * `task_strategy` 2, `optimization` 2, `agent_capability` 3, `error_recovery` 1.
   */
  readonly leastRuns?: Partial<LearningThresholds['leastRuns']>
  /** Bad runs before a way to go about tasks may be said to do harm, from 2. Default 5. */
  readonly leastHarmed?: number
  /** Agents that must have a habit before it is a practice, from 2. Default 2. */
  readonly leastAgents?: number
  /** Runs that told their duration, or have steps, before it can be said what is usual, from 2. Default 5. */
  readonly leastMeasured?: number
  /** Times the median, above 1, beyond which a run is slow, or has many steps. Default 2. */
  readonly unusualAbove?: number
  /** A run that took longer than this is slow whatever is usual, in milliseconds. Default: none is. */
  readonly slowAboveMs?: number
  /** A run of more steps than this has many, whatever is usual. Default: none has. */
  readonly manyStepsAbove?: number
}

/** The same with the defaults filled in. */
export type LearningThresholds = Scope['settings']['learnings']

const most = 4_096
const count = (least: number) => z.number().int().min(least).max(most).optional()

export const learningSettingsInput = z.strictObject({
  leastRuns: z
    .strictObject({ success_pattern: count(2), failure_pattern: count(1), task_strategy: count(1), optimization: count(1), agent_capability: count(1), error_recovery: count(1) })
    .optional(),
  leastHarmed: count(2),
  leastAgents: count(2),
  leastMeasured: count(2),
  unusualAbove: z.number().gt(1).max(1_000).optional(),
  slowAboveMs: z.number().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  manyStepsAbove: z.number().int().min(1).max(1_000_000).optional(),
})

type Given = z.output<typeof learningSettingsInput>

export const learningsWith = ({ leastRuns = {}, leastHarmed, leastAgents, leastMeasured, unusualAbove, slowAboveMs, manyStepsAbove }: Given = {}): LearningThresholds => ({
  leastRuns: {
    success_pattern: leastRuns.success_pattern ?? 3,
    failure_pattern: leastRuns.failure_pattern ?? 2,
    task_strategy: leastRuns.task_strategy ?? 2,
    optimization: leastRuns.optimization ?? 2,
    agent_capability: leastRuns.agent_capability ?? 3,
    error_recovery: leastRuns.error_recovery ?? 1,
  },
  // Where most runs go well, three bad ones in a row are rare, and rare sequences many: with 3, half of what was validated of software repairs with outcomes dealt out anew was such.
  leastHarmed: leastHarmed ?? 5,
  leastAgents: leastAgents ?? 2,
  leastMeasured: leastMeasured ?? 5,
  unusualAbove: unusualAbove ?? 2,
  slowAboveMs: slowAboveMs ?? Number.POSITIVE_INFINITY,
  manyStepsAbove: manyStepsAbove ?? Number.POSITIVE_INFINITY,
})
