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
  [26, ['NOT_A_DATABASE', 'The file is not a database. Choose another path; this file was not touched.']],
])

const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined

/** True when another connection was in the way and a later attempt may succeed. */
export const isBusy = (error: unknown): boolean => {
  const code = resultCode(error)
  return code === 5 || code === 6
}

/** Gives an error of SQLite its code and next step; errors of our own pass through. */
export const translated = (error: unknown, path: string): AutodidactError => {
  if (AutodidactError.is(error)) return error
  const meaning = meanings.get(resultCode(error) ?? -1)
  const detail = error instanceof Error ? error.message : String(error)
  if (meaning !== undefined) return new AutodidactError(meaning[0], `${path}: ${meaning[1]} (${detail})`, { cause: error })
  if (detail.includes('database is not open')) {
    return new AutodidactError('CLOSED', `${path} was closed. Open it again before you use it.`, { cause: error })
  }
  return new AutodidactError('STORAGE_FAILED', `${path}: the database refused (${detail}). Nothing was written.`, { cause: error })
}
