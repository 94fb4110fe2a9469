import { expectNumber } from '../expect.ts'
import type { OptionModelView } from '../learn/learners/option-model.ts'
import type { Policy } from './policy.ts'
import { greedyShares } from './shares.ts'

/** Greedy on the option model, with a share `epsilon` of the decisions for exploration. */
export const exploring = (epsilon: number): Omit<Policy<OptionModelView>, 'name'> => {
  expectNumber(epsilon, 'epsilon, the share of decisions that explore,', 0, 1)
  return {
    learner: 'option-model',
    estimated: false,
    weigh: (view, ask) => greedyShares(view.values(ask), epsilon),
    expect: (view, ask) => view.expected(ask),
  }
}
