import { mixBits } from '../hash.ts'

const firstCapacity = 256

/** Of a slot that no term has taken. */
const free = 0
/** Of a slot whose term nobody has any more. */
const deserted = -1

/** No further entry. */
export const none = -1

const grown = (array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(length)
  larger.set(array)
  return larger
}

/**
 * An inverted index: which places have a term, and its weight in each. Terms are hashes, found by open addressing with linear probing; the entries of a term are a
 * doubly linked list. All of it lies in a few typed arrays: every run of the log adds and removes some entries, and lists in a map would be garbage each
 * time.
 */
export class TermPostings {
  /** By slot: the term, and its first entry + 1, or {@link free}, or {@link deserted}. */
  #terms = new Int32Array(firstCapacity)
  #heads = new Int32Array(firstCapacity)
  #takenSlots = 0
  #livingTerms = 0
  /** By entry. The next of an entry that is free is the next free one. */
  #places = new Int32Array(firstCapacity)
  #weights = new Int32Array(firstCapacity)
  #nexts = new Int32Array(firstCapacity)
  #previous = new Int32Array(firstCapacity)
  #entries = 0
  #firstFree = none

  /** The first entry of a term; {@link none} where no place has it. Their order means nothing. */
  first(term: number): number {
    const head = this.#heads[this.#slot(term)] ?? free
    return head > 0 ? head - 1 : none
  }

  next(entry: number): number {
    return this.#nexts[entry] ?? none
  }

  place(entry: number): number {
    return this.#places[entry] ?? 0
  }

  weight(entry: number): number {
    return this.#weights[entry] ?? 0
  }

  setWeight(entry: number, weight: number): void {
    this.#weights[entry] = weight
  }

  /** How many places have a term. */
  count(term: number): number {
    let count = 0
    for (let entry = this.first(term); entry !== none; entry = this.next(entry)) count += 1
    return count
  }

  /**
   * Adds a place that did not have the term.
   *
   * @returns the entry, by which its weight is found and it is removed
   */
  add(term: number, place: number, weight: number): number {
    const slot = this.#slotFor(term)
    const entry = this.#takeEntry()
    const head = this.#heads[slot] ?? free
    const second = head > 0 ? head - 1 : none
    if (second === none) this.#livingTerms += 1
    else this.#previous[second] = entry
    this.#places[entry] = place
    this.#weights[entry] = weight
    this.#nexts[entry] = second
    this.#previous[entry] = none
    this.#heads[slot] = entry + 1
    return entry
  }

  /** @param term that of the entry */
  remove(term: number, entry: number): void {
    const [next, previous] = [this.#nexts[entry] ?? none, this.#previous[entry] ?? none]
    if (next !== none) this.#previous[next] = previous
    if (previous !== none) this.#nexts[previous] = next
    else {
      this.#heads[this.#slot(term)] = next === none ? deserted : next + 1
      if (next === none) this.#livingTerms -= 1
    }
    this.#nexts[entry] = this.#firstFree
    this.#firstFree = entry
  }

  #takeEntry(): number {
    const entry = this.#firstFree
    if (entry !== none) {
      this.#firstFree = this.#nexts[entry] ?? none
      return entry
    }
    if (this.#entries === this.#places.length) {
      const length = 2 * this.#entries
      this.#places = grown(this.#places, length)
      this.#weights = grown(this.#weights, length)
      this.#nexts = grown(this.#nexts, length)
      this.#previous = grown(this.#previous, length)
    }
    this.#entries += 1
    return this.#entries - 1
  }

  /** Where a term is, or would be. */
  #slot(term: number): number {
    const mask = this.#terms.length - 1
    let slot = mixBits(term) & mask
    while (this.#heads[slot] !== free && this.#terms[slot] !== term) slot = (slot + 1) & mask
    return slot
  }

  /** The slot of a term, taken for it if need be. */
  #slotFor(term: number): number {
    const slot = this.#slot(term)
    if (this.#heads[slot] !== free) return slot
    if (2 * (this.#takenSlots + 1) > this.#terms.length) {
      this.#rehash()
      return this.#slotFor(term)
    }
    this.#takenSlots += 1
    this.#terms[slot] = term
    return slot
  }

  /** Leaves out the terms that nobody has any more; afterwards at most a quarter of the slots is taken. */
  #rehash(): void {
    const [terms, heads] = [this.#terms, this.#heads]
    let length = firstCapacity
    while (length < 4 * this.#livingTerms) length *= 2
    this.#terms = new Int32Array(length)
    this.#heads = new Int32Array(length)
    this.#takenSlots = this.#livingTerms
    for (let from = 0; from < heads.length; from += 1) {
      const head = heads[from] ?? free
      if (head <= 0) continue
      const term = terms[from] ?? 0
      const slot = this.#slot(term)
      this.#terms[slot] = term
      this.#heads[slot] = head
    }
  }
}
