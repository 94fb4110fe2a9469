import { setTimeout as sleep } from 'node:timers/promises'
import { AutodidactError } from '../../errors.ts'
import { wholeMilliseconds } from '../../log/clock.ts'
import type { Fact, NewFact } from '../../log/fact.ts'
import type {
  BackupReceipt,
  BackupSettings,
  Batch,
  Capabilities,
  CommitReceipt,
  Contents,
  Cursor,
  Deadline,
  EncryptionSettings,
  Erasure,
  ErasureReceipt,
  Filter,
  Head,
  Hit,
  FactOrigin,
  Query,
  RawBytes,
  Storage,
  StoredOptionSet,
  Thinning,
  ThinningReceipt,
  Tombstone,
} from '../storage.ts'
import { backupDatabase } from './backup.ts'
import { SqliteBookmarks } from './bookmarks.ts'
import { Connection, type Durability } from './connection.ts'
import { SqliteContents } from './contents.ts'
import { decryptRow, encryptRow, isDigest, spaceOf } from './encryption.ts'
import { eraseFacts, eraseNamespace } from './erase.ts'
import { corrupt } from './errors.ts'
import { conditionsOf, isScan } from './filter.ts'
import { ownTexts, rawBytes } from './raw.ts'
import { rewriteFile } from './rewrite.ts'
import { factColumns, factOf, factValues, parsed, readColumns } from './rows.ts'
import { SqliteLeases, SqliteSnapshots } from './snapshots.ts'
import { TextIndex } from './text-index.ts'
import { nextTurn } from '../../next-turn.ts'
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

/** An erasure tries so often to empty the write-ahead log, with growing pauses that make up about a second, before it answers `pending`. */
const truncations = 12

const blobPlace = (hash: string): string => `blob ${hash}`

const optionsPlace = (key: string): string => `options ${key}`

