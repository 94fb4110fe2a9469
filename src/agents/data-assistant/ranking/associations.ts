import { grown, Numbering } from './numbering.ts'

/** The fragments that a word of a question usually comes with, and how much more often than others, in (0, 1], largest first. */
interface Implied {
  readonly fragments: readonly number[]
  readonly lifts: readonly number[]
}

/** What an asked question leads to expect of its query. */
export class Expectation {
  readonly #implied: readonly Implied[]
  readonly #explained: Float64Array
  /** By fragment: the number of the last query that was found to have it. */
  readonly #lastWith: Int32Array
  #queries = 0

  /**
   * @param implied by each word of the question
   * @param explained by fragment: how often it comes with the word of the question that explains it best, in [0, 1]; fragments beyond the end are not explained
   * @param lastWith zeros, as many
   */
  constructor(implied: readonly Implied[], explained: Float64Array, lastWith: Int32Array) {
    this.#implied = implied
    this.#explained = explained
    this.#lastWith = lastWith
  }

  /** How much of what the question implies a query with these fragments lacks: for each word the largest lift of a fragment that is not there, summed. */
  lacking(present: Int32Array): number {
    this.#queries += 1
    const lastWith = this.#lastWith
    for (let at = 0; at < present.length; at += 1) {
      const fragment = present[at] ?? 0
      if (fragment < lastWith.length) lastWith[fragment] = this.#queries
    }
    let sum = 0
    for (const { fragments, lifts } of this.#implied) {
      const missing = fragments.findIndex((fragment) => lastWith[fragment] !== this.#queries)
      sum += lifts[missing] ?? 0
    }
    return sum
  }

  /** The mean share of a query's fragments that no word of the question explains, in [0, 1]. */
  unexplained(fragments: Int32Array): number {
    const explained = this.#explained
    let sum = fragments.length
    for (let at = 0; at < fragments.length; at += 1) {
      const fragment = fragments[at] ?? 0
      // Reading beyond the end gives no number, for which every number would be allocated: this is the innermost loop of all.
      if (fragment < explained.length) sum -= explained[fragment] ?? 0
    }
    return sum / Math.max(1, fragments.length)
  }
}

/** One verified pair: the words of a question and the fragments of its query, each id once. */
export interface Pair {
  readonly words: readonly number[]
  readonly fragments: Int32Array
}

/** Numbers by fragment, for the time of one question. */
interface Scratch extends Record<string, Uint8Array | Float64Array | Int32Array> {
  readonly less: Uint8Array
  readonly explained: Float64Array
  readonly lastWith: Int32Array
}

/** Lifts below this are not worth a look. */
const smallestLift = 0.3

/** How often a word was seen, and how often with each fragment, by the place of the fragment. */
interface Word {
  seen: number
  readonly fragments: Numbering
  counts: Int32Array
}

/** What {@link Associations} have counted: the words one after the other, with their numbers of fragments. */
export interface SavedAssociations {
  readonly total: number
  /** How often each fragment was seen. */
  readonly fragments: Int32Array
  readonly seen: Int32Array
  readonly lengths: Int32Array
  readonly ids: Int32Array
  readonly counts: Int32Array
}

/**
 * Counts which words of questions come with which fragments of queries. Tells what a query lacks that the question's words usually bring with them,
 * and what it holds that none of the words accounts for.
 */
export class Associations {
  #total = 0
  readonly #words: (Word | undefined)[] = []
  /** How often each fragment was seen. */
  #fragments: Int32Array = new Int32Array(256)
  #scratch: Scratch = { less: new Uint8Array(0), explained: new Float64Array(0), lastWith: new Int32Array(0) }

  /** Counts a pair, or takes it out again with `by` = -1. */
  count(pair: Pair, by: 1 | -1 = 1): void {
    this.#total += by
    for (const fragment of pair.fragments) {
      if (fragment >= this.#fragments.length) this.#fragments = grown(this.#fragments, 2 * fragment)
      this.#fragments[fragment] = (this.#fragments[fragment] ?? 0) + by
    }
    for (const id of pair.words) {
      const word = (this.#words[id] ??= newWord())
      word.seen += by
      for (const fragment of pair.fragments) {
        const place = word.fragments.place(fragment)
        if (place >= word.counts.length) word.counts = grown(word.counts, word.fragments.ids.length)
        word.counts[place] = (word.counts[place] ?? 0) + by
      }
    }
  }

  save(): SavedAssociations {
    const words = Array.from(this.#words, (word) => word ?? newWord())
    return {
      total: this.#total, fragments: this.#fragments, seen: Int32Array.from(words, ({ seen }) => seen), lengths: Int32Array.from(words, ({ fragments }) => fragments.size),
      ids: Int32Array.from(words.flatMap(({ fragments: { ids, size } }) => [...ids.subarray(0, size)])),
      counts: Int32Array.from(words.flatMap(({ fragments: { size }, counts }) => [...counts.subarray(0, size)])),
    }
  }

  /** Continues where others were saved, whose arrays become its own; to be called before anything is counted. */
  restore({ total, fragments, seen, lengths, ids, counts }: SavedAssociations): void {
    this.#total = total
    this.#fragments = fragments
    let start = 0
    lengths.forEach((length, word) => {
      const end = start + length
      if (length > 0) this.#words[word] = { seen: seen[word] ?? 0, fragments: new Numbering(ids.subarray(start, end)), counts: counts.subarray(start, end) }
      start = end
    })
  }

  /** What the words of a question lead to expect, until the next call, as if the pair `except` had not been counted. */
  expect(words: readonly number[], except?: Pair): Expectation {
    const { less, explained, lastWith } = this.#cleared()
    for (const fragment of except?.fragments ?? []) less[fragment] = 1
    const fewer = except === undefined ? 0 : 1
    const total = this.#total - fewer + 2
    const implied = words.map((id) => {
      const word = this.#words[id]
      if (word === undefined || word.seen <= fewer) return { fragments: [], lifts: [] }
      const row: { readonly fragment: number; readonly lift: number }[] = []
      const { ids, size } = word.fragments
      for (let place = 0; place < size; place += 1) {
        const fragment = ids[place] ?? 0
        const left = (word.counts[place] ?? 0) - (less[fragment] ?? 0)
        if (left <= 0) continue
        const share = left / (word.seen - fewer + 1)
        if (share > (explained[fragment] ?? 0)) explained[fragment] = share
        if (share < smallestLift) continue
        const lift = share - ((this.#fragments[fragment] ?? 0) - (less[fragment] ?? 0)) / total
        if (lift >= smallestLift) row.push({ fragment, lift })
      }
      row.sort((a, b) => b.lift - a.lift)
      return { fragments: row.map(({ fragment }) => fragment), lifts: row.map(({ lift }) => lift) }
    })
    return new Expectation(implied, explained, lastWith)
  }

  /** The same arrays for all questions: there are so many that those of the past would fill the memory before they are collected. */
  #cleared(): Scratch {
    const { length } = this.#fragments
    if (this.#scratch.explained.length !== length) this.#scratch = { less: new Uint8Array(length), explained: new Float64Array(length), lastWith: new Int32Array(length) }
    else for (const numbers of Object.values(this.#scratch)) numbers.fill(0)
    return this.#scratch
  }
}

const newWord = (): Word => ({ seen: 0, fragments: new Numbering(), counts: new Int32Array(8) })
