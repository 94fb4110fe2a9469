import { canonicalJson, textDigest } from './canonical.ts'
import type { BlobReference, Fact, NewFact } from './fact.ts'
import { kinds } from './kinds/index.ts'
import type { Json } from './payload.ts'
import type { Batch, Blob, Storage } from '../storage/storage.ts'

/** Longer payloads lie in the blob table, in bytes of UTF-8. */
export const longestInline = 16 * 1024

/** Characters of a long payload that stay in the fact, so that it can be recognised without its blob. */
const previewCharacters = 512

type Place = BlobReference['place']

/** A payload as it stands in a fact: of what is long in it only the beginning, and the references to the rest, whose places begin here. */
export interface Payload {
  readonly value: Json
  readonly blobs: readonly BlobReference[]
}

/** What a payload was cut into; whatever makes one gives undefined where nothing was long. */
interface Cut extends Payload {
  readonly texts: readonly Blob[]
}

const isLong = (text: string): boolean => text.length * 3 > longestInline && Buffer.byteLength(text) > longestInline

const moved = (text: string, place: Place, form: BlobReference['form']): Cut => {
  const hash = textDigest(text)
  return { value: `${text.slice(0, previewCharacters).toWellFormed()}…`, blobs: [{ place, hash, form }], texts: [{ hash, text }] }
}

/** The value with other values in the place of its own, where it has any. */
const mapEntries = (value: Json, change: (entry: Json, key: string | number) => Json): Json => {
  if (Array.isArray(value)) return value.map(change)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry, key)]))
}

/** What `cut` makes of each entry of a value, put together. */
const cutEntries = (value: Json, place: Place, cut: (entry: Json, place: Place) => Cut | undefined): Cut | undefined => {
  const cuts: Cut[] = []
  const shorter = mapEntries(value, (entry, key) => {
    const made = cut(entry, [...place, key])
    if (made === undefined) return entry
    cuts.push(made)
    return made.value
  })
  return cuts.length === 0 ? undefined : { value: shorter, blobs: cuts.flatMap(({ blobs }) => blobs), texts: cuts.flatMap(({ texts }) => texts) }
}

const cutTexts = (value: Json, place: Place): Cut | undefined => {
  if (typeof value !== 'string') return cutEntries(value, place, cutTexts)
  return isLong(value) ? moved(value, place, 'text') : undefined
}

/** Every long text goes; a payload that is long without them, such as the many rows of a table, goes as a whole. */
const cutPayload = (value: Json, place: Place): Cut | undefined => {
  if (typeof value !== 'object' || value === null) return cutTexts(value, place)
  const text = JSON.stringify(value)
  if (!isLong(text)) return undefined
  const cut = cutTexts(value, place)
  // With the ways to the texts, whose keys may be long themselves.
  return cut === undefined || isLong(JSON.stringify([cut.value, cut.blobs])) ? moved(text, place, 'json') : cut
}

/** Cuts what lies at the end of a way through the data; `*` stands for every entry of a list. */
const cutAt = (value: Json | undefined, way: readonly string[], place: Place = []): Cut | undefined => {
  const step = way[place.length]
  if (value === undefined) return undefined
  if (step === undefined) return cutPayload(value, place)
  if (step === '*') return cutEntries(value, place, (entry, below) => cutAt(entry, way, below))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const cut = cutAt(value[step], way, [...place, step])
  return cut === undefined ? undefined : { ...cut, value: { ...value, [step]: cut.value } }
}

/** The ways of each kind, step by step. */
const ways = new Map(Object.values(kinds).map(({ kind, long }) => [kind, long.map((way) => way.split('.'))]))

