import type { Executor } from './executor.ts'
import { atOnceOf, type ParallelSettings } from './parallel.ts'
import { type Grouping, whileReady } from './ready-steps.ts'
import { isCall } from './task.ts'

/** Requests that are ready go together in as few calls as their API takes; other steps go alone. */
const batched: Grouping = (ready) => {
  const batches = [...Map.groupBy(ready.filter(isCall), ({ api }) => api)].flatMap(([{ batchSize }, steps]) =>
    Array.from({ length: Math.ceil(steps.length / batchSize) }, (_, place) => steps.slice(place * batchSize, (place + 1) * batchSize)),
  )
  return [...batches, ...ready.flatMap((step) => (isCall(step) ? [] : [[step]]))]
}

/**
 * As few calls as possible: requests that are ready at the same time share calls, which go out at the rate of their API, over its endpoints and keys in turns. Other steps are done beside them.
 *
 * @throws AutodidactError `INVALID_INPUT` when a setting is out of range
 * @example
 * ```ts
 * import { apiHeavy } from 'autodidact/agents'
 *
 * console.assert(apiHeavy().name === 'api_heavy')
 * ```
 */
export const apiHeavy = (settings: ParallelSettings = {}): Executor => {
  const atOnce = atOnceOf(settings, 'apiHeavy')
  return {
    name: 'api_heavy',
    description: 'many requests to an API, batched within its rate limit',
    suits: ({ calls }) => calls > 1,
    execute: (work) => whileReady(work, batched, atOnce),
  }
}
