import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { dossiersOf, untilUndisturbed } from '../credit/run-facts.ts'
import { standingOf } from '../credit/standing.ts'
import type { Dossier } from '../credit/dossier.ts'
import { refuseSeconds } from '../log/clock.ts'
import type { Fact, FactKind } from '../log/fact.ts'
import { time } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { cursorAfter, type ThinFact } from '../storage/storage.ts'
import { thinned, type Thinness } from './thin.ts'

/** What {@link prune} takes. */
export const pruneInput = z.strictObject({
  before: time,
  texts: z.enum(['keep', 'unverified', 'all']).default('keep'),
  compact: z.boolean().default(true),
  dryRun: z.boolean().default(false),
})

/** What may go. */
export interface PruneSettings {
  /** Only what happened before this time, in milliseconds since 1970-01-01 UTC: runs that were imported are as old as they say. */
  readonly before: number
  /**
   * What of the texts goes. `keep`: none; only inputs and outputs of steps, and hashes of prompts. What fixes of errors are learned from stays:
   * the outputs of steps that failed, and the inputs of these and of the five steps behind each. `unverified`: also answers, takeaways and all but
   * the beginning of tasks of runs that nobody has judged, which are not recalled any more. `all`: those of all runs. Default `keep`.
   */
  readonly texts?: 'keep' | 'unverified' | 'all'
  /** False: the file keeps its size, and uses the space that became free for what comes. Default true. */
  readonly compact?: boolean
  /** True: nothing is written, and the report says what would go. Default false. */
  readonly dryRun?: boolean
}

/** What went. */
export interface PruneReport {
  /** Facts that have less in them. */
  readonly facts: number
  /** The same by kind, with the bytes that they are smaller by, as JSON in the log. */
  readonly kinds: readonly { readonly kind: FactKind; readonly facts: number; readonly bytes: number }[]
  /** Long payloads that nobody refers to any more. */
  readonly blobs: number
  /** Runs that are not recalled any more. */
  readonly unindexed: number
  /** Bytes of the whole file before and after; `after` is absent in a dry run. */
  readonly bytes: { readonly before: number; readonly after?: number }
  readonly dryRun: boolean
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Facts that are looked at in one piece. */
const factsAtOnce = 500

/** What may go of the facts of a run; undefined for those that have to stay as they are. */
const thinnessOf = (run: Dossier | undefined, texts: NonNullable<PruneSettings['texts']>): Thinness | undefined => {
  // As long as the run may still be recorded, what was shown has to be recognised.
  if (run?.recorded === undefined) return undefined
  if (texts === 'all') return 'texts'
  return texts === 'unverified' && standingOf(run) === 'unverified' ? 'texts' : 'details'
}

/** Sums by kind. */
class Tally {
  readonly #kinds = new Map<FactKind, { facts: number; bytes: number }>()

  add({ kind, data, blobs = [] }: Fact, left: ThinFact): void {
    const sum = this.#kinds.get(kind) ?? { facts: 0, bytes: 0 }
    this.#kinds.set(kind, sum)
    sum.facts += 1
    sum.bytes += bytesOf(data) + bytesOf(blobs) - bytesOf(left.data) - bytesOf(left.blobs)
  }

  get kinds(): PruneReport['kinds'] {
    return [...this.#kinds].map(([kind, sum]) => ({ kind, ...sum }))
  }
}

/**
 * Takes out of old facts what nobody learns from, for good: what was learned stays the same to the last bit, also when it is built anew. This is not forgetting: who
 * did what, and how it went, stays. A run that was not recorded, and knowledge, stay as they are.
 *
 * What is thin already is passed over, so that a second time nothing goes. An erasure that comes between makes it look again.
 *
 * @throws AutodidactError `INVALID_INPUT`, `NOT_ALLOWED` for a store that cannot, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:', { clock: () => 1_767_225_600_000 })
 * await autodidact.record({ task: 'refund order 1187', steps: [{ action: 'look up', output: 'a long page of orders' }], success: true })
 * const { facts, kinds } = await autodidact.prune({ before: 1_767_225_600_001 })
 * console.assert(facts === 1 && kinds[0]?.kind === 'run.recorded' && kinds[0].bytes > 20)
 * console.assert((await autodidact.recall('refund order')).items.length === 1)
 * await autodidact.close()
 * ```
 */
export const prune = async (scope: Scope, given: PruneSettings): Promise<PruneReport> => {
  const { before, texts, compact, dryRun } = validated(pruneInput, given, 'prune')
  refuseSeconds({ before }, scope.clock(), 'prune')
  const { storage, namespace } = scope
  if (storage.thin === undefined) throw new AutodidactError('NOT_ALLOWED', 'prune: this store cannot take anything out of facts. Copy it to one that can, such as a file (copyStore, or "autodidact copy"), or forget what is not needed.')
  const size = await storage.size()
  const tally = new Tally()
  let [blobs, unindexed] = [0, 0]
  const { sequence: end } = await storage.head(namespace)
  for (let after = 0; after < end;) {
    const { last, receipt } = await untilUndisturbed(async () => {
      const { epoch } = await storage.head(namespace)
      const page = await pageAfter(scope, after, end)
      const thinning = await thinningOf(scope, page.filter(({ occurredAt }) => occurredAt < before), texts)
      const facts = thinning.map(({ left }) => left)
      const unindexedRuns = thinning.flatMap(({ fact, thinness }) => (fact.kind === 'run.recorded' && thinness === 'texts' ? [fact.id] : []))
      const done = dryRun || facts.length === 0 ? undefined : await storage.thin?.({ namespace, epoch, facts, unindexed: unindexedRuns })
      for (const { fact, left } of thinning) tally.add(fact, left)
      return { last: page.at(-1)?.sequence ?? end, receipt: done ?? { blobs: 0, indexRows: unindexedRuns.length } }
    })
    after = last
    blobs += receipt.blobs
    unindexed += receipt.indexRows
  }
  const facts = tally.kinds.reduce((sum, kind) => sum + kind.facts, 0)
  if (!dryRun && compact && facts > 0) await storage.compact?.()
  const after = dryRun ? {} : { after: await storage.size() }
  return { facts, kinds: tally.kinds, blobs, unindexed, bytes: { before: size, ...after }, dryRun }
}

const pageAfter = async ({ storage, namespace }: Scope, after: number, end: number): Promise<readonly Fact[]> => {
  for await (const page of storage.read(cursorAfter(after), { namespace, before: end + 1, pageSize: factsAtOnce })) return page
  return []
}

/** What is left of the facts that have something to lose. */
const thinningOf = async ({ storage, namespace }: Scope, facts: readonly Fact[], texts: NonNullable<PruneSettings['texts']>) => {
  const dossiers = await dossiersOf(storage, namespace, [...new Set(facts.flatMap(({ run }) => run ?? []))])
  return facts.flatMap((fact) => {
    const thinness = thinnessOf(dossiers.get(fact.run ?? ''), texts)
    const left = thinness === undefined ? undefined : thinned(fact, thinness)
    if (left === undefined || JSON.stringify([left.data, left.blobs]) === JSON.stringify([fact.data, fact.blobs ?? []])) return []
    return [{ fact, thinness, left: { id: fact.id, ...left } }]
  })
}
