import { createHash, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { AutodidactError } from '../../errors.ts'
import { nextTurn } from '../../next-turn.ts'
import type { Cipher } from '../../encryption/cipher.ts'
import type { BackupReceipt, BackupSettings } from '../storage.ts'
import type { Connection } from './connection.ts'
import { attempt, corrupt, translated } from './errors.ts'
import { flushFolder, isStore, isVacant, logSuffix, readDescription, refuseForeign, refuseUnfit, replaceFile, writeDescription } from './file.ts'
import { entryOf, expectWhole, headingsIn, linesOf, type PlacedLine } from './log.ts'
import { Lock } from './lock.ts'

/** What a copy says of itself, in `backup.json`; a folder in use has no such file. */
const noteInput = z.object({
  madeAt: z.number(),
  /** SHA-256 over those of the files, in their order. */
  digest: z.string(),
  logs: z.array(
    z.object({
      // A name, and not a path to somewhere else.
      file: z.string().regex(/^[a-z0-9][a-z0-9_.-]*\.jsonl$/),
      namespace: z.string(),
      facts: z.number().int(),
      bytes: z.number().int(),
      digest: z.string(),
    }),
  ),
})

type Note = z.output<typeof noteInput>

type CopiedLog = Note['logs'][number]

const noteName = 'backup.json'

/** Copying lets other work of the process run after so many lines: some milliseconds. */
const linesAtOnce = 500

const isBackup = (folder: string): boolean => isStore(folder) && existsSync(join(folder, noteName))

const digestOf = (logs: readonly CopiedLog[]): string => createHash('sha256').update(logs.map(({ digest }) => digest).join()).digest('hex')

const receiptOf = (path: string, { madeAt, digest, logs }: Note): BackupReceipt => ({
  path,
  store: 'files',
  bytes: logs.reduce((sum, { bytes }) => sum + bytes, 0),
  madeAt,
  digest,
  namespaces: logs.map(({ namespace, facts }) => ({ namespace, facts })),
})

const noteOf = (folder: string): Note => {
  const path = join(folder, noteName)
  try {
    return noteInput.parse(JSON.parse(attempt(path, () => readFileSync(path, 'utf8'))))
  } catch (error) {
    if (AutodidactError.is(error)) throw error
    throw corrupt(path, 'a field of it is missing or wrong', error)
  }
}

/** A log that is to be copied up to where it ends now: it may be added to meanwhile, and one that is replaced stays open here. */
interface Source {
  readonly path: string
  readonly namespace: string
  readonly descriptor: number
  readonly end: number
}

const openLogs = (folder: string): Source[] => {
  const sources: Source[] = []
  try {
    for (const { path, namespace } of headingsIn(folder)) {
      const descriptor = openSync(path, 'r')
      sources.push({ path, namespace, descriptor, end: fstatSync(descriptor).size })
    }
    return sources
  } catch (error) {
    closeLogs(sources)
    throw error
  }
}

const closeLogs = (sources: readonly Source[]): void => {
  for (const { descriptor } of sources) closeSync(descriptor)
}

/**
 * Copies the lines of a log, each of which must be whole.
 *
 * @param factsIn how many facts a line has; undefined where nobody has to know
 */
const copyLog = async ({ path, descriptor, end }: Source, to: string, factsIn: (line: PlacedLine) => number): Promise<Pick<CopiedLog, 'facts' | 'bytes' | 'digest'>> => {
  const digest = createHash('sha256')
  const target = openSync(to, 'wx')
  let [facts, bytes] = [0, 0]
  try {
    for (const line of linesOf(path, descriptor, end)) {
      expectWhole(path, line)
      facts += factsIn(line)
      const content = Buffer.concat([line.bytes, Buffer.from('\n')])
      digest.update(content)
      for (let written = 0; written < content.length; ) written += writeSync(target, content, written)
      bytes += content.length
      if (line.line % linesAtOnce === 0) await nextTurn()
    }
  } finally {
    closeSync(target)
  }
  return { facts, bytes, digest: digest.digest('hex') }
}

/** Reads a copy again; what it holds must be what was written. */
const checkLog = async (path: string, { digest }: CopiedLog): Promise<void> => {
  const found = createHash('sha256')
  const descriptor = attempt(path, () => openSync(path, 'r+'))
  try {
    for (const line of linesOf(path, descriptor)) {
      expectWhole(path, line)
      found.update(line.bytes).update('\n')
      if (line.line % linesAtOnce === 0) await nextTurn()
    }
  } finally {
    closeSync(descriptor)
  }
  if (found.digest('hex') !== digest) throw corrupt(path, 'it is not what was backed up')
}

const exists = (path: string): AutodidactError =>
  new AutodidactError('ALREADY_EXISTS', `${path} is there already. Nothing was written; name another folder, or pass overwrite to replace it.`)

/** A backup takes the place of a backup only. */
const refuseToReplace = (source: string, to: string, overwrite: boolean): void => {
  refuseUnfit(to)
  if (!existsSync(dirname(resolve(to)))) throw new AutodidactError('CANNOT_OPEN', `The folder of "${to}" is not there. Create it first.`)
  if (isVacant(to)) return
  if (realpathSync(to) === realpathSync(source)) throw new AutodidactError('INVALID_INPUT', `${to} is the folder that is to be backed up. Name another one for the copy.`)
  if (!overwrite) throw exists(to)
  if (!isBackup(to)) throw new AutodidactError('NOT_ALLOWED', `${to} is no backup, and would be lost. It was not touched; name another folder.`)
}

/** After a failure: another one of the clearing away must not hide it. */
const discard = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // What is left does not count, and is replaced or taken away by the next attempt.
  }
}

