/**
 * Gives the places 0, 1, 2, … to ids in order of first use: a hash table of integers (open addressing, linear probing), several times faster than a
 * `Map` and with its ids in one array. What is known of an id is kept by its place, in arrays of the owner.
 */
export class Numbering {
  /** Ids by place; only the first {@link size} count. */
  ids = new Int32Array(8)
  size = 0
  /** Places plus one by hash, 0 for free; a power of two long and never more than half full. */
  #places = new Int32Array(16)

  /** The place of an id, or -1. Ids are non-negative integers below 2^31. */
  find(id: number): number {
    const mask = this.#places.length - 1
    for (let at = hash(id) & mask; ; at = (at + 1) & mask) {
      const place = (this.#places[at] ?? 0) - 1
      if (place < 0 || this.ids[place] === id) return place
    }
  }

  /** The place of an id, a new one if it has none yet. */
  place(id: number): number {
    const found = this.find(id)
    if (found >= 0) return found
    if (this.size === this.ids.length) {
      this.ids = grown(this.ids, this.size * 2)
      this.#places = new Int32Array(this.size * 4)
      for (let place = 0; place < this.size; place += 1) this.#enter(place)
    }
    const place = this.size
    this.ids[place] = id
    this.size += 1
    this.#enter(place)
    return place
  }

  #enter(place: number): void {
    const mask = this.#places.length - 1
    let at = hash(this.ids[place] ?? 0) & mask
    while (this.#places[at] !== 0) at = (at + 1) & mask
    this.#places[at] = place + 1
  }
}

/** Fibonacci hashing of blocks of 16: neighbouring ids, which are used together, stay in one line of the processor's cache. */
const hash = (id: number): number => ((Math.imul(id >>> 4, 0x9e3779b1) >>> 7) << 4) | (id & 15)

/** A longer array that starts with the same numbers. */
export const grown = <Numbers extends Int32Array | Float64Array>(numbers: Numbers, length: number): Numbers => {
  // The constructor of a typed array makes arrays of the same type, which the language cannot express.
  const longer = new (numbers.constructor as new (length: number) => Numbers)(length)
  longer.set(numbers)
  return longer
}
