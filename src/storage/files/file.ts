import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { AutodidactError } from '../../errors.ts'
import { textDigest } from '../../log/canonical.ts'
import type { WrappedKey } from '../../encryption/key.ts'
import { attempt, corrupt } from './errors.ts'
import { formatName, formatVersion, refuseNewer } from './migrations.ts'

/** What a folder says of itself, in `store.json`. */
export interface Description {
  readonly format: typeof formatName
  readonly version: number
  /** The folder with the logs, beside it: restoring a backup makes another one, and changes this in one step. */
  readonly data: string
  /** Only where payloads are encrypted. */
  readonly encryption?: WrappedKey
}

/** How the folders with logs are called. */
const dataName = /^data(-[0-9a-f]{8})?$/

const descriptionInput = z.looseObject({
  format: z.literal(formatName),
  version: z.number().int().positive(),
  data: z.string().regex(dataName),
  encryption: z.looseObject({ version: z.number(), from: z.enum(['key', 'passphrase']), salt: z.string(), wrapped: z.string() }).optional(),
})

const descriptionName = 'store.json'

/** What may lie in a folder whose making was interrupted. */
const ownNames = /^(lock|store\.json\.next)$/

/** The end of a log's name. */
export const logSuffix = '.jsonl'

/** No file system takes more. */
const longestPath = 4096

/** What cannot become or be a folder, told before anything is opened. */
export const refuseUnfit = (path: string): void => {
  if (path === '' || path.includes('\0')) throw new AutodidactError('CANNOT_OPEN', `${JSON.stringify(path)} is no path. Name a folder.`)
  if (path.length > longestPath) throw new AutodidactError('CANNOT_OPEN', `A path of ${path.length} characters is none. Name a folder.`)
  const found = attempt(path, () => statSync(path, { throwIfNoEntry: false }))
  if (found !== undefined && !found.isDirectory()) throw new AutodidactError('CANNOT_OPEN', `${path} is no folder. Name one, or open it without storage: 'files'.`)
}

/** True for a folder that says that it is ours. */
export const isStore = (folder: string): boolean => existsSync(join(folder, descriptionName))

/** True where a store may be made: nothing is there, an empty folder, or one whose making was interrupted. */
export const isVacant = (folder: string): boolean => !existsSync(folder) || (!isStore(folder) && readdirSync(folder).every((name) => ownNames.test(name)))

/** Folders with logs that do not count: restoring a backup was interrupted before it was whole, or before the old ones were taken away. */
export const leftovers = (folder: string, { data }: Description): string[] => readdirSync(folder).filter((name) => dataName.test(name) && name !== data)

export const refuseForeign = (folder: string): void => {
  if (isStore(folder) || isVacant(folder)) return
  throw new AutodidactError('NOT_A_DATABASE', `${folder} has files of something else in it. Choose an empty folder, or a new one; nothing was touched.`)
}

/** @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `CORRUPT`, `CANNOT_OPEN` */
export const readDescription = (folder: string): Description => {
  const path = join(folder, descriptionName)
  const text = attempt(path, () => readFileSync(path, 'utf8'))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw corrupt(path, 'it is no JSON', error)
  }
  if (typeof value === 'object' && value !== null && 'format' in value && value.format !== formatName) {
    throw new AutodidactError('NOT_A_DATABASE', `${folder} is a folder of another program. Choose another path; nothing was touched.`)
  }
  if (typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'number') refuseNewer(folder, value.version)
  const parsed = descriptionInput.safeParse(value)
  if (!parsed.success) throw corrupt(path, 'a field of it is missing or wrong')
  // The schema holds what the type says, except that another version of encryption is refused by whoever unwraps its key.
  return parsed.data as Description
}

export const newDescription = (encryption: WrappedKey | undefined, data = 'data'): Description => ({
  format: formatName,
  version: formatVersion,
  data,
  ...(encryption === undefined ? {} : { encryption }),
})

export const writeDescription = (folder: string, description: Description): void =>
  replaceFile(join(folder, descriptionName), `${JSON.stringify(description, undefined, 2)}\n`)

/** Makes what was done to a folder survive the loss of power; where folders cannot be flushed, they need not be. */
export const flushFolder = (folder: string): void => {
  try {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // Windows has no handle of a folder to flush.
  }
}

/** Writes a file beside its place, flushes it, and puts it there in one step. */
export const replaceFile = (path: string, content: string | Uint8Array): void =>
  attempt(path, () => {
    writeFileSync(`${path}.next`, content, { flush: true })
    renameSync(`${path}.next`, path)
    flushFolder(dirname(path))
  })

const plain = /^[a-z0-9][a-z0-9_-]{0,63}$/

/**
 * A name of any characters as the name of a file: itself where every file system can hold it, otherwise what is readable of it and a digest. Two names that
 * differ in case only never share a file.
 */
export const fileNameOf = (name: string): string => {
  if (plain.test(name)) return name
  const readable = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 32)
  return `${readable}.${textDigest(name).slice(0, 20)}`
}
