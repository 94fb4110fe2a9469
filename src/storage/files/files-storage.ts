import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { nextTurn } from '../../next-turn.ts'
import { wholeMilliseconds } from '../../log/clock.ts'
import type { Fact } from '../../log/fact.ts'
import {
  type BackupReceipt,
  type BackupSettings,
  type Batch,
  type Capabilities,
  type CommitReceipt,
  type Contents,
  type Cursor,
  type EncryptionSettings,
  type Erasure,
  type ErasureReceipt,
  type FactOrigin,
  type Filter,
  type Head,
  type Hit,
  type Query,
  type RawBytes,
  sequenceOf,
  type Storage,
  type StoredOptionSet,
  type Tombstone,
} from '../storage.ts'
import { backupFolder } from './backup.ts'
import { FileBookmarks } from './bookmarks.ts'
import { effective, entryOf, expectNothingNew, expectUnchanged, receive } from './commit.ts'
import { Connection, type Durability } from './connection.ts'
import { removalOf } from './erase.ts'
import { attempt, corrupt } from './errors.ts'
import { fileNameOf, logSuffix } from './file.ts'
import { conditionOf } from './filter.ts'
import { appendEntry, cutTorn, flushLog, headingsIn, loadLog, readEntry } from './log.ts'
import { ownTexts, rawBytes } from './raw.ts'
import { rewriteLog } from './rewrite.ts'
import { type Entry, field, type Row } from './rows.ts'
import { FileLeases, FileSnapshots } from './snapshots.ts'
import { hashesOf, NamespaceState } from './state.ts'

export interface FilesSettings {
  /** Default `normal`. */
  readonly durability?: Durability
  /** The key of the caller; a new folder is encrypted with it, and an encrypted one is opened. */
  readonly encryption?: EncryptionSettings
  /** True: for reading only; false: for writing, or not at all. Default: for reading where this user may not write. */
  readonly readOnly?: boolean
  /** Milliseconds since 1970, fractions cut off; for tests. Default `Date.now`. */
  readonly clock?: () => number
}

const pageSizeDefault = 500

/**
 * The log of a namespace in memory, and what its file looked like when it was read. An erasure puts another state in the place of the old one here, and not
 * another `Loaded`: whoever waited for this one meanwhile finds the log as it is now.
 */
interface Loaded {
  readonly path: string
  readonly looks: string
  state: NamespaceState
}

