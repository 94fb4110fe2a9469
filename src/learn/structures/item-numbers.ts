import { AutodidactError } from '../../errors.ts'
import { packBytes, unpackHashes } from '../../log/packed.ts'
import { hashText, hashTexts } from '../hash.ts'

/** Numbers of an entry: the two halves of the fingerprint, and what is known of the item. */
const width = 3

/** Items that a new table has room for; it doubles when it is full. */
const firstRoom = 64

/** A table without any item as it is saved. */
export const noItems = ''

/**
 * A number for each of very many items, by a fingerprint of their ids: 64 bits, so that among ten million items the chance that any two are taken for one is one in four hundred thousand. In two arrays that hold no
 * objects, 20 to 40 bytes an item, because every run of a log is one: as entries of a map they took three times as much, and the collector looked at each of them again and again.
 */
export class ItemNumbers {
  /** In the order of adding. */
  #entries: Uint32Array
  #size: number
  /** Open addressing: the entry + 1 by place, 0 where a place is free. At least half as many places more than there is room for entries. */
  #places: Uint32Array

  /**
   * @param saved of {@link ItemNumbers.save}
   * @throws AutodidactError `CORRUPT`
   */
  constructor(saved = noItems) {
    const entries = unpackHashes(saved)
    if (entries.length % width !== 0) throw new AutodidactError('CORRUPT', 'A saved table of items is cut off. Drop this snapshot and fold the log again.')
    this.#size = entries.length / width
    // As it was saved, without room for more: most processes add little.
    this.#entries = entries
    this.#places = this.#placed()
  }

  get size(): number {
    return this.#size
  }

  /** Undefined for an item that was never added. */
  get(id: string): number | undefined {
    const found = this.#places[this.#placeOf(hashText(id), hashTexts('item ', id))] ?? 0
    return found === 0 ? undefined : this.#entries[width * (found - 1) + 2]
  }

  /** Adds an item that is not there yet; of one that is, what was known stays. */
  add(id: string, number: number): void {
    const [high, low] = [hashText(id), hashTexts('item ', id)]
    if (this.#places[this.#placeOf(high, low)] !== 0) return
    if (width * this.#size === this.#entries.length) this.#grow()
    this.#entries[width * this.#size] = high
    this.#entries[width * this.#size + 1] = low
    this.#entries[width * this.#size + 2] = number
    this.#places[this.#placeOf(high, low)] = this.#size + 1
    this.#size += 1
  }

  save(): string {
    return packBytes(this.#entries.subarray(0, width * this.#size))
  }

  /** Where an item is, or the free place where it would be. Fingerprints are spread already. */
  #placeOf(high: number, low: number): number {
    const mask = this.#places.length - 1
    for (let place = high & mask; ; place = (place + 1) & mask) {
      const entry = width * ((this.#places[place] ?? 0) - 1)
      if (entry < 0 || (this.#entries[entry] === high && this.#entries[entry + 1] === low)) return place
    }
  }

  #grow(): void {
    const entries = new Uint32Array(width * Math.max(firstRoom, 2 * this.#size))
    entries.set(this.#entries)
    this.#entries = entries
    this.#places = this.#placed()
  }

  #placed(): Uint32Array {
    const room = Math.max(firstRoom, this.#entries.length / width)
    const places = new Uint32Array(2 ** Math.ceil(Math.log2(1.5 * room)))
    const mask = places.length - 1
    for (let entry = 0; entry < this.#size; entry += 1) {
      let place = (this.#entries[width * entry] ?? 0) & mask
      while (places[place] !== 0) place = (place + 1) & mask
      places[place] = entry + 1
    }
    return places
  }
}
