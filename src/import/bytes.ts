import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AutodidactError } from '../errors.ts'

/** Bytes or text of a file in pieces of any size, such as a read stream; compressed with gzip or not. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>

/** Bytes of a file. */
export type Bytes = AsyncIterable<Uint8Array>

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

/**
 * The beginning of a file without losing it: pieces are read until `isEnough`, or to the end.
 *
 * @returns what was read, and the whole from the beginning
 */
export const peeked = async (bytes: Bytes, isEnough: (beginning: Buffer) => boolean): Promise<{ readonly beginning: Buffer; readonly all: Bytes }> => {
  const reader = bytes[Symbol.asyncIterator]()
  let beginning = Buffer.alloc(0)
  let failure: { readonly error: unknown } | undefined
  try {
    while (!isEnough(beginning)) {
      const next = await reader.next()
      if (next.done === true) break
      // A copy: a stream may use the memory of a chunk again.
      beginning = Buffer.concat([beginning, next.value])
    }
  } catch (error) {
    // What came before it is still to be read.
    failure = { error }
  }
  const all = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    if (beginning.length > 0) yield beginning
    if (failure !== undefined) throw failure.error
    yield* { [Symbol.asyncIterator]: () => reader }
  }
  return { beginning, all: all() }
}

const isDamage = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')

async function* gunzipped(packed: Bytes): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip()
  const source = Readable.from(packed, { objectMode: false })
  source.on('error', (error) => gunzip.destroy(error))
  try {
    // A stream gives bytes unless it was told otherwise.
    yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new AutodidactError('CORRUPT', 'The compressed data is damaged. What came before was read; make the file anew.', { cause: error })
  }
}

/**
 * The bytes of a file, unpacked where it begins as gzip does (RFC 1952).
 *
 * @throws AutodidactError `CORRUPT` where compressed data is damaged, and what the source throws
 */
export const unpacked = async (chunks: Chunks): Promise<Bytes> => {
  const { beginning, all } = await peeked(bytesOf(chunks), ({ length }) => length >= 2)
  return beginning[0] === 0x1f && beginning[1] === 0x8b ? gunzipped(all) : all
}
