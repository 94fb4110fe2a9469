import { AutodidactError } from '../../errors.ts'
import { expectList, expectNumber, expectObject, expectText } from '../../expect.ts'
import { numberOf, type Reward } from '../../credit/reward.ts'

/** Keeps sums finite. */
const mostWeight = 1e6

/** One part of {@link combined}. */
export interface RewardPart {
  readonly reward: Reward
  /** From 0 to 1,000,000; the sum of all is taken for 1. */
  readonly weight: number
}

/**
 * A weighted mean of rewards, your own among them.
 *
 * @throws AutodidactError INVALID_INPUT when a part is none, a weight is out of range, or all are 0
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
  for (const part of parts) {
    expectObject(part, 'combined: a part')
    expectObject(part.reward, 'combined: the reward of a part', ['of'])
    expectText(part.reward.name, 'combined: the name of a reward')
    expectNumber(part.weight, 'combined: a weight', 0, mostWeight)
  }
  const sum = parts.reduce((total, { weight }) => total + weight, 0)
  if (sum === 0) throw new AutodidactError('INVALID_INPUT', 'combined: no part has a weight above 0. Give one of them such a weight.')
  return {
    name,
    settings: Object.fromEntries(
      parts.flatMap(({ reward, weight }, place) => [
        [`${place} ${reward.name}`, weight],
        ...Object.entries(reward.settings ?? {}).map(([setting, value]) => [`${place} ${reward.name} ${setting}`, value]),
      ]),
    ),
    of: (evidence) => parts.reduce((total, { reward, weight }) => total + weight * numberOf(reward, evidence), 0) / sum,
    parts: (evidence) => Object.fromEntries(parts.map(({ reward }) => [reward.name, numberOf(reward, evidence)])),
  }
}
