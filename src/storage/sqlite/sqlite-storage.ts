import { AutodidactError } from '../../errors.ts'
import { wholeMilliseconds } from '../../log/clock.ts'
import type { Fact } from '../../log/fact.ts'
import { nextTurn } from '../../next-turn.ts'
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
  type Filter,
  type Head,
  type Hit,
  type Query,
  type RawBytes,
  sequenceOf,
  type Storage,
  type StoredOptionSet,
  type Thinning,
  type ThinningReceipt,
} from '../storage.ts'
import { backupDatabase } from './backup.ts'
import { SqliteBookmarks } from './bookmarks.ts'
import { append, commitBatch, expectNothingNew, expectUnchanged, setDeadline } from './commit.ts'
import { Connection, type Durability } from './connection.ts'
import { SqliteContents } from './contents.ts'
import { blobPlace, decryptRow, optionsPlace, spaceOf } from './encryption.ts'
import { eraseFacts, eraseNamespace } from './erase.ts'
import { corrupt } from './errors.ts'
import { conditionsOf, isScan } from './filter.ts'
import type { Inside } from './inside.ts'
import { proveErased, truncateLog } from './prove.ts'
import { ownTexts, rawBytes } from './raw.ts'
import { rewriteFile } from './rewrite.ts'
import { factOf, parsed, readColumns } from './rows.ts'
import { SqliteLeases, SqliteSnapshots } from './snapshots.ts'
import { TextIndex } from './text-index.ts'
import { thinFacts } from './thin.ts'

export interface SqliteSettings {
  /** Default `normal`. */
  readonly durability?: Durability
  /** The key of the caller; a new file is encrypted with it, and an encrypted one is opened. */
  readonly encryption?: EncryptionSettings
  /** True: for reading only; false: for writing, or not at all. Default: for reading where this user may not write. */
  readonly readOnly?: boolean
  /** Milliseconds since 1970, fractions cut off; for tests. Default `Date.now`. */
  readonly clock?: () => number
}

// Measured on a replay of 166,000 facts: pages of 500 survive scavenging and are copied around, which costs an eighth more time and a tenth more memory.
const pageSizeDefault = 200

/** Without an index, so many places of the log are looked at before other work of the process gets its turn: some ten milliseconds. */
const scannedAtOnce = 10_000

/** Numbers of namespaces kept at hand; finding one again costs a look into the file. */
const namespacesAtHand = 10_000

/**
 * The store on one SQLite file, or in memory under the path `:memory:`. Any number of processes may use one file.
 *
 * @example
 * ```ts
 * import { Autodidact, SqliteStorage } from 'autodidact'
 *
 * const storage = await SqliteStorage.open('agent.db', { durability: 'full' })
 * const autodidact = Autodidact.over(storage)
 * console.assert(storage.capabilities.durability === 'power')
 * await autodidact.close()
 * ```
 */
export class SqliteStorage implements Storage {
  readonly capabilities: Capabilities
  readonly snapshots: Storage['snapshots']
  readonly leases: Storage['leases']
  readonly contents: Contents
  readonly bookmarks: SqliteBookmarks
  readonly #connection: Connection
  readonly #index: TextIndex
  readonly #clock: () => number
  readonly #numbers = new Map<string, number>()

  private constructor(connection: Connection, index: TextIndex, durability: Durability, clock: () => number) {
    const inMemory = connection.path === ':memory:'
    this.#connection = connection
    this.#index = index
    this.#clock = clock
    this.capabilities = {
      persistent: !inMemory,
      manyWriters: !inMemory,
      durability: inMemory ? 'none' : durability === 'full' ? 'power' : 'process',
      ...(connection.readOnly ? { readOnly: true } : {}),
      ...(inMemory || connection.cipher.encrypts ? {} : { views: true }),
      ...(connection.cipher.encrypts ? { encrypted: true } : {}),
    }
    this.snapshots = new SqliteSnapshots(connection, clock, this.capabilities.views === true)
    this.leases = new SqliteLeases(connection, clock)
    this.contents = new SqliteContents(connection)
    this.bookmarks = new SqliteBookmarks(connection)
  }

  /**
   * @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `READ_ONLY`, `CANNOT_OPEN`, `CORRUPT`, `DISK_FULL`, `BUSY`, `KEY_REQUIRED`, `WRONG_KEY`,
   * `NOT_ENCRYPTED`, `INVALID_INPUT`
   */
  static async open(path: string, settings: SqliteSettings = {}): Promise<SqliteStorage> {
    const durability = settings.durability ?? 'normal'
    const connection = await Connection.open(path, { durability, readOnly: settings.readOnly, encryption: settings.encryption })
    try {
      const index = await connection.patiently(() => new TextIndex(connection.database, connection.cipher))
      const { clock = Date.now } = settings
      return new SqliteStorage(connection, index, durability, wholeMilliseconds(clock))
    } catch (error) {
      connection.close()
      throw error
    }
  }

