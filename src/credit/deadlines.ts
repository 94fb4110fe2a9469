import { AutodidactError } from '../errors.ts'
import { contentDigest } from '../log/canonical.ts'
import type { NewFactOf } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import type { Scope } from '../scope.ts'
import { type Changed, consequences } from './consequences.ts'
import { Dossier } from './dossier.ts'
import { factsOfRuns } from './run-facts.ts'

/** Runs looked at in one call, so that a long absence does not delay the call that notices it; the others wait for the next ones. */
const atOnce = 32

/**
 * Writes down that the deadlines of advised runs have passed without a verdict: at most 32 runs a call, in one commit. Any process may do it at any time: the
 * fact's id is made from the run and the deadline, so it is written once.
 *
 * @returns how many runs were looked at; 0 when none is due, or somebody else is just writing to one of them
 */
export const expireRuns = async (scope: Scope): Promise<number> => {
  const { storage, namespace } = scope
  const due = await storage.due(namespace, scope.clock(), atOnce)
  if (due.length === 0) return 0
  const known = await factsOfRuns(storage, namespace, due.map(({ run }) => run))
  const refused = await refusedRuns(scope, due)
  const facts: NewFactOf<'run.expired'>[] = []
  const changed = due.map(({ run, expiresAt }): Changed => {
    const [before, after] = [Dossier.of(run, known.get(run) ?? []), Dossier.of(run, known.get(run) ?? [])]
    // A run that was judged meanwhile only stops waiting.
    if (before.verdict !== undefined || refused.has(run)) return { before, after }
    const fact = expiryOf(before, expiresAt)
    facts.push(fact)
    after.add({ ...fact, namespace, sequence: after.lastSequence + 1, recordedAt: scope.clock() })
    return { before, after }
  })
  const follows = consequences(changed)
  // A deadline that cannot be written down must not come up forever: nobody waits for it any more.
  const deadlines = [...follows.deadlines, ...[...refused].map((run) => ({ run, expiresAt: undefined }))]
  try {
    await storage.commit({ namespace, facts, ...follows, deadlines })
    return due.length
  } catch (error) {
    // Somebody wrote to one of the runs, or erased it, just now: they are looked at again with the next call.
    if (AutodidactError.is(error) && ['CONFLICT', 'FORGOTTEN', 'ID_CONFLICT'].includes(error.code)) return 0
    throw error
  }
}

/**
 * The same for a verb that is about something else, which must neither fail nor wait for long because of it: what cannot be written now is due with the next call.
 *
 * @param most runs looked at, for those that cannot be left out; default 32
 */
export const noticeDeadlines = async (scope: Scope, most = atOnce): Promise<void> => {
  if (scope.storage.capabilities.readOnly === true) return
  try {
    for (let seen = 0; seen < most; ) {
      const looked = await expireRuns(scope)
      if (looked === 0) return
      seen += looked
    }
  } catch (error) {
    if (!AutodidactError.is(error)) throw error
  }
}

const idOf = (run: string, deadline: number): string => `expired:${run}:${deadline}`

/** The runs whose expiry cannot be written: it or the run was erased, or something of the host's stands in its place. */
const refusedRuns = async ({ storage, namespace }: Scope, due: readonly { readonly run: string; readonly expiresAt: number }[]): Promise<ReadonlySet<string>> => {
  const ids = due.map(({ run, expiresAt }) => idOf(run, expiresAt))
  const taken = new Set(await storage.erased(namespace, [...ids, ...due.map(({ run }) => run)]))
  for await (const page of storage.read('', { namespace, ids })) for (const fact of page) taken.add(fact.id)
  return new Set(due.filter(({ run, expiresAt }) => taken.has(run) || taken.has(idOf(run, expiresAt))).map(({ run }) => run))
}

const expiryOf = ({ run, user, recorded }: Dossier, deadline: number): NewFactOf<'run.expired'> => ({
  id: idOf(run, deadline),
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
