import assert from 'node:assert/strict'
import { AutodidactError, type ErrorCode } from '../../errors.ts'
import { contentDigest } from '../../log/canonical.ts'
import type { BlobReference, Fact, FactData, FactKind, NewFact } from '../../log/fact.ts'
import { kinds } from '../../log/kinds/index.ts'
import type { Batch, Capabilities, Filter, IndexEntry, Query, Storage } from '../../storage/storage.ts'

/** Where a store keeps its data; empty at first, and gone when disposed of. */
export interface StoragePlace {
  /**
   * Opens the store that is there. A second call gives another connection to the same data, as another process has it; a store without `manyWriters` is
   * opened once only, or again after it was closed.
   *
   * @param clock milliseconds since 1970-01-01 UTC, for `recordedAt`, tombstones and leases; default `Date.now`
   */
  open(clock?: () => number): Promise<Storage>
  /** Every byte that the store has written and that somebody could read: files, indexes, logs. Absent where nothing outlives the process. */
  bytes?(): Promise<Uint8Array>
  /** Reads and keeps reading, as a backup does, until the function it gives is called. Absent where a reader holds nothing up. */
  hold?(): Promise<() => Promise<void>>
  dispose(): Promise<void>
}

/** A store as its contract suite sees it. */
export interface StoreUnderTest {
  /** What the store says of itself; decides which laws it has to keep. */
  readonly capabilities: Capabilities
  /** A new, empty place. */
  place(): Promise<StoragePlace>
}

/** One thing a contract demands: a name, and a check that rejects when it does not hold. Runs in any test runner. */
export interface StorageLaw {
  readonly name: string
  readonly check: () => Promise<void>
}

/** What a law does with a place; places are disposed of afterwards. */
export type LawBody = (place: StoragePlace) => Promise<void>

/** A law over one place. */
export const law = (store: StoreUnderTest, name: string, body: LawBody): StorageLaw => ({
  name,
  check: async () => {
    const place = await store.place()
    try {
      await body(place)
    } finally {
      await place.dispose()
    }
  },
})

/** A law over one open store. */
export const lawOfOne = (store: StoreUnderTest, name: string, body: (storage: Storage) => Promise<void>): StorageLaw =>
  law(store, name, async (place) => {
    const storage = await place.open()
    try {
      await body(storage)
    } finally {
      await storage.close()
    }
  })

type Envelope = Partial<Pick<NewFact, 'occurredAt' | 'agent' | 'user' | 'session' | 'run' | 'source' | 'trust' | 'blobs'>>

/** A new fact of a kind, with its sample's data where nothing else is said. */
export const newFact = <Kind extends FactKind>(kind: Kind, id: string, envelope: Envelope = {}, data: Partial<FactData[Kind]> = {}): NewFact => {
  const content = { ...kinds[kind].sample, ...data }
  const fact = { id, kind, version: kinds[kind].version, occurredAt: 1_000, source: 'contract', trust: 'agent', ...envelope, digest: contentDigest(content), data: content }
  // Kind and data belong together by construction, which no type can say of a kind that is a parameter.
  return fact as unknown as NewFact
}

/** The reference of a fact whose response lies in a blob. */
export const responseIn = (hash: string): BlobReference => ({ place: ['response'], hash, form: 'text' })

/** A recorded run under its own id. */
export const runFact = (id: string, envelope: Envelope = {}, data: Partial<FactData['run.recorded']> = {}): NewFact =>
  newFact('run.recorded', id, { run: id, ...envelope }, data)

export const indexEntry = (id: string, text: string, other: Partial<IndexEntry> = {}): IndexEntry => ({
  id,
  kind: 'episode',
  standing: 'success',
  text,
  occurredAt: 1_000,
  ...other,
})

/** Commits to the namespace `one`, or the one named. */
export const commit = (storage: Storage, batch: Partial<Batch>): ReturnType<Storage['commit']> => storage.commit({ namespace: 'one', facts: [], ...batch })

/** All facts that a filter lets through, from the beginning. */
export const readAll = async (storage: Storage, filter: Partial<Filter> = {}, after = ''): Promise<Fact[]> => {
  const facts: Fact[] = []
  for await (const page of storage.read(after, { namespace: 'one', ...filter })) facts.push(...page)
  return facts
}

export const idsOf = async (storage: Storage, filter: Partial<Filter> = {}, after = ''): Promise<string[]> =>
  (await readAll(storage, filter, after)).map(({ id }) => id)

/** The ids of what a search finds, the best first. */
export const found = async (storage: Storage, text: string, query: Partial<Query> = {}): Promise<string[]> => {
  const hits = await storage.search({ namespace: 'one', text, limit: 20, standings: ['success', 'failure', 'unverified', 'knowledge'], ...query })
  return hits.map(({ id }) => id)
}

/** Rejects unless `work` fails with this code, in an error that says what to do next. */
export const fails = async (work: Promise<unknown>, code: ErrorCode): Promise<void> => {
  await assert.rejects(work, (error) => {
    assert(AutodidactError.is(error), `a raw error came through: ${String(error)}`)
    assert.equal(error.code, code, error.message)
    return true
  })
}

/** Everything that can be seen of a namespace from outside, to compare before and after. */
export const visible = async (storage: Storage, namespace = 'one'): Promise<unknown> => ({
  head: await storage.head(namespace),
  facts: await readAll(storage, { namespace }),
  found: await found(storage, 'orders of last month', { namespace, limit: 1_000 }),
  due: await storage.due(namespace, Number.MAX_SAFE_INTEGER, 1_000),
  optionSet: await storage.optionSet(namespace, 'set'),
  blob: await storage.blob(namespace, 'hash'),
})