/** Puts a finished folder in its place; of two folders, one is always there. */
const place = (part: string, to: string): void => {
  const old = `${to}.replaced`
  rmSync(old, { recursive: true, force: true })
  if (existsSync(to)) renameSync(to, old)
  renameSync(part, to)
  flushFolder(dirname(resolve(to)))
  rmSync(old, { recursive: true, force: true })
}

const factsOf = (cipher: Cipher, { path, namespace }: Source) => (line: PlacedLine): number =>
  line.line === 1 ? 0 : (entryOf(cipher, path, namespace, line, line.bytes).facts?.length ?? 0)

/**
 * Writes a copy of a folder, with all logs as they are at one moment, while others write to them. What was learned is not copied: it is folded again.
 *
 * @param now milliseconds since 1970-01-01 UTC
 * @throws AutodidactError `ALREADY_EXISTS`, `NOT_ALLOWED`, `INVALID_INPUT`, `CANNOT_OPEN`, `DISK_FULL`, `CORRUPT`
 */
export const backupFolder = async ({ folder, data, description, cipher }: Connection, to: string, { overwrite = false, onProgress }: BackupSettings, now: number): Promise<BackupReceipt> => {
  const part = `${resolve(to)}.part`
  let sources: readonly Source[] = []
  try {
    refuseToReplace(folder, to, overwrite)
    sources = openLogs(data)
    rmSync(part, { recursive: true, force: true })
    mkdirSync(join(part, 'data'), { recursive: true })
    const logs: CopiedLog[] = []
    for (const [done, source] of sources.entries()) {
      const file = basename(source.path)
      const copied = await copyLog(source, join(part, 'data', file), factsOf(cipher, source))
      logs.push({ file, namespace: source.namespace, ...copied })
      onProgress?.((done + 1) / sources.length)
    }
    for (const log of logs) await checkLog(join(part, 'data', log.file), log)
    const note: Note = { madeAt: now, digest: digestOf(logs), logs }
    replaceFile(join(part, noteName), `${JSON.stringify(note, undefined, 2)}\n`)
    writeDescription(part, { ...description, data: 'data' })
    if (!isVacant(to) && !overwrite) throw exists(to)
    place(part, resolve(to))
    return receiptOf(to, note)
  } catch (error) {
    discard(part)
    throw translated(error, to)
  } finally {
    closeLogs(sources)
  }
}

