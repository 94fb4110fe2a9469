import { AutodidactError } from '../errors.ts'
import { contentDigest } from '../log/canonical.ts'
import type { NewFactOf } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import type { Scope } from '../scope.ts'
import { type Changed, consequences } from './consequences.ts'
import { Dossier } from './dossier.ts'
import { dossiersOf } from './run-facts.ts'

/** Runs looked at in one call, so that a long absence does not delay the call that notices it; the others wait for the next ones. */
const atOnce = 32

/**
 * Writes down that the deadlines of advised runs have passed without a verdict: at most 32 runs a call, in one commit. Any process may do it at any time: the
 * fact's id is made from the run and the deadline, so it is written once.
 *
 * @returns how many runs expired
 */
export const expireRuns = async (scope: Scope): Promise<number> => {
  const { storage, namespace } = scope
  const due = await storage.due(namespace, scope.clock(), atOnce)
  if (due.length === 0) return 0
  const runs = due.map(({ run }) => run)
  const known = await dossiersOf(storage, namespace, runs)
  // Read twice, since one of the two is written on; what comes between the readings is found by the store.
  const following = await dossiersOf(storage, namespace, runs)
  const taken = await takenIds(scope, due.map(({ run, expiresAt }) => idOf(run, expiresAt)), runs)
  const facts: NewFactOf<'run.expired'>[] = []
  const changed: Changed[] = []
  const unwritable = new Set<string>()
  for (const { run, expiresAt } of due) {
    const before = known.get(run) ?? new Dossier(run)
    const after = following.get(run) ?? new Dossier(run)
    changed.push({ before, after })
    if (taken.has(idOf(run, expiresAt)) || taken.has(run)) unwritable.add(run)
    // A run that was judged meanwhile only stops waiting.
    else if (before.verdict === undefined) {
      const fact = expiryOf(before, expiresAt)
      facts.push(fact)
      after.add({ ...fact, namespace, sequence: after.lastSequence + 1, recordedAt: scope.clock() })
    }
  }
  const { deadlines, ...others } = consequences(changed)
  // A deadline that cannot be written down must not come up forever: nobody waits for it any more.
  const waiting = deadlines.map((deadline) => (unwritable.has(deadline.run) ? { run: deadline.run, expiresAt: undefined } : deadline))
  try {
    await storage.commit({ namespace, facts, ...others, deadlines: waiting })
    return facts.length
  } catch (error) {
    // Somebody wrote to one of the runs, or erased it, just now: they are looked at again with the next call.
    if (AutodidactError.is(error) && ['CONFLICT', 'FORGOTTEN', 'ID_CONFLICT'].includes(error.code)) return 0
    throw error
  }
}

const idOf = (run: string, deadline: number): string => `expired:${run}:${deadline}`

/** What keeps an expiry from being written: it or its run was erased, or something of the host's stands in its place. */
const takenIds = async ({ storage, namespace }: Scope, ids: readonly string[], runs: readonly string[]): Promise<ReadonlySet<string>> => {
  const taken = new Set(await storage.erased(namespace, [...ids, ...runs]))
  for await (const page of storage.read('', { namespace, ids })) for (const fact of page) taken.add(fact.id)
  return taken
}

const expiryOf = (dossier: Dossier, deadline: number): NewFactOf<'run.expired'> => ({
  id: idOf(dossier.run, deadline),
  kind: 'run.expired',
  version: kinds['run.expired'].version,
  occurredAt: deadline,
  user: dossier.user,
  session: dossier.recorded?.session,
  run: dossier.run,
  source: 'autodidact',
  trust: 'agent',
  // Of the deadline alone: whether the run was recorded may differ between two processes that notice it.
  digest: contentDigest({ run: dossier.run, deadline }),
  data: { deadline, recorded: dossier.recorded !== undefined },
})
