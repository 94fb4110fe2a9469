import { hash } from 'node:crypto'
import { largestOf } from '../ranking/worths.ts'
import { foldedKey, type Span, type ValueIndex } from './values.ts'
import { queryText, quoteValue, type SqlToken } from '../database/sql.ts'
import type { Schema } from '../database/schema.ts'

/** What a slot of a template accepts. */
export interface Slot {
  readonly kind: 'text' | 'number'
  /** The column it is compared with, by its id, if the query tells. */
  readonly column: number | undefined
  /** The group of that column; `undefined` accepts any text. */
  readonly group: number | undefined
}

/** A piece of a template: text of the query, or a slot with what stands around the value inside the quotes (as in LIKE patterns). */
export type Piece = { readonly token: SqlToken } | { readonly slot: number; readonly before: string; readonly after: string; readonly token: SqlToken }

/** A query whose values are slots, numbered in order of appearance; the same value twice is the same slot. */
export interface Template {
  /** Equal for two templates that give the same query for the same values. */
  readonly key: string
  readonly pieces: readonly Piece[]
  readonly slots: readonly Slot[]
}

const wildcards = /^(?<before>[%_*]*)(?<inner>.*[^%_*])?(?<after>[%_*]*)$/su

/** A span that stands in a literal, and what stands around it there. */
interface Match {
  readonly place: number
  readonly before: string
  readonly after: string
}

/** Where the spans of a question stand among them, the first of equal ones. */
interface Places {
  readonly byKey: ReadonlyMap<string, number>
  readonly byDigits: ReadonlyMap<string, number>
  readonly byNumber: ReadonlyMap<number, number>
}

const placesOf = (spans: readonly Span[]): Places => {
  const [byKey, byDigits, byNumber] = [new Map<string, number>(), new Map<string, number>(), new Map<number, number>()]
  for (const [place, { kind, key, text }] of spans.entries()) {
    if (key !== '' && !byKey.has(key)) byKey.set(key, place)
    if (kind !== 'number') continue
    if (!byDigits.has(text)) byDigits.set(text, place)
    if (!byNumber.has(Number(text))) byNumber.set(Number(text), place)
  }
  return { byKey, byDigits, byNumber }
}

/** The whole literal but for wildcards; or else a number in it, as the year of a date. */
const matchOf = ({ text, value = '' }: SqlToken, { byKey, byDigits, byNumber }: Places): Match | undefined => {
  if (text === value) {
    const place = byNumber.get(Number(value))
    return place === undefined ? undefined : { place, before: '', after: '' }
  }
  const { before = '', inner = '', after = '' } = wildcards.exec(value)?.groups ?? {}
  const whole = byKey.get(foldedKey(inner))
  if (whole !== undefined) return { place: whole, before, after }
  for (const { 0: digits, index } of value.matchAll(/(?<![\p{L}\p{N}.])\d+(?![\p{L}\p{N}.])/gu)) {
    const place = byDigits.get(digits)
    if (place !== undefined) return { place, before: value.slice(0, index), after: value.slice(index + digits.length) }
  }
  return undefined
}

/** Turns the literals of a query that stand in the question into slots. `order` gives for each slot the place of its span among `spans`. */
export const templateOf = (tokens: readonly SqlToken[], spans: readonly Span[], schema: Schema, values: ValueIndex): { template: Template; order: number[] } => {
  const slots: Slot[] = []
  const order: number[] = []
  const slotOfSpan = new Map<number, number>()
  const places = placesOf(spans)
  const pieces = tokens.map((token): Piece => {
    const match = token.kind === 'literal' ? matchOf(token, places) : undefined
    if (match === undefined) return { token }
    const { place, before, after } = match
    let slot = slotOfSpan.get(place)
    if (slot === undefined) {
      const column = token.table === undefined || token.column === undefined ? undefined : schema.columnId(token.table, token.column)
      slot = slots.length
      slotOfSpan.set(place, slot)
      order.push(place)
      // A number between quotes, as a year that was cut out of a date is compared with, is one all the same.
      const kind = spans[place]?.kind ?? 'text'
      slots.push({ kind, column, group: kind === 'number' || column === undefined ? undefined : values.groupOf(column) })
    }
    return { slot, before, after, token }
  })
  return { template: makeTemplate(pieces, slots), order }
}

/** A template from its pieces. */
export const makeTemplate = (pieces: readonly Piece[], slots: readonly Slot[]): Template => ({
  key: pieces.map((piece) => ('slot' in piece ? `${piece.before}?${piece.slot}${piece.after}` : piece.token.text)).join(' '),
  pieces,
  slots,
})

