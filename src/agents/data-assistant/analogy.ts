import { makeTemplate, type Piece, type Slot, type Template } from './template.ts'

/** A template made from a known one. */
export interface Variant {
  readonly template: Template
  readonly kind: 'exchange' | 'nesting'
  /** How many pairs of templates taught the exchange; for a nesting, how many templates hold the nested query. */
  readonly support: number
}

/** Where two known templates differ in one run of pieces: what stands in the one and in the other. */
interface Exchange {
  readonly from: string
  readonly fromLength: number
  readonly to: readonly Piece[]
  readonly toSlots: readonly Slot[]
  /** Words that come and go, for a quick guess of what the exchange is worth. */
  readonly gained: readonly string[]
  readonly lost: readonly string[]
  support: number
}

/** A query that can stand in the place of a value of a group. */
interface Nested {
  readonly pieces: readonly Piece[]
  readonly slots: readonly Slot[]
  readonly words: readonly string[]
  /** Templates made with it, by slot and template. */
  readonly made: Map<string, Template | 'impossible'>
  support: number
}

/** An exchange that fits into a template at a place, and the templates it makes there once they were asked for. */
interface Use {
  readonly exchange: Exchange
  readonly at: number
  made: Template[] | undefined
}

/** Longest run of pieces that an exchange takes out or puts in. Longer ones are different queries rather than variations. */
const maximumRun = 12

const aliasPattern = /^a\d+$/u
const isAlias = (piece: Piece): boolean => !('slot' in piece) && piece.token.kind === 'name' && piece.token.table === undefined && aliasPattern.test(piece.token.text)

/** What a piece says, with the alias as written: two pieces with equal marks can stand for one another. */
const mark = (piece: Piece, slots: readonly Slot[]): string => {
  if (!('slot' in piece)) return piece.token.column === undefined ? piece.token.text : `${piece.token.table ?? ''}.${piece.token.column}`
  const slot = slots[piece.slot]
  return `?${piece.before}${slot?.kind ?? ''}${slot?.group ?? ''}${piece.after}`
}

const marks = (pieces: readonly Piece[], slots: readonly Slot[]): string[] => pieces.map((piece) => mark(piece, slots))

/** Numbers aliases and slots in order of appearance, so that equal queries have equal keys. */
const renumbered = (pieces: readonly Piece[], slots: readonly Slot[]): Template => {
  const aliases = new Map<string, string>()
  const places = new Map<number, number>()
  const kept: Slot[] = []
  const result = pieces.map((piece): Piece => {
    if ('slot' in piece) {
      let place = places.get(piece.slot)
      if (place === undefined) {
        place = kept.length
        places.set(piece.slot, place)
        const slot = slots[piece.slot]
        if (slot !== undefined) kept.push(slot)
      }
      return { ...piece, slot: place }
    }
    if (!isAlias(piece)) return piece
    let alias = aliases.get(piece.token.text)
    if (alias === undefined) aliases.set(piece.token.text, (alias = `a${aliases.size}`))
    return { token: { ...piece.token, text: alias } }
  })
  return makeTemplate(result, kept)
}

/** The same pieces with slots and aliases moved out of the way of those of the query they are put into. */
const moved = (pieces: readonly Piece[], slots: number, aliases: boolean): Piece[] =>
  pieces.map((piece) => {
    if ('slot' in piece) return { ...piece, slot: piece.slot + slots }
    return aliases && isAlias(piece) ? { token: { ...piece.token, text: `a9${piece.token.text.slice(1).padStart(3, '0')}` } } : piece
  })

