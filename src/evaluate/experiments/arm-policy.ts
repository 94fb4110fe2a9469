import { policyFrom } from '../../decide/configured.ts'
import { uniform } from '../../decide/policies/uniform.ts'
import { type PolicyChoice, policyNames, unknownPolicy } from '../../decide/policies.ts'
import type { Policy } from '../../decide/policy.ts'
import { without } from '../../decide/without.ts'
import { AutodidactError } from '../../errors.ts'
import type { FactData } from '../../log/fact.ts'
import type { Scope } from '../../scope.ts'

type StoredPolicy = FactData['experiment.started']['arms'][number]['policy']

/** What an arm may be called by besides a policy. */
const armNames: readonly string[] = ['off', 'configured', 'without', ...policyNames]

/** The option that an arm goes without, where that is what it does. */
export const optionWithheld = (policy: StoredPolicy): string | undefined => {
  if (typeof policy !== 'object' || policy.name !== 'without') return undefined
  const { name: _name, option, ...others } = policy
  if (typeof option === 'string' && option !== '' && Object.keys(others).length === 0) return option
  throw new AutodidactError('INVALID_INPUT', 'An arm that goes without an option has the form { name: "without", option: "the id of the option" }.')
}

/**
 * What an arm decides with at a point.
 *
 * @throws AutodidactError `UNKNOWN_POLICY`, `INVALID_INPUT`
 */
export const policyOfArm = (scope: Scope, point: string, policy: StoredPolicy): Policy => {
  if (policy === 'configured') return scope.policyAt(point)
  if (policy === 'off') return uniform()
  const given = typeof policy === 'string' ? policy : policy.name
  if (!armNames.includes(given)) throw unknownPolicy(given, armNames)
  const option = optionWithheld(policy)
  // A fact holds what `start` accepted; a policy that this version does not know is refused by name.
  return option === undefined ? policyFrom(policy as PolicyChoice) : without(scope.policyAt(point), option)
}
