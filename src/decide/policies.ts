import { AutodidactError } from '../errors.ts'
import { described, expectObject } from '../expect.ts'
import type { Policy, PolicyChoice } from './policy.ts'
import { defaultPolicy } from './policies/default.ts'
import { epsilonGreedy } from './policies/epsilon-greedy.ts'
import { fixed } from './policies/fixed.ts'
import { greedy } from './policies/greedy.ts'
import { uniform } from './policies/uniform.ts'

/** Names that {@link policyOf} knows. */
export const policyNames = ['default', 'greedy', 'epsilon-greedy', 'fixed', 'uniform'] as const satisfies readonly PolicyChoice['name'][]

/**
 * The policy of a name, with its settings.
 *
 * @throws AutodidactError UNKNOWN_POLICY when no policy has that name, INVALID_INPUT when a setting is out of range
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
  switch (choice.name) {
    case 'default':
      return defaultPolicy()
    case 'greedy':
      return greedy()
    case 'epsilon-greedy':
      return epsilonGreedy(choice)
    case 'fixed':
      return fixed(choice)
    case 'uniform':
      return uniform()
    default:
      throw new AutodidactError('UNKNOWN_POLICY', `No such policy: ${described(Reflect.get(choice, 'name'))}. Choose one of: ${policyNames.join(', ')}.`)
  }
}
