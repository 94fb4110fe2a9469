import { stemmer } from 'stemmer'
import { expectText } from '../expect.ts'

/**
 * What a text is made of, before anybody decides what to index or to compare: words, their stems, and the words that carry no topic. Pure.
 */

/** At most this many UTF-16 units of a text are analyzed; what lies behind is not searchable (it is still stored). */
export const maximumCharacters = 1_000_000

/** The stems of longer words are not remembered, and an index holds their hash: nobody types them. */
export const maximumWordLength = 64

const word = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu

/** Scripts written without spaces (and Hangul, whose particles stick to the noun): cut into pairs of characters. */
const unspaced = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`
const unspacedRun = new RegExp(`[${unspaced}]+|[^${unspaced}]+`, 'gu')
const startsUnspaced = new RegExp(`^[${unspaced}]`, 'u')

/** Combining marks of Latin, Greek and Cyrillic; those of other scripts are vowels and stay. */
const diacritics = /[\u0300-\u036f]/g

/** What of a text is analyzed, with one spelling for each character. */
export const prepare = (text: string): string => text.slice(0, maximumCharacters).toWellFormed().normalize('NFKC')

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

/** A copy that does not keep the text alive which it was cut out of, as a part of 13 or more units does in V8. For what is remembered longer than its text. */
export const detached = (part: string): string => (part.length < 13 ? part : Buffer.from(part, 'utf16le').toString('utf16le'))

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
  if (value.length <= maximumWordLength) knownStems.set(detached(value), detached(computed))
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

/** One term of a text, as an index holds it, and the word it was made of. */
export interface Term {
  readonly term: string
  readonly word: string
}

/** A word in runs of letters with and of letters without spaces between words. */
export const runsOf = (value: string): readonly string[] =>
  // Nothing at or below U+0E00 belongs to a script without spaces: the common case skips the expensive split.
  /[\u0e00-\uffff]/.test(value) ? (value.match(unspacedRun) ?? []) : [value]

/** Whether a run is of a script without spaces. */
export const isUnspaced = (run: string): boolean => startsUnspaced.test(run)