type Proof = Pick<ErasureReceipt, 'status' | 'reason'>

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
    return this.#connection.write(() => {
      const namespace = this.#numberFor(batch.namespace)
      this.#expect(namespace, batch.expect ?? [])
      for (const tombstone of batch.tombstones ?? []) this.#bury(namespace, tombstone)
      const facts = batch.facts.map((fact) => this.#append(namespace, fact, batch.origins?.get(fact.id)))
      // A batch whose facts were all there is a repetition: what belongs to them was written with them.
      if (facts.length > 0 && facts.every((fact) => fact.status === 'merged')) return { facts }
      const stored = batch.facts.filter((_, place) => facts[place]?.status === 'stored')
      this.#keepBlobs(namespace, batch, stored)
      this.#keepOptionSets(namespace, batch, stored)
      const sequences = new Map(facts.map(({ id, sequence }) => [id, sequence]))
      this.#index.put(namespace, (batch.index ?? []).map((entry) => ({ ...entry, sequence: sequences.get(entry.id) ?? 0 })))
      for (const change of batch.standings ?? []) this.#index.setStanding(namespace, change.id, change.standing)
      for (const deadline of batch.deadlines ?? []) this.#setDeadline(namespace, deadline)
      return { facts }
    })
  }

  #bury(namespace: number, { id, sequence, kind, erasedAt }: Tombstone): void {
    if (this.#get('SELECT 1 FROM facts WHERE namespace = ? AND id = ?', namespace, id) !== undefined) return
    this.#run('INSERT OR IGNORE INTO tombstones (namespace, id, sequence, kind, erased_at) VALUES (?, ?, ?, ?, ?)', namespace, id, sequence, kind, erasedAt)
  }

  /** The place of a copied fact, where it can have the one that it had; undefined: the next one. */
  #placeFor(namespace: number, { sequence }: Pick<FactOrigin, 'sequence'>): number | undefined {
    const head = Number(this.#get('SELECT max(sequence) AS last FROM facts WHERE namespace = ?', namespace)?.['last'] ?? 0)
    return sequence > head && this.#get('SELECT 1 FROM facts WHERE sequence = ?', sequence) === undefined ? sequence : undefined
  }

  #append(namespace: number, fact: NewFact, origin?: Pick<FactOrigin, 'sequence' | 'recordedAt'>): CommitReceipt['facts'][number] {
    const tombstone = this.#get('SELECT id FROM tombstones WHERE namespace = ? AND id IN (?, ?)', namespace, fact.id, fact.run ?? fact.id)
    if (tombstone !== undefined) {
      throw new AutodidactError('FORGOTTEN', `"${String(tombstone['id'])}" was erased on request and cannot be written again or added to. Use a new id.`)
    }
    const known = this.#get('SELECT sequence, digest, kind FROM facts WHERE namespace = ? AND id = ?', namespace, fact.id)
    if (known !== undefined) {
      if (isDigest(this.#connection.cipher, namespace, known['digest'], fact.digest)) return { id: fact.id, sequence: Number(known['sequence']), status: 'merged' }
      throw new AutodidactError('ID_CONFLICT', `"${fact.id}" is already there as a ${String(known['kind'])} with other content. Use another id, or send the same content again.`)
    }
    const values = encryptRow(this.#connection.cipher, namespace, factValues(namespace, fact, origin?.recordedAt ?? this.#clock()))
    const place = origin === undefined ? undefined : this.#placeFor(namespace, origin)
    const { lastInsertRowid } = this.#run(`INSERT INTO facts (sequence, ${factColumns}) VALUES (?, ${values.map(() => '?').join(', ')})`, place ?? null, ...values)
    return { id: fact.id, sequence: Number(lastInsertRowid), status: 'stored' }
  }

  #setDeadline(namespace: number, { run, expiresAt, keepEarlier = false }: Deadline): void {
    if (expiresAt === undefined) {
      this.#run('DELETE FROM deadlines WHERE namespace = ? AND run = ?', namespace, run)
      return
    }
    const later = keepEarlier ? ' WHERE excluded.expires_at < expires_at' : ''
    const text = `INSERT INTO deadlines (namespace, run, expires_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at${later}`
    this.#run(text, namespace, run, expiresAt)
  }

  /** Each blob once, however many facts refer to it, for as long as one does. */
  #keepBlobs(namespace: number, batch: Batch, stored: readonly NewFact[]): void {
    const texts = new Map(batch.blobs?.map(({ hash, text }) => [hash, text]))
    for (const { id, blobs = [] } of stored) {
      for (const hash of new Set(batch.origins?.get(id)?.kept ?? blobs.map((reference) => reference.hash))) {
        const [text, key] = [texts.get(hash), this.#fingerprint(namespace, hash)]
        if (text !== undefined) {
          const content = this.#connection.cipher.encrypt(spaceOf(namespace), blobPlace(hash), text)
          this.#run('INSERT INTO blobs (namespace, hash, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', namespace, key, content)
        }
        this.#run('INSERT INTO blob_uses (namespace, fact, hash) VALUES (?, ?, ?)', namespace, id, key)
      }
    }
  }

  /** Each set once, however many decisions name it, for as long as one does. */
  #keepOptionSets(namespace: number, batch: Batch, stored: readonly NewFact[]): void {
    for (const { key: given, options } of batch.optionSets ?? []) {
      const key = this.#fingerprint(namespace, given)
      if (this.#get('SELECT 1 FROM option_sets WHERE namespace = ? AND key = ?', namespace, key) !== undefined) continue
      const content = this.#connection.cipher.encrypt(spaceOf(namespace), optionsPlace(given), JSON.stringify(options))
      this.#run('INSERT INTO option_sets (namespace, key, options) VALUES (?, ?, ?)', namespace, key, content)
    }
    for (const fact of stored) {
      if (fact.kind !== 'decision.made') continue
      const text = 'INSERT INTO option_set_uses (namespace, key, uses) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET uses = uses + 1'
      this.#run(text, namespace, this.#fingerprint(namespace, fact.data.optionSet))
    }
  }

  #expect(namespace: number, expected: NonNullable<Batch['expect']>): void {
    for (const { run, sequence } of expected) {
      const last = Number(this.#get('SELECT max(sequence) AS last FROM facts WHERE namespace = ? AND run = ?', namespace, run)?.['last'] ?? 0)
      // An earlier last fact means that the later one was erased: what was concluded from it does not hold either.
      if (last !== sequence) {
        throw new AutodidactError('CONFLICT', `Another writer changed run "${run}" in between. Read the run again and repeat.`)
      }
    }
  }

  #expectNothingNew(namespace: number, found: Erasure['found']): void {
    for (const filter of found?.by ?? []) {
      const { text, values } = conditionsOf(this.#connection.cipher, namespace, found?.sequence ?? 0, filter)
      if (this.#get(`SELECT 1 FROM facts WHERE ${text} LIMIT 1`, ...values) !== undefined) {
        throw new AutodidactError('CONFLICT', 'Another writer added to what is to be erased in between. Look for it again and repeat.')
      }
    }
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
      const from = { connection: this.#connection, index: this.#index, namespace, now: this.#clock() }
      if (erasure.by !== 'namespace') {
        this.#expect(namespace, erasure.expect)
        this.#expectNothingNew(namespace, erasure.found)
      }
      const erased = erasure.by === 'namespace' ? eraseNamespace(from) : eraseFacts(from, erasure)
      for (const deadline of erasure.deadlines ?? []) this.#setDeadline(namespace, deadline)
      if (erased > 0 && erasure.note !== undefined) this.#append(namespace, erasure.note)
      return erased
    })
    return { facts, ...(await this.#prove()) }
  }

  thin(thinning: Thinning): Promise<ThinningReceipt> {
    return this.#connection.write(() => {
      const namespace = this.#known(thinning.namespace)
      const epoch = Number(this.#get('SELECT epoch FROM namespaces WHERE name = ?', thinning.namespace)?.['epoch'] ?? 0)
      if (epoch !== thinning.epoch) throw new AutodidactError('CONFLICT', `"${thinning.namespace}" was rewritten by an erasure in between. Read it again and repeat.`)
      if (namespace === undefined) return { facts: 0, blobs: 0, indexRows: 0 }
      return thinFacts({ connection: this.#connection, index: this.#index, namespace, now: this.#clock() }, thinning)
    })
  }

  async compact(): Promise<void> {
    if (!this.capabilities.persistent) return
    await rewriteFile(this.#connection)
    // Where somebody still reads the log, it is emptied by the next checkpoint.
    await this.#truncateLog()
  }

  /** The erasure itself is committed by now, so whatever goes wrong here is `pending` and not an error. */
  async #prove(): Promise<Proof> {
    if (!this.capabilities.persistent) return { status: 'proven' }
    try {
      const erasures = await this.#connection.patiently(() => Number(this.#get('SELECT max(number) AS last FROM unproven_erasures')?.['last'] ?? 0))
      if (erasures > 0) {
        await rewriteFile(this.#connection)
        await this.#connection.write(() => this.#run('DELETE FROM unproven_erasures WHERE number <= ?', erasures))
      }
    } catch (error) {
      return { status: 'pending', reason: `The file could not be written anew: ${causeOf(error)}.` }
    }
    return this.#truncateLog()
  }

  /** The old pages lie in the write-ahead log until it is emptied, which a reader or writer elsewhere can delay. */
  async #truncateLog(): Promise<Proof> {
    let reason = ''
    for (let attempt = 0; attempt < truncations; attempt += 1) {
      if (attempt > 0) await sleep(Math.random() * 30 * attempt)
      try {
        if (this.#connection.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0) return { status: 'proven' }
        reason = 'Another connection still reads the old text.'
      } catch (error) {
        // A full disk or a closed connection; the next attempt, or the next erasure, may get further.
        reason = `The write-ahead log could not be emptied: ${causeOf(error)}.`
      }
    }
    return { status: 'pending', reason }
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
      const row = number === undefined ? undefined : this.#get(text, number, this.#fingerprint(number, key))
      if (row === undefined || number === undefined) return undefined
      return this.#connection.cipher.decrypt(spaceOf(number), place, String(Object.values(row)[0]))
    })
  }

  #fingerprint(namespace: number, value: string): string {
    return this.#connection.cipher.fingerprint(spaceOf(namespace), value)
  }

  #numberFor(namespace: string): number {
    const known = this.#known(namespace)
    if (known !== undefined) return known
    return Number(this.#run('INSERT INTO namespaces (name) VALUES (?)', namespace).lastInsertRowid)
  }

  #get(text: string, ...values: (string | number)[]) {
    return this.#connection.statement(text).get(...values)
  }

  #run(text: string, ...values: (string | number | null | Uint8Array)[]) {
    return this.#connection.statement(text).run(...values)
  }
}

/** In the words of SQLite where it has some: an error of ours says what to do about a write, and there was none. */
const causeOf = (error: unknown): string => {
  const cause = AutodidactError.is(error) ? (error.cause ?? error) : error
  return cause instanceof Error ? cause.message : String(cause)
}

const sequenceOf = (cursor: Cursor): number => {
  const sequence = cursor === '' ? 0 : Number(cursor)
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence
  throw new AutodidactError('INVALID_INPUT', `"${cursor}" is no place in the log. Begin with '' or with a cursor that this store gave.`)
}
