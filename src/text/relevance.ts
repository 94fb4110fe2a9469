import type { Query } from './analyzer.ts'
import { stopWords } from './words.ts'

/**
 * How relevant a text is to a query: BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", section 3) with
 * the query's own term counts, a title that counts more, and a bonus for query words that stand together; divided by what a full match of the
 * query's weightiest terms would give, so that numbers of different queries can be compared and one floor fits all.
 */

/** BM25's saturation of repeated terms. The published default. */
const k1 = 1.2

/** BM25's correction for the length of the text. The published default. */
const b = 0.75

/** A term in the title counts as this many further occurrences (a field weight as in BM25F). */
const titleWeight = 2

/** Weight of two query terms that stand together, against one term of their smaller idf. */
const pairWeight = 0.5

/** Terms of the query at most this far apart, stop words left out, form a pair … */
const pairReachInQuery = 2

/** … and match when they stand in the same order at most this far apart in the text, stop words included. */
const pairReachInText = 3

/**
 * A text that shares a single word with a query of several is more often about something else: measured on eight sets, this halves what is
 * recalled for queries on foreign topics and costs about one relevant text in fifty.
 */
const loneMatch = 0.5

/** From so many distinct terms on, a query is one of several words. */
const severalTerms = 3

/** Where all that is shared with several words is one that every tenth text has, or more, the text is about another thing of the same kind. */
const loneCommonMatch = 0.25

/** At most this many query terms are scored: the weightiest. */
const maximumScoredTerms = 64

/** A text that covers this many of the weightiest terms covers the query: nobody expects one text to match every word of a page. */
const coveringTerms = 16

/** In a namespace of a few texts every word looks frequent; rarity is counted as if there were at least this many. */
const minimumDocuments = 100

/**
 * No word but a stop word counts as more frequent than this share of the texts. An agent whose tasks are mostly alike makes their words frequent, and by rarity alone nothing
 * would be relevant to the work that it does all day.
 */
const mostFrequent = 0.1

/** A word that occurs nowhere tells no more against a text in a namespace of a million than in one of this many: experience must not make recall stricter. */
const unknownAmong = 500

/** A query of so many words, numbers not counted, may be about several things. Fewer are about one, and a text that has two of them is about it to the degree that it has the others, too. */
const longTask = 7

/**
 * A text that has two words of such a query standing together is about a part of it, at least. A word that it does not have counts against that part no more than so many of its weightiest that it
 * has, whatever rare thing else the query tells of …
 */
const heaviestBesidePart = 1.5

/** … and words that nobody wrote, all together, no more than so many times those that somebody wrote: nothing can tell whether they bear on it. */
const unknownBesidePart = 1

/** For a part, a text has at most so much of a full match, and half of what it has of the whole: it is above the default floor of relevance, and behind a text that is about the whole. */
const mostForPart = 0.25
const wholeBesidePart = 0.5

const hasDigit = /\p{N}/u

/** What is known of the texts of a namespace. */
export interface TextStatistics {
  /** Number of texts. */
  readonly documents: number
  /** Sum of their lengths in terms. */
  readonly terms: number
}

/**
 * Inverse document frequency, ln(1 + (N − n + ½) / (n + ½)), never negative; N is at least 100.
 *
 * @param documents N, the number of texts.
 * @param containing n, the number of texts with the term.
 */
export const inverseDocumentFrequency = (documents: number, containing: number): number =>
  Math.log1p((Math.max(documents, minimumDocuments) - containing + 0.5) / (containing + 0.5))

/**
 * BM25's weight of a term that occurs `count` times in a text of `length` terms: 0 for none, 1 for once in a text of average length, below
 * k1 + 1 = 2.2 always.
 */
export const saturation = (count: number, length: number, averageLength: number): number =>
  (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / averageLength))

/** One term that texts are scored by. */
export interface ScoredTerm {
  readonly term: string
  readonly word: string
  /** Number of texts with the term. */
  readonly containing: number
  readonly idf: number
  /** idf × occurrences in the query. */
  readonly weight: number
  /** In more than a tenth of the texts. */
  readonly isCommon: boolean
}

