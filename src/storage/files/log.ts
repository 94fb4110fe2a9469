import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Cipher, plaintext } from '../../encryption/cipher.ts'
import { AutodidactError } from '../../errors.ts'
import { nextTurn } from '../../next-turn.ts'
import { attempt, corrupt } from './errors.ts'
import { flushFolder, logSuffix } from './file.ts'
import { checksumIn, decodeLine, encodeLine, isWhole, type Line, type LinePlace, readLines } from './lines.ts'
import { isChained, refuseNewer } from './migrations.ts'
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

const first: LinePlace = { line: 1, before: 0 }

const headingOf = (path: string, line: Line): Heading => {
  const content = decodeLine(plaintext, '', first, line.bytes)
  if (typeof content === 'object' && content !== null && 'version' in content && typeof content.version === 'number') refuseNewer(path, content.version)
  const parsed = headingInput.safeParse(content)
  if (parsed.success) return parsed.data
  throw corrupt(path, 'its first line')
}

/** A log, by its first line. */
export type Headed = Heading & { readonly path: string }

/**
 * The logs in a folder, by namespace, in the order in which they were made. One whose first line was never finished is passed over.
 *
 * @throws AutodidactError `CORRUPT` also when one of them is gone, which their numbers tell
 */
export const headingsIn = (folder: string): Headed[] => {
  const found = listed(folder)
  // One that is made while they are listed may be seen without the one that was made before it.
  const [missing] = missingFrom(found).length === 0 ? [] : missingFrom(listed(folder))
  if (missing === undefined) return found
  throw corrupt(folder, `log number ${missing} of ${found.at(-1)?.number ?? 0} is missing: ${found.map(({ namespace }) => JSON.stringify(namespace)).join(', ')} are there`)
}

const missingFrom = (headings: readonly Headed[]): number[] => {
  const numbers = new Set(headings.map(({ number }) => number))
  return Array.from({ length: headings.at(-1)?.number ?? 0 }, (_, place) => place + 1).filter((number) => !numbers.has(number))
}

const listed = (folder: string): Headed[] =>
  attempt(folder, () => readdirSync(folder))
    .filter((name) => name.endsWith(logSuffix))
    .flatMap((name) => {
      const path = join(folder, name)
      return withFile(path, 'r', (descriptor) => {
        const [line] = readLines(descriptor)
        return line === undefined ? [] : [{ ...headingOf(path, line), path }]
      })
    })
    .sort((left, right) => left.number - right.number)

const notAsWritten = (path: string, line: number): AutodidactError => corrupt(path, `line ${line} is not as it was written, or not where it was written`)

/** @throws AutodidactError `CORRUPT` */
export const entryOf = (cipher: Cipher, path: string, namespace: string, place: LinePlace, bytes: Uint8Array): Entry => {
  const content = decodeLine(cipher, namespace, place, bytes)
  if (typeof content !== 'object' || content === null) throw notAsWritten(path, place.line)
  // The checksum says that this is what `appendEntry` wrote, from the same type.
  return content
}

/** A line of a log, with its place. */
export type PlacedLine = Line & LinePlace & { readonly heading: Heading }

/**
 * The lines of a log after each other, of which the first, its heading, has been read. Whether the others are whole is for who reads them.
 *
 * @param end reads up to here; default: the end of the file
 * @throws AutodidactError `CORRUPT`, `NEWER_VERSION`
 */
export function* linesOf(path: string, descriptor: number, end?: number): Generator<PlacedLine, void, undefined> {
  let heading: Heading | undefined
  let place = first
  for (const line of readLines(descriptor, end)) {
    heading ??= headingOf(path, line)
    yield { ...line, ...place, heading }
    place = { line: place.line + 1, before: isChained(heading.version) ? checksumIn(line.bytes) : 0 }
  }
}

/** @throws AutodidactError `CORRUPT` for a line that is not as it was written, or not where it was written */
export const expectWhole = (path: string, { bytes, line, before }: PlacedLine): void => {
  if (!isWhole(bytes, before)) throw notAsWritten(path, line)
}

const placeOf = ({ bytes, offset, line, before }: Line & LinePlace): Place => ({ offset, length: bytes.length + 1, line, before, checksum: checksumIn(bytes) })

/**
 * The state that a log leads to. A last line without its end is what was being written when a process was killed, and counts as never written.
 *
 * @throws AutodidactError `CORRUPT` naming the first line that is not as it was written, `NEWER_VERSION`
 */
export const loadLog = async (cipher: Cipher, path: string): Promise<NamespaceState | undefined> => {
  const descriptor = attempt(path, () => openSync(path, 'r'))
  try {
    let state: NamespaceState | undefined
    for (const line of linesOf(path, descriptor)) {
      const { namespace, number, version } = line.heading
      state ??= new NamespaceState(namespace, number, version)
      state.apply(line.line === 1 ? {} : entryOf(cipher, path, namespace, line, line.bytes), placeOf(line))
      if (line.line % linesAtOnce === 0) await nextTurn()
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

/** All of it or nothing: what a full disk let through, or could not be made safe, is taken back, so that nothing that was refused is there when the log is opened again. */
const append = (descriptor: number, content: Buffer, size: number, makeSafe: () => void): void => {
  try {
    for (let written = 0; written < content.length; ) written += writeSync(descriptor, content, written)
    makeSafe()
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
  const heading = created ? encodeHeading(state) : undefined
  const line = attempt(path, () => encoded(cipher, state.namespace, heading === undefined ? state.next : { line: 2, before: heading.place.checksum }, state.size + (heading?.place.length ?? 0), entry))
  withFile(path, 'a', (descriptor) => {
    if (fstatSync(descriptor).size !== state.size) {
      throw new AutodidactError('BUSY', `${path} was changed by another program while it was open. Nothing was written; open the folder again.`)
    }
    append(descriptor, heading === undefined ? line.bytes : Buffer.concat([heading.bytes, line.bytes]), state.size, () => {
      if (flush) fsyncSync(descriptor)
      if (flush && created) flushFolder(dirname(path))
    })
  })
  if (heading !== undefined) state.apply({}, heading.place)
  state.apply(entry, line.place)
}

/** A line that is to be written, with its line feed. */
export interface EncodedLine {
  readonly bytes: Buffer
  readonly place: Place
}

/** @throws when it is longer than a text can be */
export const encoded = (cipher: Cipher, namespace: string, at: LinePlace, offset: number, content: object): EncodedLine => {
  const bytes = Buffer.from(encodeLine(cipher, namespace, at, content))
  return { bytes, place: placeOf({ bytes: bytes.subarray(0, -1), offset, ...at }) }
}

/** The first line of a log: in clear, because it says whose log it is. */
export const encodeHeading = ({ version, namespace, number }: Heading): EncodedLine => encoded(plaintext, '', first, 0, { version, namespace, number })

/** The content of one line, read again. */
export const readEntry = (cipher: Cipher, path: string, namespace: string, place: Place): Entry => {
  const { offset, length, line } = place
  const bytes = Buffer.alloc(length - 1)
  const read = withFile(path, 'r', (descriptor) => readSync(descriptor, bytes, 0, bytes.length, offset))
  if (read !== bytes.length) throw corrupt(path, `line ${line} is not there any more`)
  return entryOf(cipher, path, namespace, place, bytes)
}

