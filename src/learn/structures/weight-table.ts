import { mixBits } from '../hash.ts'
import { AutodidactError } from '../../errors.ts'

/** Slots of one page; pages come into being when one of their slots is first written. */
const pageBits = 8
const pageSlots = 1 << pageBits
const pageMask = pageSlots - 1
/** Bytes of a saved page besides its slots: its number, and one bit per slot that says whether the slot follows. */
const pageHeader = 4 + pageSlots / 8

/**
 * A table of a fixed number of slots that holds a weight and an accumulator per (feature, option), both as 32-bit floats. Two pairs that hash to
 * the same slot share it: memory stays bounded whatever is learned, at the price of a little noise when the table is nearly full.
 */
export class WeightTable {
  readonly bits: number
  readonly #pages: (Float32Array | undefined)[]

  /** @param bits binary logarithm of the number of slots, from 8 to 26; 18 takes at most 2 MB */
  constructor(bits: number) {
    if (!Number.isInteger(bits) || bits < pageBits || bits > 26) {
      throw new AutodidactError('INVALID_INPUT', `A weight table cannot have 2^${bits} slots. Choose a whole number of bits from 8 to 26.`)
    }
    this.bits = bits
    this.#pages = Array.from({ length: 1 << (bits - pageBits) })
  }

  /** The slot of a feature for an option, both given by their 32-bit hashes. */
  slot(feature: number, option: number): number {
    return mixBits(feature ^ Math.imul(option, 0x9e3779b1)) >>> (32 - this.bits)
  }

  weight(slot: number): number {
    return this.#pages[slot >>> pageBits]?.[(slot & pageMask) << 1] ?? 0
  }

  accumulator(slot: number): number {
    return this.#pages[slot >>> pageBits]?.[((slot & pageMask) << 1) | 1] ?? 0
  }

  /** Overwrites a slot. The accumulator must be above 0: that marks a slot as used. */
  set(slot: number, weight: number, accumulator: number): void {
    const page = (this.#pages[slot >>> pageBits] ??= new Float32Array(pageSlots * 2))
    const at = (slot & pageMask) << 1
    page[at] = weight
    page[at | 1] = accumulator
  }

  /** Number of slots in use. */
  used(): number {
    let count = 0
    for (const page of this.#pages) {
      if (page !== undefined) for (let at = 1; at < page.length; at += 2) if (page[at] !== 0) count += 1
    }
    return count
  }

  /** The used slots as bytes: per page its number, a bit per slot, and weight and accumulator of each slot that is used. Little-endian. */
  save(): Uint8Array {
    const pages = this.#pages.filter((page) => page !== undefined).length
    const bytes = new Uint8Array(8 + pages * pageHeader + this.used() * 8)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, this.bits, true)
    view.setUint32(4, pages, true)
    let at = 8
    for (const [number, page] of this.#pages.entries()) {
      if (page === undefined) continue
      view.setUint32(at, number, true)
      const marks = at + 4
      at += pageHeader
      for (let slot = 0; slot < pageSlots; slot += 1) {
        const accumulator = page[(slot << 1) | 1] ?? 0
        if (accumulator === 0) continue
        const mark = marks + (slot >>> 3)
        bytes[mark] = (bytes[mark] ?? 0) | (1 << (slot & 7))
        view.setFloat32(at, page[slot << 1] ?? 0, true)
        view.setFloat32(at + 4, accumulator, true)
        at += 8
      }
    }
    return bytes
  }

  /** @throws AutodidactError CORRUPT when the bytes are not those of a table */
  static load(bytes: Uint8Array): WeightTable {
    try {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const table = new WeightTable(view.getUint32(0, true))
      const pages = view.getUint32(4, true)
      let at = 8
      for (let count = 0; count < pages; count += 1) {
        const first = view.getUint32(at, true) << pageBits
        const marks = at + 4
        at += pageHeader
        for (let slot = 0; slot < pageSlots; slot += 1) {
          if ((view.getUint8(marks + (slot >>> 3)) & (1 << (slot & 7))) === 0) continue
          table.set(first + slot, view.getFloat32(at, true), view.getFloat32(at + 4, true))
          at += 8
        }
      }
      return table
    } catch (cause) {
      throw new AutodidactError('CORRUPT', 'Saved weights are damaged. Drop this snapshot and fold the log again.', { cause })
    }
  }
}
