import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import { createLinearBandit, type LinearBanditSettings, type LinearBanditView } from '../../learn/learners/linear-bandit.ts'
import type { Policy } from '../policy.ts'
import { greedyShares } from '../shares.ts'

/** Settings of {@link linUcb}. */
export interface LinUcbSettings extends LinearBanditSettings {
  /** How much uncertainty is worth, in units of reward, above 0: α = 1 + √(ln(2/δ)/2) in theory. Default 1. */
  readonly alpha?: number
  /** Share of decisions that explore uniformly, in [0, 1]; at 0 the log cannot be evaluated off-policy. Default .02. */
  readonly epsilon?: number
}

/**
 * LinUCB (Li, Chu, Langford and Schapire 2010, disjoint): takes the option with the highest θᵀx + α √(xᵀA⁻¹x), by the numbers of the context. For few numbers
 * such as cost, latency or load; words are not looked at. With `forgetting` below 1 it is D-LinUCB, for options that change.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { featurize, linearBandit, linUcb } from 'autodidact'
 *
 * const options = [{ id: 'fast' }, { id: 'thorough' }]
 * const ask = { point: 'model', options, context: { load: 0.7 }, features: featurize({ task: '' }), similarities: new Float64Array(2) }
 * console.assert(linUcb({ alpha: 0.5 }).weigh(linearBandit.view(linearBandit.initial()), ask)[0] === 0.5)
 * ```
 */
export const linUcb = (settings: LinUcbSettings = {}): Policy<LinearBanditView> => {
  expectObject(settings, 'linUcb: settings')
  const { alpha = 1, epsilon = 0.02, ...regression } = settings
  expectPositive(alpha, 'linUcb: alpha')
  expectNumber(epsilon, 'linUcb: epsilon', 0, 1)
  const learner = createLinearBandit(regression)
  return {
    name: 'linucb',
    learner: learner.name,
    needs: learner,
    estimated: false,
    weigh: (view, ask) => {
      const { values, widths } = view.estimate(ask)
      return greedyShares(values.map((value, place) => value + alpha * (widths[place] ?? 0)), epsilon)
    },
    expect: (view, ask) => view.estimate(ask).values.map((value) => Math.min(1, Math.max(0, view.mean(ask.point) + value))),
  }
}
