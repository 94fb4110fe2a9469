import { createHash } from 'node:crypto'
import { type AnalyzedDocument, analyzeDocument, analyzeQuery, documentTerms } from '../../text/analyzer.ts'
import { stopWords } from '../../text/words.ts'
import { candidateTerms, isFrequent, isOwnText, mostTogether, ownRelevance, saturation, scoreText, weighQuery, type ScoredTerm, type WeighedQuery } from '../../text/relevance.ts'
import type { Hit, IndexEntry, Query, Standing } from '../storage.ts'

/** One text to index: an entry, and the sequence of the fact it came from. */
export interface TextEntry extends IndexEntry {
  readonly sequence: number
}

/** What to look for. */
export type TextQuery = Omit<Query, 'namespace'>

/** So many candidates are scored exactly. */
const candidates = 100

/** The texts that hold a term, and how often. */
interface Posting {
  readonly term: string
  readonly texts: Map<Item, number>
}

interface Item extends Omit<TextEntry, 'text' | 'standing'>, AnalyzedDocument {
  standing: Standing
  readonly digest: string
}

const digestOf = (terms: readonly string[]): string => createHash('sha256').update(terms.join(' ')).digest('base64url').slice(0, 22)

const hitOf = ({ id, kind, standing, sequence, occurredAt, agent, user, terms, digest }: Item, relevance: number, matched: readonly string[]): Hit => ({
  id,
  kind,
  standing,
  sequence,
  occurredAt,
  ...(agent === undefined ? {} : { agent }),
  ...(user === undefined ? {} : { user }),
  relevance,
  matched,
  terms: new Set(terms),
  digest,
})

/**
 * The full-text index of one namespace, in memory: for each term the texts that hold it, and how often. The analyzer and the scores are those of every store, so
 * that the same texts are found.
 */
export class TextIndex {
  readonly #items = new Map<string, Item>()
  readonly #postings = new Map<string, Posting>()
  #length = 0

  /**
   * Adds a text; one with a known id replaces what was there.
   *
   * @param analyzed the terms of the text, where they are at hand
   */
  put(entry: TextEntry, analyzed: AnalyzedDocument = analyzeDocument(entry.text)): void {
    this.remove(entry.id)
    const { text: _text, ...rest } = entry
    const postings = analyzed.terms.map((term) => this.#posting(term))
    // The texts of a namespace have most of their words in common, and memory holds each once.
    const item: Item = { ...rest, terms: postings.map(({ term }) => term), title: analyzed.title, digest: digestOf(analyzed.terms) }
    for (const { texts } of postings) texts.set(item, (texts.get(item) ?? 0) + 1)
    this.#items.set(item.id, item)
    this.#length += item.terms.length
  }

  #posting(term: string): Posting {
    const known = this.#postings.get(term)
    if (known !== undefined) return known
    const posting: Posting = { term, texts: new Map() }
    this.#postings.set(term, posting)
    return posting
  }

  /** Changes how an item may be used; one that is not there is passed over. */
  setStanding(id: string, standing: Standing): void {
    const item = this.#items.get(id)
    if (item !== undefined) item.standing = standing
  }

  standingOf(id: string): Standing | undefined {
    return this.#items.get(id)?.standing
  }

  /** The terms of a text that is in the index. */
  analyzed(id: string): AnalyzedDocument | undefined {
    return this.#items.get(id)
  }

  remove(id: string): void {
    const item = this.#items.get(id)
    if (item === undefined) return
    this.#items.delete(id)
    this.#length -= item.terms.length
    for (const term of new Set(item.terms)) {
      const texts = this.#postings.get(term)?.texts
      texts?.delete(item)
      if (texts?.size === 0) this.#postings.delete(term)
    }
  }

