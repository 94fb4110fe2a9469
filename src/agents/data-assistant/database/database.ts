import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AutodidactError, type ErrorCode } from '../../../errors.ts'
import { described, expectNumber, expectObject, expectText } from '../../../expect.ts'
import { type QueryFailure, queryError } from './database-errors.ts'
import { maximumResultBytes, outOfMemorySignal } from './query-limits.ts'
import { Schema } from './schema.ts'
import { singleSelect } from './sql.ts'

/** What a cell of a result can hold. */
export type Cell = string | number | bigint | Uint8Array | null

/** The rows of a result, each an array of cells in the order of the columns. */
export type Rows = readonly (readonly Cell[])[]

/** The result of a query. */
export interface Result {
  readonly columns: readonly string[]
  readonly rows: Rows
  /** True if there were more rows than the limit, or more bytes than 64 MB: what is here is the beginning. Only with `truncate`. */
  readonly truncated: boolean
}

/** Limits of one query. */
export interface QueryLimits {
  /** Most rows, at least 1; default 1000. */
  readonly maximumRows?: number
  /** Most milliseconds, at least 1; default 2000. */
  readonly maximumMs?: number
  /** Return the first rows instead of an error when there are more than `maximumRows`, or more than 64 MB of them; default false. */
  readonly truncate?: boolean
}

/** Something that runs queries: what the reasoner needs to know of a database. */
export interface QueryRunner {
  readonly schema: Schema
  query(sql: string, limits?: QueryLimits): Promise<Result>
  /** Another text after each change of what is in the database; without it, it is taken for one that never changes. Must be cheap: it is asked for with each question. */
  version?(): Promise<string>
}

/** @internal Between the database and its child process. */
export interface Ask {
  readonly id: number
  /** Undefined asks for the number by which SQLite tells whether another connection has changed the file. */
  readonly sql: string | undefined
  readonly maximumRows: number
}

/** Why there is more than was returned. */
type Cut = 'rows' | 'bytes'

/** @internal */
export type Answer =
  | { readonly id: number; readonly columns: string[]; readonly rows: unknown[]; readonly more: Cut | undefined }
  | (QueryFailure & { readonly id: number })

interface Waiting {
  readonly id: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

// Strip-types runs the source, the package runs compiled JavaScript: the child's file lies beside this one in both.
const processFile = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './database-process.ts' : './database-process.js', import.meta.url))

/**
 * A SQLite database opened for reading only, by someone who may not be trusted with more.
 *
 * A query is one SELECT or WITH statement. It runs in a child process that owns the connection: the file is opened read-only, an authorizer refuses everything
 * but reading the tables and calling functions that stay inside the database, and the process is killed at the time limit and started again for the
 * next query. So it is when it grows beyond 512 MB, and a result ends at 64 MB. A thread would not do: SQLite is not interruptible from JavaScript, and a thread inside a query that produces no rows (a huge join, an
 * endless recursion) runs on after `terminate()`. Queries run one after the other.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { ReadOnlyDatabase } from 'autodidact/agents'
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'read-only-')), 'some.db')
 * const writer = new DatabaseSync(path)
 * writer.exec("CREATE TABLE t (name TEXT); INSERT INTO t VALUES ('a')")
 * writer.close()
 *
 * const database = await ReadOnlyDatabase.open(path)
 * const { rows } = await database.query('SELECT name FROM t', { maximumRows: 10, maximumMs: 500 })
 * console.assert(rows[0]?.[0] === 'a')
 * await database.close()
 * ```
 */
export class ReadOnlyDatabase implements QueryRunner {
  readonly path: string
  #schema: Schema | undefined
  #child: Promise<ChildProcess> | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #waiting: Waiting | undefined
  #lastId = 0
  #closed = false
  #seen: { readonly child: unknown; readonly number: number; readonly stamp: string } | undefined
  #changes = 0

  private constructor(path: string) {
    this.path = path
  }

