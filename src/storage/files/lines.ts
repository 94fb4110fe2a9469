import { readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { Cipher } from '../../encryption/cipher.ts'
import { jsonIn } from '../../log/payload.ts'

/**
 * One line of a log is one write: `{"crc":"…", …}`, or `{"crc":"…","sealed":"…"}` where payloads are encrypted. A write that was interrupted has no line feed at its
 * end; the checksum finds damage, and changes by hand. It continues that of the line before, so it also finds a line that is missing, twice there, or in another place.
 */

/** A line without its line feed, and where it begins. */
export interface Line {
  readonly bytes: Buffer
  readonly offset: number
}

/** @param before the checksum of the line before; 0 for a first line, and in logs of version 1 */
const checksum = (body: string, before: number): string => crc32(body, before).toString(16).padStart(8, '0')

const beginning = '{"crc":"'
const bodyAt = beginning.length + 8 + '",'.length

/** Where a line stands: it decrypts in no other place. */
const placeOf = (line: number): string => `line ${line}`

/** Where a line stands among the others. */
export interface LinePlace {
  /** From 1. */
  readonly line: number
  /** What its checksum continues. */
  readonly before: number
}

export const encodeLine = (cipher: Cipher, namespace: string, { line, before }: LinePlace, content: object): string => {
  const plain = JSON.stringify(content)
  const body = cipher.encrypts ? `{"sealed":"${cipher.encrypt(namespace, placeOf(line), plain)}"}` : plain
  return `${beginning}${checksum(body, before)}",${body.slice(1)}\n`
}

/** The checksum that a line has, right or wrong. */
export const checksumIn = (bytes: Uint8Array): number => Number.parseInt(Buffer.from(bytes.buffer, bytes.byteOffset, bodyAt).toString('latin1', beginning.length, beginning.length + 8), 16)

/** True for a line as it was written, and where it was written, whether or not it can be decrypted. */
export const isWhole = (bytes: Uint8Array, before: number): boolean => bodyOf(bytes, before) !== undefined

const bodyOf = (bytes: Uint8Array, before: number): string | undefined => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  const body = `{${text.slice(bodyAt)}`
  return text.slice(0, bodyAt) === `${beginning}${checksum(body, before)}",` ? body : undefined
}

/**
 * What a line says; undefined when it was damaged, stood elsewhere, or is encrypted where nothing is, or is not where everything is.
 *
 * @throws AutodidactError `CORRUPT` when it does not decrypt
 */
export const decodeLine = (cipher: Cipher, namespace: string, { line, before }: LinePlace, bytes: Uint8Array): unknown => {
  const body = bodyOf(bytes, before)
  const content: unknown = body === undefined ? undefined : jsonIn(body)
  if (typeof content !== 'object' || content === null || 'sealed' in content !== cipher.encrypts) return undefined
  return 'sealed' in content ? jsonIn(cipher.decrypt(namespace, placeOf(line), String(content.sealed))) : content
}

const chunkBytes = 1_048_576
const lineFeed = 0x0a

/**
 * The lines of an open file, in order. What follows the last line feed is left out: a write that was interrupted, and confirmed to nobody.
 *
 * @param end reads up to here; default: the end of the file
 */
export function* readLines(descriptor: number, end = Number.POSITIVE_INFINITY): Generator<Line, void, undefined> {
  let pieces: Buffer[] = []
  let offset = 0
  for (let position = 0; position < end; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - position))
    const read = readSync(descriptor, chunk, 0, chunk.length, position)
    if (read === 0) return
    let from = 0
    for (let at = chunk.indexOf(lineFeed, from); at >= 0 && at < read; at = chunk.indexOf(lineFeed, from)) {
      const last = chunk.subarray(from, at)
      const bytes = pieces.length === 0 ? last : Buffer.concat([...pieces, last])
      yield { bytes, offset }
      offset += bytes.length + 1
      pieces = []
      from = at + 1
    }
    if (from < read) pieces.push(chunk.subarray(from, read))
    position += read
  }
}
