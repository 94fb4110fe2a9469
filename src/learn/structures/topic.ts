import { detached, isUnspaced, maximumWordLength, runsOf, stem, stopWords, words } from '../../text/words.ts'
import { hashText } from '../hash.ts'

/** One term of a text and the word it was made of. */
export interface TopicTerm {
  /** 32 bits with a sign: a small integer to V8. */
  readonly hash: number
  readonly word: string
}

/** Terms of a text that tell its topic: the first so many. */
const mostTerms = 32

/** Characters of a word that are shown. */
const longestWord = 24

const apostrophe = /['’]/

/** "I'm" and "what's" are stop words, too. */
const isContraction = (word: string): boolean => stopWords.has(word.split(apostrophe)[0] ?? '')

const clipped = (word: string): string => {
  if (word.length <= longestWord) return detached(word)
  const characters = Array.from(word)
  return characters.length > longestWord ? `${characters.slice(0, longestWord - 1).join('')}…` : word
}

/** Pairs of neighbouring characters; a single one by itself. */
const pairsOf = (run: string): string[] => {
  const characters = Array.from(run)
  return characters.length === 1 ? characters : characters.slice(1).map((character, place) => `${characters[place]}${character}`)
}

const termsOf = (run: string): TopicTerm[] =>
  isUnspaced(run) ? pairsOf(run).map((pair) => ({ hash: hashText(pair) | 0, word: pair })) : [{ hash: hashText(stem(run)) | 0, word: clipped(run) }]

/** Terms of the words seen last: most words of a text were there before. */
const knownTerms = new Map<string, readonly TopicTerm[]>()
const mostKnownTerms = 50_000

/** None when the word carries no topic. */
const topicalTermsOf = (word: string): readonly TopicTerm[] => {
  const known = knownTerms.get(word)
  if (known !== undefined) return known
  const terms = stopWords.has(word) || isContraction(word) ? [] : runsOf(word).flatMap(termsOf)
  if (knownTerms.size >= mostKnownTerms) knownTerms.clear()
  if (word.length <= maximumWordLength) knownTerms.set(detached(word), terms)
  return terms
}

/**
 * What a text is about: its first 32 different terms without the stop words, each with the word it was made of, cut to 24 characters. Pairs of
 * characters in scripts without spaces. Empty when there are none.
 */
export const topicOf = (text: string): TopicTerm[] => {
  const topic: TopicTerm[] = []
  for (const word of words(text)) {
    for (const found of topicalTermsOf(word)) {
      if (topic.length === mostTerms) return topic
      if (!topic.some(({ hash }) => hash === found.hash)) topic.push(found)
    }
  }
  return topic
}

/** The terms of {@link topicOf} alone, in the same order: what of a text is compared. */
export const topicHashes = (text: string): number[] => topicOf(text).map(({ hash }) => hash)
