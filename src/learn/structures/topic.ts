import { analyzeQuery, stem, stopWords, type Term, words } from '../../recall/analyzer.ts'

/** Terms of a text that tell its topic: the first so many. */
const mostTerms = 32

const apostrophe = /['’]/

/** Characters of scripts written without spaces lie here; a text without any need not be asked for them word by word. */
const maybeUnspaced = /[\u0e00-\u1fff\u2e80-\uffff]/

/** "I'm" and "what's" are stop words, too. */
const isContraction = (word: string): boolean => apostrophe.test(word) && stopWords.has(word.split(apostrophe)[0] ?? '')

/**
 * What a text is about: its first 32 different terms without the stop words, each with the word it was made of. Empty when there are none.
 */
export const topicOf = (text: string): Term[] => {
  const topic = new Map<string, Term>()
  const spaced = !maybeUnspaced.test(text)
  for (const word of words(text)) {
    if (topic.size >= mostTerms) break
    if (stopWords.has(word) || isContraction(word)) continue
    // One word is one term, but for scripts without spaces.
    for (const found of spaced ? [{ term: stem(word), word }] : analyzeQuery(word).terms) if (!topic.has(found.term)) topic.set(found.term, found)
  }
  return [...topic.values()].slice(0, mostTerms)
}
