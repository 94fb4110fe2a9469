import { AutodidactError } from '../errors.ts'
import { jsonIn } from '../log/payload.ts'
import { type Bytes, type Chunks, peeked, unpacked } from './bytes.ts'
import { csvLinesOf, delimiterOf } from './csv.ts'
import { type FieldMap, renamed, withoutTask } from './fields.ts'
import type { ImportFormat } from './format-names.ts'
import { type Line, linesOf, longestLine } from './lines.ts'

/** What is looked at to tell the format, in bytes. */
const lookedBytes = 64 * 1024

/** So many lines without an episode tell that a file holds none. */
const lookedLines = 10

const asLines = 'Write each episode as one JSON object on one line (jq -c \'.[]\' makes lines of an array), pass a JSON array, or a table whose first row names the columns.'

const formatOf = (lines: readonly string[]): ImportFormat => {
  const [head = ''] = lines
  if (head.startsWith('[')) return 'json'
  if (lines.some((line) => line.startsWith('{'))) return 'jsonl'
  return head.includes(delimiterOf(head)) || head === 'task' ? 'csv' : 'jsonl'
}

/** Elements of an array, which is read whole. */
async function* elementsOf(bytes: Bytes): AsyncGenerator<Line, void, undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of bytes) {
    length += part.byteLength
    if (length > longestLine) throw new AutodidactError('LIMIT_EXCEEDED', `import: a JSON array of more than ${longestLine / 1024 ** 2} MB is not read. Write each element on a line of its own: jq -c '.[]' FILE.`)
    parts.push(Uint8Array.from(part))
  }
  let elements: unknown
  try {
    elements = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)))
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `import: it begins like a JSON array and is none: ${error instanceof Error ? error.message : String(error)}. Nothing was imported. ${asLines}`, { cause: error })
  }
  if (!Array.isArray(elements)) throw new AutodidactError('INVALID_INPUT', `import: it is no JSON array. Nothing was imported. ${asLines}`)
  for (const [place, element] of elements.entries()) yield { number: place + 1, text: JSON.stringify(element) }
}

const objectIn = ({ text = '' }: Line): object | undefined => {
  const value = jsonIn(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}

async function* renamedIn(lines: AsyncIterable<Line>, map: FieldMap, found: Set<string>): AsyncGenerator<Line, void, undefined> {
  const names = new Map(Object.entries(map))
  for await (const line of lines) {
    const object = objectIn(line)
    yield object === undefined ? line : { ...line, text: JSON.stringify(renamed(object, names, found)) }
  }
}

/**
 * The same lines, once one of the first holds an episode: a file of another kind gets one hint, and not an error for each of its lines.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
async function* expectingEpisodes(lines: AsyncIterable<Line>): AsyncGenerator<Line, void, undefined> {
  let held: Line[] | undefined = []
  for await (const line of lines) {
    held?.push(line)
    if (held === undefined) yield line
    else if ('task' in (objectIn(line) ?? {})) {
      yield* held
      held = undefined
    } else if (held.length === lookedLines) break
  }
  if (held === undefined || held.length === 0) return
  const objects = held.flatMap((line) => objectIn(line) ?? [])
  if (objects.length > 0) throw withoutTask([...new Set(objects.flatMap((object) => Object.keys(object)))])
  throw new AutodidactError('INVALID_INPUT', `import: ${held.length === 1 ? 'its line' : `none of its first ${held.length} lines`} is ${held.length === 1 ? 'no' : 'a'} JSON object. Nothing was imported. ${asLines}`)
}

async function* withText(lines: AsyncIterable<Line>): AsyncGenerator<Line, void, undefined> {
  for await (const line of lines) if (line.text?.trim() !== '') yield line
}

/**
 * The episodes of a file as lines of JSON, whatever its format.
 *
 * @param format default: what the beginning looks like
 * @param found is given the names of the map that some line has
 * @throws AutodidactError `INVALID_INPUT` where it holds no episodes, `LIMIT_EXCEEDED`, `CORRUPT`, and what the source throws
 */
export async function* episodeLinesOf(chunks: Chunks, format?: ImportFormat, map: FieldMap = {}, found: Set<string> = new Set()): AsyncGenerator<Line, void, undefined> {
  const { beginning, all } = await peeked(await unpacked(chunks), ({ length }) => length >= lookedBytes)
  const heads = beginning.toString('utf8').replace(/^\uFEFF/, '').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '')
  const given = format ?? formatOf(heads)
  if (given === 'csv') {
    // A table without a column of the map is refused.
    for (const name of Object.keys(map)) found.add(name)
    yield* csvLinesOf(all, delimiterOf(heads[0] ?? ''), map)
    return
  }
  const read = withText(given === 'json' ? elementsOf(all) : linesOf(all))
  const lines = Object.keys(map).length === 0 ? read : renamedIn(read, map, found)
  yield* format === undefined ? expectingEpisodes(lines) : lines
}
