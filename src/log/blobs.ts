import { canonicalJson, contentDigest, textDigest } from './canonical.ts'
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

/** @param canonical what the content compares by, where it is a whole payload */
const moved = (text: string, place: Place, form: BlobReference['form'], canonical = text): Cut => {
  const hash = textDigest(text)
  const reference = canonical === text ? { place, hash, form } : { place, hash, form, canonical: textDigest(canonical) }
  return { value: `${text.slice(0, previewCharacters).toWellFormed()}…`, blobs: [reference], texts: [{ hash, text }] }
}

const formOf = (value: Json): BlobReference['form'] => (typeof value === 'string' ? 'text' : 'json')

/** The same text for values of the same content: white space around a text, and the order of keys, are not part of it. */
export const canonicalText = (value: Json): string => (typeof value === 'string' ? value.trim() : canonicalJson(value))

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

/** References with their places told from so many steps further down. */
const below = (depth: number, blobs: readonly BlobReference[]): readonly BlobReference[] =>
  blobs.map((reference) => ({ ...reference, place: reference.place.slice(depth) }))

/** Every long text goes; a payload that is long without them, such as the many rows of a table, goes as a whole. */
const cutPayload = (value: Json, place: Place): Cut | undefined => {
  const form = formOf(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (!isLong(text)) return undefined
  const parts = form === 'text' ? undefined : cutTexts(value, place)
  // With the ways to the texts, whose keys may be long themselves; from the payload on, so that the same one is cut alike wherever it stands.
  return parts === undefined || isLong(JSON.stringify([parts.value, below(place.length, parts.blobs)])) ? moved(text, place, form, canonicalText(value)) : parts
}

/** Cuts what lies at the end of a way through the data; `*` stands for every entry of a list. */
const cutAt = (value: Json | undefined, way: readonly string[], place: Place = []): Cut | undefined => {
  const step = way[place.length]
  if (value === undefined) return undefined
  if (step === undefined) return cutPayload(value, place)
  if (step === '*') return cutEntries(value, place, (entry, inside) => cutAt(entry, way, inside))
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
export const asWritten = (facts: readonly NewFact[]): Pick<Batch, 'facts' | 'blobs'> => {
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
  const deeper = Map.groupBy(found, ({ place }) => place[depth])
  return mapEntries(value, (entry, key) => {
    const inside = deeper.get(key)
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
  return { value, blobs: below(1, blobs.filter(({ place }) => place[0] === part)) }
}

/** Texts in canonical order, since entries of an object may stand in any. */
const inOrder = (blobs: readonly BlobReference[]): readonly (readonly [place: string, hash: string])[] =>
  blobs.map(({ place, hash }) => [JSON.stringify(place), hash] as const).sort(([left], [right]) => (left < right ? -1 : 1))

/**
 * The same text for payloads of the same content, another one for others, however long they are and without a look at their blobs. White space around a
 * payload that is a text is not part of its content, and neither is the order of keys.
 */
export const comparable = ({ value, blobs }: Payload): string => {
  const [first] = blobs
  if (first === undefined) return `${formOf(value)} ${textDigest(canonicalText(value))}`
  return first.place.length === 0 ? `${first.form} ${first.canonical ?? first.hash}` : `parts ${contentDigest([value, inOrder(blobs)])}`
}