const matching = (pieces: readonly Piece[], open: number): number => {
  let depth = 0
  for (let at = open; at < pieces.length; at += 1) {
    const piece = pieces[at]
    const text = piece === undefined || 'slot' in piece ? '' : piece.token.text
    if (text === '(') depth += 1
    if (text === ')') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

/**
 * Makes new templates from known ones by analogy, in two ways.
 *
 * Exchange: two known templates that differ in one run of tokens teach that the one run may stand for the other; what was seen in one query is tried in others.
 * Nesting: a value in a condition may be replaced by a query whose column is of the same group, if such a query was seen, nested or alone.
 * Neither knows what any name means; which of the variants answers a question is left to the ranker.
 */
export class Analogies {
  readonly #exchanges = new Map<string, Map<string, Exchange>>()
  readonly #nested = new Map<number, Map<string, Nested>>()
  readonly #uses = new Map<string, { readonly version: number; readonly uses: Use[] }>()
  #version = 0
  readonly #known: { readonly template: Template; readonly marks: readonly string[] }[] = []
  readonly #groupOf: (table: string, column: string) => number | undefined

  /** @param groupOf the group of a column's values */
  constructor(groupOf: (table: string, column: string) => number | undefined) {
    this.#groupOf = groupOf
  }

  /** Takes in a template that was not known before. */
  learn(template: Template): void {
    const own = marks(template.pieces, template.slots)
    for (const other of this.#known) {
      this.#compare(own, other.template, other.marks)
      this.#compare(other.marks, template, own)
    }
    this.#known.push({ template, marks: own })
    this.#collectNested(template)
  }

  /** Variants of a template, best guesses first, at most `limit` of each kind. `worth` says how well a word of a query suits the question. */
  variants(template: Template, worth: (word: string) => number, limit: number): Variant[] {
    return [...this.#exchanged(template, worth, limit), ...this.#nestings(template, worth, limit)]
  }

  #compare(fromMarks: readonly string[], to: Template, toMarks: readonly string[]): void {
    let start = 0
    while (start < fromMarks.length && start < toMarks.length && fromMarks[start] === toMarks[start]) start += 1
    let end = 0
    const shortest = Math.min(fromMarks.length, toMarks.length) - start
    while (end < shortest && fromMarks[fromMarks.length - 1 - end] === toMarks[toMarks.length - 1 - end]) end += 1
    let taken = fromMarks.slice(start, fromMarks.length - end)
    let put = to.pieces.slice(start, to.pieces.length - end)
    if (taken.length > maximumRun || put.length > maximumRun) {
      // The same token exchanged in several places is one exchange.
      if (fromMarks.length !== toMarks.length) return
      const places = fromMarks.flatMap((text, at) => (text === toMarks[at] ? [] : [at]))
      if (new Set(places.map((at) => `${fromMarks[at] ?? ''} ${toMarks[at] ?? ''}`)).size !== 1) return
      const place = places[0] ?? 0
      taken = fromMarks.slice(place, place + 1)
      put = to.pieces.slice(place, place + 1)
    }
    if (taken.length === 0) {
      // Nothing to take out: anchor the insertion to the piece before it.
      if (start === 0) return
      taken = fromMarks.slice(start - 1, start)
      put = to.pieces.slice(start - 1, to.pieces.length - end)
    }
    const key = taken.join(' ')
    const putMarks = marks(put, to.slots)
    let byTarget = this.#exchanges.get(key)
    if (byTarget === undefined) this.#exchanges.set(key, (byTarget = new Map()))
    const target = putMarks.join(' ')
    const seen = byTarget.get(target)
    if (seen !== undefined) {
      seen.support += 1
      return
    }
    this.#version += 1
    byTarget.set(target, {
      from: key, fromLength: taken.length, to: put, toSlots: to.slots, support: 1,
      gained: putMarks.filter((word) => !taken.includes(word)), lost: taken.filter((word) => !putMarks.includes(word)),
    })
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
    if (seen === undefined) ofGroup.set(template.key, { pieces: template.pieces, slots: template.slots, words: [...new Set(marks(template.pieces, template.slots))], made: new Map(), support: 1 })
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

  #exchanged(template: Template, worth: (word: string) => number, limit: number): Variant[] {
    const guessed = this.#applicable(template).map((use) => {
      let guess = Math.log(use.exchange.support) * 0.1
      for (const word of use.exchange.gained) guess += worth(word)
      for (const word of use.exchange.lost) guess -= worth(word)
      return { use, guess }
    })
    const done = new Set<string>()
    const variants: Variant[] = []
    for (const { use } of largest(guessed, limit)) {
      use.made ??= this.#exchange(template, use)
      for (const variant of use.made) {
        if (done.has(variant.key)) continue
        done.add(variant.key)
        variants.push({ template: variant, kind: 'exchange', support: use.exchange.support })
      }
    }
    return variants
  }

  /** The exchanges that fit somewhere in a template, kept until a new exchange is learned. */
  #applicable(template: Template): Use[] {
    const kept = this.#uses.get(template.key)
    if (kept?.version === this.#version) return kept.uses
    const own = marks(template.pieces, template.slots)
    const old = new Map((kept?.uses ?? []).map((use) => [use.exchange, use]))
    const uses: Use[] = []
    for (let at = 0; at < own.length; at += 1) {
      let key = ''
      for (let length = 1; length <= maximumRun && at + length <= own.length; length += 1) {
        key = length === 1 ? (own[at] ?? '') : `${key} ${own[at + length - 1] ?? ''}`
        for (const exchange of this.#exchanges.get(key)?.values() ?? []) {
          const before = old.get(exchange)
          uses.push(before?.at === at ? before : { exchange, at, made: undefined })
        }
      }
    }
    this.#uses.set(template.key, { version: this.#version, uses })
    return uses
  }

  #exchange(template: Template, { exchange, at }: Use): Template[] {
    const own = marks(template.pieces, template.slots)
    const slots = [...template.slots, ...exchange.toSlots]
    const put = this.#sharedSlots(moved(exchange.to, template.slots.length, false), template.pieces.slice(at, at + exchange.fromLength))
    const made = [renumbered([...template.pieces.slice(0, at), ...put, ...template.pieces.slice(at + exchange.fromLength)], slots)]
    if (exchange.fromLength === 1 && put.length === 1 && own.indexOf(exchange.from) !== own.lastIndexOf(exchange.from)) {
      made.push(renumbered(template.pieces.flatMap((piece, place) => (own[place] === exchange.from ? put : [piece])), slots))
    }
    return made
  }

  /** Slots that an exchange puts in take over, in order, the slots it takes out, so that a value that stays is still one value. */
  #sharedSlots(put: readonly Piece[], taken: readonly Piece[]): Piece[] {
    const before = taken.flatMap((piece) => ('slot' in piece ? [piece.slot] : []))
    const names = new Map<number, number>()
    return put.map((piece) => {
      if (!('slot' in piece)) return piece
      const slot = names.get(piece.slot) ?? before[names.size] ?? piece.slot
      names.set(piece.slot, slot)
      return { ...piece, slot }
    })
  }

  #nestings(template: Template, worth: (word: string) => number, limit: number): Variant[] {
    const guessed = template.slots.flatMap((slot, place) =>
      [...(slot.group === undefined ? [] : (this.#nested.get(slot.group)?.values() ?? []))].map((nested) => {
        let guess = 0
        for (const word of nested.words) guess += worth(word)
        return { use: { nested, place }, guess: guess / Math.sqrt(nested.words.length) }
      }),
    )
    return largest(guessed, limit).flatMap(({ use: { nested, place } }) => {
      const key = `${place} ${template.key}`
      let made = nested.made.get(key)
      if (made === undefined) nested.made.set(key, (made = this.#nest(template, place, nested)))
      return made === 'impossible' ? [] : [{ template: made, kind: 'nesting' as const, support: nested.support }]
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

const largest = <Item extends { readonly guess: number }>(items: Item[], limit: number): Item[] => items.toSorted((a, b) => b.guess - a.guess).slice(0, limit)

const keyword = (text: string): Piece => ({ token: { kind: 'keyword', text } })
const symbol = (text: string): Piece => ({ token: { kind: 'symbol', text } })
