import type { Scope } from '../scope.ts'
import type { Policy } from './policy.ts'

/** What a policy weighs with: the view of its learner, which is folded from now on where it was not; nothing for a policy that learns nothing. */
export const viewFor = async ({ runner, namespace }: Scope, { needs, learner }: Policy): Promise<unknown> => {
  if (needs !== undefined) return runner.viewOfAny(namespace, needs)
  return learner === undefined ? undefined : runner.viewOf(namespace, learner)
}
