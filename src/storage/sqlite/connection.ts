import { existsSync, statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AutodidactError } from '../../errors.ts'
import { isBusy, translated } from './errors.ts'
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
    refuseForeignFile(path)
    let database: DatabaseSync
    try {
      database = new DatabaseSync(path, { timeout: 0, allowExtension: false })
    } catch (error) {
      throw translated(error, path)
    }
    const connection = new Connection(path, database)
    try {
      await connection.patiently(() => connection.#configure(durability))
      await connection.write(() => migrate(database))
    } catch (error) {
      database.close()
      throw translated(error, path)
    }
    return connection
  }

  #configure(durability: Durability): void {
    const identity = this.pragma('application_id')
    const version = this.pragma('user_version')
    const tables = this.statement('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']
    if (identity !== applicationId && tables !== 0) {
      throw new AutodidactError('NOT_A_DATABASE', `${this.path} is a database of another program. Choose another path; this file was not touched.`)
    }
    if (identity === applicationId && version > schemaVersion) {
      throw new AutodidactError('NEWER_VERSION', `${this.path} was written by a newer version (${version}; this one knows ${schemaVersion}). Update autodidact.`)
    }
    this.database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'};
      PRAGMA secure_delete = ON;
      PRAGMA foreign_keys = ON;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -16000;
      PRAGMA journal_size_limit = 16777216;
    `)
  }

  pragma(name: 'application_id' | 'user_version'): number {
    return Number(this.database.prepare(`PRAGMA ${name}`).get()?.[name])
  }

  /** The prepared statement of a text; prepared once, so its text must not hold values. */
  statement(text: string): StatementSync {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const prepared = this.database.prepare(text)
    this.#statements.set(text, prepared)
    return prepared
  }

  /** Forgets the prepared statements, after the schema changed under them. */
  forgetStatements(): void {
    this.#statements.clear()
  }

  /** Runs `work` in one immediate transaction: all of it or nothing. Waits while another connection writes. */
  write<Result>(work: () => Result): Promise<Result> {
    return this.patiently(() => {
      // Immediate: a transaction that starts by reading cannot become a writer once another connection has written, and no waiting cures that.
      this.database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.database.exec('COMMIT')
        return result
      } catch (error) {
        if (this.database.isTransaction) this.database.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Repeats `work` while the file is busy, with growing, random pauses, up to 15 seconds. */
  async patiently<Result>(work: () => Result): Promise<Result> {
    const start = performance.now()
    for (let attempt = 0; ; attempt += 1) {
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
    if (this.database.isOpen) this.database.close()
  }
}

const refuseForeignFile = (path: string): void => {
  if (path === ':memory:' || !existsSync(path)) return
  if (statSync(path).isDirectory()) {
    throw new AutodidactError('CANNOT_OPEN', `${path} is a folder. Name a file in it, such as ${path}/agent.db.`)
  }
}
