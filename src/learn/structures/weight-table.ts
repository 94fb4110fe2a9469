import { AutodidactError } from '../../errors.ts'
import { mixBits } from '../hash.ts'

/** Capacity of a table that holds nothing yet; it doubles when it is more than {@link fullest} full. */
const firstCapacity = 256

/** Share of the places that may be taken. At three quarters a pair that is not there is looked for at eight neighbouring places, which is one look into memory. */
const fullest = 0.75

/** The places, a power of two, in which so many slots have room. */
const capacityFor = (used: number): number => Math.max(firstCapacity, 2 ** Math.ceil(Math.log2(used / fullest)))

/** Saved slots that are looked at together: they are copied to where numbers may be read, and large copies are what the memory of a process is fragmented by. */
const pieceSlots = 1024

/** Bytes of a saved table before its slots: bits and number of used slots. */
const headerBytes = 8

/** Bytes of a saved slot: its number, weight and accumulator. */
const slotBytes = 12

/**
 * A table of a fixed number of slots that holds a weight and an accumulator per (feature, option), both as 32-bit floats. Two pairs that hash to
 * the same slot share it: memory stays bounded whatever is learned, at the price of a little noise when the table is nearly full.
 *
 * Only used slots take memory, in open addressing with linear probing; from three sixteenths of the slots on, all of them lie in one array, which is then
 * about as small and faster. The two forms hold the same numbers.
 */
export class WeightTable {
  readonly bits: number
  /** Slot + 1 by place, 0 where a place is free; empty once the table is dense. */
  #keys = new Uint32Array(firstCapacity)
  /** Weight and accumulator by place, or by slot once the table is dense. */
  #pairs = new Float32Array(2 * firstCapacity)
  #dense = false
  #used = 0

  /** @param bits binary logarithm of the number of slots, from 8 to 26; 18 takes at most 2 MB */
  constructor(bits: number) {
    if (!Number.isInteger(bits) || bits < 8 || bits > 26) {
      throw new AutodidactError('INVALID_INPUT', `A weight table cannot have 2^${bits} slots. Choose a whole number of bits from 8 to 26.`)
    }
    this.bits = bits
  }

  /** The slot of a feature for an option, both given by their 32-bit hashes. */
  slot(feature: number, option: number): number {
    return mixBits(feature ^ Math.imul(option, 0x9e3779b1)) >>> (32 - this.bits)
  }

  weight(slot: number): number {
    return this.#pairs[2 * this.#place(slot)] ?? 0
  }

  accumulator(slot: number): number {
    return this.#pairs[2 * this.#place(slot) + 1] ?? 0
  }

