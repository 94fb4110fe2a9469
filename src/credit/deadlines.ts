import { AutodidactError } from '../errors.ts'
import { contentDigest } from '../log/canonical.ts'
import type { NewFactOf } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import type { Scope } from '../scope.ts'
import { appendToRun } from './append.ts'
import type { Dossier } from './dossier.ts'

/** Runs looked at in one call, so that a long absence does not delay the call that notices it. */
const atOnce = 100

/**
 * Writes down that the deadlines of advised runs have passed without a verdict. Any process may do it at any time: the fact's id is made from
 * the run and the deadline, so it is written once.
 *
 * @returns how many runs expired
 */
export const expireRuns = async (scope: Scope): Promise<number> => {
  const due = await scope.storage.due(scope.namespace, scope.clock(), atOnce)
  let expired = 0
  for (const { run, expiresAt } of due) {
    try {
      if (await expire(scope, run, expiresAt)) expired += 1
    } catch (error) {
      if (!AutodidactError.is(error)) throw error
      // Others keep writing to the run: it is looked at again with the next call.
      if (error.code === 'CONFLICT') continue
      if (error.code !== 'FORGOTTEN' && error.code !== 'ID_CONFLICT') throw error
      // This expiry was erased, or an id of the host's stands in its place; a deadline that cannot be written down must not come up forever.
      await scope.storage.commit({ namespace: scope.namespace, facts: [], deadlines: [{ run, expiresAt: undefined }] })
    }
  }
  return expired
}

const expire = async (scope: Scope, run: string, deadline: number): Promise<boolean> => {
  const { stored } = await appendToRun(scope, run, async (before) => ({
    // A run that was judged meanwhile only stops waiting.
    facts: before.verdict === undefined ? [expiry(before, deadline)] : [],
  }))
  return stored
}

const expiry = ({ run, user, recorded }: Dossier, deadline: number): NewFactOf<'run.expired'> => ({
  id: `expired:${run}:${deadline}`,
  kind: 'run.expired',
  version: kinds['run.expired'].version,
  occurredAt: deadline,
  user,
  session: recorded?.session,
  run,
  source: 'autodidact',
  trust: 'agent',
  // Of the deadline alone: whether the run was recorded may differ between two processes that notice it.
  digest: contentDigest({ run, deadline }),
  data: { deadline, recorded: recorded !== undefined },
})
