import { hash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

export { canonicalJson } from './canonical-json.ts'

/** The first 128 bits of SHA-256 of the canonical JSON, as 32 hexadecimal digits. */
export const contentDigest = (value: unknown): string => textDigest(canonicalJson(value))

/** The first 128 bits of SHA-256 of a text, as 32 hexadecimal digits. */
export const textDigest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32)
