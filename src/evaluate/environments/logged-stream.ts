import type { Option } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import type { Situation } from '../../learn/features.ts'
import type { Environment, Observation, Step } from './environment.ts'

/** One logged decision. */
export interface LoggedDecision {
  readonly situation: Situation
  readonly options: readonly Option[]
  /** Id of the option that was taken. */
  readonly option: string
  /** What it earned, in [0, 1]. */
  readonly reward: number
}

/**
 * Replays a log to another policy (Li, Chu, Langford and Wang 2011): where it would have taken the option that was taken, the reward is known and learned from;
 * other decisions are passed over. Over a log of uniformly random decisions this is what the policy would have earned live, in so many episodes as agree.
 *
 * @throws AutodidactError INVALID_INPUT for an empty log
 */
export const loggedStream = (log: readonly LoggedDecision[]): Environment => {
  if (log.length === 0) throw new AutodidactError('INVALID_INPUT', 'A log needs a decision or more to be replayed.')
  let place = -1
  const present = (): LoggedDecision => log[place % log.length] as LoggedDecision
  const observe = (): Observation => ({ situation: present().situation, options: present().options })
  return {
    name: 'logged-stream',
    start: () => {
      place += 1
      return observe()
    },
    act: (option): Step => {
      const known = option === present().option
      return { reward: known ? present().reward : 0, terminated: true, truncated: false, next: observe(), known }
    },
  }
}
