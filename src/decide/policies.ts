import { AutodidactError } from '../errors.ts'
import { described, expectObject } from '../expect.ts'
import { nearestName } from '../text/nearest.ts'
import type { Policy } from './policy.ts'
import { defaultPolicy } from './policies/default.ts'
import { epsilonGreedy, type EpsilonGreedySettings } from './policies/epsilon-greedy.ts'
import { fixed, type FixedSettings } from './policies/fixed.ts'
import { greedy } from './policies/greedy.ts'
import { linUcb, type LinUcbSettings } from './policies/linucb.ts'
import { reinforce, type ReinforceSettings } from './policies/policy-gradient.ts'
import { qLearning, type QLearningSettings } from './policies/q-learning.ts'
import { softmax, type SoftmaxSettings } from './policies/softmax.ts'
import { squareCb, type SquareCbSettings } from './policies/squarecb.ts'
import { thompsonBeta, type ThompsonBetaSettings, thompsonDynamic } from './policies/thompson-beta.ts'
import { thompsonLinear, type ThompsonLinearSettings } from './policies/thompson-linear.ts'
import { thompsonLogistic, type ThompsonLogisticSettings } from './policies/thompson-logistic.ts'
import { uniform } from './policies/uniform.ts'

/** The settings of every policy that has a name. */
interface SettingsByName {
  readonly default: object
  readonly greedy: object
  readonly 'epsilon-greedy': EpsilonGreedySettings
  readonly softmax: SoftmaxSettings
  readonly squarecb: SquareCbSettings
  readonly linucb: LinUcbSettings
  readonly 'thompson-beta': ThompsonBetaSettings
  readonly 'thompson-dynamic': ThompsonBetaSettings
  readonly 'thompson-linear': ThompsonLinearSettings
  readonly 'thompson-logistic': ThompsonLogisticSettings
  readonly 'q-learning': QLearningSettings
  readonly 'policy-gradient': ReinforceSettings
  readonly fixed: FixedSettings
  readonly uniform: object
}

type PolicyName = keyof SettingsByName

/** Name and settings of a policy, as a choice point is configured with. */
export type PolicyChoice = { [Name in PolicyName]: { readonly name: Name } & SettingsByName[Name] }[PolicyName]

const draws = { draws: true } as const
const regression = { ridge: true, forgetting: true, centred: true, intercept: true } as const

/** Every setting of every policy, so that a misspelt one is refused and not passed over. */
const settingNames: { readonly [Name in PolicyName]: { readonly [Setting in keyof SettingsByName[Name]]-?: true } } = {
  default: {},
  greedy: {},
  'epsilon-greedy': { epsilon: true },
  softmax: { temperature: true },
  squarecb: { gammaScale: true, gammaExponent: true, epsilon: true },
  linucb: { ...regression, alpha: true, epsilon: true },
  'thompson-beta': { ...draws, capacity: true },
  'thompson-dynamic': { ...draws, capacity: true },
  'thompson-linear': { ...draws, ...regression, scale: true },
  'thompson-logistic': { ...draws, scale: true, precision: true, tableBits: true },
  'q-learning': { step: true, halving: true, discount: true, start: true, firstEpsilon: true, lastEpsilon: true, explorationEpisodes: true },
  'policy-gradient': { hidden: true, rate: true, discount: true, baseline: true, entropy: true, inputs: true, seed: true, epsilon: true },
  fixed: { option: true },
  uniform: {},
}

// The keys of an object are strings to the compiler; of this one they are the names.
/** Names that {@link policyOf} knows. */
export const policyNames = Object.keys(settingNames) as readonly PolicyName[]

/** The error of a policy by a name that there is not, with those that there are. */
export const unknownPolicy = (given: unknown, names: readonly string[] = policyNames): AutodidactError => {
  const nearest = typeof given === 'string' ? nearestName(given, names) : undefined
  return new AutodidactError('UNKNOWN_POLICY', `No such policy: ${described(given)}. Choose one of: ${names.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`)
}

const checkSettings = (choice: PolicyChoice): void => {
  if (!policyNames.includes(choice.name)) throw unknownPolicy(choice.name)
  const known = ['name', ...Object.keys(settingNames[choice.name])]
  const unknown = Object.keys(choice).filter((setting) => !known.includes(setting))
  if (unknown.length === 0) return
  const settings = known.length === 1 ? 'It has no settings' : `Its settings are ${known.slice(1).join(', ')}`
  throw new AutodidactError('INVALID_INPUT', `The policy "${choice.name}" has no setting "${unknown.join('", "')}". ${settings}.`)
}

/**
 * The policy of a name, with its settings.
 *
 * @throws AutodidactError UNKNOWN_POLICY when no policy has that name, INVALID_INPUT when a setting is unknown or out of range
 *
 * @example
 * ```ts
 * import { policyOf } from 'autodidact'
 *
 * console.assert(policyOf({ name: 'epsilon-greedy', epsilon: 0.1 }).name === 'epsilon-greedy')
 * ```
 */
export const policyOf = (choice: PolicyChoice): Policy => {
  expectObject(choice, 'policyOf: choice')
  checkSettings(choice)
  switch (choice.name) {
    case 'default':
      return defaultPolicy()
    case 'greedy':
      return greedy()
    case 'epsilon-greedy':
      return epsilonGreedy(choice)
    case 'softmax':
      return softmax(choice)
    case 'squarecb':
      return squareCb(choice)
    case 'linucb':
      return linUcb(choice)
    case 'thompson-beta':
      return thompsonBeta(choice)
    case 'thompson-dynamic':
      return thompsonDynamic(choice)
    case 'thompson-linear':
      return thompsonLinear(choice)
    case 'thompson-logistic':
      return thompsonLogistic(choice)
    case 'q-learning':
      return qLearning(choice)
    case 'policy-gradient':
      return reinforce(choice)
    case 'fixed':
      return fixed(choice)
    case 'uniform':
      return uniform()
    default:
      throw unknownPolicy(Reflect.get(choice, 'name'))
  }
}
