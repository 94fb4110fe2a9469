import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AutodidactError } from '../errors.ts'

/** Bytes or text of a file in pieces of any size, such as a read stream; compressed with gzip or not. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>

/** One line of a file; `text` is absent where it is none: too long, or not UTF-8. */
export interface Line {
  /** From 1. */
  readonly number: number
  readonly text?: string
  readonly problem?: string
}

/** An episode of a thousand long steps has about 10 MB; what is longer is not read into memory. */
export const longestLine = 64 * 1024 * 1024

const newline = 0x0a

const asBytes = (chunk: Uint8Array | string): Uint8Array => {
  if (typeof chunk === 'string') return Buffer.from(chunk)
  if (ArrayBuffer.isView(chunk)) return chunk
  throw new AutodidactError('INVALID_INPUT', 'import: the source gives neither bytes nor text. Pass a read stream, or texts in an array.')
}

async function* bytesOf(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  if (Symbol.asyncIterator in chunks) for await (const chunk of chunks) yield asBytes(chunk)
  // Awaiting what is in a list would run code of it.
  else for (const chunk of chunks) yield asBytes(chunk)
}

/** Whether it begins as gzip does (RFC 1952), without losing the beginning. */
const opened = async (chunks: Chunks): Promise<AsyncIterable<Uint8Array>> => {
  const bytes = bytesOf(chunks)
  const beginning: Uint8Array[] = []
  let length = 0
  while (length < 2) {
    const next = await bytes.next()
    if (next.done === true) break
    beginning.push(next.value)
    length += next.value.byteLength
  }
  const all = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield* beginning
    yield* bytes
  }
  const [first, second] = Buffer.concat(beginning)
  if (first !== 0x1f || second !== 0x8b) return all()
  const gunzip = createGunzip()
  const packed = Readable.from(all(), { objectMode: false })
  packed.on('error', (error) => gunzip.destroy(error))
  return packed.pipe(gunzip)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

const lineOf = (number: number, parts: readonly Uint8Array[], tooLong: boolean): Line => {
  if (tooLong) return { number, problem: `has more than ${longestLine / 1024 ** 2} MB` }
  try {
    return { number, text: decoder.decode(Buffer.concat(parts)) }
  } catch {
    return { number, problem: 'is not UTF-8' }
  }
}

/**
 * The lines of a file, one at a time, in as much memory as the longest takes. A byte order mark is no part of the first, and the end of the file ends the last.
 *
 * @throws AutodidactError `CORRUPT` where compressed data is damaged, and what the source throws
 */
export async function* linesOf(chunks: Chunks): AsyncGenerator<Line, void, undefined> {
  let [number, parts, length, tooLong]: [number, Uint8Array[], number, boolean] = [1, [], 0, false]
  const add = (part: Uint8Array): void => {
    length += part.byteLength
    tooLong ||= length > longestLine
    if (tooLong) parts = []
    else if (part.byteLength > 0) parts.push(part)
  }
  try {
    for await (const chunk of await opened(chunks)) {
      let from = 0
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
        add(chunk.subarray(from, end))
        yield lineOf(number, parts, tooLong)
        ;[number, parts, length, tooLong] = [number + 1, [], 0, false]
        from = end + 1
      }
      // A stream may use the memory of a chunk again.
      add(Uint8Array.from(chunk.subarray(from)))
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')) {
      throw new AutodidactError('CORRUPT', `The compressed data is damaged behind line ${number - 1}. What came before was read; make the file anew.`, { cause: error })
    }
    throw error
  }
  if (length > 0) yield lineOf(number, parts, tooLong)
}
