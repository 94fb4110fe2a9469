import { hash } from 'node:crypto'

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  return Object.fromEntries(entries.map(([key, entry]) => [key, ordered(entry)]))
}

/** JSON with keys in code-unit order and undefined fields left out: equal content gives equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value)) ?? 'null'

/** The first 128 bits of SHA-256 of the canonical JSON, as 32 hexadecimal digits. */
export const contentDigest = (value: unknown): string => textDigest(canonicalJson(value))

/** The first 128 bits of SHA-256 of a text, as 32 hexadecimal digits. */
export const textDigest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32)
