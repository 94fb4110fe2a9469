import { expectNumber, expectObject } from '../../expect.ts'
import { createPolicyGradient, type PolicyGradientSettings, type PolicyGradientView } from '../../learn/learners/policy-gradient.ts'
import type { Policy } from '../policy.ts'
import { softmaxShares, withFloor } from '../shares.ts'

/** Settings of {@link reinforce}. */
export interface ReinforceSettings extends PolicyGradientSettings {
  /** Share of decisions that are uniform, in [0, 1]: no option ever gets out of reach. Default 0. */
  readonly epsilon?: number
}

/**
 * REINFORCE with a baseline: a softmax policy that is moved along the gradient of what it earns. Every option keeps a share above 0.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { featurize, policyGradient, reinforce } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: new Float64Array(2) }
 * console.assert(reinforce().weigh(policyGradient.view(policyGradient.initial()), ask)[0] === 0.5)
 * ```
 */
export const reinforce = (settings: ReinforceSettings = {}): Policy<PolicyGradientView> => {
  expectObject(settings, 'reinforce: settings')
  const { epsilon = 0, ...gradient } = settings
  expectNumber(epsilon, 'reinforce: epsilon', 0, 1)
  const learner = createPolicyGradient(gradient)
  return {
    name: 'policy-gradient',
    learner: learner.name,
    needs: learner,
    estimated: false,
    weigh: (view, ask) => withFloor(softmaxShares(view.preferences(ask), 1), epsilon),
  }
}
