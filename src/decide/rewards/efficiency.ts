import type { Evidence, Reward } from '../../credit/reward.ts'

/** Up to here a run is as efficient as can be; over the stretch that follows, efficiency falls to 0. */
const fastMs = 10_000
const slowingMs = 50_000
const fewSteps = 5
const addingSteps = 15

const falling = (value: number, free: number, stretch: number): number => Math.min(1, Math.max(0, 1 - (value - free) / stretch))

/** How quickly, and in how few steps, it was done, in [0, 1]. */
export const efficiencyOf = ({ durationMs, steps }: Evidence): number => {
  const parts = [
    ...(durationMs === undefined ? [] : [falling(durationMs, fastMs, slowingMs)]),
    ...(steps === 0 ? [] : [falling(steps, fewSteps, addingSteps)]),
  ]
  return parts.length === 0 ? 0.5 : parts.reduce((sum, part) => sum + part, 0) / parts.length
}

/**
 * How little time and how few steps it took, in [0, 1]: 1 up to 10 s and falling to 0 at 60 s; 1 up to 5 steps and falling to 0 at 20; the mean of the two, or the one that is
 * known; .5 where neither is.
 *
 * @example
 * ```ts
 * import { efficiency } from 'autodidact'
 *
 * console.assert(efficiency().of({ verdict: 1, comments: [], durationMs: 35_000, steps: 0 }) === 0.5)
 * ```
 */
export const efficiency = (): Reward => ({ name: 'efficiency', of: efficiencyOf })
