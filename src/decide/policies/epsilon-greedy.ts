import type { OptionModelView } from '../../learn/learners/option-model.ts'
import { expectObject } from '../../expect.ts'
import { exploring } from '../exploring.ts'
import type { Policy } from '../policy.ts'

/** Settings of {@link epsilonGreedy}. */
export interface EpsilonGreedySettings {
  /** Share of decisions that explore, in all, from 0 to 1. Default .1. */
  readonly epsilon?: number
}

/**
 * Takes the best option, and any option at random in a share `epsilon` of the decisions.
 *
 * @throws AutodidactError INVALID_INPUT when epsilon is not in [0, 1]
 *
 * @example
 * ```ts
 * import { epsilonGreedy, featurize, optionModel } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: Float64Array.of(0.2, 0.7) }
 * const weights = epsilonGreedy({ epsilon: 0.2 }).weigh(optionModel.view(optionModel.initial()), ask)
 * console.assert(Math.abs((weights[0] ?? 0) - 0.1) < 1e-9)
 * ```
 */
export const epsilonGreedy = (settings: EpsilonGreedySettings = {}): Policy<OptionModelView> => {
  expectObject(settings, 'epsilonGreedy: settings')
  const { epsilon = 0.1 } = settings
  return { ...exploring(epsilon), name: 'epsilon-greedy' }
}