/** A query made ready for scoring texts of one namespace. */
export interface WeighedQuery {
  /** The terms that occur in the namespace, weightiest first, at most 64. */
  readonly terms: readonly ScoredTerm[]
  readonly places: ReadonlyMap<string, number>
  /** For each term, the terms that follow it closely in the query. */
  readonly followers: readonly ReadonlySet<number>[]
  /** The number of distinct terms of the query that it asks for, also of those that occur nowhere. */
  readonly distinct: number
  /** Those of them that are no numbers. */
  readonly words: number
  /** The score of a text of average length that holds each of the query's 16 weightiest terms once. */
  readonly full: number
  /** The weights of those 16, also of terms that occur nowhere, weightiest first. */
  readonly covering: readonly number[]
  readonly averageLength: number
}

/** Terms of equal weight are ordered by how few texts have them, then by their text, so that the order never depends on the machine. */
const byWeight = (left: ScoredTerm, right: ScoredTerm): number =>
  right.weight - left.weight || left.containing - right.containing || (left.term < right.term ? -1 : 1)

const sumOf = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0)

/**
 * How much a query asks for a term. One that occurs nowhere is what the query has and no text gives; a number, though, names one thing (an order, a ticket), not what the query is about.
 */
const askedWeight = (word: string, documents: number, found: number): number => {
  if (found === 0) return hasDigit.test(word) ? 0 : inverseDocumentFrequency(Math.min(documents, unknownAmong), 0)
  const counted = stopWords.has(word) ? found : Math.min(found, mostFrequent * Math.max(documents, minimumDocuments))
  return inverseDocumentFrequency(documents, counted)
}

/**
 * Weighs the terms of a query by the statistics of a namespace.
 *
 * @param containing The number of texts that hold a term, for the terms that occur at all.
 */
export const weighQuery = (query: Query, statistics: TextStatistics, containing: ReadonlyMap<string, number>): WeighedQuery => {
  const all = query.terms.map(({ term, word, count }): ScoredTerm => {
    const found = containing.get(term) ?? 0
    const idf = askedWeight(word, statistics.documents, found)
    return { term, word, containing: found, idf, weight: idf * count, isCommon: found > mostFrequent * Math.max(statistics.documents, minimumDocuments) }
  })
  const ordered = all.toSorted(byWeight)
  const covering = ordered.slice(0, coveringTerms).map(({ weight }) => weight)
  const full = sumOf(covering)
  const terms = ordered.filter((term) => term.containing > 0).slice(0, maximumScoredTerms)
  const asked = all.filter(({ weight }) => weight > 0)
  const places = new Map(terms.map(({ term }, place) => [term, place]))
  const followers = terms.map(() => new Set<number>())
  const sequence = query.sequence.map((place) => places.get(query.terms[place]?.term ?? ''))
  for (const [position, first] of sequence.entries()) {
    if (first === undefined) continue
    for (const second of sequence.slice(position + 1, position + 1 + pairReachInQuery)) {
      if (second !== undefined && second !== first) followers[first]?.add(second)
    }
  }
  return { terms, places, followers, distinct: asked.length, words: asked.filter(({ word }) => !hasDigit.test(word)).length, full, covering, averageLength: statistics.terms / Math.max(statistics.documents, 1) || 1 }
}

/** Candidates are looked for by the weightiest terms whose lists of texts are together no longer than this: time per search is bounded by it. */
const maximumPostings = 2_000

/**
 * The weightiest terms whose lists fit the budget, to find the texts by that are worth scoring. A term too frequent for what is left of it is passed over, not
 * the end: a rarer one may follow.
 */
export const candidateTerms = (terms: readonly ScoredTerm[]): ScoredTerm[] => {
  let postings = 0
  const chosen: ScoredTerm[] = []
  for (const term of terms) {
    if (chosen.length > 0 && postings + term.containing > maximumPostings) continue
    postings += term.containing
    chosen.push(term)
  }
  return chosen
}

/** Whether even the rarest of the terms that texts are found by is in more of them than can be scored: all that a log has may be of one kind. */
export const isFrequent = (candidates: readonly ScoredTerm[]): boolean => (candidates[0]?.containing ?? 0) > maximumPostings

/** Of frequent terms so many of the weightiest are looked for together, before those texts that have only some of them. */
export const mostTogether = 4

