import { Exchanges, type SavedExchange, type Variant } from './exchanges.ts'
import { keyword, Marks, matching, moved, renumbered, symbol } from './pieces.ts'
import { Recent } from '../recent.ts'
import type { Piece, Slot, Template } from './template.ts'
import { Largest, sumOf, type Valued, type Worths } from '../ranking/worths.ts'

/** Nestings that were made lately, about 1 kB each. */
const maximumMade = 4_000

/** What {@link Analogies} have learned. */
export interface SavedAnalogies {
  readonly templates: readonly Template[]
  readonly exchanges: readonly SavedExchange[]
}

/** A query that can stand in the place of a value of a group. Valued by its words. */
interface Nested extends Valued {
  readonly number: number
  readonly pieces: readonly Piece[]
  readonly slots: readonly Slot[]
  support: number
}

/**
 * Makes new templates from known ones by analogy, in two ways.
 *
 * Exchange: two known templates that differ in one run of tokens teach that the one run may stand for the other; what was seen in one query is tried in others.
 * Nesting: a value in a condition may be replaced by a query whose column is of the same group, if such a query was seen, nested or alone.
 * Neither knows what any name means; which of the variants answers a question is left to the ranker.
 */
export class Analogies {
  readonly #marks = new Marks()
  readonly #exchanges = new Exchanges(this.#marks)
  readonly #learned: Template[] = []
  readonly #nested = new Map<number, Map<string, Nested>>()
  #nestedSize = 0
  readonly #made = new Recent<string, Template | 'impossible'>(maximumMade)
  #worths: { readonly worth: (word: string) => number; readonly values: Worths } | undefined
  readonly #groupOf: (table: string, column: string) => number | undefined

  /** @param groupOf the group of a column's values */
  constructor(groupOf: (table: string, column: string) => number | undefined) {
    this.#groupOf = groupOf
  }

  /** Takes in a template that was not known before. */
  learn(template: Template): void {
    this.#learned.push(template)
    this.#exchanges.learn(template)
    this.#collectNested(template)
  }

  /** What it has learned, with the templates that were taken in, in order. */
  save(): SavedAnalogies {
    return { templates: this.#learned, exchanges: this.#exchanges.save() }
  }

  /** Continues where another one was saved; to be called before anything is learned. */
  restore({ templates, exchanges }: SavedAnalogies): void {
    this.#learned.push(...templates)
    this.#exchanges.restore(templates, exchanges)
    for (const template of templates) this.#collectNested(template)
  }

  /**
   * Variants of a template, best guesses first, at most `limit` of each kind. `worth` says how well a word of a query suits the question; the same function
   * must give the same numbers, and is asked only once for each word.
   */
  variants(template: Template, worth: (word: string) => number, limit: number): Variant[] {
    const worths = this.#worthsOf(worth)
    return [
      ...this.#exchanges.variants(template, worths, limit).map((variant) => ({ ...variant, kind: 'exchange' as const })),
      ...this.#nestings(template, worths, limit),
    ]
  }

  #worthsOf(worth: (word: string) => number): Worths {
    const { words } = this.#marks
    if (this.#worths?.worth !== worth || this.#worths.values.length !== words.length) this.#worths = { worth, values: Float64Array.from(words, worth) }
    return this.#worths.values
  }

  #collectNested(template: Template): void {
    template.pieces.forEach((piece, at) => {
      const next = template.pieces[at + 1]
      if ('slot' in piece || piece.token.text !== '(' || next === undefined || 'slot' in next || next.token.text !== 'SELECT') return
      const close = matching(template.pieces, at)
      const column = this.#columnBefore(template.pieces, at)
      if (close > 0 && column !== undefined) this.#addNested(column, template.pieces.slice(at + 1, close), template.slots)
    })
    // A whole query of one plain column can be nested as well.
    const [select, first, second, third] = template.pieces
    if (select === undefined || first === undefined || second === undefined || third === undefined || 'slot' in third) return
    const after = template.pieces[4]
    if (third.token.table === undefined || third.token.column === undefined || after === undefined || 'slot' in after || after.token.text !== 'FROM') return
    const group = this.#groupOf(third.token.table, third.token.column)
    if (group !== undefined) this.#addNested(group, template.pieces, template.slots)
  }

  #addNested(group: number, pieces: readonly Piece[], slots: readonly Slot[]): void {
    let ofGroup = this.#nested.get(group)
    if (ofGroup === undefined) this.#nested.set(group, (ofGroup = new Map()))
    const template = renumbered(pieces, slots)
    const seen = ofGroup.get(template.key)
    if (seen === undefined) ofGroup.set(template.key, { pieces: template.pieces, slots: template.slots, number: (this.#nestedSize += 1), support: 1, gained: [...new Set(this.#marks.of(template.pieces, template.slots))], lost: [], sum: 0, sumFor: undefined })
    else seen.support += 1
  }

  #columnBefore(pieces: readonly Piece[], at: number): number | undefined {
    const operator = pieces[at - 1]
    if (operator === undefined || 'slot' in operator || !['=', 'IN'].includes(operator.token.text)) return undefined
    const negated = pieces[at - 2]
    const column = negated !== undefined && !('slot' in negated) && negated.token.text === 'NOT' ? pieces[at - 3] : negated
    if (column === undefined || 'slot' in column || column.token.table === undefined || column.token.column === undefined) return undefined
    return this.#groupOf(column.token.table, column.token.column)
  }

  #nestings(template: Template, worths: Worths, limit: number): Variant[] {
    const best = new Largest<Nested, number>(limit)
    template.slots.forEach((slot, place) => {
      if (slot.group === undefined) return
      for (const nested of this.#nested.get(slot.group)?.values() ?? []) best.offer(sumOf(nested, worths, 0) / Math.sqrt(nested.gained.length), nested, place)
    })
    return best.items.flatMap(({ item: nested, place }) => {
      const key = `${nested.number} ${place} ${template.key}`
      let made = this.#made.get(key)
      if (made === undefined) this.#made.set(key, (made = this.#nest(template, place, nested)))
      return made === 'impossible' ? [] : [{ id: key, template: made, kind: 'nesting' as const, support: nested.support }]
    })
  }

  #nest(template: Template, slot: number, nested: Nested): Template | 'impossible' {
    const put = moved(nested.pieces, template.slots.length, true)
    const pieces: Piece[] = []
    for (const piece of template.pieces) {
      if (!('slot' in piece) || piece.slot !== slot) {
        pieces.push(piece)
        continue
      }
      const operator = pieces.at(-1)
      if (operator === undefined || 'slot' in operator || !['=', '<>'].includes(operator.token.text)) return 'impossible'
      pieces.pop()
      if (operator.token.text === '<>') pieces.push(keyword('NOT'))
      pieces.push(keyword('IN'), symbol('('), ...put, symbol(')'))
    }
    return renumbered(pieces, [...template.slots, ...nested.slots])
  }
}
