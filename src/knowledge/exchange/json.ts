import { AutodidactError, wordsOf } from '../../errors.ts'
import { type Entry, isObject } from './entry.ts'
import { handWritten } from './hand-written.ts'
import type { ItemRecord } from './record.ts'

const format = 'autodidact knowledge'
const version = 1
const head = `{"format":"${format}","version":${version},"items":[`

/** One object an item, each on a line of its own: damage to one of them leaves the others readable. */
export const toJsonFile = (records: readonly ItemRecord[]): string => `${[head, records.map((record) => JSON.stringify(record)).join(',\n'), ']}'].filter((part) => part !== '').join('\n')}\n`

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** What has no versions is no export: a text, or the fields of an item. */
const isByHand = (value: unknown): boolean => typeof value === 'string' || (isObject(value) && 'content' in value && !('versions' in value))

const entriesIn = (list: readonly unknown[]): Entry[] => list.map((value, place) => ({ ...(isByHand(value) ? handWritten(place + 1, value) : { place: place + 1, value }), unit: 'item' }))

const howTo = 'Pass what knowledge.export({ format: "json" }) gave, or a list of texts.'

const itemsOf = (value: unknown): Entry[] => {
  if (Array.isArray(value)) return entriesIn(value)
  if (!isObject(value)) throw new AutodidactError('INVALID_INPUT', `knowledge.import: it is JSON, but neither an object nor a list. Nothing was imported. ${howTo}`)
  if ('versions' in value || 'content' in value) return entriesIn([value])
  if (!Array.isArray(value.items)) throw new AutodidactError('INVALID_INPUT', `knowledge.import: it is a JSON object without "items". Nothing was imported. ${howTo}`)
  if (typeof value.version === 'number' && value.version > version) {
    throw new AutodidactError('NEWER_VERSION', `knowledge.import: the file has version ${value.version} of its format, and this program knows ${version}. Nothing was imported; update Autodidact.`)
  }
  return entriesIn(value.items)
}

/** What is no item in a file that has one on each line. */
const isFrame = (line: string): boolean => line === '' || line === head || line === ']}' || line === '[' || line === ']'

const itemOfLine = (line: string, place: number): Entry => {
  try {
    return { place, value: JSON.parse(line) }
  } catch (error) {
    return { place, problem: new AutodidactError('INVALID_INPUT', `knowledge.import: line ${place} is no JSON: ${wordsOf(error, false).slice(0, 200)}. Correct it and import the file again: what is there already is not written twice.`) }
  }
}

/**
 * The items of a file: an export, a list of items or of texts, one item, or one on each line. Where the whole is damaged each line is read for itself.
 *
 * @throws AutodidactError `INVALID_INPUT` where nothing in it is an item, `NEWER_VERSION`
 */
export const fromJsonFile = (text: string): Entry[] => {
  const whole = parsed(text)
  if (whole !== undefined) return itemsOf(whole.value)
  const entries = text.split('\n').flatMap((line, place) => {
    const trimmed = line.trim().replace(/,$/, '')
    return isFrame(trimmed) ? [] : [itemOfLine(trimmed, place + 1)]
  })
  if (entries.some(({ value }) => isObject(value) && 'versions' in value)) return entries
  throw new AutodidactError('INVALID_INPUT', `knowledge.import: it begins like JSON, and no line of it is an item. Nothing was imported. ${howTo}`)
}
