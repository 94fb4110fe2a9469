import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import type { OptionModelView } from '../../learn/learners/option-model.ts'
import type { Policy } from '../policy.ts'
import { inverseGapShares, withFloor } from '../shares.ts'

/** Settings of {@link squareCb}. */
export interface SquareCbSettings {
  /** How fast exploration narrows, above 0: γ_t = gammaScale · t^gammaExponent. Default 1,000, greedy as options get many; Vowpal Wabbit's is 10. */
  readonly gammaScale?: number
  /** Above 0. Default .5. */
  readonly gammaExponent?: number
  /** Share of decisions that are uniform, in [0, 1]. Default 0. */
  readonly epsilon?: number
}

/**
 * SquareCB (Foster and Rakhlin 2020): explores in inverse proportion to how much worse than the best an option is expected to be,
 *
 *     p_a = 1 / (K + γ_t (v_best − v_a)),  p_best = 1 − Σ p_a
 *
 * on the option model, with t the number of verdicts learned at the choice point (1 before the first). Exact weights, all above 0: its log can be evaluated
 * off-policy.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { featurize, optionModel, squareCb } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: Float64Array.of(0.1, 0.9) }
 * const [worse = 0, better = 0] = squareCb({ gammaScale: 10 }).weigh(optionModel.view(optionModel.initial()), ask)
 * console.assert(Math.abs(worse - 1 / (2 + 10 * 0.5 * 0.8)) < 1e-9 && Math.abs(better + worse - 1) < 1e-9)
 * ```
 */
export const squareCb = (settings: SquareCbSettings = {}): Policy<OptionModelView> => {
  expectObject(settings, 'squareCb: settings')
  const { gammaScale = 1000, gammaExponent = 0.5, epsilon = 0 } = settings
  expectPositive(gammaScale, 'squareCb: gammaScale')
  expectPositive(gammaExponent, 'squareCb: gammaExponent')
  expectNumber(epsilon, 'squareCb: epsilon', 0, 1)
  return {
    name: 'squarecb',
    learner: 'option-model',
    estimated: false,
    weigh: (view, ask) => withFloor(inverseGapShares(view.values(ask), gammaScale * Math.max(1, view.settled(ask.point)) ** gammaExponent), epsilon),
    expect: (view, ask) => view.expected(ask),
  }
}
