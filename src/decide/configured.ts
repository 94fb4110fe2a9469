import { policyOf } from './policies.ts'
import type { Policy, PolicyChoice } from './policy.ts'

/** A policy by name, by name with settings, or one of your own. */
export type ConfiguredPolicy = PolicyChoice['name'] | PolicyChoice | Policy

/**
 * The policy that is meant.
 *
 * @throws AutodidactError `UNKNOWN_POLICY`, `INVALID_INPUT`
 */
export const policyFrom = (given: ConfiguredPolicy): Policy => {
  if (typeof given === 'string') return policyOf({ name: given })
  return 'weigh' in given ? given : policyOf(given)
}
