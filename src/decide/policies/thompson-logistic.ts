import { expectObject, expectPositive } from '../../expect.ts'
import { createLogisticBandit, type LogisticBanditSettings, type LogisticBanditView } from '../../learn/learners/logistic-bandit.ts'
import { sigmoid } from '../../learn/structures/logistic-step.ts'
import type { Policy } from '../policy.ts'
import { seededRandom } from '../random.ts'
import { defaultDraws, expectDraws, winningShares } from '../shares.ts'
import { normal } from '../variates.ts'

/** Settings of {@link thompsonLogistic}. */
export interface ThompsonLogisticSettings extends LogisticBanditSettings {
  /** Times the standard deviation of the weights, above 0: larger explores more. Default .25. */
  readonly scale?: number
  /** Draws by which the probabilities are estimated; a whole number from 1 to 100,000. Default 100. */
  readonly draws?: number
}

/**
 * Logistic Thompson sampling (Chapelle and Li 2011): draws the weights w_i of each option from N(m_i, α²/q_i) and takes the option whose wᵀx is highest, which is
 * drawn as what it is, N(mᵀx, α² Σ x_i²/q_i). Looks at the words of the task, categories and numbers by hashed features.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { featurize, logisticBandit, seededRandom, thompsonLogistic } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: new Float64Array(2) }
 * const [share = 0] = thompsonLogistic().weigh(logisticBandit.view(logisticBandit.initial()), ask, seededRandom(1))
 * console.assert(share > 0.3 && share < 0.7)
 * ```
 */
export const thompsonLogistic = (settings: ThompsonLogisticSettings = {}): Policy<LogisticBanditView> => {
  expectObject(settings, 'thompsonLogistic: settings')
  const { scale = 0.25, draws = defaultDraws, ...regression } = settings
  expectPositive(scale, 'thompsonLogistic: scale')
  expectDraws(draws, 'thompsonLogistic: draws')
  const learner = createLogisticBandit(regression)
  return {
    name: 'thompson-logistic',
    learner: learner.name,
    needs: learner,
    estimated: true,
    draws,
    weigh: (view, ask, random = seededRandom(0)) => {
      const { means, deviations } = view.estimate(ask)
      return winningShares(means.length, draws, (place) => (means[place] ?? 0) + scale * (deviations[place] ?? 0) * normal(random))
    },
    expect: (view, ask) => view.estimate(ask).means.map(sigmoid),
  }
}
