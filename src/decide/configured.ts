import { AutodidactError } from '../errors.ts'
import { described } from '../expect.ts'
import { type PolicyChoice, policyOf } from './policies.ts'
import type { Policy } from './policy.ts'

/** A policy by name, by name with settings, or one of your own. */
export type ConfiguredPolicy = PolicyChoice['name'] | PolicyChoice | Policy

/**
 * The policy that is meant.
 *
 * @throws AutodidactError `UNKNOWN_POLICY`, `INVALID_INPUT`
 */
export const policyFrom = (given: ConfiguredPolicy): Policy => {
  if (typeof given === 'string') return policyOf({ name: given })
  if (!('weigh' in given)) return policyOf(given)
  if (given.needs !== undefined && given.needs.name !== given.learner) {
    throw new AutodidactError('INVALID_INPUT', `The policy "${given.name}" needs the learner "${given.needs.name}" and weighs with ${described(given.learner)}. Set learner to the name of the one that it needs.`)
  }
  return given
}
