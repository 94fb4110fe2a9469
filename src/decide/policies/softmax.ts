import { expectObject, expectPositive } from '../../expect.ts'
import type { OptionModelView } from '../../learn/learners/option-model.ts'
import type { Policy } from '../policy.ts'
import { softmaxShares } from '../shares.ts'

/** Settings of {@link softmax}. */
export interface SoftmaxSettings {
  /** In units of reward, above 0: an option expected to earn this much less is taken e times more rarely. Default .1. */
  readonly temperature?: number
}

/**
 * Boltzmann exploration on the option model: shares in proportion to exp(value / temperature). Every option keeps a share above 0.
 *
 * @throws AutodidactError INVALID_INPUT when the temperature is not above 0
 *
 * @example
 * ```ts
 * import { featurize, optionModel, softmax } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: Float64Array.of(0.5, 0.5) }
 * console.assert(softmax({ temperature: 0.2 }).weigh(optionModel.view(optionModel.initial()), ask)[0] === 0.5)
 * ```
 */
export const softmax = (settings: SoftmaxSettings = {}): Policy<OptionModelView> => {
  expectObject(settings, 'softmax: settings')
  const { temperature = 0.1 } = settings
  expectPositive(temperature, 'softmax: temperature')
  return {
    name: 'softmax',
    learner: 'option-model',
    estimated: false,
    weigh: (view, ask) => softmaxShares(view.values(ask), temperature),
    expect: (view, ask) => view.expected(ask),
  }
}
