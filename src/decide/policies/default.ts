import type { OptionModelView } from '../../learn/learners/option-model.ts'
import { exploring } from '../exploring.ts'
import type { Policy } from '../policy.ts'

/** Exploration of the default policy: one decision in fifty, shared by all options. */
const defaultEpsilon = 0.02

/**
 * The policy of a choice point that names none: greedy on the option model, with exploration of .02 in all. Enough to keep every decision
 * open to off-policy evaluation and to notice an option that got better; more exploration cost reward on every stream measured.
 *
 * @example
 * ```ts
 * import { defaultPolicy, featurize, optionModel } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: Float64Array.of(0.2, 0.7) }
 * const weights = defaultPolicy().weigh(optionModel.view(optionModel.initial()), ask)
 * console.assert(Math.abs((weights[0] ?? 0) - 0.01) < 1e-9)
 * ```
 */
export const defaultPolicy = (): Policy<OptionModelView> => ({ ...exploring(defaultEpsilon), name: 'default' })