/** What a text matched, and how well. */
export interface Match {
  /** In [0, 1): 0 when no term matches, .63 when the text covers the query once over at average length. */
  readonly relevance: number
  /** The words of the query that matched, weightiest first. */
  readonly matched: readonly string[]
}

/** What the part of a query that a text is about would give in full. */
const fullOfPart = ({ covering, terms }: WeighedQuery, heaviest: number): number => {
  const counted = (weight: number): number => Math.min(weight, heaviestBesidePart * heaviest)
  const known = sumOf(terms.map(({ weight }) => counted(weight)))
  return Math.min(sumOf(covering.map(counted)), (1 + unknownBesidePart) * known)
}

/**
 * Scores one text: relevance = 1 − exp(−score / full), of the whole query, or of a part of it that the text is about.
 *
 * @param text The terms of the text in order, as the analyzer made them.
 * @param title How many of the first terms are its title.
 */
export const scoreText = (query: WeighedQuery, text: readonly string[], title: number): Match => {
  const counts = new Float64Array(query.terms.length)
  const pairs = new Map<number, number>()
  // The last query terms seen and where: enough to find every pair without looking back over the text.
  const recent: { place: number; position: number }[] = []
  for (let position = 0; position < text.length; position += 1) {
    const place = query.places.get(text[position] ?? '')
    if (place === undefined) continue
    counts[place] = (counts[place] ?? 0) + (position < title ? 1 + titleWeight : 1)
    for (const earlier of recent) {
      if (position - earlier.position > pairReachInText || !query.followers[earlier.place]?.has(place)) continue
      const pair = earlier.place * maximumScoredTerms + place
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    if (recent.length === pairReachInText) recent.shift()
    recent.push({ place, position })
  }
  let score = 0
  const matched: string[] = []
  for (const [place, { weight, word }] of query.terms.entries()) {
    const count = counts[place] ?? 0
    if (count === 0) continue
    matched.push(word)
    score += weight * saturation(count, text.length, query.averageLength)
  }
  for (const [pair, count] of pairs) {
    const first = query.terms[Math.floor(pair / maximumScoredTerms)]
    const second = query.terms[pair % maximumScoredTerms]
    if (first === undefined || second === undefined) continue
    score += pairWeight * Math.min(first.idf, second.idf) * saturation(count, text.length, query.averageLength)
  }
  if (matched.length === 1) {
    const isCommon = query.terms.some((term, place) => term.isCommon && (counts[place] ?? 0) > 0)
    score *= isCommon && query.words > 1 ? loneCommonMatch : query.distinct >= severalTerms ? loneMatch : 1
  }
  if (score === 0) return { relevance: 0, matched }
  const whole = score / query.full
  if (pairs.size === 0 || query.words < longTask) return { relevance: -Math.expm1(-whole), matched }
  const heaviest = Math.max(...query.terms.flatMap(({ weight }, place) => ((counts[place] ?? 0) > 0 ? [weight] : [])))
  const part = Math.min(score / fullOfPart(query, heaviest), mostForPart + wholeBesidePart * whole)
  return { relevance: -Math.expm1(-Math.max(whole, part)), matched }
}

/** A query that is at least so much of a text, its title not counted, is that text, and not a part of it that it quotes. */
const ownShare = 0.7

/**
 * Whether a query is the text itself, word by word, with stop words and all: then it is what was asked for, whatever else has its rare words in a title. Beside the query a
 * text may have its title and a few words more, such as tags.
 *
 * @param query The terms of the query as a document, in order.
 * @param text The terms of the text in order.
 * @param title How many of the first terms are its title.
 */
export const isOwnText = (query: readonly string[], text: readonly string[], title: number): boolean => {
  if (query.length > text.length || query.length < ownShare * (text.length - title)) return false
  for (let start = 0; start + query.length <= text.length; start += 1) {
    let length = 0
    while (length < query.length && text[start + length] === query[length]) length += 1
    if (length === query.length) return true
  }
  return false
}

/** The relevance of a text to itself: what is missing to 1 is a tenth. */
export const ownRelevance = (relevance: number): number => 1 - (1 - relevance) / 10
