import { AutodidactError } from '../errors.ts'
import { described, expectObject } from '../expect.ts'
import type { Reward } from '../credit/reward.ts'
import { additive, type AdditiveSettings } from './rewards/additive.ts'
import { completion } from './rewards/completion.ts'
import { efficiency } from './rewards/efficiency.ts'
import { satisfaction } from './rewards/satisfaction.ts'
import { success } from './rewards/success.ts'
import { threePart, type ThreePartSettings } from './rewards/three-part.ts'

/** Name and settings of a reward. */
export type RewardChoice =
  | { readonly name: 'success' }
  | { readonly name: 'satisfaction' }
  | { readonly name: 'completion' }
  | { readonly name: 'efficiency' }
  | ({ readonly name: 'three-part' } & ThreePartSettings)
  | ({ readonly name: 'additive' } & AdditiveSettings)

/** Names that {@link rewardOf} knows. */
export const rewardNames = ['success', 'satisfaction', 'completion', 'efficiency', 'three-part', 'additive'] as const satisfies readonly RewardChoice['name'][]

/**
 * The reward of a name, with its settings. A setting that it does not have is refused.
 *
 * @throws AutodidactError UNKNOWN_REWARD when no reward has that name, INVALID_INPUT when a setting is unknown or out of range
 *
 * @example
 * ```ts
 * import { rewardOf } from 'autodidact'
 *
 * console.assert(rewardOf({ name: 'three-part', satisfaction: 0 }).of({ verdict: 1, success: 1, comments: [], durationMs: 1, steps: 1 }) === 1)
 * ```
 */
export const rewardOf = (choice: RewardChoice): Reward => {
  expectObject(choice, 'rewardOf: choice')
  const reward = made(choice)
  const known = ['name', ...Object.keys(reward.settings ?? {})]
  const unknown = Object.keys(choice).filter((setting) => !known.includes(setting))
  if (unknown.length === 0) return reward
  const settings = known.length === 1 ? 'It has no settings' : `Its settings are ${known.slice(1).join(', ')}`
  throw new AutodidactError('INVALID_INPUT', `The reward "${choice.name}" has no setting "${unknown.join('", "')}". ${settings}.`)
}

const made = (choice: RewardChoice): Reward => {
  switch (choice.name) {
    case 'success':
      return success()
    case 'satisfaction':
      return satisfaction()
    case 'completion':
      return completion()
    case 'efficiency':
      return efficiency()
    case 'three-part':
      return threePart(choice)
    case 'additive':
      return additive(choice)
    default:
      throw new AutodidactError('UNKNOWN_REWARD', `No such reward: ${described(Reflect.get(choice, 'name'))}. Choose one of: ${rewardNames.join(', ')}.`)
  }
}

/** The reward that is meant: by name, by name with settings, or one's own. */
export const rewardFrom = (given: RewardChoice['name'] | RewardChoice | Reward): Reward => {
  if (typeof given === 'string') return rewardOf({ name: given })
  return 'of' in given ? given : rewardOf(given)
}