/** Changes with every write to a file. */
const looksOf = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`
}

/**
 * The store in a folder of text files: one log of JSON lines for each namespace, to be read with any editor. What is looked for is kept in memory, and read from the
 * logs when a namespace is used first. One process writes at a time; others may read.
 *
 * @example
 * ```ts
 * import { Autodidact, FilesStorage } from 'autodidact'
 *
 * const storage = await FilesStorage.open('agent')
 * const autodidact = Autodidact.over(storage)
 * console.assert(!storage.capabilities.manyWriters && storage.capabilities.persistent)
 * await autodidact.close()
 * ```
 */
export class FilesStorage implements Storage {
  readonly capabilities: Capabilities
  readonly snapshots: Storage['snapshots']
  readonly leases: Storage['leases']
  readonly contents: Contents = { origins: (namespace, ids) => this.#origins(namespace, ids), tombstones: (namespace) => this.#tombstones(namespace) }
  readonly bookmarks: FileBookmarks
  readonly #connection: Connection
  readonly #snapshots: FileSnapshots
  readonly #clock: () => number
  readonly #loaded = new Map<string, Promise<Loaded>>()
  /** Of the namespace that was made last; undefined until one is to be made. */
  #lastNumber: number | undefined

  private constructor(connection: Connection, clock: () => number) {
    this.#connection = connection
    this.#clock = clock
    this.capabilities = {
      persistent: true,
      manyWriters: false,
      durability: connection.durability === 'full' ? 'power' : 'process',
      ...(connection.readOnly ? { readOnly: true } : {}),
      ...(connection.cipher.encrypts ? { encrypted: true } : {}),
    }
    const leases = new FileLeases(connection)
    this.leases = leases
    this.#snapshots = new FileSnapshots(connection, leases, (namespace) => this.#headOf(namespace), (namespace) => flushLog(this.#pathOf(namespace)))
    this.bookmarks = new FileBookmarks(connection)
    this.snapshots = this.#snapshots
  }

  /**
   * @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `READ_ONLY`, `CANNOT_OPEN`, `CORRUPT`, `DISK_FULL`, `BUSY` while another process writes to it,
   * `KEY_REQUIRED`, `WRONG_KEY`, `NOT_ENCRYPTED`, `INVALID_INPUT`
   */
  static async open(path: string, settings: FilesSettings = {}): Promise<FilesStorage> {
    const { durability = 'normal', readOnly, encryption, clock = Date.now } = settings
    return new FilesStorage(await Connection.open(path, { durability, readOnly, encryption }), wholeMilliseconds(clock))
  }

  async commit(batch: Batch): Promise<CommitReceipt> {
    this.#connection.expectWritable()
    const { state, path } = await this.#load(batch.namespace)
    this.#connection.expectWritable()
    expectUnchanged(state, batch.expect ?? [])
    const { receipts, stored } = receive(state, batch.facts, this.#clock(), batch.origins)
    // A batch whose facts were all there is a repetition: what belongs to them was written with them.
    if (batch.facts.length > 0 && stored.length === 0) return { facts: receipts }
    const entry = entryOf(state, batch, stored)
    if (Object.keys(entry).length > 0) this.#append(path, state, entry)
    return { facts: receipts }
  }

  #append(path: string, state: NamespaceState, entry: Entry): void {
    if (state.size === 0) {
      this.#lastNumber ??= headingsIn(this.#connection.data).at(-1)?.number ?? 0
      state.number = this.#lastNumber + 1
    }
    appendEntry(this.#connection.cipher, path, state, entry, this.#connection.durability === 'full')
    this.#lastNumber = Math.max(this.#lastNumber ?? 0, state.number)
  }

  async *read(after: Cursor, filter: Filter): AsyncIterable<readonly Fact[]> {
    this.#connection.expectOpen()
    let last = sequenceOf(after)
    const pageSize = filter.pageSize ?? pageSizeDefault
    const holds = conditionOf(filter)
    for (;;) {
      const loaded = await this.#known(filter.namespace)
      if (loaded === undefined) return
      const { state } = loaded
      const page = pageOf(state, filter, last, pageSize, holds)
      if (page.length > 0) yield page.map((row) => state.factOf(row))
      if (page.length < pageSize) return
      last = page.at(-1)?.sequence ?? last
      await nextTurn()
    }
  }

  async head(namespace: string): Promise<Head> {
    return (await this.#headOf(namespace)) ?? { sequence: 0, epoch: 0 }
  }

  async erased(namespace: string, ids: readonly string[]): Promise<readonly string[]> {
    const loaded = await this.#known(namespace)
    return ids.filter((id) => loaded?.state.tombstones.has(id))
  }

  async search(query: Query): Promise<readonly Hit[]> {
    return (await this.#known(query.namespace))?.state.index.search(query) ?? []
  }

  async optionSet(namespace: string, key: string): Promise<StoredOptionSet | undefined> {
    const options = (await this.#known(namespace))?.state.optionSets.get(key)
    return options === undefined ? undefined : { key, options: JSON.parse(options) }
  }

  async blob(namespace: string, hash: string): Promise<string | undefined> {
    const loaded = await this.#known(namespace)
    const place = loaded?.state.blobs.get(hash)
    if (loaded === undefined || place === undefined) return undefined
    try {
      return readEntry(this.#connection.cipher, loaded.path, namespace, place).blobs?.find((blob) => blob.hash === hash)?.text
    } catch (error) {
      // For a reader, the writer may just have put another file in its place.
      if (!this.#connection.readOnly || loaded.looks === looksOf(loaded.path)) throw error
      return this.blob(namespace, hash)
    }
  }

  async due(namespace: string, now: number, limit: number): Promise<readonly { run: string; expiresAt: number }[]> {
    const deadlines = (await this.#known(namespace))?.state.deadlines ?? []
    return [...deadlines]
      .flatMap(([run, expiresAt]) => (expiresAt <= now ? [{ run, expiresAt }] : []))
      .sort((left, right) => left.expiresAt - right.expiresAt || (left.run < right.run ? -1 : 1))
      .slice(0, limit)
  }

  async erase(erasure: Erasure): Promise<ErasureReceipt> {
    this.#connection.expectWritable()
    const loaded = await this.#known(erasure.namespace)
    this.#connection.expectWritable()
    if (erasure.by === 'namespace') this.bookmarks.drop(erasure.namespace)
    if (loaded === undefined) return { facts: 0, status: 'proven' }
    const { state, path } = loaded
    if (erasure.by !== 'namespace') {
      expectUnchanged(state, erasure.expect)
      expectNothingNew(state, erasure.found)
    }
    const removal = removalOf(state, erasure, this.#clock())
    const deadlines = effective(state, erasure.deadlines ?? [])
    if (removal.rows.length === 0) {
      const entry = { ...field('standings', erasure.standings), ...field('deadlines', deadlines) }
      if (Object.keys(entry).length > 0) this.#append(path, state, entry)
      return { facts: 0, status: 'proven' }
    }
    const note = erasure.note === undefined ? [] : receive(state, [erasure.note], this.#clock()).stored
    const left = [...state.deadlines].flatMap(([run, expiresAt]) => (removal.closedRuns.has(run) || erasure.by === 'namespace' ? [] : [{ run, expiresAt }]))
    // First what is only a short cut: were the process killed in between, nothing would be left that had learned from what is gone.
    this.#snapshots.dropFrom(erasure.namespace, erasure.by === 'namespace' ? 0 : removal.first)
    loaded.state = rewriteLog(this.#connection.cipher, path, state, {
      removal,
      standings: new Map(erasure.standings.map(({ id, standing }) => [id, standing])),
      last: { ...field('facts', note), ...field('deadlines', [...left, ...deadlines]) },
    })
    return { facts: removal.rows.length, status: 'proven' }
  }

  raw(): AsyncIterable<RawBytes> {
    this.#connection.expectOpen()
    return rawBytes(this.#connection)
  }

  ownTexts(): AsyncIterable<string> {
    this.#connection.expectOpen()
    return ownTexts(this.#connection)
  }

  async namespaces(): Promise<readonly string[]> {
    this.#connection.expectOpen()
    if (this.#connection.readOnly) this.#connection.refresh()
    return headingsIn(this.#connection.data).map(({ namespace }) => namespace)
  }

  async size(): Promise<number> {
    this.#connection.expectOpen()
    const { data } = this.#connection
    return attempt(data, () => readdirSync(data).reduce((sum, name) => sum + (statSync(join(data, name), { throwIfNoEntry: false })?.size ?? 0), 0))
  }

  async backup(to: string, settings: BackupSettings = {}): Promise<BackupReceipt> {
    this.#connection.expectOpen()
    return backupFolder(this.#connection, to, settings, this.#clock())
  }

  rotateKey(next: EncryptionSettings): Promise<void> {
    return this.#connection.rotateKey(next)
  }

  async close(): Promise<void> {
    this.#connection.close()
    this.#loaded.clear()
  }

  async #origins(namespace: string, ids: readonly string[]): Promise<ReadonlyMap<string, FactOrigin>> {
    const state = (await this.#known(namespace))?.state
    return new Map(
      ids.flatMap((id) => {
        const row = state?.byId.get(id)
        if (state === undefined || row === undefined) return []
        const { sequence, recordedAt, digest } = row
        const standing = state.index.standingOf(id)
        return [[id, { sequence, recordedAt, digest, kept: [...hashesOf(row)], ...(standing === undefined ? {} : { standing }) }]]
      }),
    )
  }

  async #tombstones(namespace: string): Promise<readonly Tombstone[]> {
    return [...((await this.#known(namespace))?.state.tombstones.values() ?? [])]
  }

  async #headOf(namespace: string): Promise<Head | undefined> {
    const loaded = await this.#known(namespace)
    return loaded === undefined ? undefined : { sequence: loaded.state.rows.at(-1)?.sequence ?? 0, epoch: loaded.state.epoch }
  }

  /** The log of a namespace that something was written to, as it is now. */
  async #known(namespace: string): Promise<Loaded | undefined> {
    this.#connection.expectOpen()
    const loaded = await (this.#connection.readOnly ? this.#reread(namespace) : this.#load(namespace))
    this.#connection.expectOpen()
    return loaded.state.size === 0 ? undefined : loaded
  }

  /** A reader looks whether the file was written to or replaced since it was read. */
  async #reread(namespace: string): Promise<Loaded> {
    this.#connection.refresh()
    const known = await this.#loaded.get(namespace)
    if (known !== undefined && (known.path !== this.#pathOf(namespace) || known.looks !== looksOf(known.path))) this.#loaded.delete(namespace)
    return this.#load(namespace)
  }

  #load(namespace: string): Promise<Loaded> {
    const known = this.#loaded.get(namespace)
    if (known !== undefined) return known
    const loading = this.#fromFile(namespace)
    this.#loaded.set(namespace, loading)
    // What failed is tried again by the next call.
    loading.catch(() => {
      if (this.#loaded.get(namespace) === loading) this.#loaded.delete(namespace)
    })
    return loading
  }

  async #fromFile(namespace: string): Promise<Loaded> {
    const path = this.#pathOf(namespace)
    const looks = looksOf(path)
    if (looks === '') this.#expectNeverThere(namespace, path)
    const state = looks === '' ? undefined : await loadLog(this.#connection.cipher, path)
    if (!this.#connection.readOnly && looks !== '') {
      if (state === undefined) attempt(path, () => rmSync(path))
      else cutTorn(path, state.size)
      // What was saved of lines that are lost would pass for what was learned, once others have taken their places.
      this.#snapshots.dropBeyond(namespace, state?.last ?? 0)
    }
    return { path, looks, state: state ?? new NamespaceState(namespace) }
  }

  /** A log that somebody took away must not pass for a namespace that nobody has used. */
  #expectNeverThere(namespace: string, path: string): void {
    // Its writer may just have made both.
    if (this.#snapshots.knows(namespace) && looksOf(path) === '') {
      throw corrupt(path, 'it is gone, and what was learned from it is there. To begin anew, delete the files with the same beginning too')
    }
    // The writer looks once: from then on it knows.
    if (!this.#connection.readOnly) this.#lastNumber ??= headingsIn(this.#connection.data).at(-1)?.number ?? 0
  }

  #pathOf(namespace: string): string {
    return join(this.#connection.data, `${fileNameOf(namespace)}${logSuffix}`)
  }
}

/** The next facts that a filter lets through; ids and runs are looked up, the rest is looked at one after the other. */
const pageOf = (state: NamespaceState, filter: Filter, after: number, pageSize: number, holds: (row: Row) => boolean): Row[] => {
  const before = filter.before ?? Number.POSITIVE_INFINITY
  const chosen = candidatesOf(state, filter)
  const page: Row[] = []
  for (let place = chosen === undefined ? state.placeAfter(after) : 0; page.length < pageSize; place += 1) {
    const row = (chosen ?? state.rows)[place]
    if (row === undefined || row.sequence >= before) break
    if (row.sequence > after && holds(row)) page.push(row)
  }
  return page
}

/** In the order of the log. */
const candidatesOf = (state: NamespaceState, { ids, runs }: Filter): Row[] | undefined => {
  if (ids === undefined && runs === undefined) return undefined
  const rows = ids === undefined ? [...new Set(runs)].flatMap((run) => state.byRun.get(run) ?? []) : [...new Set(ids)].flatMap((id) => state.byId.get(id) ?? [])
  return rows.sort((left, right) => left.sequence - right.sequence)
}
