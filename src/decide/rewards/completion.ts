import type { Evidence, Reward } from '../../credit/reward.ts'

/** Whether the task was completed, in [0, 1]. */
export const completionOf = ({ success = 0.5 }: Evidence): number => success

/**
 * Whether the task was done, in [0, 1]: what a correction, a check, the host or a model says, the strongest of them. A user's rating is no word on that; where only
 * users have spoken it is .5.
 *
 * @example
 * ```ts
 * import { completion } from 'autodidact'
 *
 * console.assert(completion().of({ verdict: 1, rating: 1, success: 0, comments: [], steps: 1 }) === 0)
 * ```
 */
export const completion = (): Reward => ({ name: 'completion', of: completionOf })