  /** The items that match best, best first; newer before older where relevance is equal. */
  search(query: TextQuery): Hit[] {
    const analyzed = analyzeQuery(query.text)
    const containing = new Map(analyzed.terms.flatMap(({ term }) => [[term, this.#postings.get(term)?.texts.size ?? 0] as const]).filter(([, texts]) => texts > 0))
    const weighed = weighQuery(analyzed, { documents: this.#items.size, terms: this.#length }, containing)
    const own = documentTerms(query.text)
    // Stop words alone are in every text: the one that was asked for may be none of the hundred best.
    const isBare = analyzed.terms.every(({ word }) => stopWords.has(word))
    return this.#nearest(weighed, query, (item) => isBare && isOwnText(own, item.terms, item.title))
      .map((item) => ({ item, ...scoreText(weighed, item.terms, item.title) }))
      .map(({ item, relevance, matched }) => ({ item, relevance: isOwnText(own, item.terms, item.title) ? ownRelevance(relevance) : relevance, matched }))
      .sort((left, right) => right.relevance - left.relevance || right.item.sequence - left.item.sequence || (left.item.id < right.item.id ? -1 : 1))
      .slice(0, query.limit)
      .map(({ item, relevance, matched }) => hitOf(item, relevance, matched))
  }

  /** What is worth scoring exactly: the best by BM25 over the weightiest terms, as the full-text index of a database ranks them, and what is wanted in any case. */
  #nearest(weighed: WeighedQuery, query: TextQuery, isWanted: (item: Item) => boolean): Item[] {
    const allowed = allowedBy(query)
    const isOfKnowledge = query.kinds?.every((kind) => kind === 'knowledge') === true
    const terms = isOfKnowledge ? weighed.terms : candidateTerms(weighed.terms)
    if (!isOfKnowledge && isFrequent(terms)) return this.#latest(weighed.terms, terms, allowed, isWanted)
    const scores = new Map<Item, number>()
    for (const term of terms) this.#score(term, weighed.averageLength, allowed, scores)
    const sorted = [...scores].sort(([left, leftScore], [right, rightScore]) => rightScore - leftScore || left.sequence - right.sequence).map(([item]) => item)
    return [...sorted.slice(0, candidates), ...sorted.slice(candidates).filter(isWanted)]
  }

  /** The latest that have the weightiest terms together, then those that have one of them; as the store that cannot score so many texts. */
  #latest(all: readonly ScoredTerm[], some: readonly ScoredTerm[], allowed: (item: Item) => boolean, isWanted: (item: Item) => boolean): Item[] {
    const textsWith = ({ term }: ScoredTerm): ReadonlyMap<Item, number> => this.#postings.get(term)?.texts ?? new Map<Item, number>()
    const found = [...new Set(some.flatMap((term) => [...textsWith(term).keys()]))].filter(allowed).sort((left, right) => right.sequence - left.sequence)
    const together = all.slice(0, mostTogether).map(textsWith)
    const isTogether = (item: Item): boolean => together.every((texts) => texts.has(item))
    const sorted = [...found.filter(isTogether).slice(0, candidates), ...found.filter((item) => !isTogether(item))]
    return [...sorted.slice(0, candidates), ...sorted.slice(candidates).filter(isWanted)]
  }

  #score({ term, idf }: ScoredTerm, averageLength: number, allowed: (item: Item) => boolean, scores: Map<Item, number>): void {
    for (const [item, count] of this.#postings.get(term)?.texts ?? []) {
      if (allowed(item)) scores.set(item, (scores.get(item) ?? 0) + idf * saturation(count, item.terms.length, averageLength))
    }
  }
}

const allowedBy = ({ kinds, standings, agent, user, only, except }: TextQuery) => {
  const [named, excepted] = [only === undefined ? undefined : new Set(only), new Set(except)]
  const isWanted = (item: Item): boolean => item.kind === 'episode' || ((named === undefined || named.has(item.id)) && !excepted.has(item.id))
  return (item: Item): boolean =>
    standings.includes(item.standing) &&
    (kinds === undefined || kinds.includes(item.kind)) &&
    (agent === undefined || item.agent === undefined || item.agent === agent) &&
    (user === undefined || item.user === undefined || item.user === user) &&
    isWanted(item)
}
