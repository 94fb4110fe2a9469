import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject } from '../../expect.ts'
import type { Reward } from '../../credit/reward.ts'
import { completionOf } from './completion.ts'
import { efficiencyOf } from './efficiency.ts'
import { satisfactionOf } from './satisfaction.ts'

/** Keeps sums finite. */
const mostWeight = 1e6

/** Settings of {@link threePart}: how much each part counts; their sum is taken for 1. */
export interface ThreePartSettings {
  /** Of the users, from 0 to 1,000,000. Default .5. */
  readonly satisfaction?: number
  /** Of the task, from 0 to 1,000,000. Default .3. */
  readonly completion?: number
  /** In time and steps, from 0 to 1,000,000. Default .2. */
  readonly efficiency?: number
}

/**
 * A weighted mean of {@link satisfaction}, {@link completion} and {@link efficiency}, in [0, 1]. What nobody has said counts as .5: a quick success is worth .75 before
 * anybody rates it, a quick failure .45. Learners compare with the mean, so a failure above 0 is still a failure.
 *
 * @throws AutodidactError INVALID_INPUT when a weight is out of range or all are 0
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
  const weights = { satisfaction, completion, efficiency }
  for (const [part, weight] of Object.entries(weights)) expectNumber(weight, `threePart: ${part}`, 0, mostWeight)
  const sum = satisfaction + completion + efficiency
  if (sum === 0) throw new AutodidactError('INVALID_INPUT', 'threePart: all three weights are 0. Give one of them a weight above 0.')
  return {
    name: 'three-part',
    settings: weights,
    of: (evidence) => (satisfaction * satisfactionOf(evidence) + completion * completionOf(evidence) + efficiency * efficiencyOf(evidence)) / sum,
    parts: (evidence) => ({ satisfaction: satisfactionOf(evidence), completion: completionOf(evidence), efficiency: efficiencyOf(evidence) }),
  }
}
