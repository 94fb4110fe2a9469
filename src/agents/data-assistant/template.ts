import { hash } from 'node:crypto'
import { foldedKey, type Span, type ValueIndex } from './values.ts'
import { queryText, quoteValue, type SqlToken } from './sql.ts'
import type { Schema } from './schema.ts'

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

const wildcards = /^(?<before>[%_*]*)(?<inner>.*?)(?<after>[%_*]*)$/su

/** Turns the literals of a query that stand in the question into slots. `order` gives for each slot the place of its span among `spans`. */
export const templateOf = (tokens: readonly SqlToken[], spans: readonly Span[], schema: Schema, values: ValueIndex): { template: Template; order: number[] } => {
  const slots: Slot[] = []
  const order: number[] = []
  const slotOfSpan = new Map<number, number>()
  const pieces = tokens.map((token): Piece => {
    if (token.kind !== 'literal') return { token }
    const { before = '', inner = '', after = '' } = wildcards.exec(token.value ?? '')?.groups ?? {}
    const number = token.text === token.value
    const place = spans.findIndex((span) => (number ? span.kind === 'number' && Number(span.text) === Number(token.value) : span.key !== '' && span.key === foldedKey(inner)))
    if (place < 0) return { token }
    let slot = slotOfSpan.get(place)
    if (slot === undefined) {
      const column = token.table === undefined || token.column === undefined ? undefined : schema.columnId(token.table, token.column)
      slot = slots.length
      slotOfSpan.set(place, slot)
      order.push(place)
      slots.push({ kind: number ? 'number' : 'text', column, group: number || column === undefined ? undefined : values.groupOf(column) })
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

/**
 * The ways to fill the slots with different spans, at most `limit`. First comes the order `preferred` (for each slot the rank of its span among the spans used), if it fits.
 */
export const fillings = (slots: readonly Slot[], spans: readonly Span[], preferred: readonly number[], limit = 6): number[][] => {
  const found: number[][] = []
  const chosen: number[] = []
  const step = (): void => {
    if (found.length >= limit * 4) return
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
  const wanted = ranks(preferred).join()
  return found.toSorted((a, b) => Number(ranks(b).join() === wanted) - Number(ranks(a).join() === wanted)).slice(0, limit)
}

/** Equal for slots and preferred orders that any spans fill in the same way. */
export const fillingKey = (slots: readonly Slot[], preferred: readonly number[]): string =>
  `${slots.map(({ kind, group }) => `${kind}${group ?? ''}`).join()} ${ranks(preferred).join()}`

const ranks = (places: readonly number[]): number[] => places.map((place) => places.filter((other) => other < place).length)

/** The query of a template for the spans that fill its slots. */
export const fill = (template: Template, chosen: readonly Span[], values: ValueIndex): string =>
  queryText(
    template.pieces.map((piece) => {
      if (!('slot' in piece)) return piece.token
      const span = chosen[piece.slot]
      const slot = template.slots[piece.slot]
      if (span === undefined || slot === undefined) return piece.token
      if (slot.kind === 'number') return { text: piece.token.text.startsWith("'") ? quoteValue(span.text) : span.text }
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
      words.push(`?${slot?.kind ?? ''}${slot?.group ?? ''}`)
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
