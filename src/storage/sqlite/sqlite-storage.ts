import { randomUUID } from 'node:crypto'
import { AutodidactError } from '../../errors.ts'
import type { Fact, NewFact } from '../../log/fact.ts'
import type {
  Batch,
  Capabilities,
  CommitReceipt,
  Cursor,
  Erasure,
  ErasureReceipt,
  Filter,
  Head,
  Hit,
  Lease,
  Query,
  Snapshot,
  Storage,
  StoredOptionSet,
} from '../storage.ts'
import { Connection, type Durability } from './connection.ts'
import { factColumns, factOf, factValues } from './rows.ts'
import { TextIndex } from './text-index.ts'

export interface SqliteSettings {
  /** Default `normal`. */
  readonly durability?: Durability
  /** Milliseconds since 1970; for tests. Default `Date.now`. */
  readonly clock?: () => number
}

const pageSizeDefault = 500

/** The store on one SQLite file, or in memory under the path `:memory:`. Any number of processes may use one file. */
export class SqliteStorage implements Storage {
  readonly capabilities: Capabilities
  readonly snapshots: Storage['snapshots']
  readonly leases: Storage['leases']
  readonly #connection: Connection
  readonly #index: TextIndex
  readonly #clock: () => number
  readonly #numbers = new Map<string, number>()
  readonly #holder = randomUUID()

  private constructor(connection: Connection, durability: Durability, clock: () => number) {
    const inMemory = connection.path === ':memory:'
    this.#connection = connection
    this.#index = new TextIndex(connection.database)
    this.#clock = clock
    this.capabilities = {
      persistent: !inMemory,
      manyWriters: !inMemory,
      durability: inMemory ? 'none' : durability === 'full' ? 'power' : 'process',
    }
    this.snapshots = {
      load: (namespace, learner) => this.#loadSnapshot(namespace, learner),
      save: (snapshots, lease) => this.#saveSnapshots(snapshots, lease),
    }
    this.leases = {
      acquire: (name, durationMs) => this.#acquire(name, durationMs),
      release: (lease) => this.#release(lease),
    }
  }

  /** @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `READ_ONLY`, `CANNOT_OPEN`, `CORRUPT`, `DISK_FULL`, `BUSY` */
  static async open(path: string, settings: SqliteSettings = {}): Promise<SqliteStorage> {
    const durability = settings.durability ?? 'normal'
    return new SqliteStorage(await Connection.open(path, durability), durability, settings.clock ?? Date.now)
  }

