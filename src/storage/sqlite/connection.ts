import { existsSync } from 'node:fs'
import type { SQLOutputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AutodidactError } from '../../errors.ts'
import { closed, isBusy, translated } from './errors.ts'
import { immutable, isFrozen, looksOf, lookWithoutTouching, placeOf, refuseForeign, refuseReadOnly, refuseUnfit, refuseUnreadable, removeEmptyLog } from './file.ts'
import type { EncryptionSettings } from '../storage.ts'
import { type Cipher, cipherOf, plaintext } from '../../encryption/cipher.ts'
import { dataKeyOf, expectSecret, newDataKey, wrapKey } from '../../encryption/key.ts'
import { defineDecryption, readWrappedKey, writeWrappedKey } from './encryption.ts'
import { isNew, migrate } from './migrations.ts'
import { DatabaseSync } from '../node-sqlite.ts'

/** What a confirmed write survives: `normal` the death of the process, `full` also the loss of power (a disk flush a write). */
export type Durability = 'normal' | 'full'

/** How a file is opened. */
export interface Opening {
  readonly durability: Durability
  /** True: for reading; false: for writing, or not at all; undefined: for writing where this user may, otherwise for reading. */
  readonly readOnly?: boolean | undefined
  readonly encryption?: EncryptionSettings | undefined
}

/** How long a busy file is waited for before `BUSY`, in milliseconds. */
const busyLimitMs = 15_000

/** One connection with every pragma set, its statements prepared once, and writes that wait for their turn without blocking the process. */
export class Connection {
  readonly path: string
  readonly database: DatabaseSync
  /** True when nothing can be written through it. */
  readonly readOnly: boolean
  readonly #statements = new Map<string, StatementSync>()
  /** Of a file that is read without locks: what it looked like when it was opened. */
  readonly #frozen: string | undefined
  #cipher: Cipher = plaintext

  private constructor(path: string, database: DatabaseSync, reading?: { readonly frozen: string | undefined }) {
    this.path = path
    this.database = database
    this.readOnly = reading !== undefined
    this.#frozen = reading?.frozen
  }

  /**
   * @param given where the file is; `path` is where it really lies
   * @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `READ_ONLY`, `CANNOT_OPEN`, `CORRUPT`, `DISK_FULL`, `BUSY`, `KEY_REQUIRED`, `WRONG_KEY`,
   * `NOT_ENCRYPTED`
   */
  static async open(given: string, opening: Opening): Promise<Connection> {
    refuseUnfit(given)
    expectSecret(opening.encryption)
    const path = placeOf(given)
    if (opening.readOnly === true) return Connection.#forReading(path, opening)
    try {
      refuseReadOnly(path)
      return await Connection.#forWriting(path, opening)
    } catch (error) {
      const failure = translated(error, path)
      const readable = (failure.code === 'READ_ONLY' || failure.code === 'CANNOT_OPEN') && existsSync(path)
      if (!readable || opening.readOnly === false) throw failure
      return Connection.#forReading(path, opening)
    }
  }

  /** What is read and written through this connection is hidden by. */
  get cipher(): Cipher {
    return this.#cipher
  }

  static async #forWriting(path: string, { durability, encryption }: Opening): Promise<Connection> {
    if (existsSync(`${path}-wal`)) lookWithoutTouching(path)
    const database = new DatabaseSync(path, { timeout: 0, allowExtension: false })
    const opened = new Connection(path, database)
    try {
      await opened.patiently(() => opened.#configure(durability))
      const create = await opened.patiently(() => isNew(database))
      const wrapped = encryption !== undefined && create ? await wrapKey(newDataKey(), encryption) : undefined
      await opened.write(() => {
        // Somebody else may have made the file since; then it has the key that it has.
        if (wrapped === undefined || !isNew(database)) return migrate(database)
        migrate(database)
        writeWrappedKey(database, wrapped)
      })
      await opened.#unlock(encryption)
      return opened
    } catch (error) {
      opened.close()
      throw error
    }
  }

  static async #forReading(path: string, { encryption }: Opening): Promise<Connection> {
    // Before anything else: whoever begins to write from here on is noticed.
    const looks = looksOf(path)
    const frozen = isFrozen(path) ? looks : undefined
    try {
      const database = new DatabaseSync(frozen === undefined ? path : immutable(path), { readOnly: true, timeout: 0, allowExtension: false })
      const opened = new Connection(path, database, { frozen })
      try {
        await opened.patiently(() => refuseUnreadable(database, path))
        database.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000')
        await opened.#unlock(encryption)
        return opened
      } catch (error) {
        opened.close()
        throw error
      }
    } catch (error) {
      throw translated(error, path)
    }
  }

  async #unlock(encryption: EncryptionSettings | undefined): Promise<void> {
    const wrapped = await this.patiently(() => readWrappedKey(this.database))
    this.#cipher = cipherOf(await dataKeyOf(wrapped, encryption, this.path))
    defineDecryption(this.database, this.#cipher)
  }

  /** Has another key open the file from now on. */
  async rotateKey(next: EncryptionSettings): Promise<void> {
    const { dataKey } = this.#cipher
    if (dataKey === undefined) throw new AutodidactError('NOT_ENCRYPTED', `${this.path} is not encrypted. Copy it to a new file with a key (copyStore, or "autodidact copy").`)
    const wrapped = await wrapKey(dataKey, next)
    await this.write(() => writeWrappedKey(this.database, wrapped))
  }

  /** Another connection to the same file, which only reads and is the caller's to close. */
  reader(): DatabaseSync {
    return new DatabaseSync(this.#frozen === undefined ? this.path : immutable(this.path), { readOnly: true, timeout: 5_000, allowExtension: false })
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
  async write<Result>(work: () => Result): Promise<Result> {
    if (this.readOnly && this.database.isOpen) {
      const next = 'Nothing was written. Give this user the right to write to the file and its folder, and open it again, without readOnly.'
      throw new AutodidactError('READ_ONLY', `${this.path} was opened for reading. ${next}`)
    }
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
      if (this.#hasChanged()) throw new AutodidactError('BUSY', `${this.path} was opened as a file that nobody writes to, and another process did. Open it again.`)
      try {
        const result = work()
        // Otherwise it may have come from pages of two states.
        if (!this.#hasChanged()) return result
      } catch (error) {
        const mayPass = isBusy(error) && performance.now() - start <= busyLimitMs
        // Pages of two states look like a damaged file, too.
        if (!mayPass && !this.#hasChanged()) throw translated(error, this.path)
      }
      await sleep(1 + Math.random() * Math.min(50, 2 ** attempt))
    }
  }

  /** True when somebody wrote to a file that is read without locks. */
  #hasChanged(): boolean {
    return this.#frozen !== undefined && this.#frozen !== looksOf(this.path)
  }

  close(): void {
    this.#statements.clear()
    try {
      if (!this.database.isOpen) return
      this.database.close()
      if (this.readOnly && this.#frozen === undefined) removeEmptyLog(this.path)
    } catch (error) {
      throw translated(error, this.path)
    }
  }
}
