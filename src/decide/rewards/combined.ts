import { AutodidactError } from '../../errors.ts'
import { expectList, expectText } from '../../expect.ts'
import type { Reward } from '../../credit/reward.ts'

/** One part of {@link combined}. */
export interface RewardPart {
  readonly reward: Reward
  /** 0 or more; the sum of all is taken for 1. */
  readonly weight: number
}

/**
 * A weighted mean of rewards, your own among them.
 *
 * @throws AutodidactError INVALID_INPUT when a weight is negative or all are 0
 *
 * @example
 * ```ts
 * import { combined, efficiency, success } from 'autodidact'
 *
 * const cheap = { name: 'cheap', of: ({ cost = 0 }) => 1 / (1 + cost) }
 * const reward = combined('quick-and-cheap', [{ reward: success(), weight: 6 }, { reward: efficiency(), weight: 2 }, { reward: cheap, weight: 2 }])
 * console.assert(Math.abs(reward.of({ verdict: 1, comments: [], durationMs: 60_000, steps: 0, cost: 1 }) - 0.7) < 1e-9)
 * ```
 */
export const combined = (name: string, parts: readonly RewardPart[]): Reward => {
  expectText(name, 'combined: name')
  expectList(parts, 'combined: parts')
  const sum = parts.reduce((total, { weight }) => total + weight, 0)
  if (!parts.every(({ weight }) => weight >= 0) || !(sum > 0 && sum < Infinity)) {
    throw new AutodidactError('INVALID_INPUT', `The weights of "${name}" must be 0 or more, and one of them above 0.`)
  }
  return {
    name,
    settings: Object.fromEntries(
      parts.flatMap(({ reward, weight }, place) => [
        [`${place} ${reward.name}`, weight],
        ...Object.entries(reward.settings ?? {}).map(([setting, value]) => [`${place} ${reward.name} ${setting}`, value]),
      ]),
    ),
    of: (evidence) => parts.reduce((total, { reward, weight }) => total + weight * reward.of(evidence), 0) / sum,
  }
}
