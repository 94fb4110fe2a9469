/**
 * Gives the places 0, 1, 2, … to ids in order of first use: a hash table of integers (open addressing, linear probing), several times faster than a
 * `Map` and with its ids in one array. What is known of an id is kept by its place, in arrays of the owner.
 */
export class Numbering {
  /** Ids by place; only the first {@link size} count. */
  ids: Int32Array
  size: number
  /** Places plus one by hash, 0 for free; a power of two long and never more than half full. Made when it is first asked for a place. */
  #places: Int32Array | undefined

  /** @param ids that have the first places already, each once */
  constructor(ids?: Int32Array) {
    this.ids = ids ?? new Int32Array(smallest)
    this.size = ids?.length ?? 0
  }

  /** The place of an id, or -1. Ids are non-negative integers below 2^31. */
  find(id: number): number {
    return this.#find(this.#places ?? this.#enterAll(), id)
  }

  /** The place of an id, a new one if it has none yet. */
  place(id: number): number {
    let places = this.#places ?? this.#enterAll()
    const found = this.#find(places, id)
    if (found >= 0) return found
    const place = this.size
    if (place === this.ids.length) this.ids = grown(this.ids, Math.max(smallest, place * 2))
    this.ids[place] = id
    this.size += 1
    if (this.size * 2 > places.length) places = this.#enterAll()
    else enter(places, id, place)
    return place
  }

  #find(places: Int32Array, id: number): number {
    const mask = places.length - 1
    for (let at = hash(id) & mask; ; at = (at + 1) & mask) {
      const place = (places[at] ?? 0) - 1
      if (place < 0 || this.ids[place] === id) return place
    }
  }

  #enterAll(): Int32Array {
    const places = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(smallest, this.size) * 2)))
    for (let place = 0; place < this.size; place += 1) enter(places, this.ids[place] ?? 0, place)
    this.#places = places
    return places
  }
}

const smallest = 8

const enter = (places: Int32Array, id: number, place: number): void => {
  const mask = places.length - 1
  let at = hash(id) & mask
  while (places[at] !== 0) at = (at + 1) & mask
  places[at] = place + 1
}

/** Fibonacci hashing of blocks of 16: neighbouring ids, which are used together, stay in one line of the processor's cache. */
const hash = (id: number): number => ((Math.imul(id >>> 4, 0x9e3779b1) >>> 7) << 4) | (id & 15)

/** A longer array that starts with the same numbers. */
export const grown = <Numbers extends Int32Array | Float32Array | Float64Array>(numbers: Numbers, length: number): Numbers => {
  // The constructor of a typed array makes arrays of the same type, which the language cannot express.
  const longer = new (numbers.constructor as new (length: number) => Numbers)(length)
  longer.set(numbers)
  return longer
}
