import { isUnspaced, runsOf, stem, stopWords, type Term, words } from '../../recall/words.ts'

/** Terms of a text that tell its topic: the first so many. */
const mostTerms = 32

/** Characters of a word that are shown. */
const longestWord = 24

const apostrophe = /['’]/

/** "I'm" and "what's" are stop words, too. */
const isContraction = (word: string): boolean => stopWords.has(word.split(apostrophe)[0] ?? '')

const clipped = (word: string): string => {
  if (word.length <= longestWord) return word
  const characters = Array.from(word)
  return characters.length > longestWord ? `${characters.slice(0, longestWord - 1).join('')}…` : word
}

/** Pairs of neighbouring characters; a single one by itself. */
const pairsOf = (run: string): string[] => {
  const characters = Array.from(run)
  return characters.length === 1 ? characters : characters.slice(1).map((character, place) => `${characters[place]}${character}`)
}

const termsOf = (run: string): Term[] =>
  isUnspaced(run) ? pairsOf(run).map((pair) => ({ term: pair, word: pair })) : [{ term: stem(run), word: clipped(run) }]

/**
 * What a text is about: its first 32 different terms without the stop words, each with the word it was made of, cut to 24 characters. Pairs of
 * characters in scripts without spaces. Empty when there are none.
 */
export const topicOf = (text: string): Term[] => {
  // Every run of the log passes through here: the text is asked once for what most texts have not, instead of each word.
  const contracted = apostrophe.test(text)
  const known = new Set<string>()
  const topic: Term[] = []
  for (const word of words(text)) {
    if (stopWords.has(word) || (contracted && isContraction(word))) continue
    for (const run of runsOf(word)) {
      for (const found of termsOf(run)) {
        if (topic.length === mostTerms) return topic
        if (known.has(found.term)) continue
        known.add(found.term)
        topic.push(found)
      }
    }
  }
  return topic
}
