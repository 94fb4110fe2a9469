import type { Executor } from './executor.ts'

/** A checkpoint has all that is done: keeping one by one what more steps return would take the square of their number. */
const mostSteps = 1000

/**
 * One step after the other, with a checkpoint behind each: a task that the process died over goes on at the step that was not done. For tasks of 2 to 1,000 steps that
 * have an id and take long.
 *
 * A step that was done when the process died before its checkpoint is done once more, and so is one that returned what JSON does not give back as it was: make steps safe to repeat.
 *
 * @example
 * ```ts
 * import { incremental } from 'autodidact/agents'
 *
 * console.assert(incremental().resumes === true)
 * ```
 */
export const incremental = (): Executor => ({
  name: 'incremental',
  description: 'in small increments, kept one by one: a long task goes on where it was interrupted',
  resumes: true,
  suits: ({ order }) => order.length > 1 && order.length <= mostSteps,
  execute: async ({ plan, outputs, perform, checkpoint }) => {
    for (const step of plan.order) {
      if (outputs.has(step.id)) continue
      await perform([step])
      await checkpoint()
    }
  },
})
