import type { ErrorTemplate } from './error-template.ts'

/** Errors of one template. */
export interface CountedErrors {
  readonly template: string
  readonly errors: number
  /** Those after which something helped. */
  readonly fixed: number
  /** Sequence of the latest. */
  readonly last: number
}

/** All that an {@link ErrorGroups} knows, as JSON can hold it: hashes of templates, the one seen last behind the others. */
export type SavedErrorGroups = readonly (readonly [hash: number, group: CountedErrors])[]

/** Counts errors by template, up to a number of templates: of the rarest, the one longest not seen makes room. */
export class ErrorGroups {
  readonly #most: number
  /** By the hash of the template, the one seen last behind the others: whoever has to make room is found from the front. */
  readonly #groups: Map<number, CountedErrors>

  /** @param most templates that are kept */
  constructor(most: number, saved: SavedErrorGroups = []) {
    this.#most = most
    this.#groups = new Map(saved)
  }

  save(): SavedErrorGroups {
    return [...this.#groups]
  }

  /** The most frequent first, and of those the one seen last. */
  ranked(): readonly CountedErrors[] {
    return [...this.#groups.values()].sort(
      (left, right) => right.errors - left.errors || right.last - left.last || (left.template < right.template ? -1 : 1),
    )
  }

  /** @param last sequence of the fact that tells of it; never smaller than before */
  count({ hash, text }: ErrorTemplate, fixed: boolean, last: number): void {
    const known = this.#groups.get(hash)
    this.#groups.delete(hash)
    this.#groups.set(hash, { template: known?.template ?? text, errors: (known?.errors ?? 0) + 1, fixed: (known?.fixed ?? 0) + Number(fixed), last })
    if (this.#groups.size > this.#most) this.#groups.delete(this.#rarestBut(hash))
  }

  #rarestBut(newest: number): number {
    let [rarest, fewest] = [newest, Number.POSITIVE_INFINITY]
    for (const [hash, { errors }] of this.#groups) {
      if (hash === newest || errors >= fewest) continue
      rarest = hash
      fewest = errors
      // None is rarer, and as a rule one of the first is as rare.
      if (errors === 1) break
    }
    return rarest
  }
}
