/**
 * What was used lately, by key: a memory of what can be worked out again. Two generations instead of an exact order of use, which would cost more than
 * much of what is kept here: what was not used while the younger one filled up leaves with the older one.
 */
export class Recent<Key, Value> {
  readonly #generation: number
  #young = new Map<Key, Value>()
  #old: ReadonlyMap<Key, Value> = new Map()

  /** @param limit most entries kept, at least 2; the half of them that was used last is always there */
  constructor(limit: number) {
    this.#generation = Math.max(1, Math.floor(limit / 2))
  }

  /** The value of a key, which counts as used; nothing if it is not there (any more). */
  get(key: Key): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#generation && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
