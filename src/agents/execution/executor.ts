import type { Plan } from './plan.ts'
import type { Outputs, Step } from './task.ts'

/** What an executor carries out. */
export interface Work {
  readonly plan: Plan
  /** What the steps done so far have returned; those that were done before a crash among them. */
  readonly outputs: Outputs
  readonly signal: AbortSignal
  /**
   * Does steps, with all their retries and fixes: one, or several requests to one API in one call. Their outputs are there when it ends.
   *
   * @param signal ends these steps alone; default: that of the work
   * @throws the error with which the first of them failed at first, once it has failed for good; the reason of the signal
   */
  readonly perform: (steps: readonly Step[], signal?: AbortSignal) => Promise<void>
  /** Keeps what is done so far, so that a process that dies need not do it again. */
  readonly checkpoint: () => Promise<void>
}

/** A way to get the steps of a task done. */
export interface Executor {
  /** Of the approach; what was learned is learned by this name. */
  readonly name: string
  /** What it is good for, in words: by these it is known before it was ever tried. */
  readonly description: string
  /** True when a task that a process died over is to be taken up where its last checkpoint was. */
  readonly resumes?: boolean
  /** Whether it makes a difference for this plan; only then it is offered. */
  suits(plan: Plan): boolean
  /** Ends when every step is done; throws what a step throws. */
  execute(work: Work): Promise<void>
}
