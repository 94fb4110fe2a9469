/** Entries that a new table has room for; it doubles when it is full, up to the most that it may have. */
const firstRoom = 64

/** A power of two, so that the low bits of a hash are a place. */
const slotsFor = (room: number): number => 2 ** Math.ceil(Math.log2(1.5 * room))

/**
 * A number by a hash for the latest so many hashes: the one that was added first leaves first. In three arrays that hold no objects, 12 to 16 bytes an entry, because every run of a log is added: as entries of a map
 * they took three times as much, and most of the time that was spent on them.
 */
export class RecentNumbers {
  readonly #most: number
  /** A ring: the entries in the order of adding, from the first on. */
  #keys: Int32Array
  #numbers: Int32Array
  #first = 0
  #size = 0
  /** Open addressing: place in the ring + 1, 0 where it is free. At least half as long again as the ring. */
  #slots: Int32Array

  /**
   * @param most entries, 1 or more
   * @param keys of saved entries, the first added first, as signed or unsigned 32-bit hashes
   * @param numbers of the same, in the same order
   */
  constructor(most: number, keys: ArrayLike<number> = [], numbers: ArrayLike<number> = []) {
    this.#most = most
    const room = Math.max(firstRoom, Math.min(most, keys.length))
    this.#keys = new Int32Array(room)
    this.#numbers = new Int32Array(room)
    this.#slots = new Int32Array(slotsFor(room))
    for (let place = 0; place < keys.length; place += 1) this.add(keys[place] ?? 0, numbers[place] ?? 0)
  }

  get size(): number {
    return this.#size
  }

  get(key: number): number | undefined {
    const place = (this.#slots[this.#slotOf(key | 0)] ?? 0) - 1
    return place < 0 ? undefined : this.#numbers[place]
  }

  /** Adds what is not there yet, and lets go of the first where there are too many; of what is there, the number stays. */
  add(key: number, number: number): void {
    const signed = key | 0
    if (this.#slots[this.#slotOf(signed)] !== 0) return
    if (this.#size === this.#most) this.#dropFirst()
    else if (this.#size === this.#keys.length) this.#grow()
    const place = this.#placeOf(this.#size)
    this.#keys[place] = signed
    this.#numbers[place] = number
    this.#slots[this.#slotOf(signed)] = place + 1
    this.#size += 1
  }

  /** The keys in the order of adding. */
  keys(): Int32Array {
    return Int32Array.from({ length: this.#size }, (_, index) => this.#keys[this.#placeOf(index)] ?? 0)
  }

  /** The numbers in the order of adding. */
  numbers(): Int32Array {
    return Int32Array.from({ length: this.#size }, (_, index) => this.#numbers[this.#placeOf(index)] ?? 0)
  }

  /** Where the entry that was added so many after the first is. */
  #placeOf(index: number): number {
    return (this.#first + index) % this.#keys.length
  }

  /** The slot of a key, or the free one where it would be. Keys are hashes: their low bits spread them. */
  #slotOf(key: number): number {
    const mask = this.#slots.length - 1
    for (let slot = key & mask; ; slot = (slot + 1) & mask) {
      const place = (this.#slots[slot] ?? 0) - 1
      if (place < 0 || this.#keys[place] === key) return slot
    }
  }

  #dropFirst(): void {
    const mask = this.#slots.length - 1
    let free = this.#slotOf(this.#keys[this.#first] ?? 0)
    // Whoever lies behind and would be looked for at the free slot moves there, so that no search ends too early (Knuth, "The Art of Computer Programming", volume 3, algorithm 6.4R).
    for (let slot = (free + 1) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (this.#keys[(this.#slots[slot] ?? 0) - 1] ?? 0) & mask
      if (((slot - home) & mask) < ((slot - free) & mask)) continue
      this.#slots[free] = this.#slots[slot] ?? 0
      free = slot
    }
    this.#slots[free] = 0
    this.#first = this.#placeOf(1)
    this.#size -= 1
  }

  #grow(): void {
    const [keys, numbers] = [this.keys(), this.numbers()]
    const room = Math.min(2 * this.#keys.length, Math.max(this.#most, firstRoom))
    this.#keys = new Int32Array(room)
    this.#numbers = new Int32Array(room)
    this.#slots = new Int32Array(slotsFor(room))
    this.#first = 0
    this.#size = 0
    for (let place = 0; place < keys.length; place += 1) this.add(keys[place] ?? 0, numbers[place] ?? 0)
  }
}
