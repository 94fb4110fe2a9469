import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AutodidactError } from '../../errors.ts'
import { translated } from './errors.ts'
import { applicationId, schemaVersion } from './migrations.ts'
import { DatabaseSync } from '../node-sqlite.ts'

/** No file system takes more. */
const longestPath = 4096

/** What cannot become or be a database, told before anything is opened. */
export const refuseUnfit = (path: string): void => {
  // SQLite takes an empty path for a file that it deletes at the end, and nobody asked for that.
  if (path === '' || path.includes('\0')) throw new AutodidactError('CANNOT_OPEN', `${JSON.stringify(path)} is no path. Name a file, or ":memory:".`)
  // SQLite reads it as an address, whose parameters may say that nothing is kept.
  if (path.startsWith('file:')) throw new AutodidactError('CANNOT_OPEN', `${path.slice(0, longestPath)} is an address. Name the file by its path, or ":memory:".`)
  if (path.length > longestPath) throw new AutodidactError('CANNOT_OPEN', `A path of ${path.length} characters is none. Name a file, or ":memory:".`)
  if (path === ':memory:' || !existsSync(path)) return
  if (statSync(path).isDirectory()) {
    throw new AutodidactError('CANNOT_OPEN', `${path} is a folder. Name a file in it, such as ${path}/agent.db.`)
  }
  if (!statSync(path).isFile()) throw new AutodidactError('CANNOT_OPEN', `${path} is a device or a pipe. Name a file.`)
}

/** Where the file lies: SQLite keeps the write-ahead log beside that, not beside a link to it, and a relative path means another file once the process has moved. */
export const placeOf = (path: string): string => {
  if (path === ':memory:') return path
  return existsSync(path) ? realpathSync(path) : resolve(path)
}

const mayWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** SQLite opens a file that it may not write to for reading, and would say so with the first record only. */
export const refuseReadOnly = (path: string): void => {
  if (path === ':memory:' || !existsSync(path) || mayWrite(path)) return
  throw new AutodidactError('READ_ONLY', `${path} may only be read. Give this user the right to write to it and to its folder.`)
}

/**
 * Whether the file has to be read without locks, as one that nobody writes to.
 *
 * Readers share a `-wal` and a `-shm` beside the file with its writers. Where these are not there, nobody has the file open for writing. A reader that may
 * not write to the folder cannot make them; one that may not write to the file must not, because they would get its rights and shut out later writers.
 *
 * @throws AutodidactError `READ_ONLY` when a write-ahead log that was left behind has to be written back first, `CANNOT_OPEN`, `INVALID_INPUT`
 */
export const isFrozen = (path: string): boolean => {
  if (path === ':memory:') throw new AutodidactError('INVALID_INPUT', 'There is nothing to read in ":memory:". Name a file, or leave readOnly out.')
  if (!existsSync(path)) throw new AutodidactError('CANNOT_OPEN', `There is no file "${path}" to read. Check the path, or open it without readOnly to create it.`)
  const shared = existsSync(`${path}-wal`) && existsSync(`${path}-shm`)
  if ((shared || mayWrite(path)) && canShare(path)) return false
  if (!existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0) return true
  const next = 'Open it once with the right to write to it and to its folder, or copy it with its -wal to a folder of yours.'
  throw new AutodidactError('READ_ONLY', `${path} has a write-ahead log that has to be written back before it can be read. ${next}`)
}

/** False when the file can only be read without locks; whatever else is wrong with it comes again when it is opened. */
const canShare = (path: string): boolean => {
  let reader: DatabaseSync | undefined
  try {
    reader = new DatabaseSync(path, { readOnly: true, timeout: 0 })
    reader.prepare(identity).get()
    return true
  } catch (error) {
    const { code } = translated(error, path)
    return code !== 'READ_ONLY' && code !== 'CANNOT_OPEN'
  } finally {
    reader?.close()
  }
}

export const immutable = (path: string): URL => {
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  return url
}

/** Changes with every write to the file, also with one that still stands in the write-ahead log. */
export const looksOf = (path: string): string =>
  [path, `${path}-wal`].map((file) => (existsSync(file) ? `${statSync(file).mtimeMs} ${statSync(file).size}` : '')).join(' ')

/** A file of ours in the present version: what is missing cannot be added. */
export const refuseUnreadable = (database: DatabaseSync, path: string): void => {
  refuseForeign(database, path)
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version === schemaVersion) return
  const what = version === 0 ? 'is empty' : `was written by an older version (${version}; this one reads ${schemaVersion})`
  throw new AutodidactError('READ_ONLY', `${path} ${what}, and may only be read. Open it once with the right to write.`)
}

/** Closing a connection that may write moves a write-ahead log that was left behind into its file, also when the file belongs to another program. */
export const lookWithoutTouching = (path: string): void => {
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

/**
 * SQLite removes an empty write-ahead log and its index with the last connection that may write, and leaves those that a reader made. One that is not empty was
 * left by a writer, and is nobody's to move whose part is to read.
 */
export const removeEmptyLog = (path: string): void => {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  if (log?.size !== 0 || !mayWrite(path)) return
  let last: DatabaseSync | undefined
  try {
    last = new DatabaseSync(path, { timeout: 0 })
    // Without a look into the file the log is not opened, and so not removed.
    last.prepare(identity).get()
  } catch {
    // Somebody else is at the file: theirs is the last connection then.
  } finally {
    last?.close()
  }
}

/** One statement, so that another process that is just creating the file is seen before or after it, never halfway. */
const identity = `
  SELECT
    (SELECT application_id FROM pragma_application_id) AS application,
    (SELECT user_version FROM pragma_user_version) AS version,
    (SELECT count(*) FROM sqlite_schema) AS tables`

export const refuseForeign = (database: DatabaseSync, path: string): void => {
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
