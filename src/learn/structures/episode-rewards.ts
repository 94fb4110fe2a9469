import type { Episode, Transition } from '../learner.ts'

/** Larger rewards count as this: beyond it, sums of them would lose the smaller ones. */
const largestReward = 1e6

/** What one transition earned, and how much that is to be believed. */
export interface Earned {
  readonly transition: Transition
  readonly reward: number
  readonly weight: number
}

/**
 * What each transition of an episode earned. One that was not judged alone earned nothing, but for the last: it earned what the whole run did, as in a
 * game that is won at its end. A learner that does not look ahead (`discount` 0) has no other way to credit the earlier ones, so to it each of them earned
 * what the run did. Rewards are bounded to ±10^6.
 *
 * @param discount of the learner, in [0, 1]
 */
export const earned = ({ transitions, verdict }: Episode, discount: number): Earned[] =>
  transitions.map((transition, place) => {
    const { reward, weight } = transition
    if (reward !== undefined) return { transition, reward: Math.min(largestReward, Math.max(-largestReward, reward)), weight }
    if (verdict !== undefined && (discount === 0 || place === transitions.length - 1)) return { transition, reward: verdict.reward, weight: verdict.weight }
    return { transition, reward: 0, weight: 1 }
  })

/** Discounted sums of what follows each place, G_t = r_t + γ G_{t+1} (Sutton and Barto 2018, section 3.3). */
export const returns = (rewards: readonly number[], discount: number): number[] => {
  const sums = rewards.map(() => 0)
  let following = 0
  for (let place = rewards.length - 1; place >= 0; place -= 1) {
    following = (rewards[place] ?? 0) + discount * following
    sums[place] = following
  }
  return sums
}
