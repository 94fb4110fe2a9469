import { textDigest } from '../log/canonical.ts'
import type { Blob } from '../storage/storage.ts'
import { type Json, mapTexts } from './payload.ts'

/** Longer texts lie in the blob table, in bytes of UTF-8. */
export const longestInline = 16 * 1024

/** Characters of a long text that stay in the fact, so that it can be read without its blob. */
const previewCharacters = 512

/** A payload with its long texts moved out, and the blobs they became. */
export interface Shortened {
  readonly value: Json
  readonly blobs: readonly Blob[]
}

/** How a long text stands in a fact: its beginning, then the name of the blob. */
const reference = (hash: string, text: string): string => `${text.slice(0, previewCharacters).toWellFormed()}…[blob ${hash} of ${text.length} characters]`

const referencePattern = /…\[blob ([0-9a-f]{32}) of \d+ characters\]$/

/** The hash of the blob that a shortened text stands for; undefined for other texts. */
export const blobHash = (text: string): string | undefined => referencePattern.exec(text)?.[1]

/** Moves every text of more than 16 KB into a blob under the hash of its content. */
export const shorten = (value: Json, fact: string): Shortened => {
  const blobs: Blob[] = []
  const shortened = mapTexts(value, (text) => {
    if (text.length * 3 <= longestInline || Buffer.byteLength(text) <= longestInline) return text
    const hash = textDigest(text)
    blobs.push({ hash, text, fact })
    return reference(hash, text)
  })
  return { value: shortened, blobs }
}

/** The payload with its long texts back in place; one whose blob is gone stays as its preview. */
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
  return mapTexts(value, (text) => texts.get(blobHash(text) ?? '') ?? text)
}

/** The same for one text. */
export const resolveText = async (text: string, load: (hash: string) => Promise<string | undefined>): Promise<string> => {
  const hash = blobHash(text)
  return hash === undefined ? text : ((await load(hash)) ?? text)
}
