import { expectNumber } from '../expect.ts'
import type { OptionModelView } from '../learn/learners/option-model.ts'
import type { Policy } from './policy.ts'

/**
 * The share 1 − epsilon goes to the options of the highest value, in equal parts; epsilon is shared by all options. So the propensity of
 * every option of K is at least epsilon / K, and the price of exploration is at most epsilon of the reward.
 */
export const exploring = (epsilon: number): Omit<Policy<OptionModelView>, 'name'> => {
  expectNumber(epsilon, 'epsilon, the share of decisions that explore,', 0, 1)
  return {
    learner: 'option-model',
    estimated: false,
    weigh: (view, ask) => {
      const values = view.values(ask)
      let best = -Infinity
      for (const value of values) best = Math.max(best, value)
      let ties = 0
      for (const value of values) if (value === best) ties += 1
      return values.map((value) => (value === best ? (1 - epsilon) / ties : 0) + epsilon / values.length)
    },
    expect: (view, ask) => view.expected(ask),
  }
}
