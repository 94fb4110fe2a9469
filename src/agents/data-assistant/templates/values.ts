import { AutodidactError } from '../../../errors.ts'
import type { QueryRunner, Rows } from '../database/database.ts'
import { DistantValues, type PlacedValue } from './distant-values.ts'
import type { Column } from '../database/schema.ts'
import { stem, stopWords } from '../../../text/words.ts'

/** Distinct text values held of one column. What else a column with more has is looked for in the database when a question may name it. */
export const maximumValuesPerColumn = 20_000

/** Values kept that were looked for, about 300 bytes each: more than one question can name. */
const maximumLookedFor = 10_000

/** Words of a question in which values are looked for, and characters of one value. */
const maximumWordsLookedAt = 100
const maximumLength = 200

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
export type LaterValue = PlacedValue

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
  #entries = new Map<string, Entry>()
  readonly #groupOfColumn: number[]
  readonly #later: LaterValue[] = []
  readonly #distant = new DistantValues()
  /** What was looked for and found, the oldest first. */
  #lookedFor: { readonly key: string; readonly column: number }[] = []
  #longest = 1

  private constructor(columns: number) {
    this.#groupOfColumn = Array.from({ length: columns }, (_, column) => column)
  }

  /** Reads the distinct text values of all columns (at most {@link maximumValuesPerColumn} of each) and groups the columns. */
  static async read(database: QueryRunner): Promise<ValueIndex> {
    const index = new ValueIndex(database.schema.columns.length)
    const columns = await index.#load(database)
    index.#group(columns.map((own) => new Set(own.keys())))
    if (index.#distant.any) {
      for (const [left, right] of await index.#distant.related(database, columns.map((own) => [...own.values()]))) index.#join(left, right)
    }
    return index
  }

  /** Reads the values once more, after the database has changed. Columns stay in the groups that they were put into first, of which all that was learned speaks. */
  async refresh(database: QueryRunner): Promise<void> {
    await this.#load(database)
    for (const { value, column } of this.#later) this.#put(value, column)
  }

  /** Looks for values that a question may name in the columns of which not all values are held. Costs nothing where there is no such column. */
  async lookFor(question: string, database: QueryRunner): Promise<void> {
    if (!this.#distant.any) return
    for (const { value, column } of await this.#distant.find(database, phrasesOf(question))) {
      const { key, isNew } = this.#put(value, column)
      if (key !== undefined && isNew) this.#lookedFor.push({ key, column })
    }
    for (const { key, column } of this.#lookedFor.splice(0, this.#lookedFor.length - maximumLookedFor)) {
      const stored = this.#entries.get(key)?.stored
      stored?.delete(column)
      if (stored?.size === 0) this.#entries.delete(key)
    }
  }

  /** Adds a value of a column. Returns its key, or nothing if such a value is not looked for: no letter in it, or too many words. */
  add(value: string, column: number): string | undefined {
    const { key, isNew } = this.#put(value, column)
    if (isNew) this.#later.push({ value, column })
    return key
  }

  /** Puts the values that are held in the place of those of before, and returns them by column and key. */
  async #load(database: QueryRunner): Promise<ReadonlyMap<string, string>[]> {
    const rows: Rows[] = []
    for (const column of database.schema.columns) rows.push(await valuesOf(database, column, () => this.#distant.note(column.id)))
    // Nothing is waited for from here on, so that nobody sees half of them.
    this.#entries = new Map()
    this.#lookedFor = []
    return rows.map((own, column) => {
      const keys = new Map<string, string>()
      for (const [value] of own) {
        const { key } = this.#put(String(value), column)
        if (key !== undefined && !keys.has(key)) keys.set(key, String(value))
      }
      return keys
    })
  }

  #put(value: string, column: number): { readonly key: string | undefined; readonly isNew: boolean } {
    const key = foldedKey(value)
    const length = key.split(' ').length
    if (!/\p{L}/u.test(key) || length > maximumWords) return { key: undefined, isNew: false }
    let entry = this.#entries.get(key)
    if (entry === undefined) this.#entries.set(key, (entry = { stored: new Map() }))
    const isNew = !entry.stored.has(column)
    if (isNew) entry.stored.set(column, value)
    this.#longest = Math.max(this.#longest, length)
    return { key, isNew }
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
    // A quoted text may be of any length, and no value is longer than the longest.
    for (let length = Math.min(words.length - 1, this.#longest); length > 0; length -= 1) {
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
        this.#join(left, right)
      }
    }
  }

  /** Puts two columns into one group, with all that were in the group of either. */
  #join(left: number, right: number): void {
    const [from, to] = [this.groupOf(right), this.groupOf(left)]
    this.#groupOfColumn.forEach((group, column) => { if (group === from) this.#groupOfColumn[column] = to })
  }
}

/** The first distinct texts of a column. Says so if there are more, or if reading them takes too long. */
const valuesOf = async (database: QueryRunner, { table, name }: Column, onMore: () => void): Promise<Rows> => {
  const column = `"${name.replaceAll('"', '""')}"`
  const sql = `SELECT DISTINCT ${column} FROM "${table.replaceAll('"', '""')}" WHERE typeof(${column}) = 'text' LIMIT ${maximumValuesPerColumn + 1}`
  try {
    const { rows, truncated } = await database.query(sql, { maximumRows: maximumValuesPerColumn, maximumMs: 20_000, truncate: true })
    if (truncated) onMore()
    return rows
  } catch (error) {
    if (!AutodidactError.is(error) || error.code !== 'LIMIT_EXCEEDED') throw error
    onMore()
    return []
  }
}

/** What of a question may be a value, as it is written there: runs of words, also with the signs behind them, such as that of `Acme Inc.` */
const phrasesOf = (question: string): string[] => {
  const text = question.normalize('NFKC')
  const tokens = [...text.matchAll(pieces)].slice(0, maximumWordsLookedAt)
  const phrases = new Set<string>()
  const offer = (phrase: string): void => {
    if (phrase.length <= maximumLength && /\p{L}/u.test(phrase) && !isPlain(foldedKey(phrase))) phrases.add(phrase)
  }
  tokens.forEach((first, at) => {
    if (first.groups?.['double'] !== undefined) offer(first.groups['double'])
    for (const last of tokens.slice(at, at + maximumWords)) {
      const end = last.index + last[0].length
      offer(text.slice(first.index, end))
      const [signs] = /^[^\s\p{L}\p{N}]{1,3}/u.exec(text.slice(end, end + 3)) ?? []
      if (signs !== undefined) offer(text.slice(first.index, end) + signs)
    }
  })
  return [...phrases]
}

/** A single letter or nothing but stop words is part of the sentence rather than a value; somebody who means the value can quote it. */
const isPlain = (key: string): boolean => key.length < 2 || key.split(' ').every((word) => stopWords.has(word))