/** True if a span may fill a slot. */
export const fits = (slot: Slot, span: Span): boolean =>
  slot.kind === 'number' ? span.kind === 'number' : span.kind === 'text' && (slot.group === undefined || span.groups.length === 0 || span.groups.includes(slot.group))

/** How a template was filled by a question whose query is known. */
export interface Filling {
  /** For each slot the place of its span in the question. */
  readonly order: readonly number[]
  /** For each slot the size of its number; undefined for a text, and where no question is known. */
  readonly sizes: readonly (number | undefined)[]
}

/** About how large the number of a span is: its digits, roughly, so that a year is told from a count. */
export const sizeOf = ({ kind, text }: Span): number | undefined => (kind === 'number' ? Math.round(10 * Math.log10(1 + Math.abs(Number(text)))) / 10 : undefined)

/** Numbers in the order of the last time may be this much less alike in size, all together, than in another order. */
const tolerance = 0.5

/** Ways to fill that are looked at. */
const maximumFillings = 60

/**
 * The spans that fill the slots, by their places; nothing if they cannot all be filled with different ones. Best are numbers about as large as those of the last
 * time, in the same order as then.
 */
export const bestFilling = (slots: readonly Slot[], spans: readonly Span[], { order, sizes }: Filling): readonly number[] | undefined => {
  const found: (readonly number[])[] = []
  const chosen: number[] = []
  const step = (): void => {
    if (found.length >= maximumFillings) return
    const slot = slots[chosen.length]
    if (slot === undefined) {
      found.push([...chosen])
      return
    }
    spans.forEach((span, place) => {
      if (chosen.includes(place) || !fits(slot, span)) return
      chosen.push(place)
      step()
      chosen.pop()
    })
  }
  step()
  const wanted = ranks(order).join()
  const likeness = (places: readonly number[]): number => {
    const differences = places.map((place, slot) => {
      const [size, before] = [spans[place] === undefined ? undefined : sizeOf(spans[place]), sizes[slot]]
      return size === undefined || before === undefined ? 0 : Math.abs(size - before)
    })
    return (ranks(places).join() === wanted ? tolerance : 0) - differences.reduce((sum, difference) => sum + difference, 0)
  }
  return largestOf(found, likeness)
}

/** Equal for slots and earlier fillings that any spans fill in the same way. */
export const fillingKey = (slots: readonly Slot[], { order, sizes }: Filling): string =>
  `${slots.map(({ kind, group }, slot) => `${kind}${group ?? ''}${sizes[slot] ?? ''}`).join()} ${ranks(order).join()}`

const ranks = (places: readonly number[]): number[] => places.map((place) => places.filter((other) => other < place).length)

/** The query of a template for the spans that fill its slots. */
export const fill = (template: Template, chosen: readonly Span[], values: ValueIndex): string =>
  queryText(
    template.pieces.map((piece) => {
      if (!('slot' in piece)) return piece.token
      const span = chosen[piece.slot]
      const slot = template.slots[piece.slot]
      if (span === undefined || slot === undefined) return piece.token
      if (slot.kind === 'number') return { text: piece.token.text.startsWith("'") ? quoteValue(piece.before + span.text + piece.after) : span.text }
      return { text: quoteValue(piece.before + (values.spelling(span.key, slot.column) ?? span.text) + piece.after) }
    }),
  )

/** The features of a template that are alike in templates that do alike things: its tokens and runs of tokens, with aliases resolved to tables. The first stands for the whole. */
export const fragmentsOf = (template: Template): string[] => {
  // A digest, since keys are long and every template that was ever thought of has one.
  const fragments = new Set<string>([`whole ${hash('sha1', template.key, 'base64url')}`])
  const words: string[] = []
  template.pieces.forEach((piece) => {
    if ('slot' in piece) {
      const slot = template.slots[piece.slot]
      words.push(`?${piece.before}${slot?.kind ?? ''}${slot?.group ?? ''}${piece.after}`)
      return
    }
    const { token } = piece
    if (token.text === '.' || token.text === 'AS') return
    if (token.kind === 'name' && token.table === undefined) return // an alias
    words.push(token.column === undefined ? token.text : `${token.table ?? ''}.${token.column}`)
  })
  let depth = 0
  words.forEach((word, at) => {
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    const next = words[at + 1] ?? '$'
    const third = words[at + 2] ?? '$'
    fragments.add(word)
    fragments.add(`${word} ${next}`)
    fragments.add(`${word} ${next} ${third}`)
    if (/[^()]/u.test(word)) fragments.add(`${Math.min(depth, 4)}: ${word}`)
  })
  fragments.add(`starts ${words.slice(0, 4).join(' ')}`)
  fragments.add(`slots ${template.slots.length}`)
  return [...fragments]
}
