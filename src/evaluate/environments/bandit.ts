import type { Random } from '../../decide/random.ts'
import { AutodidactError } from '../../errors.ts'
import type { Environment, Observation, Step } from './environment.ts'

/** Settings of {@link bandit}. */
export interface BanditSettings {
  /** Chance of success of each option, in [0, 1]; their ids are `option-0` and so on. */
  readonly chances: readonly number[]
  /** Other chances from an episode on: the drifting bandit. */
  readonly drift?: { readonly from: number; readonly chances: readonly number[] }
  /** What success and failure earn. Default 1 and 0. */
  readonly success?: number
  readonly failure?: number
  /** Episodes that pass before a reward is known, given what was to be expected of the option: the delayed bandit. Default 0. */
  readonly delay?: (expected: number, random: Random) => number
  /** Whether each choice is a part of one task that goes on for ever, in one state, so that a learner may look ahead from it. Default false. */
  readonly continuing?: boolean
}

/** Options without a situation: the simplest choice there is, as it is, drifting, or with delayed rewards. */
export const bandit = ({ chances, drift, success = 1, failure = 0, delay = () => 0, continuing = false }: BanditSettings): Environment => {
  const options = chances.map((_, place) => ({ id: `option-${place}` }))
  const observation: Observation = { situation: { task: '', ...(continuing && { state: 'always' }) }, options }
  let episode = -1
  return {
    name: 'bandit',
    start: () => {
      episode += 1
      return observation
    },
    act: (option, random): Step => {
      const present = drift !== undefined && episode >= drift.from ? drift.chances : chances
      const chance = present[options.findIndex(({ id }) => id === option)]
      if (chance === undefined) throw new AutodidactError('INVALID_INPUT', `The bandit has no option "${option}".`)
      const worth = (share: number): number => failure + share * (success - failure)
      const reward = random() < chance ? success : failure
      const best = present.reduce((left, right) => Math.max(left, right), 0)
      return { reward, terminated: !continuing, truncated: continuing, next: observation, delay: delay(worth(chance), random), regret: worth(best) - worth(chance) }
    },
  }
}

/**
 * Delays as in the Open Bandit Pipeline's delay sampler (`obp/simulator/delay_sampler.py`): exponential, and the longer the less a reward is to be expected, with a mean from
 * `shortest` for an expected reward of 1 to `longest` for one of 0.
 */
export const exponentialDelay =
  (shortest = 10, longest = 100) =>
  (expected: number, random: Random): number =>
    Math.floor(-Math.log(1 - random()) * (shortest + (1 - expected) * (longest - shortest)))
