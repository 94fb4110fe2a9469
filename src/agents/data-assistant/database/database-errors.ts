import { AutodidactError, type ErrorCode } from '../../../errors.ts'

/** What went wrong with a query in the process that reads the database. */
export interface QueryFailure {
  /** What SQLite says. */
  readonly error: string
  /** What the query does that it may not, as the rest of a sentence that begins with "The query". */
  readonly refused?: string
  /** SQLite's primary result code; https://www.sqlite.org/rescode.html */
  readonly resultCode?: number
}

/** Result codes that say more than that the query is wrong: for most of them it is not to blame. */
const troubles: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  [5, ['BUSY', 'Another process holds the database. Ask again when it is done; if it stays, look for one that keeps a transaction open.']],
  [6, ['BUSY', 'Another statement holds a table. Ask again.']],
  [7, ['LIMIT_EXCEEDED', 'The query took too much memory. Ask for fewer or shorter values, or sort fewer rows.']],
  [10, ['STORAGE_FAILED', 'Reading the database failed. Check the disk and its mount.']],
  [11, ['CORRUPT', 'The database is damaged. Restore a backup, or save what is left with "sqlite3 FILE .recover".']],
  [14, ['CANNOT_OPEN', 'The database cannot be opened. Check that this user may read it and its folder.']],
  [15, ['BUSY', 'Too many processes open the database at once. Ask again.']],
  [18, ['LIMIT_EXCEEDED', 'The query, or a value that it makes, is too long: a value may have 16 MB. Ask for parts of it with substr().']],
  [26, ['NOT_A_DATABASE', 'It cannot be read as a SQLite database. Pass the path of an SQLite file.']],
])

/** The error for a query that failed, or for a database that could not be opened when there is no query yet. */
export const queryError = ({ error, refused, resultCode }: QueryFailure, path: string, sql?: string): AutodidactError => {
  const trouble = troubles.get(resultCode ?? 0)
  if (trouble !== undefined) return new AutodidactError(trouble[0], `"${path}": ${trouble[1]} (${error})`)
  if (sql === undefined) return new AutodidactError('STORAGE_FAILED', `The process that reads "${path}" could not start (${error}). Check that it is a SQLite database.`)
  return refused === undefined
    ? new AutodidactError('INVALID_INPUT', `SQLite cannot run the query: ${error}. Correct it and ask again: ${sql.slice(0, 200)}`)
    : new AutodidactError('NOT_ALLOWED', `The query ${refused}, which is not allowed here. It may read tables of the database and call ordinary functions, nothing else.`)
}
