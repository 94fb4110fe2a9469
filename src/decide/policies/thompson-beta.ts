import { expectObject } from '../../expect.ts'
import { type BetaBanditSettings, type BetaBanditView, createBetaBandit } from '../../learn/learners/beta-bandit.ts'
import type { Policy } from '../policy.ts'
import { seededRandom } from '../random.ts'
import { defaultDraws, expectDraws, winningShares } from '../shares.ts'
import { beta } from '../variates.ts'

/** Settings of {@link thompsonBeta} and {@link thompsonDynamic}. */
export interface ThompsonBetaSettings extends BetaBanditSettings {
  /** Draws by which the probabilities are estimated; a whole number from 1 to 100,000. Default 100. */
  readonly draws?: number
}

const thompson = (name: string, made: string, settings: ThompsonBetaSettings): Policy<BetaBanditView> => {
  const { draws = defaultDraws, ...counts } = settings
  expectDraws(draws, `${made}: draws`)
  const learner = createBetaBandit(counts)
  return {
    name,
    learner: learner.name,
    needs: learner,
    estimated: true,
    draws,
    weigh: (view, { point, options }, random = seededRandom(0)) => {
      const known = options.map(({ id }) => view.counts(point, id))
      return winningShares(options.length, draws, (place) => beta(1 + (known[place]?.up ?? 0), 1 + (known[place]?.down ?? 0), random))
    },
    expect: (view, { point, options }) =>
      Float64Array.from(options, ({ id }) => {
        const { up, down } = view.counts(point, id)
        return (1 + up) / (2 + up + down)
      }),
  }
}

/**
 * Thompson sampling (Thompson 1933) from Beta(1 + up, 1 + down): each option is taken with the probability that it is the best, as far as its rewards tell. Does
 * not look at the situation.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { betaBandit, featurize, thompsonBeta } from 'autodidact'
 *
 * const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'hi' }), similarities: new Float64Array(2) }
 * console.assert(thompsonBeta().expect?.(betaBandit.view(betaBandit.initial()), ask)[0] === 0.5)
 * ```
 */
export const thompsonBeta = (settings: ThompsonBetaSettings = {}): Policy<BetaBanditView> => {
  expectObject(settings, 'thompsonBeta: settings')
  return thompson('thompson-beta', 'thompsonBeta', settings)
}

/**
 * Dynamic Thompson sampling (Gupta, Granmo and Agrawala 2011): the same with counts that fade, for options that change. `capacity` is 100 by default.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { thompsonDynamic } from 'autodidact'
 *
 * console.assert(thompsonDynamic({ capacity: 30 }).estimated)
 * ```
 */
export const thompsonDynamic = (settings: ThompsonBetaSettings = {}): Policy<BetaBanditView> => {
  expectObject(settings, 'thompsonDynamic: settings')
  return thompson('thompson-dynamic', 'thompsonDynamic', { capacity: 100, ...settings })
}
