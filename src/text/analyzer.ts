import { createHash } from 'node:crypto'
import { isUnspaced, maximumCharacters, maximumWordLength, prepare, runsOf, stem, stopWords, type Term } from './words.ts'

/** At most this many terms of a text are indexed; a longer text is found by its beginning. */
export const maximumTerms = 32_768

/** The same with underscores inside, so that an identifier is seen as one before it is seen in parts. */
const identifier = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{M}]+)*/gu

/** Where the parts of an identifier meet: `_`, before a capital that follows a small letter or digit, before the last capital of several. */
const seam = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/** A term that no word can be: words never begin with an underscore. */
const hashTerm = (text: string): string => `_${createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, 32)}`

const termOf = (value: string): string => (value.length > maximumWordLength ? hashTerm(value) : stem(value))

type Side = 'document' | 'query'

const pushRun = (run: string, side: Side, terms: Term[]): void => {
  if (!isUnspaced(run)) {
    const term = termOf(run)
    if (term !== '') terms.push({ term, word: run })
    return
  }
  const characters = Array.from(run)
  for (const [place, character] of characters.entries()) {
    const next = characters[place + 1]
    // A document holds single characters too, so that a query of one character finds it; a longer query asks for pairs only.
    if (side === 'document' || characters.length === 1) terms.push({ term: character, word: character })
    if (next !== undefined) terms.push({ term: character + next, word: character + next })
  }
}

const pushWord = (value: string, side: Side, terms: Term[]): void => {
  for (const run of runsOf(value.toLowerCase())) pushRun(run, side, terms)
}

const pushIdentifier = (value: string, side: Side, terms: Term[]): void => {
  const bare = value.replace(/^_+|(?<!_)_+$/g, '')
  if (bare === '') return
  const parts = bare.split(seam)
  if (parts.length > 1) {
    const whole = bare.toLowerCase()
    terms.push({ term: termOf(whole), word: whole })
  }
  for (const part of parts) if (part !== '') pushWord(part, side, terms)
}

const analyze = (text: string, side: Side): Term[] => {
  const terms: Term[] = []
  for (const [value] of prepare(text).matchAll(identifier)) {
    pushIdentifier(value, side, terms)
    if (terms.length >= maximumTerms) return terms.slice(0, maximumTerms)
  }
  // Nothing to read (punctuation, an empty text): an exact copy still finds it.
  return terms.length > 0 ? terms : [{ term: hashTerm(text), word: text.slice(0, 16) }]
}

/**
 * The terms under which a document is indexed, in order: stems, the parts of identifiers as well as the whole (`open_account`, `openAccount`),
 * single characters and pairs for scripts without spaces, a hash for words of more than 64 characters, and a hash of the whole text when it has no
 * word at all. Never empty; no term holds white space, quotes or control characters. At most {@link maximumTerms}.
 */
export const documentTerms = (text: string): string[] => analyze(text, 'document').map(({ term }) => term)

/** One distinct term of a query: how often it occurs there, and the word to show for it. */
export interface QueryTerm extends Term {
  readonly count: number
}

/** A query, read: its distinct terms in order of first occurrence, and the order in which they occur (places in `terms`). */
export interface Query {
  readonly terms: readonly QueryTerm[]
  readonly sequence: readonly number[]
}

/** At most this many distinct terms of a query are looked at, from its beginning: more would cost time and tell little. */
const maximumQueryTerms = 512

/**
 * Reads a query: stop words are left out unless there is nothing else. Every term is among the {@link documentTerms} of the same text, so that
 * whatever is stored can be found by itself.
 */
export const analyzeQuery = (text: string): Query => {
  const all = analyze(text, 'query')
  const topical = all.filter(({ word }) => !stopWords.has(word))
  const places = new Map<string, number>()
  const counts: number[] = []
  const firsts: Term[] = []
  const sequence: number[] = []
  for (const found of topical.length > 0 ? topical : all) {
    let place = places.get(found.term)
    if (place === undefined) {
      if (firsts.length === maximumQueryTerms) continue
      place = firsts.length
      places.set(found.term, place)
      firsts.push(found)
      counts.push(0)
    }
    counts[place] = (counts[place] ?? 0) + 1
    sequence.push(place)
  }
  return { terms: firsts.map(({ term, word }, place) => ({ term, word, count: counts[place] ?? 1 })), sequence }
}

/** A title is the first line of a text of several lines, when it has at most this many terms. */
const maximumTitleTerms = 24

/** A document, read: its terms in order, and how many of the first belong to its title (0 when it has none). */
export interface AnalyzedDocument {
  readonly terms: readonly string[]
  readonly title: number
}

/** Reads a document: {@link documentTerms} and the length of its title. */
export const analyzeDocument = (text: string): AnalyzedDocument => {
  const terms = documentTerms(text)
  const trimmed = text.slice(0, maximumCharacters).trimStart()
  const end = trimmed.search(/[\r\n]/)
  // A line this long has more terms than a title may have, or none that a reader would call a title.
  if (end < 0 || end > 500) return { terms, title: 0 }
  const first = analyze(trimmed.slice(0, end), 'document')
  return { terms, title: first.length <= maximumTitleTerms && first.length < terms.length ? first.length : 0 }
}
