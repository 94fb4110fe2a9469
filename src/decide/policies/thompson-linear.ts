import { expectObject, expectPositive } from '../../expect.ts'
import { createLinearBandit, type LinearBanditSettings, type LinearBanditView } from '../../learn/learners/linear-bandit.ts'
import type { Policy } from '../policy.ts'
import { seededRandom } from '../random.ts'
import { defaultDraws, expectDraws, winningShares } from '../shares.ts'
import { normal } from '../variates.ts'

/** Settings of {@link thompsonLinear}. */
export interface ThompsonLinearSettings extends LinearBanditSettings {
  /** Standard deviation v of the noise, in units of reward, above 0: larger explores more. Default .25. */
  readonly scale?: number
  /** Draws by which the probabilities are estimated; a whole number from 1 to 100,000. Default 100. */
  readonly draws?: number
}

/**
 * Linear Thompson sampling (Agrawal and Goyal 2013): draws θ from N(θ_a, v² A_a⁻¹) for each option and takes the one whose θᵀx is highest. Options have
 * regressions of their own, so θᵀx is drawn as what it is, N(θ_aᵀx, v² xᵀA_a⁻¹x).
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { featurize, linearBandit, seededRandom, thompsonLinear } from 'autodidact'
 *
 * const options = [{ id: 'fast' }, { id: 'thorough' }]
 * const ask = { point: 'model', options, context: { load: 0.7 }, features: featurize({ task: '' }), similarities: new Float64Array(2) }
 * const [share = 0] = thompsonLinear().weigh(linearBandit.view(linearBandit.initial()), ask, seededRandom(1))
 * console.assert(share > 0.3 && share < 0.7)
 * ```
 */
export const thompsonLinear = (settings: ThompsonLinearSettings = {}): Policy<LinearBanditView> => {
  expectObject(settings, 'thompsonLinear: settings')
  const { scale = 0.25, draws = defaultDraws, ...regression } = settings
  expectPositive(scale, 'thompsonLinear: scale')
  expectDraws(draws, 'thompsonLinear: draws')
  const learner = createLinearBandit(regression)
  return {
    name: 'thompson-linear',
    learner: learner.name,
    needs: learner,
    estimated: true,
    draws,
    weigh: (view, ask, random = seededRandom(0)) => {
      const { values, widths } = view.estimate(ask)
      return winningShares(values.length, draws, (place) => (values[place] ?? 0) + scale * (widths[place] ?? 0) * normal(random))
    },
    expect: (view, ask) => view.estimate(ask).values.map((value) => Math.min(1, Math.max(0, view.mean(ask.point) + value))),
  }
}
