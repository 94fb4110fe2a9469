import { AutodidactError, type ErrorCode } from '../../errors.ts'

/** SQLite's primary result codes that have a meaning of their own here; https://www.sqlite.org/rescode.html */
const meanings: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  [5, ['BUSY', 'Another process holds the file. Try again; if it stays, look for a process that keeps a transaction open.']],
  [6, ['BUSY', 'Another statement holds the table. Try again.']],
  [8, ['READ_ONLY', 'The file or its folder may only be read. Give this user the right to write to both.']],
  [10, ['STORAGE_FAILED', 'Reading or writing the file failed. Check the disk and its mount.']],
  [11, ['CORRUPT', 'The file is damaged. Restore a backup, or save what is left with "sqlite3 FILE .recover".']],
  [13, ['DISK_FULL', 'The disk or the quota is full. Nothing was written; free space and try again.']],
  [14, ['CANNOT_OPEN', 'The file cannot be opened or created. Check that its folder exists and that this user may write to it.']],
  [15, ['BUSY', 'Too many processes open the file at once. Try again.']],
  [18, ['LIMIT_EXCEEDED', 'A text or the whole write is larger than the database can hold. Nothing was written; split it.']],
  [26, ['NOT_A_DATABASE', 'The file is not a database. Choose another path; this file was not touched.']],
])

/** Extended result codes that mean something else than their primary code: SQLITE_IOERR_SHMSIZE, no room for the index of the write-ahead log. */
const extended: ReadonlyMap<number, number> = new Map([[4874, 13]])

const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? (extended.get(error.errcode) ?? error.errcode & 0xff) : undefined

/** True when another connection was in the way and a later attempt may succeed. */
export const isBusy = (error: unknown): boolean => meanings.get(resultCode(error) ?? -1)?.[0] === 'BUSY'

/** The error of a call on a connection that was closed. */
export const closed = (path: string, cause?: unknown): AutodidactError =>
  new AutodidactError('CLOSED', `${path} was closed. Open it again before you use it.`, cause === undefined ? undefined : { cause })

/** A part of the schema or of a row that must be there is not, or cannot be read. */
export const corrupt = (path: string, detail: string, cause: unknown): AutodidactError =>
  new AutodidactError('CORRUPT', `${path}: The file is damaged (${detail}). Restore a backup, or save what is left with "sqlite3 FILE .recover".`, { cause })

/** Gives an error of SQLite its code and next step; errors of our own pass through. */
export const translated = (error: unknown, path: string): AutodidactError => {
  if (AutodidactError.is(error)) return error
  const meaning = meanings.get(resultCode(error) ?? -1)
  const detail = error instanceof Error ? error.message : String(error)
  if (meaning !== undefined) return new AutodidactError(meaning[0], `${path}: ${meaning[1]} (${detail})`, { cause: error })
  // The driver reports these without a result code.
  if (detail.includes('database is not open') || detail.includes('statement has been finalized')) return closed(path, error)
  // Our schema has every table and column that our statements name, unless somebody took one away.
  if (/^no such (table|column|module)|^vtable constructor failed/.test(detail)) return corrupt(path, detail, error)
  return new AutodidactError('STORAGE_FAILED', `${path}: the database refused (${detail}). Nothing was written.`, { cause: error })
}
