import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { untilUndisturbed } from '../credit/run-facts.ts'
import { contentDigest } from '../log/canonical.ts'
import { newId } from '../log/ids.ts'
import { type FactKind, kinds } from '../log/kinds/index.ts'
import { name } from '../log/kinds/shared.ts'
import { isFactKind } from '../log/upcast.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { Erasure, ErasureReceipt } from '../storage/storage.ts'
import { subscriptionsIn } from '../share/bookmarks.ts'
import type { Pieces } from './pieces.ts'
import { canScan, collect, failureOf, isWaiting, reasonOf, scan, type ScanReport } from './scan.ts'
import { select } from './selection.ts'

/** Kinds of facts that can be erased by their kind: the notes that something was erased stay. */
export type ForgettableKind = Exclude<FactKind, 'subject.forgotten'>

const isForgettable = (kind: unknown): kind is ForgettableKind => typeof kind === 'string' && isFactKind(kind) && kind !== 'subject.forgotten'

const forgettable = Object.keys(kinds).filter(isForgettable)

const selectorInput = z
  .strictObject({
    facts: z.array(name).optional(),
    user: name.optional(),
    session: name.optional(),
    run: name.optional(),
    source: name.optional(),
    kind: z.custom<ForgettableKind>(isForgettable, `is no kind of fact that can be forgotten; there are ${forgettable.join(', ')}`).optional(),
    namespace: z.literal(true).optional(),
  })
  .refine((selector) => Object.values(selector).filter((value) => value !== undefined).length === 1, 'must name exactly one of facts, user, session, run, source, kind, namespace')

/** Whose or which facts are to be erased; exactly one. */
export type Selector =
  | { readonly facts: readonly string[] }
  | { readonly user: string }
  | { readonly session: string }
  | { readonly run: string }
  | { readonly source: string }
  | { readonly kind: ForgettableKind }
  | { readonly namespace: true }

const settingsInput = z.strictObject({ dryRun: z.boolean().default(false), scan: z.boolean().default(true) })

/** How to forget. */
export interface ForgetSettings {
  /** True: nothing is erased, and the report says what would be. Default false. */
  readonly dryRun?: boolean
  /** False: the files are not searched for what was erased, which takes about a second for 100 MB. Default true. */
  readonly scan?: boolean
}

/** What was erased, or would be. */
export interface ForgetReport {
  readonly facts: number
  /** `pending`: bytes of the old text are left, for the reason that is given; call again when it is gone. `dry-run`: nothing was erased. */
  readonly status: 'proven' | 'pending' | 'dry-run'
  /** The facts by kind, in the order of the log; only in a dry run. */
  readonly kinds?: readonly { readonly kind: FactKind; readonly facts: number }[]
  /** What stands in the way of a proof, such as another process that still reads the old text, or a full disk; only with `pending`. */
  readonly reason?: string
  /** A search for erased texts in every byte of the store; absent where nothing was erased, nothing outlives the process, or nothing was to be searched. */
  readonly scan?: ScanReport
}

/**
 * Erases facts with their index rows and blobs, drops every state that had learned from them, and folds what remains. A run whose verdict is
 * erased loses its standing; a run that is erased takes its advice, decisions and feedback with it.
 *
 * A run belongs to the user, session or source that it was recorded for; one that was not recorded, or for nobody in particular, to those who asked in it,
 * where these are one. Of a run of others only what is their own is erased: what they asked, what was decided for them, what they said of it.
 *
 * Everything that was committed before the erasure is in it: what is written while it reads makes it read again, up to 20 times.
 *
 * @throws AutodidactError `INVALID_INPUT`, `CONFLICT`, `READ_ONLY`, `BUSY`, `CLOSED`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.record({ task: 'Where does Ada live?', response: 'in Oslo', user: 'ada', success: true })
 * const { kinds } = await autodidact.forget({ user: 'ada' }, { dryRun: true })
 * console.assert(kinds?.[0]?.kind === 'run.recorded' && kinds[0].facts === 1)
 * const report = await autodidact.forget({ user: 'ada' })
 * const { items } = await autodidact.recall('where does Ada live')
 * console.assert(report.facts === 1 && report.status === 'proven' && items.length === 0)
 * await autodidact.close()
 * ```
 */