  /**
   * Opens a database file and reads the names of its tables and columns.
   *
   * @throws AutodidactError `CANNOT_OPEN` if there is no such file, `NOT_A_DATABASE` if it is something else, `BUSY` while another process holds it, `CORRUPT`.
   */
  static async open(path: string): Promise<ReadOnlyDatabase> {
    expectText(path, 'ReadOnlyDatabase.open: path')
    if (!existsSync(path)) throw new AutodidactError('CANNOT_OPEN', `There is no file ${described(path)}. Pass the path of an existing SQLite database.`)
    const database = new ReadOnlyDatabase(path)
    try {
      database.#schema = await database.#readSchema()
    } catch (error) {
      await database.close()
      if (AutodidactError.is(error) && troublesOfFile.has(error.code)) throw error
      throw new AutodidactError('NOT_A_DATABASE', `"${path}" cannot be read as a SQLite database. Pass the path of an SQLite file.`, { cause: error })
    }
    return database
  }

  /** The tables and views with their columns. */
  get schema(): Schema {
    if (this.#schema === undefined) throw new AutodidactError('CLOSED', 'The database is not open yet. Await ReadOnlyDatabase.open().')
    return this.#schema
  }

  /**
   * Runs one SELECT or WITH statement.
   *
   * @throws AutodidactError `NOT_ALLOWED` for anything that does more than read, `LIMIT_EXCEEDED` for too many rows, too much time, more than 64 MB or too much memory, `INVALID_INPUT` if
   * SQLite cannot run the query or a limit is out of range, `CLOSED` after {@link close}; `BUSY`, `CORRUPT` and `STORAGE_FAILED` when it is not the query's fault.
   */
  async query(sql: string, limits: QueryLimits = {}): Promise<Result> {
    expectText(sql, 'query')
    expectObject(limits, 'query: limits')
    const { maximumRows = 1_000, maximumMs = 2_000, truncate = false } = limits
    expectNumber(maximumRows, 'query: maximumRows', 1, Number.MAX_SAFE_INTEGER)
    expectNumber(maximumMs, 'query: maximumMs', 1, longestTimer)
    const statement = singleSelect(sql)
    const answer = await this.#send(statement, Math.floor(maximumRows), maximumMs)
    if ('error' in answer) throw queryError(answer, this.path, sql)
    if (answer.more !== undefined && (!truncate || answer.rows.length === 0)) throw cutError(answer.more, maximumRows)
    // The child process returns rows as arrays of SQLite values, which is what Cell lists.
    return { columns: answer.columns, rows: answer.rows as Rows, truncated: answer.more !== undefined }
  }

  /**
   * A text that is another one after each commit to the file, whoever made it; a round trip to the child process, some tenths of a millisecond.
   *
   * @throws AutodidactError `BUSY`, `CLOSED` and the others that are not about a query
   */
  async version(): Promise<string> {
    // Before the number: what is written in between is then noticed rather than missed.
    const stamp = stampOf(this.path)
    const answer = await this.#send(undefined, 1, 2_000)
    if ('error' in answer) throw queryError(answer, this.path)
    const seen = { child: this.#child, number: Number(answer.rows[0]), stamp }
    const before = this.#seen
    // The numbers of two connections have nothing to do with each other. A child that was killed at its time limit says nothing of the file.
    const changed = before !== undefined && (before.child === seen.child ? before.number !== seen.number : before.stamp !== seen.stamp)
    if (changed) this.#changes += 1
    this.#seen = seen
    return String(this.#changes)
  }

  /** Stops the child process. A query that runs or waits is refused with `CLOSED`. Closing twice is fine. */
  async close(): Promise<void> {
    this.#closed = true
    this.#waiting?.reject(closedError())
    const child = this.#child
    this.#child = undefined
    await child?.then(kill, () => undefined)
  }

  async #readSchema(): Promise<Schema> {
    const listed = await this.query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY rowid", { maximumRows: 10_000 })
    const tables: { name: string; columns: readonly string[] }[] = []
    for (const [name] of listed.rows) {
      const table = String(name)
      try {
        const { columns } = await this.query(`SELECT * FROM "${table.replaceAll('"', '""')}" LIMIT 1`, { maximumRows: 1 })
        tables.push({ name: table, columns })
      } catch (error) {
        // A view over something that is gone, or a virtual table of an extension that is not here, does not spoil the others.
        if (!AutodidactError.is(error)) throw error
      }
    }
    return new Schema(tables)
  }

  #send(sql: string | undefined, maximumRows: number, maximumMs: number): Promise<Answer> {
    const turn = this.#queue.then(() => this.#runOne({ id: (this.#lastId += 1), sql, maximumRows }, maximumMs))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #runOne(ask: Ask, maximumMs: number): Promise<Answer> {
    if (this.#closed) throw closedError()
    const child = await (this.#child ??= this.#start())
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined
        this.#child = undefined
        void kill(child)
        reject(new AutodidactError('LIMIT_EXCEEDED', `The query took more than ${maximumMs} ms and was stopped. Narrow it, or raise maximumMs.`))
      }, maximumMs)
      const finish = <Value>(settle: (value: Value) => void) => (value: Value): void => {
        clearTimeout(timer)
        this.#waiting = undefined
        settle(value)
      }
      this.#waiting = { id: ask.id, resolve: finish(resolve), reject: finish(reject) }
      child.send(ask)
    })
  }

  async #start(): Promise<ChildProcess> {
    if (!existsSync(processFile)) {
      throw new AutodidactError('CANNOT_OPEN', `The program that reads databases, "${processFile}", is not there. A bundler has to leave autodidact where it is installed: name it as external.`)
    }
    return new Promise<ChildProcess>((resolve, reject) => {
      const child = fork(processFile, [this.path], { serialization: 'advanced', execArgv: ['--no-warnings'], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
      child.on('message', (message) => {
        const answer = message as Answer // Only our own process file writes to this channel.
        if (answer.id === 0 && 'error' in answer) reject(queryError(answer, this.path))
        else if (answer.id === 0) {
          // An idle child must not keep this process alive; while a query waits, its timer does.
          child.unref()
          child.channel?.unref()
          resolve(child)
        } else if (this.#waiting?.id === answer.id) this.#waiting.resolve(answer)
      })
      const fail = (why: AutodidactError): void => {
        reject(new AutodidactError('STORAGE_FAILED', 'The process that reads the database could not start. Check that the file is a SQLite database.', { cause: why.cause }))
        if (this.#child === undefined) return
        this.#child = undefined
        this.#waiting?.reject(why)
      }
      child.once('error', (cause) => fail(stoppedError(cause)))
      child.once('exit', (_code, signal) => fail(signal === outOfMemorySignal ? memoryError() : stoppedError()))
    })
  }
}

const troublesOfFile: ReadonlySet<ErrorCode> = new Set(['BUSY', 'CORRUPT', 'CANNOT_OPEN'])

/** A timer of Node that is longer runs out at once. */
const longestTimer = 2 ** 31 - 1

/** Sizes and times of the file and of its write-ahead log. */
const stampOf = (path: string): string =>
  [path, `${path}-wal`].map((each) => statSync(each, { bigint: true, throwIfNoEntry: false })).map((stats) => `${stats?.size} ${stats?.mtimeNs}`).join()

/** Ends a child at once; SIGKILL, because inside a query it hears nothing milder. */
const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.ref()
    child.removeAllListeners('exit')
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })

const cutError = (cut: Cut, maximumRows: number): AutodidactError =>
  new AutodidactError(
    'LIMIT_EXCEEDED',
    cut === 'rows'
      ? `The query returns more than ${maximumRows} rows. Narrow it, raise maximumRows, or pass truncate: true.`
      : `The query returns more than ${maximumResultBytes / 2 ** 20} MB. Ask for fewer rows or columns, or for parts of long values with substr().`,
  )

const memoryError = (): AutodidactError =>
  new AutodidactError('LIMIT_EXCEEDED', 'The query took too much memory and was stopped. Ask for fewer or shorter values, or sort fewer rows.')

const stoppedError = (cause?: unknown): AutodidactError => new AutodidactError('STORAGE_FAILED', 'The process that reads the database stopped. Ask again.', { cause })

const closedError = (): AutodidactError => new AutodidactError('CLOSED', 'The database was closed. Open it again to ask.')
