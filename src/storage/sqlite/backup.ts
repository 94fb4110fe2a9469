import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { AutodidactError } from '../../errors.ts'
import { nextTurn } from '../../next-turn.ts'
import { backup as copyPages, DatabaseSync } from '../node-sqlite.ts'
import type { BackupReceipt, BackupSettings } from '../storage.ts'
import { corrupt, isBusy, translated } from './errors.ts'
import { refuseForeign, refuseUnfit } from './file.ts'
import { applicationId } from './migrations.ts'
import { runInThread } from './thread.ts'

/** What belongs to the log, in an order that does not depend on how the file came about. */
const logged = [
  'SELECT * FROM namespaces ORDER BY number',
  'SELECT * FROM facts ORDER BY sequence',
  'SELECT * FROM tombstones ORDER BY namespace, id',
  'SELECT * FROM option_sets ORDER BY namespace, key',
  'SELECT * FROM blobs ORDER BY namespace, hash',
]

const rowsAtOnce = 2_000
const pagesAtOnce = 1_000

/** A copy says what it is a copy of; a file in use has no such table. */
const note = 'CREATE TABLE backup (one INTEGER PRIMARY KEY CHECK (one = 1), made_at INTEGER NOT NULL, digest TEXT NOT NULL) STRICT'

interface Note {
  readonly madeAt: number
  readonly digest: string
}

/** SHA-256 over the rows of the log as they are stored: of an encrypted file, no key is needed. */
const digestOf = async (database: DatabaseSync): Promise<string> => {
  const digest = createHash('sha256')
  let rows = 0
  for (const text of logged) {
    for (const row of database.prepare(text).iterate()) {
      digest.update(`${JSON.stringify(Object.values(row))}\n`)
      rows += 1
      if (rows % rowsAtOnce === 0) await nextTurn()
    }
  }
  return digest.digest('hex')
}

const openToRead = (path: string): DatabaseSync => new DatabaseSync(path, { readOnly: true, timeout: 5_000, allowExtension: false })

const noteIn = (database: DatabaseSync): Note | undefined => {
  if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'backup'").get() === undefined) return undefined
  const row = database.prepare('SELECT made_at, digest FROM backup').get()
  return row === undefined ? undefined : { madeAt: Number(row['made_at']), digest: String(row['digest']) }
}

/** Beginning of every SQLite file, and where it holds the number of the program that it belongs to; https://www.sqlite.org/fileformat.html#the_database_header */
const [mark, applicationAt] = ['SQLite format 3\0', 68]

/** True for a file that says that it is ours, however damaged the rest of it is. */
const isOurs = (path: string): boolean => {
  let database: DatabaseSync | undefined
  try {
    // What was written last may stand in the write-ahead log only.
    database = openToRead(path)
    return database.prepare('SELECT application_id FROM pragma_application_id').get()?.['application_id'] === applicationId
  } catch {
    return headerIsOurs(path)
  } finally {
    database?.close()
  }
}

/** The same for a file that SQLite cannot read. Of one that it has open, closing it here would give up the locks. */
const headerIsOurs = (path: string): boolean => {
  const header = Buffer.alloc(100)
  const descriptor = openSync(path, 'r')
  try {
    readSync(descriptor, header)
  } finally {
    closeSync(descriptor)
  }
  return header.toString('latin1', 0, mark.length) === mark && header.readUInt32BE(applicationAt) === applicationId
}

const companions = ['-wal', '-shm'] as const

const remove = (path: string): void => {
  for (const name of [path, ...companions.map((end) => `${path}${end}`)]) rmSync(name, { force: true })
}

/** After a failure: another one of the clearing away must not hide it. */
const discard = (path: string): void => {
  try {
    remove(path)
  } catch {
    // What is left begins with the name of the copy and is replaced by the next attempt.
  }
}

