import { AutodidactError } from '../../errors.ts'
import { expectObject } from '../../expect.ts'
import type { Reward } from '../../credit/reward.ts'
import { completionOf } from './completion.ts'
import { efficiencyOf } from './efficiency.ts'
import { satisfactionOf } from './satisfaction.ts'

/** Settings of {@link threePart}: how much each part counts; their sum is taken for 1. */
export interface ThreePartSettings {
  /** Of the users, 0 or more. Default .5. */
  readonly satisfaction?: number
  /** Of the task, 0 or more. Default .3. */
  readonly completion?: number
  /** In time and steps, 0 or more. Default .2. */
  readonly efficiency?: number
}

/**
 * A weighted mean of {@link satisfaction}, {@link completion} and {@link efficiency}, in [0, 1]. What nobody has said counts as .5: a quick success is worth .75 before
 * anybody rates it, a quick failure .45. Learners compare with the mean, so a failure above 0 is still a failure.
 *
 * @throws AutodidactError INVALID_INPUT when a weight is negative or all are 0
 *
 * @example
 * ```ts
 * import { threePart } from 'autodidact'
 *
 * const quick = { comments: [], durationMs: 3000, steps: 2 }
 * console.assert(Math.abs(threePart().of({ ...quick, verdict: 1, success: 1 }) - 0.75) < 1e-9)
 * console.assert(Math.abs(threePart().of({ ...quick, verdict: 0, success: 0 }) - 0.45) < 1e-9)
 * ```
 */
export const threePart = (settings: ThreePartSettings = {}): Reward => {
  expectObject(settings, 'threePart: settings')
  const { satisfaction = 0.5, completion = 0.3, efficiency = 0.2 } = settings
  const sum = satisfaction + completion + efficiency
  if (![satisfaction, completion, efficiency].every((weight) => weight >= 0) || !(sum > 0 && sum < Infinity)) {
    throw new AutodidactError('INVALID_INPUT', `The weights of three-part are ${satisfaction}, ${completion} and ${efficiency}. None may be below 0, and one must be above.`)
  }
  return {
    name: 'three-part',
    settings: { satisfaction, completion, efficiency },
    of: (evidence) => (satisfaction * satisfactionOf(evidence) + completion * completionOf(evidence) + efficiency * efficiencyOf(evidence)) / sum,
  }
}