export const forget = async (scope: Scope, given: Selector, how: ForgetSettings = {}): Promise<ForgetReport> => {
  const selector = validated(selectorInput, given, 'forget')
  const { dryRun, scan: isScanned } = validated(settingsInput, how, 'forget: settings')
  const by = selectorKinds.find((kind) => selector[kind] !== undefined)
  if (by === undefined) throw new AutodidactError('INVALID_INPUT', 'forget: nothing is selected. Name one of facts, user, session, run, source, kind, namespace.')
  const { namespace, storage } = scope
  if (dryRun) return planned(scope, by === 'namespace' ? undefined : (await select(scope, selector)).facts)
  const toScan = isScanned && canScan(storage)
  const { receipt, pieces, erased } = await untilUndisturbed(async () => {
    // The store takes all of it, whatever is in it.
    const selected = by === 'namespace' ? undefined : await select(scope, selector)
    const collected = toScan ? await collect(scope, selected?.facts) : undefined
    const erasure = selected === undefined ? { facts: [], standings: [], expect: [] } : { ...selected, note: forgottenFact(scope, by, selected.facts.length) }
    return { receipt: await storage.erase({ namespace, ...erasure, by }), pieces: collected, erased: new Set(selected?.facts) }
  })
  if (selector.user !== undefined) await forgetSubscriptions(scope, selector.user)
  scope.runner.drop(scope.namespace)
  return toScan && (receipt.facts > 0 || isWaiting(storage)) ? scanned(scope, receipt, receipt.facts > 0 ? pieces : undefined, erased) : receipt
}

/** Places are no facts, and name whose they are. */
const forgetSubscriptions = async (scope: Scope, user: string): Promise<void> => {
  for (const { bookmark } of (await subscriptionsIn(scope)).filter(({ agent, name: called }) => agent === user || called === user)) await scope.storage.bookmarks?.remove(scope.namespace, bookmark)
}

/** The erasure is done by now, so whatever goes wrong here is no error. */
const scanned = async (scope: Scope, { facts, ...receipt }: ErasureReceipt, pieces: Pieces | undefined, erased: ReadonlySet<string>): Promise<ForgetReport> => {
  try {
    const wasWaiting = isWaiting(scope.storage)
    let { report, settle } = await scan(scope, pieces, erased)
    if (wasWaiting && receipt.status === 'proven' && report.found > 0 && scope.storage.compact !== undefined) {
      // Whatever kept it there the last time may be gone, and what is free in a file is only given up where it is written anew. Not while somebody still reads: then the log would only grow.
      await scope.storage.compact()
      ;({ report, settle } = await scan(scope, undefined, erased))
    }
    const reasons = [receipt.reason, reasonOf(report)].filter((reason) => reason !== undefined)
    if (reasons.length > 0) return { facts, status: 'pending', reason: reasons.join(' '), scan: report }
    settle()
    return { facts, status: receipt.status, scan: report }
  } catch (error) {
    return { facts, status: 'pending', reason: [receipt.reason, failureOf(error)].filter((reason) => reason !== undefined).join(' ') }
  }
}

const idsAtOnce = 5_000

/** What an erasure of these facts, or of the whole namespace, would erase. */
const planned = async ({ namespace, storage }: Scope, ids: readonly string[] | undefined): Promise<ForgetReport> => {
  const counts = new Map<FactKind, number>()
  const filters = ids === undefined ? [{ namespace }] : Array.from({ length: Math.ceil(ids.length / idsAtOnce) }, (_, at) => ({ namespace, ids: ids.slice(at * idsAtOnce, (at + 1) * idsAtOnce) }))
  for (const filter of filters) {
    for await (const page of storage.read('', filter)) for (const { kind } of page) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  const kinds = Array.from(counts, ([kind, facts]) => ({ kind, facts }))
  return { facts: kinds.reduce((sum, { facts }) => sum + facts, 0), status: 'dry-run', kinds }
}

const selectorKinds = ['facts', 'user', 'session', 'run', 'source', 'kind', 'namespace'] as const satisfies readonly Erasure['by'][]

const forgottenFact = (scope: Scope, by: Erasure['by'], facts: number) => {
  const id = newId('forget')
  return {
    id,
    kind: 'subject.forgotten' as const,
    version: kinds['subject.forgotten'].version,
    occurredAt: scope.clock(),
    source: 'autodidact',
    trust: 'agent' as const,
    digest: contentDigest({ id }),
    data: { by, facts },
  }
}
