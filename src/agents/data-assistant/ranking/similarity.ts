import { grown } from './numbering.ts'

/**
 * How similar sets of terms are to those that were added: the cosine, with terms weighted by how rare they are. An inverted index, so that only what shares a
 * term is touched; lengths are worked out once for all questions until something is added or removed.
 */
export class SimilarityIndex {
  /** Numbers of the sets that hold a term, by term. */
  readonly #holders: number[][] = []
  /** By number; empty for those that were removed. */
  readonly #sets: (readonly number[])[] = []
  #size = 0
  /** The sums of the weights of each set, by its number; nothing if out of date. */
  #norms: Float64Array | undefined
  /** The weight of a term by its number of holders. */
  #weights = new Float64Array(0)

  /** Adds a set of terms and gives its number: 0, 1, 2, … */
  add(terms: readonly number[]): number {
    const number = this.#sets.length
    this.#sets.push(terms)
    for (const term of terms) (this.#holders[term] ??= []).push(number)
    this.#size += 1
    this.#norms = undefined
    return number
  }

  /** Takes a set out again. */
  remove(number: number): void {
    for (const term of this.#sets[number] ?? []) {
      const holders = this.#holders[term]
      holders?.splice(holders.indexOf(number), 1)
    }
    this.#sets[number] = []
    this.#size -= 1
    this.#norms = undefined
  }

  /** How many sets hold a term. */
  holders(term: number): number {
    return this.#holders[term]?.length ?? 0
  }

  /** The similarity of a set to each that was added, by number, in [0, 1]: 0 without a term in common. */
  of(terms: readonly number[]): Float64Array {
    const norms = (this.#norms ??= this.#computeNorms())
    const similarities = new Float64Array(this.#sets.length)
    let own = 0
    for (const term of terms) {
      const weight = this.#weight(term)
      own += weight
      for (const number of this.#holders[term] ?? []) similarities[number] = (similarities[number] ?? 0) + weight
    }
    for (let number = 0; number < similarities.length; number += 1) {
      const product = similarities[number] ?? 0
      if (product > 0) similarities[number] = product / Math.sqrt((norms[number] ?? 0) * own)
    }
    return similarities
  }

  #computeNorms(): Float64Array {
    if (this.#weights.length <= this.#size) this.#weights = grown(this.#weights, 2 * this.#size + 1)
    for (let holders = 0; holders <= this.#size; holders += 1) this.#weights[holders] = rarity(this.#size, holders) ** 2
    const norms = new Float64Array(this.#sets.length)
    this.#sets.forEach((terms, number) => {
      let norm = 0
      for (const term of terms) norm += this.#weight(term)
      norms[number] = norm
    })
    return norms
  }

  #weight(term: number): number {
    return this.#weights[this.#holders[term]?.length ?? 0] ?? 0
  }
}

/** The smoothed inverse document frequency of a term, as a logarithm: about how many sets there are for each that holds it. */
export const rarity = (total: number, holders: number): number => Math.log(1 + (total + 1) / (holders + 0.5))