/** What a backup says that it has, checked against what it has; no key is needed. */
const checked = async (from: string): Promise<Note> => {
  refuseForeign(from)
  if (!isBackup(from)) {
    throw new AutodidactError('INVALID_INPUT', `${from} does not say what it is a copy of: it was not made by "backup". Copy it yourself if you trust it.`)
  }
  const [note, folder] = [noteOf(from), join(from, readDescription(from).data)]
  const named = note.logs.map(({ file }) => file).toSorted()
  const found = attempt(folder, () => readdirSync(folder)).filter((name) => name.endsWith(logSuffix)).toSorted()
  if (named.join() !== found.join() || digestOf(note.logs) !== note.digest) throw corrupt(from, 'a log is missing, or one too many')
  for (const log of note.logs) await checkLog(join(folder, log.file), log)
  return note
}

/** Copies the logs of a backup to a new folder, and reads them there once more. */
const copyLogs = async (from: string, to: string, note: Note, onProgress: BackupSettings['onProgress']): Promise<void> => {
  mkdirSync(to, { recursive: true })
  const folder = join(from, readDescription(from).data)
  for (const [done, log] of note.logs.entries()) {
    const path = join(folder, log.file)
    const descriptor = attempt(path, () => openSync(path, 'r'))
    try {
      await copyLog({ path, namespace: log.namespace, descriptor, end: log.bytes }, join(to, log.file), () => 0)
    } finally {
      closeSync(descriptor)
    }
    await checkLog(join(to, log.file), log)
    onProgress?.((done + 1) / note.logs.length)
  }
}

/**
 * Puts a copy of a backup in its place, once it has been read and found whole.
 *
 * @throws AutodidactError `ALREADY_EXISTS`, `NOT_A_DATABASE`, `NEWER_VERSION`, `CORRUPT`, `CANNOT_OPEN`, `DISK_FULL`, `BUSY`, `INVALID_INPUT`
 */
export const restoreFolder = async (from: string, to: string, { overwrite = false, onProgress }: BackupSettings): Promise<BackupReceipt> => {
  try {
    for (const path of [from, to]) refuseUnfit(path)
    if (!existsSync(from)) throw new AutodidactError('CANNOT_OPEN', `There is no folder "${from}" to restore. Check the path.`)
    if (!existsSync(dirname(resolve(to)))) throw new AutodidactError('CANNOT_OPEN', `The folder of "${to}" is not there. Create it first.`)
    if (existsSync(to) && realpathSync(to) === realpathSync(from)) throw new AutodidactError('INVALID_INPUT', `${to} is the backup itself. Name another folder to restore it to.`)
    if (!isVacant(to) && !overwrite) throw exists(to)
    refuseForeign(to)
    const note = await checked(from)
    if (isVacant(to)) await restoreNew(from, resolve(to), note, onProgress)
    else await restoreOver(from, resolve(to), note, onProgress)
    return receiptOf(to, note)
  } catch (error) {
    throw translated(error, from)
  }
}

const restoreNew = async (from: string, to: string, note: Note, onProgress: BackupSettings['onProgress']): Promise<void> => {
  const part = `${to}.part`
  rmSync(part, { recursive: true, force: true })
  try {
    await copyLogs(from, join(part, 'data'), note, onProgress)
    writeDescription(part, { ...readDescription(from), data: 'data' })
    place(part, to)
  } catch (error) {
    discard(part)
    throw error
  }
}

/** The logs are put beside those that are there, and `store.json` says in one step which of them count. */
const restoreOver = async (from: string, to: string, note: Note, onProgress: BackupSettings['onProgress']): Promise<void> => {
  const lock = await Lock.acquire(to)
  try {
    const before = readDescription(to)
    await switchTo(`data-${randomBytes(4).toString('hex')}`, from, to, note, onProgress)
    // From here on the new logs are the only ones that count: whatever fails must leave them. Old ones that stay go when the folder is opened.
    rmSync(join(to, noteName), { force: true })
    rmSync(join(to, before.data), { recursive: true, force: true })
  } finally {
    lock.release()
  }
}

const switchTo = async (data: string, from: string, to: string, note: Note, onProgress: BackupSettings['onProgress']): Promise<void> => {
  try {
    await copyLogs(from, join(to, data), note, onProgress)
    writeDescription(to, { ...readDescription(from), data })
  } catch (error) {
    discard(join(to, data))
    throw error
  }
}
