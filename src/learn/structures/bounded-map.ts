import { RecentMap } from './recent-map.ts'

/** A map of bounded size that lets go of what was changed longest ago. The order is part of it: it is saved and loaded with it. */
export class BoundedMap<Key, Value> {
  readonly #most: number
  readonly #entries: RecentMap<Key, Value>

  /** @param entries the one changed longest ago first */
  constructor(most: number, entries: Iterable<readonly [Key, Value]> = []) {
    this.#most = most
    this.#entries = new RecentMap(entries)
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)
  }

  /** Puts an entry at the end, and lets the first one go where there are too many. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#most) this.#entries.dropOldest()
  }

  delete(key: Key): void {
    this.#entries.delete(key)
  }

  /** The one changed longest ago first. */
  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.#entries.entries()
  }
}
