import { AutodidactError, type ErrorCode } from '../../errors.ts'

/** What a failed call of the operating system means here. */
const meanings: ReadonlyMap<string, readonly [ErrorCode, string]> = new Map([
  ['ENOSPC', ['DISK_FULL', 'The disk is full. Nothing was written; free space and try again.']],
  ['EDQUOT', ['DISK_FULL', 'The quota is full. Nothing was written; free space and try again.']],
  ['EFBIG', ['DISK_FULL', 'The file would become larger than the system allows. Nothing was written.']],
  ['EACCES', ['READ_ONLY', 'The folder or a file in it may only be read. Give this user the right to write to all of it.']],
  ['EPERM', ['READ_ONLY', 'The folder or a file in it may only be read. Give this user the right to write to all of it.']],
  ['EROFS', ['READ_ONLY', 'The disk may only be read. Choose another one, or open the folder for reading.']],
  ['ENOENT', ['CANNOT_OPEN', 'A file or folder is not there. Check the path, and that nobody moves the files.']],
  ['ENOTDIR', ['CANNOT_OPEN', 'A part of the path is no folder. Check the path.']],
  ['EISDIR', ['CANNOT_OPEN', 'There is a folder where a file belongs. Check the path.']],
  ['ENAMETOOLONG', ['CANNOT_OPEN', 'The path is longer than the system allows. Choose a shorter one.']],
  ['ELOOP', ['CANNOT_OPEN', 'The path is a link to itself. Check it.']],
  ['EMFILE', ['BUSY', 'Too many files are open. Close some and try again.']],
  ['ENFILE', ['BUSY', 'Too many files are open. Close some and try again.']],
  ['ERR_STRING_TOO_LONG', ['LIMIT_EXCEEDED', 'A line of the log is larger than a text can be. Nothing was written; split what is recorded.']],
])

/** The error of a call on a store that was closed. */
export const closed = (path: string): AutodidactError => new AutodidactError('CLOSED', `${path} was closed. Open it again before you use it.`)

/** A file of the store is not as the store wrote it. */
export const corrupt = (path: string, detail: string, cause?: unknown): AutodidactError =>
  new AutodidactError('CORRUPT', `${path}: The file is damaged (${detail}). Restore a backup.`, cause === undefined ? undefined : { cause })

/** Gives an error of the operating system its code and next step; errors of our own pass through. */
export const translated = (error: unknown, path: string): AutodidactError => {
  if (AutodidactError.is(error)) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const meaning = meanings.get(code)
  const detail = error instanceof Error ? error.message : String(error)
  if (meaning !== undefined) return new AutodidactError(meaning[0], `${path}: ${meaning[1]} (${detail})`, { cause: error })
  return new AutodidactError('STORAGE_FAILED', `${path}: reading or writing failed (${detail}). Check the disk and its mount.`, { cause: error })
}

/** Does what works on the file system, with its errors translated. */
export const attempt = <Result>(path: string, work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw translated(error, path)
  }
}

/** SQLite's code for a lock that another connection has; https://www.sqlite.org/rescode.html#busy */
const sqliteBusy = 5

/** True when the lock of the folder is held by somebody else. */
export const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
