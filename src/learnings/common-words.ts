import { stem, stopWords, words } from '../text/words.ts'

/** Words that are named, at most. */
const mostWords = 8

/** Characters of a task that are looked at: what a long one is about stands at its beginning. */
const longestOpening = 1_000

const topicsIn = (task: string): string[] => words(task.slice(0, longestOpening).toWellFormed()).filter((word) => /\p{L}/u.test(word) && !stopWords.has(word))

/** The words that at least half of some tasks have in common, with their forms, as the last of those that have most of them says them. What is told of one of several people only is not among them. */
export const commonWords = (tasks: readonly string[]): string[] => {
  const topics = tasks.map(topicsIn)
  const counts = new Map<string, number>()
  for (const term of topics.flatMap((own) => [...new Set(own.map(stem))])) counts.set(term, (counts.get(term) ?? 0) + 1)
  const isCommon = (word: string): boolean => (counts.get(stem(word)) ?? 0) * 2 >= tasks.length
  const fitting = topics.map((own) => [...new Map(own.filter(isCommon).map((word) => [stem(word), word])).values()])
  return fitting.reduce((most, own) => (own.length >= most.length ? own : most), []).slice(0, mostWords)
}
