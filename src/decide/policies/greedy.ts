import type { OptionModelView } from '../../learn/learners/option-model.ts'
import type { Policy } from '../policy.ts'
import { exploring } from '../exploring.ts'

/**
 * Takes the option of the highest expected reward; options that are equally good are equally likely. Its decisions cannot be evaluated
 * off-policy, because it never tries what it does not believe in.
 *
 * @example
 * ```ts
 * import { featurize, greedy, optionModel } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: Float64Array.of(0.2, 0.7) }
 * console.assert(greedy().weigh(optionModel.view(optionModel.initial()), ask)[1] === 1)
 * ```
 */
export const greedy = (): Policy<OptionModelView> => ({ ...exploring(0), name: 'greedy' })
