/** What an asked question leads to expect of its query. */
export interface Expectation {
  /** For each word of the question: the fragments it usually comes with, and how much more often than others, in (0, 1], largest first. */
  readonly implied: readonly (readonly (readonly [fragment: number, lift: number])[])[]
  /** How often a fragment comes with the word of the question that explains it best, in [0, 1]. */
  readonly explained: ReadonlyMap<number, number>
}

/** One verified pair: the words of a question and the fragments of its query, each id once. */
export interface Pair {
  readonly words: readonly number[]
  readonly fragments: Int32Array
}

/** Lifts below this are not worth a look. */
const smallestLift = 0.3

/**
 * Counts which words of questions come with which fragments of queries. Tells what a query lacks that the question's words usually bring with them,
 * and what it holds that none of the words accounts for.
 */
export class Associations {
  #total = 0
  readonly #words = new Map<number, number>()
  readonly #fragments = new Map<number, number>()
  readonly #together = new Map<number, Map<number, number>>()

  /** Counts a pair, or takes it out again with `by` = -1. */
  count(pair: Pair, by: 1 | -1 = 1): void {
    this.#total += by
    for (const fragment of pair.fragments) this.#fragments.set(fragment, (this.#fragments.get(fragment) ?? 0) + by)
    for (const word of pair.words) {
      this.#words.set(word, (this.#words.get(word) ?? 0) + by)
      let row = this.#together.get(word)
      if (row === undefined) this.#together.set(word, (row = new Map()))
      for (const fragment of pair.fragments) row.set(fragment, (row.get(fragment) ?? 0) + by)
    }
  }

  /** What the words of a question lead to expect, as if the pair `except` had not been counted. */
  expect(words: readonly number[], except?: Pair): Expectation {
    const own = new Set(except?.fragments ?? [])
    const less = except === undefined ? 0 : 1
    const total = this.#total - less + 2
    const explained = new Map<number, number>()
    const implied = words.map((word) => {
      const seen = (this.#words.get(word) ?? 0) - less
      const row: [number, number][] = []
      if (seen <= 0) return row
      for (const [fragment, count] of this.#together.get(word) ?? []) {
        const left = count - (own.has(fragment) ? less : 0)
        if (left <= 0) continue
        const share = left / (seen + 1)
        if (share > (explained.get(fragment) ?? 0)) explained.set(fragment, share)
        const lift = share - ((this.#fragments.get(fragment) ?? 0) - (own.has(fragment) ? less : 0)) / total
        if (lift >= smallestLift) row.push([fragment, lift])
      }
      return row.toSorted((a, b) => b[1] - a[1])
    })
    return { implied, explained }
  }
}

/** How much of what the question implies a query lacks: for each word the largest lift of a fragment that is not there, summed. */
export const lacking = (expectation: Expectation, has: (fragment: number) => boolean): number => {
  let sum = 0
  for (const row of expectation.implied) sum += row.find(([fragment]) => !has(fragment))?.[1] ?? 0
  return sum
}

/** The mean share of a query's fragments that no word of the question explains, in [0, 1]. */
export const unexplained = (expectation: Expectation, fragments: Int32Array): number => {
  let sum = 0
  for (const fragment of fragments) sum += 1 - (expectation.explained.get(fragment) ?? 0)
  return sum / Math.max(1, fragments.length)
}
