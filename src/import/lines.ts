import type { Bytes } from './bytes.ts'

/** One episode of a file, as a line of JSON; `text` is absent where it is none: too long, or not UTF-8. */
export interface Line {
  /** Where it begins: the line from 1, or in a JSON array the place from 1. */
  readonly number: number
  readonly text?: string
  readonly problem?: string
}

/** An episode of a thousand long steps has about 10 MB; what is longer is not read into memory. */
export const longestLine = 64 * 1024 * 1024

const newline = 0x0a

const decoder = new TextDecoder('utf-8', { fatal: true })

const lineOf = (number: number, parts: readonly Uint8Array[], tooLong: boolean): Line => {
  if (tooLong) return { number, problem: `has more than ${longestLine / 1024 ** 2} MB` }
  try {
    return { number, text: decoder.decode(Buffer.concat(parts)) }
  } catch {
    return { number, problem: 'is not UTF-8' }
  }
}

/** The lines of a file, one at a time, in as much memory as the longest takes. A byte order mark is no part of the first, and the end of the file ends the last. */
export async function* linesOf(bytes: Bytes): AsyncGenerator<Line, void, undefined> {
  let [number, parts, length, tooLong]: [number, Uint8Array[], number, boolean] = [1, [], 0, false]
  const add = (part: Uint8Array): void => {
    length += part.byteLength
    tooLong ||= length > longestLine
    if (tooLong) parts = []
    else if (part.byteLength > 0) parts.push(part)
  }
  for await (const chunk of bytes) {
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
  if (length > 0) yield lineOf(number, parts, tooLong)
}
