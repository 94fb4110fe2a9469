import { z } from 'zod'
import { hashText } from '../learn/hash.ts'
import { whole } from '../log/blobs.ts'
import type { Fact } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import { documentTerms } from '../text/analyzer.ts'
import { stopWords } from '../text/words.ts'
import type { Storage } from '../storage/storage.ts'

/** A piece of an erased text that is looked for. */
export interface Piece {
  /** How it may stand there; letters of ASCII in any case. */
  readonly forms: readonly string[]
  /** A single word, as it was; undefined for some words in a row. */
  readonly word?: string
}

/** More pieces of either sort find no more, and fewer are sooner found by accident. */
const mostPieces = 200
/** Half of the words are in some other text, too, and are left out then. */
const wordsLookedAt = 400

/** In characters. */
const phraseLength = 20
const longestPhrase = 48
const phrasesEachText = 3
/** Of a longer text, its beginning gives the words. */
const wordsFrom = 20_000
/** Shorter words, and beginnings of words, stand in long numbers that are written with letters, by accident. */
const shortestWord = 8
const shortestWordAmongNumbers = 10
const shortestStem = 6

/** Numbers written with letters: nobody's words. */
const packedFields: ReadonlySet<string> = new Set(['features', 'topic', 'shingles', 'answerShingles', 'optionSet', 'packed', 'hash', 'digest'])

/**
 * All texts in a value, with the names of its fields: those of an input or a context are as much a person's as what stands in them.
 *
 * @param ofFact whether these are the fields that every fact of its kind has
 */
function* textsIn(value: unknown, ofFact = false): Generator<string, void, undefined> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) {
    for (const [field, entry] of Object.entries(value)) {
      if (packedFields.has(field)) continue
      if (!ofFact && !Array.isArray(value)) yield field
      yield* textsIn(entry)
    }
  }
}

/** The texts of a fact in full length, with the descriptions of its options. */
export const textsOf = async (storage: Storage, fact: Fact): Promise<readonly string[]> => {
  const { data, user, session, agent, source } = await whole(storage, fact)
  const options = fact.kind === 'decision.made' ? await storage.optionSet(fact.namespace, fact.data.optionSet) : undefined
  return [...textsIn(data, true), ...textsIn(options?.options), ...textsIn([user, session, agent, source])]
}

/** As JSON writes it, once or twice. */
const written = (text: string): readonly string[] => {
  const once = JSON.stringify(text).slice(1, -1)
  return [text, once, JSON.stringify(once).slice(1, -1)]
}

/** ASCII matches in any case; of other letters these. */
const inAnyCase = (text: string): readonly string[] => (/[\u0080-\uffff]/.test(text) ? [text, text.toLowerCase(), text.toUpperCase()] : [text])

/** Some of many by chance, but the same of the same: those with the least hashes. */
class Sample {
  readonly #size: number
  #entries = new Map<string, number>()

  constructor(size: number) {
    this.#size = size
  }

  add(text: string): void {
    this.#entries.set(text, hashText(text))
    if (this.#entries.size >= 4 * this.#size) this.#entries = new Map(this.#least())
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    for (const [text] of this.#least()) yield text
  }

  #least(): [string, number][] {
    return [...this.#entries].sort(([, left], [, right]) => left - right).slice(0, this.#size)
  }
}

/** Some words in a row from a place on; a text without spaces is cut. */
const phraseAt = (text: string, start: number): string | undefined => {
  const space = start === 0 ? 0 : text.slice(start, start + longestPhrase).search(/(?<=\s)\S/)
  const from = start + Math.max(space, 0)
  const part = text.slice(from, from + longestPhrase)
  const end = part.slice(phraseLength).search(/\s/)
  const phrase = part.slice(0, end < 0 ? (from + longestPhrase >= text.length ? longestPhrase : phraseLength) : phraseLength + end).trim()
  const isTelling = phrase.length >= phraseLength / 2 && phrase.isWellFormed() && /[\s\u0080-\uffff]/.test(phrase)
  return isTelling ? phrase : undefined
}

/** Collects what to look for from erased texts, of any number of them. */
export class Pieces {
  readonly #phrases = new Sample(mostPieces)
  readonly #words = new Sample(wordsLookedAt)
  readonly #shortest: number

  /** @param encrypted whether most of the bytes are numbers written with letters */
  constructor(encrypted: boolean) {
    this.#shortest = encrypted ? shortestWordAmongNumbers : shortestWord
  }

  add(text: string): void {
    for (let part = 0; part < phrasesEachText; part += 1) {
      const phrase = phraseAt(text, Math.floor((Math.max(0, text.length - longestPhrase) * part) / (phrasesEachText - 1)))
      if (phrase !== undefined) this.#phrases.add(phrase)
    }
    for (const [word] of text.slice(0, wordsFrom).matchAll(/[\p{L}\p{N}]+/gu)) {
      if (word.length >= this.#shortest && word.length <= 64 && /\p{L}/u.test(word) && !stopWords.has(word.toLowerCase())) this.#words.add(word.toLowerCase())
    }
  }

  phrases(): readonly Piece[] {
    // The index holds the stems of the words, with a space between them.
    return Array.from(this.#phrases, (phrase) => ({ forms: [...inAnyCase(phrase).flatMap(written), documentTerms(phrase).join(' ')] }))
  }

  /** @param isRare whether no text that is left has this word; asked until there are enough */
  async words(isRare: (word: string) => Promise<boolean>): Promise<readonly Piece[]> {
    const pieces: Piece[] = []
    for (const word of this.#words) {
      if (pieces.length === mostPieces) break
      if (!(await isRare(word))) continue
      pieces.push({ word, forms: [...inAnyCase(word), ...documentTerms(word).filter((term) => term.length >= shortestStem)] })
    }
    return pieces
  }
}

/** Names of fields and fixed values, which stand in every log: no word of them says anything. */
export const ownVocabulary = (): string => JSON.stringify(Object.values(kinds).map(({ kind, schema }) => [kind, z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })]))
