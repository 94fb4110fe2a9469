import { grown, Numbering } from './numbering.ts'

/** What an asked question leads to expect of its query. */
export interface Expectation {
  /** For each word of the question: the fragments it usually comes with, and how much more often than others, in (0, 1], largest first. */
  readonly implied: readonly (readonly (readonly [fragment: number, lift: number])[])[]
  /** By fragment: how often it comes with the word of the question that explains it best, in [0, 1]; fragments beyond the end are not explained. */
  readonly explained: Float64Array
}

/** One verified pair: the words of a question and the fragments of its query, each id once. */
export interface Pair {
  readonly words: readonly number[]
  readonly fragments: Int32Array
}

/** Lifts below this are not worth a look. */
const smallestLift = 0.3

/** How often a word was seen, and how often with each fragment, by the place of the fragment. */
interface Word {
  seen: number
  readonly fragments: Numbering
  counts: Int32Array
}

/**
 * Counts which words of questions come with which fragments of queries. Tells what a query lacks that the question's words usually bring with them,
 * and what it holds that none of the words accounts for.
 */
export class Associations {
  #total = 0
  readonly #words: (Word | undefined)[] = []
  /** How often each fragment was seen. */
  #fragments = new Int32Array(256)

  /** Counts a pair, or takes it out again with `by` = -1. */
  count(pair: Pair, by: 1 | -1 = 1): void {
    this.#total += by
    for (const fragment of pair.fragments) {
      if (fragment >= this.#fragments.length) this.#fragments = grown(this.#fragments, 2 * fragment)
      this.#fragments[fragment] = (this.#fragments[fragment] ?? 0) + by
    }
    for (const id of pair.words) {
      const word = (this.#words[id] ??= { seen: 0, fragments: new Numbering(), counts: new Int32Array(8) })
      word.seen += by
      for (const fragment of pair.fragments) {
        const place = word.fragments.place(fragment)
        if (place === word.counts.length) word.counts = grown(word.counts, place * 2)
        word.counts[place] = (word.counts[place] ?? 0) + by
      }
    }
  }

  /** What the words of a question lead to expect, as if the pair `except` had not been counted. */
  expect(words: readonly number[], except?: Pair): Expectation {
    const less = new Uint8Array(this.#fragments.length)
    for (const fragment of except?.fragments ?? []) less[fragment] = 1
    const fewer = except === undefined ? 0 : 1
    const total = this.#total - fewer + 2
    const explained = new Float64Array(this.#fragments.length)
    const implied = words.map((id) => {
      const row: [number, number][] = []
      const word = this.#words[id]
      if (word === undefined || word.seen <= fewer) return row
      const { ids, size } = word.fragments
      for (let place = 0; place < size; place += 1) {
        const fragment = ids[place] ?? 0
        const left = (word.counts[place] ?? 0) - (less[fragment] ?? 0)
        if (left <= 0) continue
        const share = left / (word.seen - fewer + 1)
        if (share > (explained[fragment] ?? 0)) explained[fragment] = share
        if (share < smallestLift) continue
        const lift = share - ((this.#fragments[fragment] ?? 0) - (less[fragment] ?? 0)) / total
        if (lift >= smallestLift) row.push([fragment, lift])
      }
      return row.sort((a, b) => b[1] - a[1])
    })
    return { implied, explained }
  }
}

/** How much of what the question implies a query lacks: for each word the largest lift of a fragment that is not there, summed. */
export const lacking = (expectation: Expectation, present: ReadonlySet<number>): number => {
  let sum = 0
  for (const row of expectation.implied) {
    for (const [fragment, lift] of row) {
      if (present.has(fragment)) continue
      sum += lift
      break
    }
  }
  return sum
}

/** The mean share of a query's fragments that no word of the question explains, in [0, 1]. */
export const unexplained = ({ explained }: Expectation, fragments: Int32Array): number => {
  let sum = 0
  for (let at = 0; at < fragments.length; at += 1) sum += 1 - (explained[fragments[at] ?? 0] ?? 0)
  return sum / Math.max(1, fragments.length)
}
