import { hash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import type { SavedAnalogies } from './templates/analogy.ts'
import type { SavedAssociations } from './ranking/associations.ts'
import type { SavedCases } from './cases.ts'
import type { SavedConfidence } from './ranking/confidence.ts'
import type { SavedLogLinear } from './ranking/log-linear.ts'
import type { SavedRanker } from './ranking/ranker.ts'
import type { LaterValue } from './templates/values.ts'

/** What a reasoner has learned and JSON can hold. */
interface SavedTexts {
  readonly cases: SavedCases
  readonly analogies: SavedAnalogies
  readonly confidence: SavedConfidence
  /** Queries that do not answer a question, by question. */
  readonly rejected: readonly (readonly [question: string, queries: readonly string[]])[]
  readonly cursor: number
  readonly laterValues: readonly LaterValue[]
}

/** What it has learned in numbers, by the hundred thousand. */
interface SavedNumbers {
  readonly ranker: SavedRanker
  readonly chooser: SavedLogLinear
  readonly associations: SavedAssociations
}

/** All that a reasoner has learned, as plain data. */
export interface SavedReasoner extends SavedTexts, SavedNumbers {}

/** Rises with every change of what is learned, how, or how it is written down: a state of another version is not read. */
const version = 1

const headerBytes = 4

interface Envelope extends SavedNumbers {
  readonly made: string
  /** JSON, which is read several times faster than many small objects are otherwise. */
  readonly texts: string
}

/** The digest of what a state may only be read with: this version, and whatever else it depends on. */
const madeWith = (circumstances: unknown): string => hash('sha256', JSON.stringify([version, circumstances]), 'base64')

/**
 * A state as bytes: a checksum, then the state as the structured-clone algorithm writes it, which keeps numbers exact.
 *
 * @param circumstances what the state depends on and does not hold; anything that JSON can hold
 */
export const packed = ({ ranker, chooser, associations, ...texts }: SavedReasoner, circumstances: unknown): Uint8Array => {
  const envelope: Envelope = { made: madeWith(circumstances), texts: JSON.stringify(texts satisfies SavedTexts), ranker, chooser, associations }
  const content = serialize(envelope)
  const bytes = new Uint8Array(headerBytes + content.length)
  new DataView(bytes.buffer).setUint32(0, crc32(content))
  bytes.set(content, headerBytes)
  return bytes
}

/** The state in bytes that {@link packed} has made; nothing if they are damaged, or were made in other circumstances. */
export const unpacked = (bytes: Uint8Array, circumstances: unknown): SavedReasoner | undefined => {
  if (bytes.length <= headerBytes) return undefined
  const content = bytes.subarray(headerBytes)
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== crc32(content)) return undefined
  // The checksum says that these are the bytes that `packed` wrote, and they say themselves with which version.
  let envelope: Envelope
  try {
    envelope = deserialize(content) as Envelope
  } catch {
    // Written by a newer engine.
    return undefined
  }
  if (envelope.made !== madeWith(circumstances)) return undefined
  const { ranker, chooser, associations, texts } = envelope
  return { ranker, chooser, associations, ...(JSON.parse(texts) as SavedTexts) }
}
