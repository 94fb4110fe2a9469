import type { Option } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectPositive } from '../../expect.ts'
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
  /** Probability with which it was drawn, above 0 to 1. Default: that of an even draw among the options. */
  readonly propensity?: number
}

const propensityOf = ({ propensity, options }: LoggedDecision): number => propensity ?? 1 / options.length

/**
 * Replays a log to another policy (Li, Chu, Langford and Wang 2011): where it would have taken the option that was taken, the reward is known and learned from;
 * other decisions are passed over. Of those that agree, likelier ones are passed over the more often (rejection sampling, Mandel and others 2016), so that every
 * situation is known as often as every other: over what is left, this is what the policy would have earned live, in so many episodes. Of a log in which some option was
 * hardly ever drawn little is left: `evaluate` weighs instead.
 *
 * @throws AutodidactError INVALID_INPUT for an empty log, or a propensity that is none
 */
export const loggedStream = (log: readonly LoggedDecision[]): Environment => {
  if (log.length === 0) throw new AutodidactError('INVALID_INPUT', 'A log needs a decision or more to be replayed.')
  let smallest = 1
  for (const decision of log) {
    const propensity = propensityOf(decision)
    expectPositive(propensity, 'loggedStream: propensity')
    expectNumber(propensity, 'loggedStream: propensity', 0, 1)
    smallest = Math.min(smallest, propensity)
  }
  let place = -1
  const present = (): LoggedDecision => log[place % log.length] as LoggedDecision
  const observe = (): Observation => ({ situation: present().situation, options: present().options })
  return {
    name: 'logged-stream',
    start: () => {
      place += 1
      return observe()
    },
    act: (option, random): Step => {
      const kept = smallest / propensityOf(present())
      const known = option === present().option && (kept >= 1 || random() < kept)
      return { reward: known ? present().reward : 0, terminated: true, truncated: false, next: observe(), known }
    },
  }
}
