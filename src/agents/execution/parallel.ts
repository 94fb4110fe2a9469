import { expectNumber, expectObject } from '../../expect.ts'
import type { Executor } from './executor.ts'
import { whileReady } from './ready-steps.ts'

/** Settings of {@link parallel} and {@link apiHeavy}. */
export interface ParallelSettings {
  /** Steps, or calls, that are under way at the same time; 1 or more. Default 8. */
  readonly atOnce?: number
}

/** @throws AutodidactError `INVALID_INPUT` */
export const atOnceOf = (settings: ParallelSettings, what: string): number => {
  expectObject(settings, `${what}: settings`)
  const { atOnce = 8 } = settings
  expectNumber(atOnce, `${what}: atOnce`, 1)
  return Math.floor(atOnce)
}

/**
 * Every step as soon as those that it needs are done, several at the same time.
 *
 * @throws AutodidactError `INVALID_INPUT` when a setting is out of range
 * @example
 * ```ts
 * import { parallel } from 'autodidact/agents'
 *
 * console.assert(parallel({ atOnce: 4 }).name === 'parallel')
 * ```
 */
export const parallel = (settings: ParallelSettings = {}): Executor => {
  const atOnce = atOnceOf(settings, 'parallel')
  return {
    name: 'parallel',
    description: 'independent steps at the same time',
    suits: ({ width }) => width > 1,
    execute: (work) => whileReady(work, (ready) => ready.map((step) => [step]), atOnce),
  }
}
