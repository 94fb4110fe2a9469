import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Cipher, plaintext } from '../../encryption/cipher.ts'
import { AutodidactError } from '../../errors.ts'
import { nextTurn } from '../../next-turn.ts'
import { attempt, corrupt } from './errors.ts'
import { flushFolder, logSuffix } from './file.ts'
import { decodeLine, encodeLine, type Line, readLines } from './lines.ts'
import { formatVersion, refuseNewer } from './migrations.ts'
import type { Entry, Heading } from './rows.ts'
import { NamespaceState, type Place } from './state.ts'

/** Reading a log lets other work of the process run after so many lines: some milliseconds. */
const linesAtOnce = 200

const headingInput = z.object({ version: z.number().int(), namespace: z.string(), number: z.number().int() })

/** Opens a file, works with it, and closes it whatever happens. */
export const withFile = <Result>(path: string, flags: 'r' | 'r+' | 'a', work: (descriptor: number) => Result): Result =>
  attempt(path, () => {
    const descriptor = openSync(path, flags)
    try {
      return work(descriptor)
    } finally {
      closeSync(descriptor)
    }
  })

const headingOf = (path: string, line: Line): Heading => {
  const content = decodeLine(plaintext, '', 1, line.bytes)
  if (typeof content === 'object' && content !== null && 'version' in content && typeof content.version === 'number') refuseNewer(path, content.version)
  const parsed = headingInput.safeParse(content)
  if (parsed.success) return parsed.data
  throw corrupt(path, 'its first line')
}

/** The logs in a folder, by namespace, in the order in which they were made. One whose first line was never finished is passed over. */
export const headingsIn = (folder: string): (Heading & { readonly path: string })[] =>
  attempt(folder, () => readdirSync(folder))
    .filter((name) => name.endsWith(logSuffix))
    .flatMap((name) => {
      const path = join(folder, name)
      return withFile(path, 'r', (descriptor) => {
        const [first] = readLines(descriptor)
        return first === undefined ? [] : [{ ...headingOf(path, first), path }]
      })
    })
    .sort((left, right) => left.number - right.number)

/** @throws AutodidactError `CORRUPT` */
export const entryOf = (cipher: Cipher, path: string, namespace: string, number: number, bytes: Uint8Array): Entry => {
  const content = decodeLine(cipher, namespace, number, bytes)
  if (typeof content !== 'object' || content === null) throw corrupt(path, `line ${number} is not as it was written`)
  // The checksum says that this is what `appendEntry` wrote, from the same type.
  return content
}

const placeOf = ({ bytes, offset }: Line, line: number): Place => ({ offset, length: bytes.length + 1, line })

/**
 * The state that a log leads to. A last line without its end is what was being written when a process was killed, and counts as never written.
 *
 * @throws AutodidactError `CORRUPT` naming the first line that is not as it was written, `NEWER_VERSION`
 */
export const loadLog = async (cipher: Cipher, path: string): Promise<NamespaceState | undefined> => {
  const descriptor = attempt(path, () => openSync(path, 'r'))
  try {
    let state: NamespaceState | undefined
    for (const line of readLines(descriptor)) {
      if (state === undefined) {
        const { namespace, number } = headingOf(path, line)
        state = new NamespaceState(namespace, number)
        state.apply({}, placeOf(line, 1))
        continue
      }
      const number = state.lines + 1
      state.apply(entryOf(cipher, path, state.namespace, number, line.bytes), placeOf(line, number))
      if (number % linesAtOnce === 0) await nextTurn()
    }
    return state
  } finally {
    closeSync(descriptor)
  }
}

/** Cuts off what an interrupted write left behind the last line. */
export const cutTorn = (path: string, size: number): void => {
  if (attempt(path, () => statSync(path)).size > size) withFile(path, 'r+', (descriptor) => ftruncateSync(descriptor, size))
}

/** Has what was written survive the loss of power. */
export const flushLog = (path: string): void => {
  withFile(path, 'r+', fsyncSync)
  flushFolder(dirname(path))
}

/** All of it or nothing: what a full disk let through is taken back. */
const append = (descriptor: number, content: Buffer, size: number): void => {
  try {
    for (let written = 0; written < content.length; ) written += writeSync(descriptor, content, written)
  } catch (error) {
    ftruncateSync(descriptor, size)
    throw error
  }
}

/**
 * Writes one entry to the end of a log, and to the state in memory once it is in the file. The first entry makes the file.
 *
 * @throws AutodidactError `DISK_FULL`, `BUSY` when somebody else wrote to the file
 */
export const appendEntry = (cipher: Cipher, path: string, state: NamespaceState, entry: Entry, flush: boolean): void => {
  const created = state.size === 0
  const heading: Heading = { version: formatVersion, namespace: state.namespace, number: state.number }
  const first = created ? Buffer.from(encodeLine(plaintext, '', 1, heading)) : Buffer.alloc(0)
  const line = attempt(path, () => Buffer.from(encodeLine(cipher, state.namespace, created ? 2 : state.lines + 1, entry)))
  withFile(path, 'a', (descriptor) => {
    if (fstatSync(descriptor).size !== state.size) {
      throw new AutodidactError('BUSY', `${path} was changed by another program while it was open. Nothing was written; open the folder again.`)
    }
    append(descriptor, Buffer.concat([first, line]), state.size)
    if (flush) fsyncSync(descriptor)
  })
  if (flush && created) flushFolder(dirname(path))
  if (created) state.apply({}, { offset: 0, length: first.length, line: 1 })
  state.apply(entry, { offset: state.size, length: line.length, line: state.lines + 1 })
}

/** The content of one line, read again. */
export const readEntry = (cipher: Cipher, path: string, namespace: string, { offset, length, line }: Place): Entry => {
  const bytes = Buffer.alloc(length - 1)
  const read = withFile(path, 'r', (descriptor) => readSync(descriptor, bytes, 0, bytes.length, offset))
  if (read !== bytes.length) throw corrupt(path, `line ${line} is not there any more`)
  return entryOf(cipher, path, namespace, line, bytes)
}

