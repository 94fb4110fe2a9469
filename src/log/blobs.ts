import { textDigest } from './canonical.ts'
import type { Blob } from '../storage/storage.ts'
import { type Json, mapTexts } from './payload.ts'

/** Longer payloads lie in the blob table, in bytes of UTF-8. */
export const longestInline = 16 * 1024

/** Characters of a long payload that stay in the fact, so that it can be read without its blob. */
const previewCharacters = 512

/** A payload with what is long in it moved out, and the blobs that became of it. */
export interface Shortened<Value extends Json = Json> {
  readonly value: Value
  readonly blobs: readonly Blob[]
}

/** How a long payload stands in a fact: its beginning, then the name of the blob. */
const reference = (hash: string, text: string, form: '' | ' of JSON'): string =>
  `${text.slice(0, previewCharacters).toWellFormed()}…[blob ${hash} of ${text.length} characters${form}]`

const referencePattern = /…\[blob ([0-9a-f]{32}) of \d+ characters( of JSON)?\]$/

/** The hash of the blob that a shortened payload stands for; undefined for other texts. */
export const blobHash = (text: string): string | undefined => referencePattern.exec(text)?.[1]

const isLong = (text: string): boolean => text.length * 3 > longestInline && Buffer.byteLength(text) > longestInline

/** Moves a text of more than 16 KB into a blob under the hash of its content. */
export const shortenText = (text: string, fact: string): Shortened<string> => {
  if (!isLong(text)) return { value: text, blobs: [] }
  const hash = textDigest(text)
  return { value: reference(hash, text, ''), blobs: [{ hash, text, fact }] }
}

/**
 * Moves every text of more than 16 KB into a blob under the hash of its content. A payload that is longer than that without them, such as the many rows of
 * a table, becomes one blob as a whole.
 */
export const shorten = (value: Json, fact: string): Shortened => {
  const blobs: Blob[] = []
  const shortened = mapTexts(value, (text) => {
    const short = shortenText(text, fact)
    blobs.push(...short.blobs)
    return short.value
  })
  if (typeof value !== 'object' || value === null || !isLong(JSON.stringify(shortened))) return { value: shortened, blobs }
  const text = JSON.stringify(value)
  const hash = textDigest(text)
  return { value: reference(hash, text, ' of JSON'), blobs: [{ hash, text, fact }] }
}

/** The payload with what was moved out back in place; where a blob is gone, its preview stays. */
export const resolveBlobs = async (value: Json, load: (hash: string) => Promise<string | undefined>): Promise<Json> => {
  const texts = new Map<string, string>()
  const hashes = new Set<string>()
  mapTexts(value, (text) => {
    const hash = blobHash(text)
    if (hash !== undefined) hashes.add(hash)
    return text
  })
  if (hashes.size === 0) return value
  for (const hash of hashes) {
    const text = await load(hash)
    if (text !== undefined) texts.set(hash, text)
  }
  return mapTexts(value, (text) => {
    const [, hash = '', form] = referencePattern.exec(text) ?? []
    const whole = texts.get(hash)
    if (whole === undefined) return text
    if (form === undefined) return whole
    const json: Json = JSON.parse(whole)
    return json
  })
}

/** The same for one text. */
export const resolveText = async (text: string, load: (hash: string) => Promise<string | undefined>): Promise<string> => {
  const hash = blobHash(text)
  return hash === undefined ? text : ((await load(hash)) ?? text)
}