  /** Overwrites a slot. The accumulator must be above 0: that marks a slot as used. */
  set(slot: number, weight: number, accumulator: number): void {
    let place = this.#place(slot)
    if (this.#pairs[2 * place + 1] === 0) {
      this.#used += 1
      if (!this.#dense && this.#used > fullest * this.#keys.length) {
        this.#resize(2 * this.#keys.length)
        place = this.#place(slot)
      }
      if (!this.#dense) this.#keys[place] = slot + 1
    }
    this.#pairs[2 * place] = weight
    this.#pairs[2 * place + 1] = accumulator
  }

  /** Number of slots in use. */
  used(): number {
    return this.#used
  }

  /** Bytes that {@link write} takes. */
  get savedBytes(): number {
    return headerBytes + this.#used * slotBytes
  }

  /** Writes the used slots in ascending order, from a place of a view on: number, weight and accumulator of each. Little-endian. */
  write(view: DataView, start: number): void {
    view.setUint32(start, this.bits, true)
    view.setUint32(start + 4, this.#used, true)
    let at = start + headerBytes
    for (const slot of this.#slots()) {
      const place = this.#place(slot)
      view.setUint32(at, slot, true)
      view.setFloat32(at + 4, this.#pairs[2 * place] ?? 0, true)
      view.setFloat32(at + 8, this.#pairs[2 * place + 1] ?? 0, true)
      at += slotBytes
    }
  }

  /** @throws AutodidactError CORRUPT when the bytes are not those of a table */
  static load(bytes: Uint8Array): WeightTable {
    try {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const table = new WeightTable(view.getUint32(0, true))
      const used = view.getUint32(4, true)
      const end = headerBytes + used * slotBytes
      if (end !== bytes.byteLength) throw new RangeError(`${bytes.byteLength} bytes instead of ${end}`)
      table.#resize(capacityFor(used))
      table.#fill(bytes.subarray(headerBytes, end))
      return table
    } catch (cause) {
      throw new AutodidactError('CORRUPT', 'Saved weights are damaged. Drop this snapshot and fold the log again.', { cause })
    }
  }

  /**
   * Takes over saved slots into an empty table that has room for them. One plain loop over numbers as the machine has them, not a call of `set` for each: this
   * runs cold while a user waits for the first decision, and so took a fifth of the time.
   */
  #fill(saved: Uint8Array): void {
    // Saved numbers lie where no array of numbers may begin.
    const piece = new Uint8Array(Math.min(saved.length, pieceSlots * slotBytes))
    const slots = new Uint32Array(piece.buffer)
    const numbers = new Float32Array(piece.buffer)
    const keys = this.#keys
    const pairs = this.#pairs
    const dense = this.#dense
    const mask = keys.length - 1
    let previous = -1
    const limit = 2 ** this.bits
    for (let start = 0; start < saved.length; start += piece.length) {
      const part = saved.subarray(start, start + piece.length)
      piece.set(part)
      for (let at = 0; at < part.length / 4; at += 3) {
        const slot = slots[at] ?? 0
        if (slot <= previous || slot >= limit) throw new RangeError(`slot ${slot} after ${previous} of ${limit}`)
        previous = slot
        let place = slot
        if (!dense) {
          place = slot & mask
          while (keys[place] !== 0) place = (place + 1) & mask
          keys[place] = slot + 1
        }
        pairs[2 * place] = numbers[at + 1] ?? 0
        pairs[2 * place + 1] = numbers[at + 2] ?? 0
      }
    }
    this.#used = saved.length / slotBytes
  }

  /** Where a slot lies, or the free place where it would. Slots are hashes already: their low bits spread them. */
  #place(slot: number): number {
    if (this.#dense) return slot
    const mask = this.#keys.length - 1
    let place = slot & mask
    while (this.#keys[place] !== 0 && this.#keys[place] !== slot + 1) place = (place + 1) & mask
    return place
  }

  #resize(capacity: number): void {
    const keys = this.#keys
    const pairs = this.#pairs
    // A place takes 12 bytes and is at most three quarters used, a slot of the dense form 8.
    this.#dense = 2 * capacity >= 2 ** this.bits
    this.#keys = new Uint32Array(this.#dense ? 0 : capacity)
    this.#pairs = new Float32Array(2 * (this.#dense ? 2 ** this.bits : capacity))
    for (let from = 0; from < keys.length; from += 1) {
      const key = keys[from] ?? 0
      if (key === 0) continue
      const to = this.#place(key - 1)
      if (!this.#dense) this.#keys[to] = key
      this.#pairs[2 * to] = pairs[2 * from] ?? 0
      this.#pairs[2 * to + 1] = pairs[2 * from + 1] ?? 0
    }
  }

  /** The used slots in ascending order. */
  #slots(): Uint32Array {
    const slots = new Uint32Array(this.#used)
    let count = 0
    const places = this.#pairs.length / 2
    for (let place = 0; place < places; place += 1) {
      if (this.#pairs[2 * place + 1] === 0) continue
      slots[count] = this.#dense ? place : (this.#keys[place] ?? 1) - 1
      count += 1
    }
    return this.#dense ? slots : slots.sort()
  }
}
