import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject } from '../../expect.ts'
import type { Reward } from '../../credit/reward.ts'

/** Keeps sums finite. */
const most = 1e9

/** Settings of {@link additive}: points from 0 to 1,000,000,000; only their proportions count. */
export interface AdditiveSettings {
  /** For a success. Default 10. */
  readonly success?: number
  /** Taken away for a failure. Default 5. */
  readonly failure?: number
  /** Taken away when it took longer than `slowMs`. Default 2. */
  readonly slow?: number
  /** Milliseconds. Default 5,000. */
  readonly slowMs?: number
  /** For the best rating. Default 15. */
  readonly up?: number
  /** Taken away for the worst rating. Default 10. */
  readonly down?: number
}

/**
 * Points for success, minus points for slowness, plus or minus points for the rating, brought to [0, 1] by the least and the most that can be had. Graded success and
 * ratings lie between; what nobody has said gives no points. A rating is added to what the task itself earned: a failure that somebody liked is worth as much as a
 * success that nobody rated.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range or there is nothing to be had
 *
 * @example
 * ```ts
 * import { additive } from 'autodidact'
 *
 * const best = additive().of({ verdict: 1, success: 1, rating: 1, comments: [], durationMs: 900, steps: 1 })
 * const worst = additive().of({ verdict: 0, success: 0, rating: 0, comments: [], durationMs: 9000, steps: 1 })
 * console.assert(best === 1 && worst === 0)
 * ```
 */
export const additive = (settings: AdditiveSettings = {}): Reward => {
  expectObject(settings, 'additive: settings')
  const { success = 10, failure = 5, slow = 2, slowMs = 5000, up = 15, down = 10 } = settings
  const points = { success, failure, slow, slowMs, up, down }
  for (const [setting, value] of Object.entries(points)) expectNumber(value, `additive: ${setting}`, 0, most)
  const least = -(failure + slow + down)
  const range = success + up - least
  if (range === 0) throw new AutodidactError('INVALID_INPUT', 'additive: there are no points to be had or lost. Give one of them a number above 0.')
  return {
    name: 'additive',
    settings: points,
    of: (evidence) => {
      const task = evidence.success === undefined ? 0 : evidence.success * success - (1 - evidence.success) * failure
      const rating = evidence.rating === undefined ? 0 : evidence.rating * up - (1 - evidence.rating) * down
      const slowness = evidence.durationMs !== undefined && evidence.durationMs > slowMs ? slow : 0
      return (task + rating - slowness - least) / range
    },
  }
}
