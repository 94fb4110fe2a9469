import type { Reward } from '../../credit/reward.ts'

/**
 * The verdict itself, in [0, 1]: what the strongest judge says. The reward of every choice point that names none.
 *
 * @example
 * ```ts
 * import { success } from 'autodidact'
 *
 * console.assert(success().of({ verdict: 0.8, comments: [], steps: 3 }) === 0.8)
 * ```
 */
export const success = (): Reward => ({ name: 'success', of: ({ verdict }) => verdict })
