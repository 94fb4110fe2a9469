import type { Option } from '../../decide/policy.ts'
import type { Random } from '../../decide/random.ts'
import type { Situation } from '../../learn/features.ts'

/** What an agent sees before it chooses. */
export interface Observation {
  /** Task, context and state, as for `decide`. */
  readonly situation: Situation
  readonly options: readonly Option[]
}

/** What came of a choice. */
export interface Step {
  /** In the units of the environment. */
  readonly reward: number
  /** The task is done or lost. */
  readonly terminated: boolean
  /** A limit of steps cut the episode off. */
  readonly truncated: boolean
  /** What the agent sees next, also at the end of an episode. */
  readonly next: Observation
  /** Episodes that pass before the reward becomes known; 0 when absent. */
  readonly delay?: number
  /** Expected reward of the best option less that of the one taken, where the environment knows it. */
  readonly regret?: number
  /** False when the log that is replayed does not say what this option earned: the step is skipped. Default true. */
  readonly known?: boolean
}

/** A world to learn in: episodes of one step or many, random only by the generator that it is handed. */
export interface Environment {
  readonly name: string
  /** Begins an episode. */
  start(random: Random): Observation
  /** Takes one of the options that the last observation offered. */
  act(option: string, random: Random): Step
}
