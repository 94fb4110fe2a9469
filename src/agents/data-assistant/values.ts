import type { QueryRunner } from './database.ts'
import { stem, stopWords } from '../../recall/words.ts'

/** Distinct text values read from one column. A column with more is indexed with its first ones only; values that cases use are added as they come. */
export const maximumValuesPerColumn = 20_000

/** Values of more words than this (free text, descriptions) are not looked for in questions. */
const maximumWords = 10

/** A part of a question that can fill a slot: a value of the database, a number, a date or a quoted text. */
export interface Span {
  readonly kind: 'text' | 'number'
  /** As written in the question. */
  readonly text: string
  /** Groups of columns in which the value occurs; empty for numbers and for quoted texts the database does not hold. */
  readonly groups: readonly number[]
  /** Folded words, the key of the value index. */
  readonly key: string
  /** True for a value that is part of a longer one that was recognised in its place. */
  readonly inner: boolean
}

/** A question in order: stems of ordinary words, and spans. */
export type Part = { readonly stem: string; readonly word: string } | { readonly span: Span }

const pieces = /"(?<double>[^"]+)"|(?<date>\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?)|(?<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\p{L}\p{N}])|(?<word>[\p{L}\p{N}]+)/gu

/** The folded words of a value, joined by blanks: equal for two spellings that differ in case, accents of punctuation, or blanks. */
export const foldedKey = (text: string): string => (text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')

/** A value of a column that was not there when the database was read. */
export interface LaterValue {
  readonly value: string
  readonly column: number
}

interface Entry {
  /** The value as stored, by column. */
  readonly stored: Map<number, string>
}

/**
 * Which texts occur in which columns, and which columns speak of the same things.
 *
 * Columns are put into one group when at least half of the distinct values of the smaller one occur in the other (as with a foreign key). Groups
 * are the types of slots: a value fits a slot if it occurs in a column of the slot's group. Names of columns play no part.
 */
export class ValueIndex {
  readonly #entries = new Map<string, Entry>()
  readonly #groupOfColumn: number[]
  readonly #later: LaterValue[] = []
  #read = false
  #longest = 1

  private constructor(columns: number) {
    this.#groupOfColumn = Array.from({ length: columns }, (_, column) => column)
  }

  /** Reads the distinct text values of all columns (at most {@link maximumValuesPerColumn} of each) and groups the columns. */
  static async read(database: QueryRunner): Promise<ValueIndex> {
    const { schema } = database
    const index = new ValueIndex(schema.columns.length)
    const keys: Set<string>[] = []
    for (const { table, name, id } of schema.columns) {
      const column = `"${name.replaceAll('"', '""')}"`
      const sql = `SELECT DISTINCT ${column} FROM "${table.replaceAll('"', '""')}" WHERE typeof(${column}) = 'text' LIMIT ${maximumValuesPerColumn}`
      const { rows } = await database.query(sql, { maximumRows: maximumValuesPerColumn, maximumMs: 20_000 })
      const own = new Set<string>()
      for (const [value] of rows) {
        const key = index.add(String(value), id)
        if (key !== undefined) own.add(key)
      }
      keys.push(own)
    }
    index.#group(keys)
    index.#read = true
    return index
  }

  /** Adds a value of a column. Returns its key, or nothing if such a value is not looked for: no letter in it, or too many words. */
  add(value: string, column: number): string | undefined {
    const key = foldedKey(value)
    const length = key.split(' ').length
    if (!/\p{L}/u.test(key) || length > maximumWords) return undefined
    let entry = this.#entries.get(key)
    if (entry === undefined) this.#entries.set(key, (entry = { stored: new Map() }))
    if (!entry.stored.has(column)) {
      entry.stored.set(column, value)
      if (this.#read) this.#later.push({ value, column })
    }
    this.#longest = Math.max(this.#longest, length)
    return key
  }

  /** The values that were added after the database was read, in that order. */
  get later(): readonly LaterValue[] {
    return this.#later
  }

  /** The groups of all columns, by column. */
  get groups(): readonly number[] {
    return this.#groupOfColumn
  }

  /** The group a column belongs to. */
  groupOf(column: number): number {
    return this.#groupOfColumn[column] ?? column
  }

  /** How a value is spelled in a column, or else in a column of the same group, or else anywhere. */
  spelling(key: string, column: number | undefined): string | undefined {
    const stored = this.#entries.get(key)?.stored
    if (stored === undefined) return undefined
    if (column !== undefined) {
      const exact = stored.get(column)
      if (exact !== undefined) return exact
      for (const [other, value] of stored) if (this.groupOf(other) === this.groupOf(column)) return value
    }
    return stored.values().next().value
  }

  /** Splits a question into words and spans. Of overlapping values the longest that starts first wins; stop words alone are never a value. */
  parts(question: string): Part[] {
    const tokens = [...question.normalize('NFKC').matchAll(pieces)].map((match) => ({ text: match[0], key: foldedKey(match[0]), groups: match.groups ?? {} }))
    const parts: Part[] = []
    for (let at = 0; at < tokens.length; at += 1) {
      const token = tokens[at]
      if (token === undefined) break
      const literal = token.groups['double'] ?? token.groups['date']
      if (literal !== undefined) {
        parts.push({ span: this.#span(literal, 'text') })
        continue
      }
      const length = this.#matchAt(tokens, at)
      if (length > 0) {
        parts.push({ span: this.#span(tokens.slice(at, at + length).map(({ text }) => text).join(' '), 'text') })
        at += length - 1
      } else if (token.groups['number'] !== undefined) {
        parts.push({ span: { kind: 'number', text: token.text.replaceAll(',', ''), key: token.text.replaceAll(',', ''), groups: [], inner: false } })
      } else {
        const word = token.text.toLowerCase()
        parts.push({ stem: stem(word), word })
      }
    }
    return parts
  }

  /** The shorter values inside a value, longest first: `oak hill` inside `oak hill road`, if both are stored. */
  inner(span: Span): Span[] {
    if (span.kind !== 'text') return []
    const words = span.key.split(' ')
    const found: Span[] = []
    for (let length = words.length - 1; length > 0; length -= 1) {
      for (let start = 0; start + length <= words.length; start += 1) {
        const key = words.slice(start, start + length).join(' ')
        if (this.#entries.has(key) && !isPlain(key)) found.push(this.#span(key, 'text', true))
      }
    }
    return found
  }

  #matchAt(tokens: readonly { readonly key: string; readonly groups: Record<string, string | undefined> }[], at: number): number {
    let key = ''
    let longest = 0
    for (let length = 1; length <= this.#longest && at + length <= tokens.length; length += 1) {
      const token = tokens[at + length - 1]
      if (token === undefined || token.groups['double'] !== undefined) break
      key = key === '' ? token.key : `${key} ${token.key}`
      if (this.#entries.has(key) && !isPlain(key)) longest = length
    }
    return longest
  }

  #span(text: string, kind: 'text', inner = false): Span {
    const key = foldedKey(text)
    const groups = new Set<number>()
    for (const column of this.#entries.get(key)?.stored.keys() ?? []) groups.add(this.groupOf(column))
    return { kind, text, key, groups: [...groups], inner }
  }

  #group(keys: readonly ReadonlySet<string>[]): void {
    for (let left = 0; left < keys.length; left += 1) {
      for (let right = left + 1; right < keys.length; right += 1) {
        const [small, large] = [keys[left], keys[right]].toSorted((a, b) => (a?.size ?? 0) - (b?.size ?? 0))
        if (small === undefined || large === undefined || small.size === 0) continue
        let shared = 0
        for (const key of small) if (large.has(key)) shared += 1
        if (shared * 2 < small.size) continue
        const [from, to] = [this.groupOf(right), this.groupOf(left)]
        this.#groupOfColumn.forEach((group, column) => { if (group === from) this.#groupOfColumn[column] = to })
      }
    }
  }
}

/** A single letter or nothing but stop words is part of the sentence rather than a value; somebody who means the value can quote it. */
const isPlain = (key: string): boolean => key.length < 2 || key.split(' ').every((word) => stopWords.has(word))
