import { masks, readPart } from './error-template.ts'

/** A part of an error: what it would be masked as, or a word. */
export interface MessageToken {
  readonly kind: string
  /** As it stands there; of a quotation what is quoted. */
  readonly value: string
}

/** A name as it stands between spaces: `numpy`, `libssl1.1`, `left-pad`. */
const word = String.raw`[\p{L}_](?:[\p{L}\p{M}\p{N}_.+-]*[\p{L}\p{M}\p{N}_+])?`

const kinds = masks.map(([, mask]) => mask)

const tokens = new RegExp([...masks.map(([pattern]) => `(${pattern.source})`), `(${word})`].join('|'), 'giu')

/** Reads an error from left to right: what is masked in it ({@link errorTemplate}) with its values, and the words between. */
export const messageTokens = (message: string): readonly MessageToken[] =>
  [...readPart(message).matchAll(tokens)].map(([text, ...groups]) => {
    const kind = kinds[groups.findIndex((group) => group !== undefined)] ?? 'word'
    return { kind, value: kind === '<quoted>' ? text.slice(1, -1) : text }
  })