  commit(batch: Batch): Promise<CommitReceipt> {
    return this.#connection.write(() => {
      const namespace = this.#numberFor(batch.namespace)
      this.#expect(namespace, batch.expect ?? [])
      const facts = batch.facts.map((fact) => this.#append(namespace, fact))
      // A batch whose facts were all there is a repetition: what belongs to them was written with them.
      if (facts.length > 0 && facts.every((fact) => fact.status === 'merged')) return { facts }
      for (const blob of batch.blobs ?? []) {
        this.#run('INSERT INTO blobs (namespace, hash, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', namespace, blob.hash, blob.text)
        this.#run('INSERT INTO blob_uses (namespace, fact, hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', namespace, blob.fact, blob.hash)
      }
      for (const set of batch.optionSets ?? []) {
        const options = JSON.stringify(set.options)
        this.#run('INSERT INTO option_sets (namespace, key, options) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', namespace, set.key, options)
      }
      const sequences = new Map(facts.map(({ id, sequence }) => [id, sequence]))
      this.#index.put(namespace, (batch.index ?? []).map((entry) => ({ ...entry, sequence: sequences.get(entry.id) ?? 0 })))
      for (const change of batch.standings ?? []) this.#index.setStanding(namespace, change.id, change.standing)
      for (const { run, expiresAt } of batch.deadlines ?? []) {
        if (expiresAt === undefined) this.#run('DELETE FROM deadlines WHERE namespace = ? AND run = ?', namespace, run)
        else this.#run('INSERT OR REPLACE INTO deadlines (namespace, run, expires_at) VALUES (?, ?, ?)', namespace, run, expiresAt)
      }
      return { facts }
    })
  }

  #append(namespace: number, fact: NewFact): CommitReceipt['facts'][number] {
    if (this.#get('SELECT 1 FROM tombstones WHERE namespace = ? AND id = ?', namespace, fact.id) !== undefined) {
      throw new AutodidactError('FORGOTTEN', `"${fact.id}" was erased on request and cannot be written again. Use a new id.`)
    }
    const known = this.#get('SELECT sequence, digest FROM facts WHERE namespace = ? AND id = ?', namespace, fact.id)
    if (known !== undefined) {
      if (known['digest'] === fact.digest) return { id: fact.id, sequence: Number(known['sequence']), status: 'merged' }
      throw new AutodidactError('ID_CONFLICT', `"${fact.id}" is already there with other content. Use another id, or send the same content again.`)
    }
    const values = factValues(namespace, fact, this.#clock())
    const { lastInsertRowid } = this.#run(`INSERT INTO facts (${factColumns}) VALUES (${values.map(() => '?').join(', ')})`, ...values)
    return { id: fact.id, sequence: Number(lastInsertRowid), status: 'stored' }
  }

  #expect(namespace: number, expected: NonNullable<Batch['expect']>): void {
    for (const { run, sequence } of expected) {
      const last = Number(this.#get('SELECT max(sequence) AS last FROM facts WHERE namespace = ? AND run = ?', namespace, run)?.['last'] ?? 0)
      if (last > sequence) {
        throw new AutodidactError('CONFLICT', `Another writer added to run "${run}" in between. Read the run again and repeat.`)
      }
    }
  }

  async *read(after: Cursor, filter: Filter): AsyncIterable<readonly Fact[]> {
    const namespace = await this.#patientlyKnown(filter.namespace)
    if (namespace === undefined) return
    const conditions = ['namespace = ?', 'sequence > ?']
    const values: (string | number)[] = []
    const among = (column: string, list: readonly string[] | undefined): void => {
      if (list === undefined) return
      conditions.push(`${column} IN (SELECT value FROM json_each(?))`)
      values.push(JSON.stringify(list))
    }
    if (filter.before !== undefined) {
      conditions.push('sequence < ?')
      values.push(filter.before)
    }
    const equal = (column: string, value: string | undefined): void => {
      if (value === undefined) return
      conditions.push(`${column} = ?`)
      values.push(value)
    }
    among('kind', filter.kinds)
    among('run', filter.runs)
    among('id', filter.ids)
    equal('user', filter.user)
    equal('session', filter.session)
    equal('source', filter.source)
    const pageSize = filter.pageSize ?? pageSizeDefault
    // Named, because without statistics the planner prefers to walk the whole namespace in the order asked for.
    const index = filter.ids !== undefined ? 'facts_by_id' : filter.runs !== undefined ? 'facts_by_run' : undefined
    const from = index === undefined ? 'facts' : `facts INDEXED BY ${index}`
    const text = `SELECT sequence, ${factColumns} FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY sequence LIMIT ?`
    let last = after === '' ? 0 : Number(after)
    for (;;) {
      const begin = last
      // All rows of a page at once: no statement stays open, and so no snapshot of the file is held, while the caller works.
      const rows = await this.#connection.patiently(() => this.#connection.statement(text).all(namespace, begin, ...values, pageSize))
      const page = rows.map((row) => factOf(filter.namespace, row))
      const end = page.at(-1)
      if (end === undefined) return
      last = end.sequence
      yield page
      if (page.length < pageSize) return
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
    return this.#connection.patiently(() =>
      ids.filter((id) => this.#get('SELECT 1 FROM tombstones WHERE namespace = ? AND id = ?', number, id) !== undefined),
    )
  }

  async search(query: Query): Promise<readonly Hit[]> {
    const namespace = await this.#patientlyKnown(query.namespace)
    if (namespace === undefined) return []
    return this.#connection.patiently(() => this.#index.search(namespace, query))
  }

  async optionSet(namespace: string, key: string): Promise<StoredOptionSet | undefined> {
    const row = await this.#patientlyGet('SELECT options FROM option_sets WHERE namespace = ? AND key = ?', namespace, key)
    if (row === undefined) return undefined
    const options: StoredOptionSet['options'] = JSON.parse(String(row['options']))
    return { key, options }
  }

  async blob(namespace: string, hash: string): Promise<string | undefined> {
    const row = await this.#patientlyGet('SELECT text FROM blobs WHERE namespace = ? AND hash = ?', namespace, hash)
    return row === undefined ? undefined : String(row['text'])
  }

  async due(namespace: string, now: number, limit: number): Promise<readonly { run: string; expiresAt: number }[]> {
    const text = 'SELECT run, expires_at FROM deadlines WHERE namespace = ? AND expires_at <= ? ORDER BY expires_at, run LIMIT ?'
    const number = await this.#patientlyKnown(namespace)
    if (number === undefined) return []
    const rows = await this.#connection.patiently(() => this.#connection.statement(text).all(number, now, limit))
    return rows.map((row) => ({ run: String(row['run']), expiresAt: Number(row['expires_at']) }))
  }

  async #loadSnapshot(namespace: string, learner: string): Promise<Snapshot | undefined> {
    const row = await this.#patientlyGet('SELECT sequence, epoch, bytes FROM snapshots WHERE namespace = ? AND learner = ?', namespace, learner)
    if (row === undefined || !(row['bytes'] instanceof Uint8Array)) return undefined
    return { namespace, learner, sequence: Number(row['sequence']), epoch: Number(row['epoch']), bytes: row['bytes'] }
  }

  #saveSnapshots(snapshots: readonly Snapshot[], lease: Lease): Promise<void> {
    return this.#connection.write(() => {
      const held = this.#get('SELECT token FROM leases WHERE name = ?', lease.name)
      if (held?.['token'] !== lease.token) {
        throw new AutodidactError('CONFLICT', `The lease "${lease.name}" went to another process. Its snapshot stands; nothing is to be done.`)
      }
      for (const { namespace, learner, sequence, epoch, bytes } of snapshots) {
        const row = this.#get('SELECT number, epoch FROM namespaces WHERE name = ?', namespace)
        if (row === undefined || row['epoch'] !== epoch) {
          throw new AutodidactError('CONFLICT', `"${namespace}" was rewritten by an erasure in between. Fold again before saving a snapshot.`)
        }
        this.#run(
          `INSERT INTO snapshots (namespace, learner, sequence, epoch, bytes) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (namespace, learner) DO UPDATE SET sequence = excluded.sequence, epoch = excluded.epoch, bytes = excluded.bytes
           WHERE excluded.sequence >= sequence OR excluded.epoch > epoch`,
          Number(row['number']),
          learner,
          sequence,
          epoch,
          bytes,
        )
      }
    })
  }

  #acquire(name: string, durationMs: number): Promise<Lease | undefined> {
    return this.#connection.write(() => {
      const now = this.#clock()
      const row = this.#get('SELECT token, holder, expires_at FROM leases WHERE name = ?', name)
      if (row !== undefined && row['holder'] !== this.#holder && Number(row['expires_at']) > now) return undefined
      const token = Number(row?.['token'] ?? 0) + 1
      const text = 'INSERT OR REPLACE INTO leases (name, token, holder, expires_at) VALUES (?, ?, ?, ?)'
      this.#run(text, name, token, this.#holder, now + durationMs)
      return { name, token }
    })
  }

  async #release(lease: Lease): Promise<void> {
    await this.#connection.write(() => {
      this.#run('UPDATE leases SET expires_at = 0 WHERE name = ? AND token = ?', lease.name, lease.token)
    })
  }

  async erase(erasure: Erasure): Promise<ErasureReceipt> {
    const facts = await this.#connection.write(() => {
      const namespace = this.#numberFor(erasure.namespace)
      this.#expect(namespace, erasure.expect)
      let erased = 0
      let first = Number.POSITIVE_INFINITY
      for (const id of erasure.facts) {
        const sequence = this.#eraseFact(namespace, id)
        if (sequence === undefined) continue
        erased += 1
        first = Math.min(first, sequence)
      }
      for (const change of erasure.standings) this.#index.setStanding(namespace, change.id, change.standing)
      if (erased === 0) return 0
      this.#run('DELETE FROM snapshots WHERE namespace = ? AND sequence >= ?', namespace, first)
      this.#run('UPDATE namespaces SET epoch = epoch + 1 WHERE number = ?', namespace)
      if (erasure.by === 'namespace') {
        this.#index.drop(namespace)
        for (const table of ['option_sets', 'deadlines', 'snapshots']) this.#run(`DELETE FROM ${table} WHERE namespace = ?`, namespace)
      }
      return erased
    })
    return { facts, status: this.#truncateLog() }
  }

  #eraseFact(namespace: number, id: string): number | undefined {
    const row = this.#get('SELECT sequence, kind, run FROM facts WHERE namespace = ? AND id = ?', namespace, id)
    if (row === undefined) return undefined
    const sequence = Number(row['sequence'])
    this.#run('DELETE FROM facts WHERE sequence = ?', sequence)
    this.#releaseBlobs(namespace, id)
    this.#index.remove(namespace, [id])
    this.#bury(namespace, id, sequence, String(row['kind']))
    const run = row['run']
    if (typeof run === 'string' && this.#get('SELECT 1 FROM facts WHERE namespace = ? AND run = ? LIMIT 1', namespace, run) === undefined) {
      this.#run('DELETE FROM deadlines WHERE namespace = ? AND run = ?', namespace, run)
      this.#bury(namespace, run, sequence, 'run')
    }
    return sequence
  }

  #releaseBlobs(namespace: number, fact: string): void {
    const uses = this.#connection.statement('DELETE FROM blob_uses WHERE namespace = ? AND fact = ? RETURNING hash').all(namespace, fact)
    for (const { hash } of uses) {
      const used = this.#get('SELECT 1 FROM blob_uses WHERE namespace = ? AND hash = ? LIMIT 1', namespace, String(hash))
      if (used === undefined) this.#run('DELETE FROM blobs WHERE namespace = ? AND hash = ?', namespace, String(hash))
    }
  }

  #bury(namespace: number, id: string, sequence: number, kind: string): void {
    const text = 'INSERT OR IGNORE INTO tombstones (namespace, id, sequence, kind, erased_at) VALUES (?, ?, ?, ?, ?)'
    this.#run(text, namespace, id, sequence, kind, this.#clock())
  }

  /** The old pages lie in the write-ahead log until it is truncated, which a reader elsewhere can delay. */
  #truncateLog(): ErasureReceipt['status'] {
    if (!this.capabilities.persistent) return 'proven'
    const row = this.#connection.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    return row?.['busy'] === 0 ? 'proven' : 'pending'
  }

  async namespaces(): Promise<readonly string[]> {
    const rows = await this.#connection.patiently(() => this.#connection.statement('SELECT name FROM namespaces ORDER BY number').all())
    return rows.map((row) => String(row['name']))
  }

  async size(): Promise<number> {
    const row = await this.#connection.patiently(() => this.#get('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()'))
    return Number(row?.['bytes'] ?? 0)
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  /** The number of a namespace that exists. */
  #known(namespace: string): number | undefined {
    const cached = this.#numbers.get(namespace)
    if (cached !== undefined) return cached
    const row = this.#get('SELECT number FROM namespaces WHERE name = ?', namespace)
    if (row === undefined) return undefined
    // Read outside of a write, so it is committed and may be remembered: numbers never change.
    if (!this.#connection.database.isTransaction) this.#numbers.set(namespace, Number(row['number']))
    return Number(row['number'])
  }

  #patientlyKnown(namespace: string): Promise<number | undefined> {
    return this.#connection.patiently(() => this.#known(namespace))
  }

  /** One row by the number of a namespace and a key. */
  #patientlyGet(text: string, namespace: string, key: string) {
    return this.#connection.patiently(() => {
      const number = this.#known(namespace)
      return number === undefined ? undefined : this.#get(text, number, key)
    })
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
