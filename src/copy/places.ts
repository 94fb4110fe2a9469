/** A stretch of facts that all moved by the same number of places. */
interface Stretch {
  readonly first: number
  last: number
  readonly offset: number
}

/** Where the facts of one log lie in a copy of it, noted in their order. Holds one entry for each change of the distance, which is none where places are free. */
export class Places {
  readonly #stretches: Stretch[] = []

  note(from: number, to: number): void {
    const known = this.#stretches.at(-1)
    if (known?.offset === to - from) known.last = from
    else this.#stretches.push({ first: from, last: from, offset: to - from })
  }

  /** The place in the copy that has the same facts before it and behind it as a place in the original; 0 before the first. */
  of(place: number): number {
    const stretch = this.#stretches.findLast(({ first }) => first <= place)
    return stretch === undefined ? 0 : Math.min(place, stretch.last) + stretch.offset
  }
}
