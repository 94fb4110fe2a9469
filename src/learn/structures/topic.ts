import { analyzeQuery, stem, stopWords, type Term, words } from '../../recall/analyzer.ts'

/** Terms of a text that tell its topic: the first so many. */
const mostTerms = 32

const apostrophe = /['’]/

/** Characters of scripts written without spaces lie here. */
const maybeUnspaced = /[\u0e00-\u1fff\u2e80-\uffff]/

/** "I'm" and "what's" are stop words, too. */
const isContraction = (word: string): boolean => stopWords.has(word.split(apostrophe)[0] ?? '')

/**
 * What a text is about: its first 32 different terms without the stop words, each with the word it was made of. Empty when there are none.
 */
export const topicOf = (text: string): Term[] => {
  // Every run of the log passes through here: the text is asked once for what most texts have not, instead of each word.
  const spaced = !maybeUnspaced.test(text)
  const contracted = apostrophe.test(text)
  const known = new Set<string>()
  const topic: Term[] = []
  const add = (found: Term): void => {
    if (known.has(found.term) || topic.length === mostTerms) return
    known.add(found.term)
    topic.push(found)
  }
  for (const word of words(text)) {
    if (topic.length === mostTerms) break
    if (stopWords.has(word) || (contracted && isContraction(word))) continue
    // One word is one term, but for scripts without spaces.
    if (spaced) add({ term: stem(word), word })
    else for (const found of analyzeQuery(word).terms) add(found)
  }
  return topic
}
