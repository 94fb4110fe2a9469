import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AutodidactError } from '../../errors.ts'
import { closed, isBusy, translated } from './errors.ts'
import { applicationId, migrate, schemaVersion } from './migrations.ts'

/** What a confirmed write survives: `normal` the death of the process, `full` also the loss of power (a disk flush a write). */
export type Durability = 'normal' | 'full'

/** How long a busy file is waited for before `BUSY`, in milliseconds. */
const busyLimitMs = 15_000

/** One connection with every pragma set, its statements prepared once, and writes that wait for their turn without blocking the process. */
export class Connection {
  readonly path: string
  readonly database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  private constructor(path: string, database: DatabaseSync) {
    this.path = path
    this.database = database
  }

  /**
   * @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `READ_ONLY`, `CANNOT_OPEN`, `CORRUPT`, `DISK_FULL`, `BUSY`
   */
  static async open(path: string, durability: Durability): Promise<Connection> {
    let connection: Connection | undefined
    try {
      refuseUnfit(path)
      const database = new DatabaseSync(path, { timeout: 0, allowExtension: false })
      connection = new Connection(path, database)
      const opened = connection
      await opened.patiently(() => opened.#configure(durability))
      await opened.write(() => migrate(database))
      return opened
    } catch (error) {
      connection?.close()
      throw translated(error, path)
    }
  }

  #configure(durability: Durability): void {
    refuseForeign(this.database, this.path)
    this.database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'};
      PRAGMA secure_delete = ON;
      PRAGMA foreign_keys = ON;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -8000;
      PRAGMA journal_size_limit = 16777216;
    `)
  }

  /** The prepared statement of a text; prepared once, so its text must not hold values. */
  statement(text: string): StatementSync {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const prepared = this.database.prepare(text)
    this.#statements.set(text, prepared)
    return prepared
  }

  /** All rows of a query as arrays in the order of its columns: half the work of objects, which counts where a log is read from the beginning. */
  rows(text: string, ...values: (string | number)[]): readonly (readonly SQLOutputValue[])[] {
    const statement = this.statement(text)
    statement.setReturnArrays(true)
    // The declared type does not follow the setting.
    return statement.all(...values) as unknown as SQLOutputValue[][]
  }

  /** Runs `work` in one immediate transaction: all of it or nothing. Waits while another connection writes. */
  write<Result>(work: () => Result): Promise<Result> {
    // Immediate: a transaction that starts by reading cannot become a writer once another connection has written, and no waiting cures that.
    return this.patiently(() => this.#transaction('BEGIN IMMEDIATE', work))
  }

  /** Runs `work`, which only reads, on one state of the file: what another connection writes meanwhile is seen by all of its statements or by none. */
  read<Result>(work: () => Result): Promise<Result> {
    return this.patiently(() => this.#transaction('BEGIN', work))
  }

  #transaction<Result>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => Result): Result {
    this.statement(begin).run()
    try {
      const result = work()
      this.statement('COMMIT').run()
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  /** Many failures have rolled back already; one that cannot be rolled back must not hide why. */
  #rollBack(): void {
    try {
      if (this.database.isTransaction) this.database.exec('ROLLBACK')
    } catch {
      // The failure that led here is thrown by the caller; the next `BEGIN` reports a connection that is still inside a transaction.
    }
  }

  /** Repeats `work` while the file is busy, with growing, random pauses, up to 15 seconds. */
  async patiently<Result>(work: () => Result): Promise<Result> {
    const start = performance.now()
    for (let attempt = 0; ; attempt += 1) {
      if (!this.database.isOpen) throw closed(this.path)
      try {
        return work()
      } catch (error) {
        if (!isBusy(error) || performance.now() - start > busyLimitMs) throw translated(error, this.path)
      }
      await sleep(1 + Math.random() * Math.min(50, 2 ** attempt))
    }
  }

  close(): void {
    this.#statements.clear()
    try {
      if (this.database.isOpen) this.database.close()
    } catch (error) {
      throw translated(error, this.path)
    }
  }
}

/** What cannot become or be a database, told before anything is opened. */
const refuseUnfit = (path: string): void => {
  // SQLite takes an empty path for a file that it deletes at the end, and nobody asked for that.
  if (path === '' || path.includes('\0')) throw new AutodidactError('CANNOT_OPEN', `${JSON.stringify(path)} is no path. Name a file, or ":memory:".`)
  if (path === ':memory:' || !existsSync(path)) return
  if (statSync(path).isDirectory()) {
    throw new AutodidactError('CANNOT_OPEN', `${path} is a folder. Name a file in it, such as ${path}/agent.db.`)
  }
  if (!statSync(path).isFile()) throw new AutodidactError('CANNOT_OPEN', `${path} is a device or a pipe. Name a file.`)
  refuseReadOnly(path)
  if (existsSync(`${path}-wal`)) lookWithoutTouching(path)
}

/** SQLite opens a file that it may not write to for reading, and would say so with the first record only. */
const refuseReadOnly = (path: string): void => {
  try {
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw new AutodidactError('READ_ONLY', `${path} may only be read. Give this user the right to write to it and to its folder.`, { cause: error })
  }
}

/** Closing a connection that may write moves a write-ahead log that was left behind into its file, also when the file belongs to another program. */
const lookWithoutTouching = (path: string): void => {
  let reader: DatabaseSync | undefined
  try {
    reader = new DatabaseSync(path, { readOnly: true, timeout: 0 })
    refuseForeign(reader, path)
  } catch (error) {
    // Anything but a clear answer (busy, a log that must be recovered first) comes again when the file is opened for writing.
    if (AutodidactError.is(error)) throw error
  } finally {
    reader?.close()
  }
}

/** One statement, so that another process that is just creating the file is seen before or after it, never halfway. */
const identity = `
  SELECT
    (SELECT application_id FROM pragma_application_id) AS application,
    (SELECT user_version FROM pragma_user_version) AS version,
    (SELECT count(*) FROM sqlite_schema) AS tables`

const refuseForeign = (database: DatabaseSync, path: string): void => {
  const { application, version, tables } = database.prepare(identity).get() ?? {}
  if (application === applicationId) {
    if (Number(version) <= schemaVersion) return
    throw new AutodidactError('NEWER_VERSION', `${path} was written by a newer version (${Number(version)}; this one knows ${schemaVersion}). Update autodidact.`)
  }
  // A program that marks its file before it makes its first table has taken it, too.
  if (application !== 0 || version !== 0 || tables !== 0) {
    throw new AutodidactError('NOT_A_DATABASE', `${path} is a database of another program. Choose another path; this file was not touched.`)
  }
}
