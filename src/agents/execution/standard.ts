import type { Executor } from './executor.ts'

/**
 * One step after the other, in an order in which each has what it needs.
 *
 * @example
 * ```ts
 * import { standard } from 'autodidact/agents'
 *
 * console.assert(standard().name === 'standard')
 * ```
 */
export const standard = (): Executor => ({
  name: 'standard',
  description: 'one step after the other',
  suits: () => true,
  execute: async ({ plan, outputs, perform }) => {
    for (const step of plan.order) if (!outputs.has(step.id)) await perform([step])
  },
})
