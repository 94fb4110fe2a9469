import { expectText } from '../../expect.ts'
import { stopWords } from '../../text/words.ts'
import { hashText, hashTexts } from '../hash.ts'

/** Of a long message its beginning and its end are read: programs say what went wrong there, and between them what they were doing. */
const [fromBeginning, fromEnd] = [1500, 500]

/** Characters of a template that people are shown. */
const longestTemplate = 200

/** Distinct terms of a message; half of them from its end where it has more. */
const mostTerms = 64

/** Colours of a terminal, and the tags that hosts put around the output of a tool. */
// eslint-disable-next-line no-control-regex
const wrapping = /\u001b\[[\d;?]*[A-Za-z]|<\/?[a-z_]+>/g

/**
 * What differs from one occurrence of an error to the next, in the order in which it is looked for: a path may hold a number, and quotes a path. No text is read to its end
 * from each place in it: repetitions are bounded, or begin where what is repeated begins. What a text has none of is not looked for: most errors are plain words.
 */
export const masks: readonly (readonly [pattern: RegExp, mask: string, needs: RegExp])[] = [
  [/\b[a-z][a-z0-9+.-]{0,32}:\/\/\S+|\b[\w.-]{1,64}@[\w.-]{1,64}:\S+/gi, '<url>', /:\/\/|@/],
  [/"[^"\n]{1,200}"|(?<![\p{L}\p{N}])'[^'\n]{1,200}'(?!\p{L})|`[^`'\n]{1,200}[`']|‘[^’\n]{1,200}’|“[^”\n]{1,200}”|»[^«\n]{1,200}«/gu, '<quoted>', /["'`‘“»]/],
  [/(?:[A-Za-z]:|(?<![\w.~@+-]))(?:[\w.~@+-]*[/\\])+[\w.@+-]*/g, '<path>', /[/\\]/],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>', /-/],
  [/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{6,}\b/gi, '<hex>', /\d/],
  [/\b(?=[a-z_-]{0,64}\d)(?=[\d_-]{0,64}[a-z])[\w-]{10,}\b/gi, '<id>', /\d/],
  [/\d+(?:[.:,]\d+)*/g, '<number>', /\d/],
]

/** What any of the masks needs. */
const anyNeed = new RegExp([...new Set(masks.map(([, , { source }]) => source))].join('|'))

const masked = (text: string): string =>
  !anyNeed.test(text) ? text : masks.reduce((left, [pattern, mask, needs]) => (needs.test(left) ? left.replace(pattern, ` ${mask} `) : left), text)

const shortened = (message: string): string =>
  message.length <= fromBeginning + fromEnd ? message : `${message.slice(0, fromBeginning)}\n${message.slice(-fromEnd)}`

/** What is read of a message: not the middle of a long one, nor what hosts put around it. */
export const readPart = (message: string): string => shortened(message).replace(wrapping, ' ')

/** An error without what differs from one occurrence to the next. */
export interface ErrorTemplate {
  /** For people: one line, at most 200 characters. */
  readonly text: string
  /** The same for all errors that differ in masked parts, white space or case only. */
  readonly hash: number
  /** Hashes of its words and pairs of words, each once; none where the message has no words. */
  readonly terms: Uint32Array
}

const distinct = (terms: readonly number[]): Uint32Array => {
  // With a sign they are small integers to V8, and no objects.
  const all = [...new Set(terms.map((term) => term | 0))]
  return Uint32Array.from(all.length <= mostTerms ? all : [...all.slice(0, mostTerms / 2), ...all.slice(-mostTerms / 2)])
}

/** Hashes of words, then of each with the one behind it. */
const wordsAndPairs = (words: readonly string[]): number[] => [
  ...words.map((word) => hashText(word)),
  ...words.slice(1).map((word, place) => hashTexts(`${words[place]} `, word)),
]

const wordsAndMasks = /<\w+>|\p{L}[\p{L}\p{M}_-]*/gu

/** Characters and words of an input that are looked at. */
const [longestInput, mostWords] = [1000, 24]

const partsOf = (input: string): string[] => input.slice(0, longestInput).split(/\s+/).filter((part) => part !== '').slice(0, mostWords)

/** Words of an input behind the first one, in lower case, which names the program in a shell; those that any sentence may have are not the input's. */
export const argumentsOf = (input: string): ReadonlySet<string> => {
  const [program, ...rest] = partsOf(input).join(' ').toLowerCase().match(wordsAndMasks) ?? []
  return new Set(rest.filter((word) => word !== program && !stopWords.has(word)))
}

/** Whether a text may hold one of these words: most errors repeat nothing of what the tool was given. */
const isAmong = (words: ReadonlySet<string>, text: string): boolean => {
  if (words.size === 0) return false
  const folded = text.toLowerCase()
  for (const word of words) if (folded.includes(word)) return true
  return false
}

/**
 * Masks numbers, paths, addresses, ids, hexadecimal numbers and quoted names, so that two occurrences of one error become the same template, and two errors that
 * are alike share most of their terms.
 *
 * @throws AutodidactError `INVALID_INPUT`
 * @param input what the tool that failed was given: words of it that the message repeats are masked too
 * @param names words that are known to differ from one occurrence to the next, masked likewise
 * @example
 * ```ts
 * import { errorTemplate } from 'autodidact'
 *
 * const one = errorTemplate("cp: cannot stat '/tmp/a.txt': No such file (error 2)")
 * const other = errorTemplate("cp: cannot stat '/home/ada/notes': No such file (error 17)")
 * console.assert(one.text === 'cp: cannot stat <quoted> : No such file (error <number> )' && one.hash === other.hash)
 * console.assert(errorTemplate('cat: notes: Is a directory', 'cat notes').text === 'cat: <argument>: Is a directory')
 * ```
 */
export const errorTemplate = (message: string, input = '', names: readonly string[] = []): ErrorTemplate => {
  expectText(message, 'errorTemplate: message')
  expectText(input, 'errorTemplate: input')
  const given = names.length === 0 ? argumentsOf(input) : new Set([...argumentsOf(input), ...(names.join(' ').toLowerCase().match(wordsAndMasks) ?? [])])
  const unslotted = masked(readPart(message))
  const slotted = isAmong(given, unslotted) ? unslotted.replace(wordsAndMasks, (word) => (given.has(word.toLowerCase()) ? '<argument>' : word)) : unslotted
  const text = slotted.replace(/\s\s+|[^\S ]/g, ' ').trim()
  const folded = text.toLowerCase()
  const found = folded.match(wordsAndMasks) ?? []
  return {
    text: text.length <= longestTemplate ? text : `${text.slice(0, longestTemplate - 1).toWellFormed()}…`,
    hash: hashText(folded),
    terms: found.some((word) => !word.startsWith('<')) ? distinct(wordsAndPairs(found)) : new Uint32Array(),
  }
}

/** Letters and digits as such, whatever they are: `-patch` and `-amend` have one shape, `--patch` another. */
const shapeOf = (word: string): string => word.replace(/\p{L}+/gu, 'a').replace(/\d+/g, '0')

/**
 * Hashes of what is telling in the input of a tool: its words with what differs masked, and their shapes. The first word, which names the program in a
 * shell, stands for itself.
 */
export const inputTerms = (input: string): Uint32Array =>
  distinct(
    partsOf(input).flatMap((part, place) => {
      const word = maskedText(part)
      return place === 0 ? [hashTexts('first ', word)] : [hashTexts('word ', word), hashTexts('shape ', shapeOf(part))]
    }),
  )

/** A text with what differs masked. */
export const maskedText = (text: string): string => masked(text).replace(/\s+/g, ' ').trim()
