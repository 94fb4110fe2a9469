import { AutodidactError } from '../errors.ts'
import { contentDigest } from '../log/canonical.ts'
import { kinds } from '../log/kinds/index.ts'
import type { Scope } from '../scope.ts'
import { dossierOf } from './run-facts.ts'

/** Runs looked at in one call, so that a long absence does not delay the call that notices it. */
const atOnce = 100

/**
 * Writes down that the deadlines of advised runs have passed without a verdict. Any process may do it at any time: the fact's id is made from
 * the run's, so it is written once.
 *
 * @returns how many runs expired
 */
export const expireRuns = async (scope: Scope): Promise<number> => {
  const due = await scope.storage.due(scope.namespace, scope.clock(), atOnce)
  let expired = 0
  for (const { run, expiresAt } of due) {
    const dossier = await dossierOf(scope.storage, scope.namespace, run)
    const data = { deadline: expiresAt, recorded: dossier.recorded !== undefined }
    const judged = dossier.verdict !== undefined
    try {
      const { facts } = await scope.storage.commit({
        namespace: scope.namespace,
        facts: judged
          ? []
          : [
              {
                id: `expired:${run}`,
                kind: 'run.expired',
                version: kinds['run.expired'].version,
                occurredAt: expiresAt,
                run,
                source: 'autodidact',
                trust: 'agent',
                // The deadline alone: whether the run was recorded may differ between two processes that notice it.
                digest: contentDigest({ run, deadline: expiresAt }),
                data,
              },
            ],
        deadlines: [{ run, expiresAt: undefined }],
        expect: [{ run, sequence: dossier.lastSequence }],
      })
      expired += facts.filter((fact) => fact.status === 'stored').length
    } catch (error) {
      // Somebody wrote to the run just now: it is looked at again with the next call.
      if (!AutodidactError.is(error) || error.code !== 'CONFLICT') throw error
    }
  }
  return expired
}