  commit(batch: Batch): Promise<CommitReceipt> {
    return this.#connection.write(() => commitBatch(this.#inside(this.#numberFor(batch.namespace)), batch))
  }

  async *read(after: Cursor, filter: Filter): AsyncIterable<readonly Fact[]> {
    const namespace = await this.#patientlyKnown(filter.namespace)
    if (namespace === undefined) return
    const pageSize = filter.pageSize ?? pageSizeDefault
    // Named, because without statistics the planner prefers to walk the whole namespace in the order asked for.
    const index = filter.ids !== undefined ? 'facts_by_id' : filter.runs !== undefined ? 'facts_by_run' : undefined
    const from = index === undefined ? 'facts' : `facts INDEXED BY ${index}`
    const [end, stretch] = isScan(filter) ? [(await this.head(filter.namespace)).sequence, scannedAtOnce] : [0, Number.POSITIVE_INFINITY]
    let last = sequenceOf(after)
    for (;;) {
      const before = Math.min(filter.before ?? Number.MAX_SAFE_INTEGER, last + stretch)
      const conditions = conditionsOf(this.#connection.cipher, namespace, last, { ...filter, before })
      const text = `SELECT ${readColumns} FROM ${from} WHERE ${conditions.text} ORDER BY sequence LIMIT ?`
      // All rows of a page at once: no statement stays open, and so no snapshot of the file is held, while the caller works.
      const rows = await this.#connection.patiently(() => this.#connection.rows(text, ...conditions.values, pageSize))
      const page = rows.map((row) => factOf(filter.namespace, decryptRow(this.#connection.cipher, namespace, row)))
      if (page.length > 0) yield page
      if (page.length < pageSize && (before > end || before === filter.before)) return
      last = page.length < pageSize ? before - 1 : (page.at(-1)?.sequence ?? last)
      // SQLite answers at once, so that a long log would be read without anything else getting its turn.
      await nextTurn()
    }
  }

  async head(namespace: string): Promise<Head> {
    return this.#connection.patiently(() => {
      const row = this.#get(
        'SELECT epoch, (SELECT max(sequence) FROM facts WHERE namespace = number) AS sequence FROM namespaces WHERE name = ?',
        namespace,
      )
      return { sequence: Number(row?.['sequence'] ?? 0), epoch: Number(row?.['epoch'] ?? 0) }
    })
  }

  async erased(namespace: string, ids: readonly string[]): Promise<readonly string[]> {
    const number = await this.#patientlyKnown(namespace)
    if (number === undefined) return []
    return this.#connection.read(() =>
      ids.filter((id) => this.#get('SELECT 1 FROM tombstones WHERE namespace = ? AND id = ?', number, id) !== undefined),
    )
  }

  async search(query: Query): Promise<readonly Hit[]> {
    const namespace = await this.#patientlyKnown(query.namespace)
    if (namespace === undefined) return []
    return this.#connection.read(() => this.#index.search(namespace, query))
  }

  async optionSet(namespace: string, key: string): Promise<StoredOptionSet | undefined> {
    const options = await this.#content('SELECT options FROM option_sets WHERE namespace = ? AND key = ?', namespace, key, optionsPlace(key))
    // Only `commit` writes this column, from the same type.
    return options === undefined ? undefined : { key, options: parsed(options, 'Option set', key) as StoredOptionSet['options'] }
  }

  async blob(namespace: string, hash: string): Promise<string | undefined> {
    return this.#content('SELECT text FROM blobs WHERE namespace = ? AND hash = ?', namespace, hash, blobPlace(hash))
  }

  async due(namespace: string, now: number, limit: number): Promise<readonly { run: string; expiresAt: number }[]> {
    const text = 'SELECT run, expires_at FROM deadlines WHERE namespace = ? AND expires_at <= ? ORDER BY expires_at, run LIMIT ?'
    const number = await this.#patientlyKnown(namespace)
    if (number === undefined) return []
    const rows = await this.#connection.patiently(() => this.#connection.statement(text).all(number, now, limit))
    return rows.map((row) => ({ run: String(row['run']), expiresAt: Number(row['expires_at']) }))
  }

  async erase(erasure: Erasure): Promise<ErasureReceipt> {
    const facts = await this.#connection.write(() => {
      const namespace = this.#known(erasure.namespace)
      if (namespace === undefined) return 0
      const inside = this.#inside(namespace)
      if (erasure.by !== 'namespace') {
        expectUnchanged(inside, erasure.expect)
        expectNothingNew(inside, erasure.found)
      }
      const erased = erasure.by === 'namespace' ? eraseNamespace(inside) : eraseFacts(inside, erasure)
      for (const deadline of erasure.deadlines ?? []) setDeadline(inside, deadline)
      if (erased > 0 && erasure.note !== undefined) append(inside, erasure.note)
      return erased
    })
    return { facts, ...(this.capabilities.persistent ? await proveErased(this.#connection) : { status: 'proven' }) }
  }

  thin(thinning: Thinning): Promise<ThinningReceipt> {
    return this.#connection.write(() => {
      const namespace = this.#known(thinning.namespace)
      const epoch = Number(this.#get('SELECT epoch FROM namespaces WHERE name = ?', thinning.namespace)?.['epoch'] ?? 0)
      if (epoch !== thinning.epoch) throw new AutodidactError('CONFLICT', `"${thinning.namespace}" was rewritten by an erasure in between. Read it again and repeat.`)
      if (namespace === undefined) return { facts: 0, blobs: 0, indexRows: 0 }
      return thinFacts(this.#inside(namespace), thinning)
    })
  }

  async compact(): Promise<void> {
    if (!this.capabilities.persistent) return
    await rewriteFile(this.#connection)
    // Where somebody still reads the log, it is emptied by the next checkpoint.
    await truncateLog(this.#connection)
  }

  raw(): AsyncIterable<RawBytes> {
    return rawBytes(this.#connection)
  }

  ownTexts(): AsyncIterable<string> {
    return ownTexts(this.#connection)
  }

  async namespaces(): Promise<readonly string[]> {
    const rows = await this.#connection.patiently(() => this.#connection.statement('SELECT name FROM namespaces ORDER BY number').all())
    return rows.map((row) => String(row['name']))
  }

  async size(): Promise<number> {
    const row = await this.#connection.patiently(() => this.#get('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()'))
    return Number(row?.['bytes'] ?? 0)
  }

  async backup(to: string, settings: BackupSettings = {}): Promise<BackupReceipt> {
    const { path, database } = this.#connection
    await this.#connection.patiently(() => undefined)
    // A connection of its own: its transaction lasts as long as the copying, while this one goes on writing.
    const source = path === ':memory:' ? database : await this.#connection.patiently(() => this.#connection.reader())
    try {
      return await backupDatabase(source, path, to, settings, this.#clock())
    } finally {
      if (source !== database) source.close()
    }
  }

  rotateKey(next: EncryptionSettings): Promise<void> {
    return this.#connection.rotateKey(next)
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  /** The number of a namespace that exists. */
  #known(namespace: string): number | undefined {
    const cached = this.#numbers.get(namespace)
    if (cached !== undefined) return cached
    const find = () => this.#get('SELECT number FROM namespaces WHERE name = ?', namespace)
    let row = find()
    if (row === undefined) {
      // What a damaged index does not find must not pass for something that was never there. Rarely asked: a namespace that is used is at hand.
      if (this.#get('SELECT 1 FROM namespaces NOT INDEXED WHERE name = ?', namespace) === undefined) return undefined
      // Between the two another process may have made it.
      row = find()
      if (row === undefined) throw corrupt(this.#connection.path, 'the index of its namespaces', undefined)
    }
    // Read outside of a write, so it is committed and may be remembered: numbers never change.
    if (!this.#connection.database.isTransaction) {
      if (this.#numbers.size >= namespacesAtHand) this.#numbers.clear()
      this.#numbers.set(namespace, Number(row['number']))
    }
    return Number(row['number'])
  }

  #patientlyKnown(namespace: string): Promise<number | undefined> {
    return this.#connection.patiently(() => this.#known(namespace))
  }

  /** The first column of a row by the number of a namespace and a key, as it was before it was stored. */
  #content(text: string, namespace: string, key: string, place: string): Promise<string | undefined> {
    return this.#connection.patiently(() => {
      const number = this.#known(namespace)
      const row = number === undefined ? undefined : this.#get(text, number, this.#connection.cipher.fingerprint(spaceOf(number), key))
      if (row === undefined || number === undefined) return undefined
      return this.#connection.cipher.decrypt(spaceOf(number), place, String(Object.values(row)[0]))
    })
  }

  #numberFor(namespace: string): number {
    const known = this.#known(namespace)
    if (known !== undefined) return known
    return Number(this.#connection.statement('INSERT INTO namespaces (name) VALUES (?)').run(namespace).lastInsertRowid)
  }

  /** For what is done to a namespace inside of a transaction. */
  #inside(namespace: number): Inside {
    return { connection: this.#connection, index: this.#index, namespace, now: this.#clock() }
  }

  #get(text: string, ...values: (string | number)[]) {
    return this.#connection.statement(text).get(...values)
  }
}
