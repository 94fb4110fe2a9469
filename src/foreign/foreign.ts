import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { AutodidactError } from '../errors.ts'
import { isMcpMemory, readMcpMemory } from './mcp-memory.ts'
import { readMem0 } from './mem0.ts'
import type { Foreign, ForeignFormat } from './memory.ts'

export { type Foreign, type ForeignFormat, foreignFormats, type ForeignMemory, type ForeignProblem } from './memory.ts'

/** What is looked at to tell the format, in bytes: the first entity of an MCP memory may be long. */
const lookedBytes = 1024 * 1024

/** A text is read whole. */
const longestText = 256 * 1024 * 1024

const unreadable = (path: string, cause?: unknown): AutodidactError => new AutodidactError('CANNOT_OPEN', `"${path}" cannot be read. Nothing was read; check the path and the rights.`, { cause })

const beginningOf = (path: string): Buffer => {
  try {
    if (!statSync(path).isFile()) throw unreadable(path)
    const file = openSync(path, 'r')
    try {
      const beginning = Buffer.alloc(lookedBytes)
      return beginning.subarray(0, readSync(file, beginning))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw AutodidactError.is(error) ? error : unreadable(path, error)
  }
}

/** A first line that is longer than what is looked at begins like one of an MCP memory all the same. */
const beginsLikeMcp = (beginning: Buffer): boolean => {
  const text = beginning.toString('utf8')
  return isMcpMemory(text) || (beginning.length === lookedBytes && !text.includes('\n') && /^\uFEFF?\s*\{\s*"type"\s*:\s*"(?:entity|relation)"/.test(text))
}

/**
 * Whose memory a file is, by what it holds; undefined where it is text of another kind. Every SQLite file is taken for one of mem0 until it is read.
 *
 * @throws AutodidactError `CANNOT_OPEN`
 */
export const foreignFormatOf = (path: string): ForeignFormat | undefined => {
  const beginning = beginningOf(path)
  if (beginning.toString('latin1', 0, 16) === 'SQLite format 3\0') return 'mem0'
  return beginsLikeMcp(beginning) ? 'mcp-memory' : undefined
}

const contentOf = (path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

const textOf = (path: string): string => {
  if (statSync(path).size > longestText) throw new AutodidactError('LIMIT_EXCEEDED', `"${path}" has more than ${longestText / 1024 ** 2} MB. Nothing was read; split it by lines.`)
  const bytes = contentOf(path)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `"${path}" is not UTF-8. Nothing was read; save it as UTF-8.`, { cause: error })
  }
}

/**
 * What another program remembers.
 *
 * @throws AutodidactError `INVALID_INPUT` where it is no memory that is known, `CANNOT_OPEN`, `CORRUPT`, `LIMIT_EXCEEDED`
 */
export const readForeign = async (path: string): Promise<Foreign> => {
  const format = foreignFormatOf(path)
  if (format === undefined) {
    throw new AutodidactError('INVALID_INPUT', `"${path}" is no memory that is known here. Nothing was read; pass the JSON lines of an MCP memory server ({"type":"entity",…} on each line), or a SQLite file of mem0.`)
  }
  return { format, ...(format === 'mem0' ? readMem0(path) : readMcpMemory(textOf(path))) }
}
