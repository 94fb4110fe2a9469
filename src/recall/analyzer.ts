import { createHash } from 'node:crypto'
import { stemmer } from 'stemmer'
import { expectText } from '../expect.ts'

/** At most this many UTF-16 units of a text are analyzed; what lies behind is not searchable (it is still stored). */
export const maximumCharacters = 1_000_000

/** At most this many terms of a text are indexed; a longer text is found by its beginning. */
export const maximumTerms = 32_768

/** A longer word is replaced by its hash: nobody types it, but an exact copy still finds it. */
const maximumWordLength = 64

const word = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu

/** The same with underscores inside, so that an identifier is seen as one before it is seen in parts. */
const identifier = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{M}]+)*/gu

/** Scripts written without spaces (and Hangul, whose particles stick to the noun): cut into pairs of characters. */
const unspaced = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`
const unspacedRun = new RegExp(`[${unspaced}]+|[^${unspaced}]+`, 'gu')
const startsUnspaced = new RegExp(`^[${unspaced}]`, 'u')

/** Where the parts of an identifier meet: `_`, before a capital that follows a small letter or digit, before the last capital of several. */
const seam = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/** Combining marks of Latin, Greek and Cyrillic; those of other scripts are vowels and stay. */
const diacritics = /[\u0300-\u036f]/g

const prepare = (text: string): string => text.slice(0, maximumCharacters).toWellFormed().normalize('NFKC')

/**
 * The words of a text, lower-cased, in order, as a reader sees them (diacritics stay). Only the first {@link maximumCharacters} count.
 *
 * @example
 * ```ts
 * import { words } from 'autodidact'
 *
 * console.assert(words('Ｒefund the café, please!').join(' ') === 'refund the café please')
 * ```
 */
export const words = (text: string): string[] => {
  expectText(text, 'words: text')
  return prepare(text).toLowerCase().match(word) ?? []
}

const knownStems = new Map<string, string>()
const maximumKnownStems = 50_000

const computeStem = (value: string): string => {
  const folded = value.normalize('NFD').replace(diacritics, '').normalize('NFC')
  const bare = folded.replace(/['’]s$/u, '').replaceAll(/['’]/gu, '')
  return stemmer(bare)
}

/**
 * The stem of one lower-cased word: diacritics folded, a possessive cut off, then Porter's algorithm (M. F. Porter 1980, "An algorithm for
 * suffix stripping"). Words of other languages come back nearly as they are.
 *
 * @example
 * ```ts
 * import { stem } from 'autodidact'
 *
 * console.assert(stem('refunding') === stem('refunds') && stem('café') === 'cafe')
 * ```
 */
export const stem = (value: string): string => {
  expectText(value, 'stem: word')
  const known = knownStems.get(value)
  if (known !== undefined) return known
  const computed = computeStem(value)
  if (knownStems.size >= maximumKnownStems) knownStems.clear()
  if (value.length <= maximumWordLength) knownStems.set(value, computed)
  return computed
}

/**
 * The stems of a text, in order, stop words included.
 *
 * @example
 * ```ts
 * import { stems } from 'autodidact'
 *
 * console.assert(stems('Refunding the orders').join(' ') === 'refund the order')
 * ```
 */
export const stems = (text: string): string[] => words(text).map(stem)

/** English words that carry no topic. Applied to queries only, never to what is stored. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    'a about above after again against all am an and any are as at be because been before being below between both but by can could did do does ' +
    'doing down during each few for from further had has have having he her here hers herself him himself his how i if in into is it its itself ' +
    'just me more most my myself no nor not now of off on once only or other our ours ourselves out over own please same she should so some such than ' +
    'that the their theirs them themselves then there these they this those through to too under until up very was we were what when where which ' +
    'while who whom why will with would you your yours yourself yourselves'
  ).split(' '),
)

/** A term that no word can be: words never begin with an underscore. */
const hashTerm = (text: string): string => `_${createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, 32)}`

const termOf = (value: string): string => (value.length > maximumWordLength ? hashTerm(value) : stem(value))

/** One term of a text, as the index holds it, and the word it was made of. */
export interface Term {
  readonly term: string
  readonly word: string
}

type Side = 'document' | 'query'

const pushRun = (run: string, side: Side, terms: Term[]): void => {
  if (!startsUnspaced.test(run)) {
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
  const lower = value.toLowerCase()
  // Nothing at or below U+0E00 belongs to a script without spaces: the common case skips the expensive split.
  if (!/[\u0e00-\uffff]/.test(lower)) {
    const term = termOf(lower)
    if (term !== '') terms.push({ term, word: lower })
    return
  }
  for (const [run] of lower.matchAll(unspacedRun)) pushRun(run, side, terms)
}

const pushIdentifier = (value: string, side: Side, terms: Term[]): void => {
  const bare = value.replace(/^_+|_+$/g, '')
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
