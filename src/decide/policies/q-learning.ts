import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import { createTabularQ, type TabularQSettings, type TabularQView } from '../../learn/learners/tabular-q.ts'
import type { Policy } from '../policy.ts'
import { greedyShares } from '../shares.ts'

/** Settings of {@link qLearning}. */
export interface QLearningSettings extends TabularQSettings {
  /** Share of decisions that explore before the first episode, in [0, 1]. Default 1. */
  readonly firstEpsilon?: number
  /** Share from `explorationEpisodes` on, in [0, 1]. Default .02. */
  readonly lastEpsilon?: number
  /** Episodes of the choice point over which the share falls in a straight line, above 0. Default 200. */
  readonly explorationEpisodes?: number
}

/**
 * Takes what the Q table values most in the state, options of equal value with equal probability, and explores in a share of the decisions that falls as
 * episodes are learned. For tasks of several steps: give `decide` a `state`, and the steps of `record` their decision, reward and whether they ended it. With
 * `discount: 0` for single choices.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { featurize, qLearning, tabularQ } from 'autodidact'
 *
 * const ask = { point: 'move', state: 'start', options: [{ id: 'left' }, { id: 'right' }], features: featurize({ task: '' }), similarities: new Float64Array(2) }
 * console.assert(qLearning().weigh(tabularQ.view(tabularQ.initial()), ask)[1] === 0.5)
 * ```
 */
export const qLearning = (settings: QLearningSettings = {}): Policy<TabularQView> => {
  expectObject(settings, 'qLearning: settings')
  const { firstEpsilon = 1, lastEpsilon = 0.02, explorationEpisodes = 200, ...table } = settings
  expectNumber(firstEpsilon, 'qLearning: firstEpsilon', 0, 1)
  expectNumber(lastEpsilon, 'qLearning: lastEpsilon', 0, 1)
  expectPositive(explorationEpisodes, 'qLearning: explorationEpisodes')
  const learner = createTabularQ(table)
  return {
    name: 'q-learning',
    learner: learner.name,
    needs: learner,
    estimated: false,
    values: (view, ask) => view.values(ask),
    weigh: (view, ask) => {
      const progress = Math.min(1, view.episodes(ask.point) / explorationEpisodes)
      return greedyShares(view.values(ask), firstEpsilon + progress * (lastEpsilon - firstEpsilon))
    },
  }
}
