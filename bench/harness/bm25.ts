import { stems } from '../../src/index.ts'

const k1 = 1.2
const b = 0.75

/** A document to rank. */
export interface Document {
  readonly id: string
  readonly text: string
}

/**
 * Plain BM25 (Robertson and Zaragoza 2009) over stems, every word of the query counted, no stop words, no floor: the baseline of recall. Returns a function
 * that gives the ids of the best documents for a query, the best first.
 */
export const bm25 = (documents: readonly Document[]): ((query: string, limit: number) => string[]) => {
  const postings = new Map<string, { readonly place: number; count: number }[]>()
  const lengths: number[] = []
  for (const [place, { text }] of documents.entries()) {
    const terms = stems(text)
    lengths.push(terms.length)
    for (const term of terms) {
      const list = postings.get(term) ?? []
      postings.set(term, list)
      const last = list.at(-1)
      if (last?.place === place) last.count += 1
      else list.push({ place, count: 1 })
    }
  }
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / documents.length
  return (query, limit) => {
    const scores = new Float64Array(documents.length)
    for (const term of stems(query)) {
      const list = postings.get(term) ?? []
      const rarity = Math.log1p((documents.length - list.length + 0.5) / (list.length + 0.5))
      for (const { place, count } of list) {
        const norm = k1 * (1 - b + (b * (lengths[place] ?? 0)) / meanLength)
        scores[place] = (scores[place] ?? 0) + (rarity * count * (k1 + 1)) / (count + norm)
      }
    }
    return documents
      .map(({ id }, place) => ({ id, score: scores[place] ?? 0 }))
      .filter(({ score }) => score > 0)
      .toSorted((left, right) => right.score - left.score)
      .slice(0, limit)
      .map(({ id }) => id)
  }
}
