import { Readable } from 'node:stream'
import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { Bytes } from './bytes.ts'
import { cellValue, type FieldMap, withoutTask } from './fields.ts'
import { type Line, longestLine } from './lines.ts'

const delimiters = [',', ';', '\t'] as const

/** What separates the columns: whatever the header has most of. */
export const delimiterOf = (header: string): string => delimiters.toSorted((left, right) => header.split(right).length - header.split(left).length)[0] ?? ','

const lineBreak = /\r\n|\n|\r/

const row = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) })

async function* textOf(bytes: Bytes): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new AutodidactError('INVALID_INPUT', 'import: the table is not UTF-8. Save it as UTF-8 and import it again; what came before was imported.', { cause: error })
  }
}

/** The names of the columns as fields. */
const fieldsOf = (header: readonly string[], map: FieldMap): string[] => {
  const missing = Object.keys(map).find((column) => !header.includes(column))
  if (missing !== undefined) throw new AutodidactError('INVALID_INPUT', `import: map names the column ${JSON.stringify(missing)}, which is not there. There are ${header.slice(0, 20).join(', ')}.`)
  const fields = header.map((column) => (Object.hasOwn(map, column) ? (map[column] ?? column) : column))
  if (!fields.includes('task')) throw withoutTask(header)
  const twice = fields.find((field, place) => fields.indexOf(field) !== place)
  if (twice !== undefined) throw new AutodidactError('INVALID_INPUT', `import: two columns are ${JSON.stringify(twice)}. Give each its own name.`)
  return fields
}

/**
 * The rows of a table of comma-separated values (RFC 4180; semicolons and tabs where the header has more of these) as lines of JSON. The first row names the columns; empty cells are left out.
 *
 * @throws AutodidactError `INVALID_INPUT` where it is no such table, and what the source throws
 */
export async function* csvLinesOf(bytes: Bytes, delimiter: string, map: FieldMap): AsyncGenerator<Line, void, undefined> {
  // Loaded by whoever has a table: most programs never do.
  const { CsvError, parse } = await import('csv-parse')
  const source = Readable.from(textOf(bytes))
  const parser = parse({ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: longestLine, cast: false })
  source.on('error', (error) => parser.destroy(error))
  let fields: readonly string[] | undefined
  let number = 1
  try {
    for await (const parsed of source.pipe(parser)) {
      const { record, info } = row.parse(parsed)
      number = info.lines - record.reduce((breaks, text) => breaks + text.split(lineBreak).length - 1, 0)
      if (fields === undefined) fields = fieldsOf(record.map((column) => column.trim()), map)
      else yield lineOf(number, fields, record)
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new AutodidactError('INVALID_INPUT', `import: the table cannot be read behind line ${number}: ${error.message}. What came before was imported; correct it and import it again.`, { cause: error })
  } finally {
    source.destroy()
  }
}

const lineOf = (number: number, fields: readonly string[], record: readonly string[]): Line => {
  if (record.length > fields.length) return { number, problem: `has ${record.length} cells, and the header names ${fields.length}` }
  const cells = fields.flatMap((field, place) => {
    const text = record[place] ?? ''
    return text === '' ? [] : [[field, cellValue(field, text)] as const]
  })
  return { number, text: JSON.stringify(Object.fromEntries(cells)) }
}
