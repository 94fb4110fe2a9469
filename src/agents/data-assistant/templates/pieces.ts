import { makeTemplate, type Piece, type Slot, type Template } from './template.ts'

const aliasPattern = /^a\d+$/u
const isAlias = (piece: Piece): boolean => !('slot' in piece) && piece.token.kind === 'name' && piece.token.table === undefined && aliasPattern.test(piece.token.text)

const mark = (piece: Piece, slots: readonly Slot[]): string => {
  if (!('slot' in piece)) return piece.token.column === undefined ? piece.token.text : `${piece.token.table ?? ''}.${piece.token.column}`
  const slot = slots[piece.slot]
  return `?${piece.before}${slot?.kind ?? ''}${slot?.group ?? ''}${piece.after}`
}

/** Marks of pieces as numbers, in order of first use. A mark says what a piece is, with an alias as written: two pieces with equal marks can stand for one another. */
export class Marks {
  /** The marks by their numbers. */
  readonly words: string[] = []
  readonly #numbers = new Map<string, number>()

  /** The numbers of the marks of pieces, in order. */
  of(pieces: readonly Piece[], slots: readonly Slot[]): number[] {
    return pieces.map((piece) => {
      const word = mark(piece, slots)
      let number = this.#numbers.get(word)
      if (number === undefined) {
        number = this.words.push(word) - 1
        this.#numbers.set(word, number)
      }
      return number
    })
  }
}

const aliasPieces = new Map<string, Piece>()

/** The piece of an alias, the same object every time: templates consist of aliases for a good part. */
const aliasPiece = (alias: string): Piece => {
  let piece = aliasPieces.get(alias)
  if (piece === undefined) aliasPieces.set(alias, (piece = { token: { kind: 'name', text: alias } }))
  return piece
}

/** Numbers aliases and slots in order of appearance, so that equal queries have equal keys. */
export const renumbered = (pieces: readonly Piece[], slots: readonly Slot[]): Template => {
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
    return aliasPiece(alias)
  })
  return makeTemplate(result, kept)
}

/** The same pieces with slots and aliases moved out of the way of those of the query they are put into. */
export const moved = (pieces: readonly Piece[], slots: number, aliases: boolean): Piece[] =>
  pieces.map((piece) => {
    if ('slot' in piece) return { ...piece, slot: piece.slot + slots }
    return aliases && isAlias(piece) ? { token: { ...piece.token, text: `a9${piece.token.text.slice(1).padStart(3, '0')}` } } : piece
  })

/** The place of the parenthesis that closes the one at `open`, or -1. */
export const matching = (pieces: readonly Piece[], open: number): number => {
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

export const keyword = (text: string): Piece => ({ token: { kind: 'keyword', text } })
export const symbol = (text: string): Piece => ({ token: { kind: 'symbol', text } })
