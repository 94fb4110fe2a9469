/** Which items name what in their links. */
export class ItemLinks {
  /** By what they are linked to. */
  readonly #linking = new Map<string, Set<string>>()

  add(item: string, links: readonly { readonly to: string }[]): void {
    for (const { to } of links) {
      const known = this.#linking.get(to)
      if (known === undefined) this.#linking.set(to, new Set([item]))
      else known.add(item)
    }
  }

  remove(item: string, links: readonly { readonly to: string }[]): void {
    for (const { to } of links) {
      const known = this.#linking.get(to)
      known?.delete(item)
      if (known?.size === 0) this.#linking.delete(to)
    }
  }

  /** Whether anything is linked to anything. */
  get isEmpty(): boolean {
    return this.#linking.size === 0
  }

  /** The items that name one of these, each once. */
  to(names: readonly string[]): readonly string[] {
    return [...new Set(names.flatMap((name) => [...(this.#linking.get(name) ?? [])]))]
  }
}