const flush = (path: string): void => {
  const descriptor = openSync(path, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** @throws AutodidactError `CORRUPT` */
const checkIntegrity = async (path: string, database: DatabaseSync): Promise<void> => {
  const query = 'PRAGMA integrity_check(1)'
  const answer = await runInThread({ path, readOnly: true, statements: '', query })
  if (answer?.done === false) throw answer.error
  const [row] = answer?.rows ?? [database.prepare(query).get() ?? {}]
  if (row?.['integrity_check'] !== 'ok') throw corrupt(path, String(row?.['integrity_check']), undefined)
}

const checkDigest = async (path: string, database: DatabaseSync, digest: string): Promise<void> => {
  if ((await digestOf(database)) !== digest) throw corrupt(path, 'its log is not the one that was backed up', undefined)
}

/** Copies page by page, as the source is at one moment: its open transaction keeps it so, whoever writes meanwhile. */
const copyTo = async (source: DatabaseSync, path: string, onProgress: BackupSettings['onProgress']): Promise<void> => {
  await copyPages(source, path, {
    rate: pagesAtOnce,
    progress: ({ totalPages, remainingPages }) => onProgress?.(totalPages === 0 ? 1 : (totalPages - remainingPages) / totalPages),
  })
  // Node does not tell of the last pages.
  onProgress?.(1)
}

/** Checks a copy that nobody else knows yet, and works on it; it becomes one file, without a write-ahead log. */
const finish = async (path: string, digest: string, work: (database: DatabaseSync) => void): Promise<Omit<BackupReceipt, 'path' | 'madeAt' | 'bytes'>> => {
  const database = new DatabaseSync(path, { timeout: 5_000, allowExtension: false })
  try {
    database.exec('PRAGMA journal_mode = DELETE')
    await checkIntegrity(path, database)
    await checkDigest(path, database, digest)
    work(database)
    const rows = database.prepare('SELECT name, (SELECT count(*) FROM facts WHERE namespace = number) AS facts FROM namespaces ORDER BY number').all()
    return { store: 'sqlite', digest, namespaces: rows.map((row) => ({ namespace: String(row['name']), facts: Number(row['facts']) })) }
  } finally {
    database.close()
  }
}

const place = (part: string, to: string): number => {
  flush(part)
  renameSync(part, to)
  return statSync(to).size
}

const exists = (path: string, what: string): AutodidactError =>
  new AutodidactError('ALREADY_EXISTS', `${path} is there already. Nothing was written; name another ${what}, or pass overwrite to replace it.`)

/** A backup takes the place of a backup only. */
const refuseToReplace = (source: string, to: string, overwrite: boolean): void => {
  refuseUnfit(to)
  if (to === ':memory:') throw new AutodidactError('INVALID_INPUT', 'A backup in ":memory:" would be gone at once. Name a file.')
  if (!existsSync(to)) return
  if (source !== ':memory:' && realpathSync(to) === realpathSync(source)) {
    throw new AutodidactError('INVALID_INPUT', `${to} is the file that is to be backed up. Name another one for the copy.`)
  }
  if (!overwrite) throw exists(to, 'file')
  const next = 'It was not touched; name another file.'
  if (!isOurs(to)) throw new AutodidactError('NOT_ALLOWED', `${to} is no backup, and would be lost. ${next}`)
  const database = openToRead(to)
  try {
    if (noteIn(database) === undefined) throw new AutodidactError('NOT_ALLOWED', `${to} is in use, or was, and is no backup. ${next}`)
  } finally {
    database.close()
  }
}

/**
 * Writes a copy of a file while others write to it.
 *
 * @param source of the file at `path`, with nothing under way; closed by the caller
 * @param now milliseconds since 1970-01-01 UTC
 * @throws AutodidactError `ALREADY_EXISTS`, `NOT_ALLOWED`, `INVALID_INPUT`, `CANNOT_OPEN`, `DISK_FULL`, `CORRUPT`, `BUSY`
 */
export const backupDatabase = async (source: DatabaseSync, path: string, to: string, { overwrite = false, onProgress }: BackupSettings, now: number): Promise<BackupReceipt> => {
  const part = `${to}.part`
  try {
    refuseToReplace(path, to, overwrite)
    remove(part)
    const inMemory = path === ':memory:'
    // One state for both: what is compared with the copy is what was copied. A store in memory has one connection, which must go on writing.
    if (!inMemory) source.exec('BEGIN')
    const before = inMemory ? undefined : await digestOf(source)
    await copyTo(source, part, onProgress)
    const digest = before ?? (await digestIn(part))
    const receipt = await finish(part, digest, (copy) => {
      copy.exec(`DROP TABLE IF EXISTS backup; ${note}`)
      copy.prepare('INSERT INTO backup (one, made_at, digest) VALUES (1, ?, ?)').run(now, digest)
    })
    if (existsSync(to) && !overwrite) throw exists(to, 'file')
    return { path: to, madeAt: now, bytes: place(part, to), ...receipt }
  } catch (error) {
    discard(part)
    throw translated(error, to)
  }
}

const digestIn = async (path: string): Promise<string> => {
  const database = openToRead(path)
  try {
    return await digestOf(database)
  } finally {
    database.close()
  }
}

/** What is in the place of a restored file goes; its last writes are moved out of its write-ahead log first, so that a failure behind this loses none. */
const clear = (to: string): void => {
  if (!existsSync(to)) return
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(to, { timeout: 0, allowExtension: false })
    // Only the one connection that a file has can do this.
    database.exec('PRAGMA journal_mode = DELETE')
  } catch (error) {
    if (isBusy(error)) throw new AutodidactError('BUSY', `${to} is still open, in another process or in this one. Nothing was restored; close it there and try again.`, { cause: error })
    // A damaged file is what a backup is restored for.
  } finally {
    database?.close()
  }
}

/**
 * Puts a copy of a backup in its place, once it has been read and found whole.
 *
 * @throws AutodidactError `ALREADY_EXISTS`, `NOT_A_DATABASE`, `NEWER_VERSION`, `CORRUPT`, `CANNOT_OPEN`, `DISK_FULL`, `BUSY`
 */
export const restoreDatabase = async (from: string, to: string, { overwrite = false, onProgress }: BackupSettings): Promise<BackupReceipt> => {
  const part = `${to}.part`
  let source: DatabaseSync | undefined
  try {
    for (const path of [from, to]) refuseUnfit(path)
    if (!existsSync(from)) throw new AutodidactError('CANNOT_OPEN', `There is no file "${from}" to restore. Check the path.`)
    refuseReplaced(from, to, overwrite)
    source = openToRead(from)
    refuseForeign(source, from)
    const found = noteIn(source)
    if (found === undefined) {
      throw new AutodidactError('INVALID_INPUT', `${from} does not say what it is a copy of: it was not made by "backup". Copy it yourself if you trust it.`)
    }
    source.exec('BEGIN')
    await checkIntegrity(from, source)
    await checkDigest(from, source, found.digest)
    remove(part)
    await copyTo(source, part, onProgress)
    const receipt = await finish(part, found.digest, (copy) => copy.exec('DROP TABLE backup'))
    refuseReplaced(from, to, overwrite)
    clear(to)
    for (const end of companions) rmSync(`${to}${end}`, { force: true })
    return { path: to, madeAt: found.madeAt, bytes: place(part, to), ...receipt }
  } catch (error) {
    discard(part)
    throw translated(error, from)
  } finally {
    source?.close()
  }
}

const refuseReplaced = (from: string, to: string, overwrite: boolean): void => {
  if (to === ':memory:') throw new AutodidactError('INVALID_INPUT', 'What is restored in ":memory:" would be gone at once. Name a file.')
  if (!existsSync(dirname(resolve(to)))) throw new AutodidactError('CANNOT_OPEN', `The folder of "${to}" is not there. Create it first.`)
  // A write-ahead log without its file belongs to one that somebody moved away; it must not come to belong to another.
  const there = [to, ...companions.map((end) => `${to}${end}`)].find((path) => existsSync(path))
  if (there === undefined) return
  if (existsSync(to) && realpathSync(to) === realpathSync(from)) throw new AutodidactError('INVALID_INPUT', `${to} is the backup itself. Name another file to restore it to.`)
  if (!overwrite) throw exists(there, 'file')
  if (existsSync(to) && statSync(to).size > 0 && !isOurs(to)) {
    throw new AutodidactError('NOT_ALLOWED', `${to} is a file of something else. It was not touched; name another file.`)
  }
}
