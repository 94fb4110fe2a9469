import { AutodidactError } from '../../../errors.ts'
import type { QueryRunner } from '../database/database.ts'
import type { Column } from '../database/schema.ts'
import { quoteValue } from '../database/sql.ts'

/** A value and the column that it stands in. */
export interface PlacedValue {
  readonly value: string
  readonly column: number
}

/** How values are looked for in a column: reading all of it, by spellings that an index of the database may know, or not at all. */
type Way = 'scan' | 'spellings' | 'none'

/** Milliseconds that looking may take; a column for which it takes longer is looked at in the next way from then on. */
const limits: Readonly<Record<Exclude<Way, 'none'>, number>> = { scan: 300, spellings: 1_000 }

/** Characters of all texts in one query; SQLite is told to take 262,144. */
const maximumCharacters = 150_000

/** Values that one query returns. */
const maximumFound = 1_000

/** Values of a column that are looked for in another one to find out whether the two speak of the same things, and how long each may be. */
const sampled = 100
const sampledLength = 80

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

const titled = (text: string): string => text.toLowerCase().replaceAll(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase())

/** How a text that somebody typed may be spelled where it is stored. */
const spellings = (text: string): string[] => [...new Set([text, text.toLowerCase(), text.toUpperCase(), text.slice(0, 1).toUpperCase() + text.slice(1), titled(text)])]

/** As many of the texts as fit into one query. */
const fitting = (texts: Iterable<string>): string[] => {
  const kept: string[] = []
  let left = maximumCharacters
  for (const text of texts) {
    left -= text.length + 3
    if (left < 0) break
    kept.push(text)
  }
  return kept
}

/** Every so many-th of the values that are not too long. */
const sampleOf = (values: readonly string[]): string[] => {
  const short = values.filter(({ length }) => length <= sampledLength)
  const step = Math.max(1, short.length / sampled)
  return Array.from({ length: Math.min(sampled, short.length) }, (_, at) => short[Math.floor(at * step)] ?? '')
}

/**
 * Columns with more values than are held in memory. What a question names is looked for in the database itself, in bounded time: capital letters of the alphabet
 * without accents do not matter as long as reading the whole column takes less than 0.3 s; of a longer one the usual spellings are found, which takes no time where it has
 * an index; and where even that takes more than a second, nothing is looked for in it any more.
 */
export class DistantValues {
  readonly #ways = new Map<number, Way>()

  /** Says that not all values of a column are held. */
  note(column: number): void {
    if (!this.#ways.has(column)) this.#ways.set(column, 'scan')
  }

  /** True if not all values of some column are held. */
  get any(): boolean {
    return this.#ways.size > 0
  }

  /** The values among the texts that the columns hold, as they are spelled there. */
  async find(database: QueryRunner, texts: readonly string[]): Promise<PlacedValue[]> {
    const found: PlacedValue[] = []
    for (const [id, way] of this.#ways) {
      const column = database.schema.columns[id]
      if (column === undefined || texts.length === 0 || way === 'none') continue
      const spelled = texts.flatMap(spellings)
      // SQLite knows capitals of plain letters only, so all spellings are looked for in either way.
      const rows = await this.#look(database, column, way === 'scan' ? 'COLLATE NOCASE' : '', fitting(spelled), limits[way])
      if (rows === undefined) this.#ways.set(id, way === 'scan' ? 'spellings' : 'none')
      else found.push(...rows.map((value) => ({ value, column: id })))
    }
    return found
  }

  /** Pairs of columns that speak of the same things: half of a sample of the one stands in the other, of which not all values are held. */
  async related(database: QueryRunner, held: readonly (readonly string[])[]): Promise<(readonly [number, number])[]> {
    const pairs: (readonly [number, number])[] = []
    const samples = held.map(sampleOf)
    const columnsAtOnce = Math.floor(maximumCharacters / (sampled * (sampledLength + 3)))
    for (const id of this.#ways.keys()) {
      const column = database.schema.columns[id]
      if (column === undefined) continue
      for (let start = 0; start < samples.length; start += columnsAtOnce) {
        const batch = samples.slice(start, start + columnsAtOnce)
        const texts = batch.flatMap((sample, at) => (start + at === id ? [] : sample))
        const present = new Set(texts.length === 0 ? [] : await this.#look(database, column, '', texts, 20_000, texts.length))
        batch.forEach((sample, at) => {
          const shared = sample.filter((value) => present.has(value)).length
          if (start + at !== id && sample.length > 0 && shared * 2 >= sample.length) pairs.push([Math.min(id, start + at), Math.max(id, start + at)])
        })
      }
    }
    return pairs
  }

  /** The values of a column that are among the texts; nothing if that takes too long. */
  async #look(database: QueryRunner, { table, name }: Column, collation: string, texts: readonly string[], maximumMs: number, maximumRows = maximumFound): Promise<string[] | undefined> {
    const sql = `SELECT DISTINCT ${quoteName(name)} FROM ${quoteName(table)} WHERE ${quoteName(name)} ${collation} IN (${texts.map(quoteValue).join()})`
    try {
      const { rows } = await database.query(sql, { maximumRows, maximumMs, truncate: true })
      return rows.flatMap(([value]) => (typeof value === 'string' ? [value] : []))
    } catch (error) {
      if (AutodidactError.is(error) && error.code === 'LIMIT_EXCEEDED') return undefined
      throw error
    }
  }
}
