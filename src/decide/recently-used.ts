/** A map of bounded size that drops the entry not asked for the longest. */
export class RecentlyUsed<Value> {
  readonly #size: number
  readonly #entries = new Map<string, Value>()

  /** @param size most entries kept; 1 or more */
  constructor(size: number) {
    this.#size = size
  }

  /** The value of a key, made and kept if it is not there. */
  get(key: string, make: () => Value): Value {
    const known = this.#entries.get(key)
    const value = known ?? make()
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#size) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    return value
  }
}