/** A fact with what is long in it moved out, and the blobs that became of it. */
const cutFact = (fact: NewFact): { readonly fact: NewFact; readonly texts: readonly Blob[] } => {
  // Facts are data that JSON can hold, and a text or a payload stays one when it is cut.
  let value = fact.data as Json
  const blobs: BlobReference[] = []
  const texts: Blob[] = []
  for (const way of ways.get(fact.kind) ?? []) {
    const cut = cutAt(value, way)
    if (cut === undefined) continue
    value = cut.value
    blobs.push(...cut.blobs)
    texts.push(...cut.texts)
  }
  return { fact: blobs.length === 0 ? fact : ({ ...fact, data: value as NewFact['data'], blobs } as NewFact), texts }
}

/**
 * Facts as they are written: every text of more than 16 KB lies in a blob under the hash of its content, and so does a payload that is longer than that
 * without them, as one. What is in a blob has its beginning in the fact, and a reference beside the data.
 */
export const shortened = (facts: readonly NewFact[]): Pick<Batch, 'facts' | 'blobs'> => {
  const cut = facts.map(cutFact)
  return { facts: cut.map(({ fact }) => fact), blobs: cut.flatMap(({ texts }) => texts) }
}

/** A blob at its place. */
interface Found {
  readonly place: Place
  readonly content: Json
}

const putBack = (value: Json, found: readonly Found[], depth = 0): Json => {
  const here = found.find(({ place }) => place.length === depth)
  if (here !== undefined) return here.content
  const below = Map.groupBy(found, ({ place }) => place[depth])
  return mapEntries(value, (entry, key) => {
    const inside = below.get(key)
    return inside === undefined ? entry : putBack(entry, inside, depth + 1)
  })
}

/** The payload with what was moved out back in place. Where a blob is gone, its beginning stays, and so does its reference. */
const restored = async (storage: Storage, namespace: string, { value, blobs }: Payload): Promise<Payload> => {
  const texts = new Map<string, string>()
  for (const hash of new Set(blobs.map((reference) => reference.hash))) {
    const text = await storage.blob(namespace, hash)
    if (text !== undefined) texts.set(hash, text)
  }
  const found: Found[] = []
  const lost: BlobReference[] = []
  for (const reference of blobs) {
    const text = texts.get(reference.hash)
    if (text === undefined) lost.push(reference)
    else found.push({ place: reference.place, content: reference.form === 'text' ? text : (JSON.parse(text) as Json) })
  }
  return { value: found.length === 0 ? value : putBack(value, found), blobs: lost }
}

/** The payload in full length. */
export const wholePayload = async (storage: Storage, namespace: string, payload: Payload): Promise<Json> =>
  (await restored(storage, namespace, payload)).value

/**
 * The fact in full length, as it was before it was written.
 *
 * @param parts the fields of its data that are needed; default all
 */
export const whole = async <Stored extends Fact>(storage: Storage, fact: Stored, parts?: readonly (keyof Stored['data'])[]): Promise<Stored> => {
  const { blobs = [], namespace } = fact
  const isNeeded = ({ place: [field] }: BlobReference): boolean => parts === undefined || parts.some((part) => part === field)
  const needed = blobs.filter(isNeeded)
  if (needed.length === 0) return fact
  const { value, blobs: lost } = await restored(storage, namespace, { value: fact.data as Json, blobs: needed })
  const left = [...blobs.filter((reference) => !isNeeded(reference)), ...lost]
  return { ...fact, data: value, blobs: left.length === 0 ? undefined : left }
}

/** A payload among the data of a fact. */
export const payloadOf = <Stored extends Fact>({ data, blobs = [] }: Stored, part: keyof Stored['data']): Payload | undefined => {
  const value = data[part as keyof typeof data] as Json | undefined
  if (value === undefined) return undefined
  return { value, blobs: blobs.filter(({ place }) => place[0] === part).map(({ place, ...reference }) => ({ ...reference, place: place.slice(1) })) }
}

/** The same text for payloads of the same content, however long: what is in blobs compares by hash. */
export const comparable = ({ value, blobs }: Payload): string => (blobs.length === 0 ? canonicalJson([value]) : canonicalJson([value, blobs]))
