/** How often one thing is followed by another. */
export interface Step {
  readonly from: number
  readonly to: number
  /** In [0, 1]; those from one place sum up to 1 at most. */
  readonly chance: number
}

/** Steps that are looked ahead; a way is rarely longer. */
const mostSteps = 64
/** Changes that nobody would see. */
const nothing = 1e-4

/** From where places are come to, and how probably, where each step depends on the one before alone: the chances of absorption of a Markov chain, by value iteration. */
export class Reach {
  readonly #from: ReadonlyMap<number, readonly Step[]>
  readonly #to: ReadonlyMap<number, readonly Step[]>
  readonly #known = new Map<number, ReadonlyMap<number, number>>()

  constructor(steps: readonly Step[]) {
    this.#from = Map.groupBy(steps, ({ from }) => from)
    this.#to = Map.groupBy(steps, ({ to }) => to)
  }

  /** By place; without those from which the target is not come to. */
  to(target: number): ReadonlyMap<number, number> {
    const known = this.#known.get(target) ?? this.#chances(target)
    this.#known.set(target, known)
    return known
  }

  /** Each round looks at places only of which a next one has changed: on a long way that is one. */
  #chances(target: number): ReadonlyMap<number, number> {
    const reach = new Map<number, number>()
    let changed: Iterable<number> = [target]
    for (let round = 0; round < mostSteps; round += 1) {
      const next = new Map<number, number>()
      for (const place of changed) {
        for (const { from } of this.#to.get(place) ?? []) if (!next.has(from)) next.set(from, this.#step(from, target, reach))
      }
      let most = 0
      for (const [from, value] of next) {
        const change = Math.abs(value - (reach.get(from) ?? 0))
        if (change === 0) next.delete(from)
        most = Math.max(most, change)
      }
      for (const [from, value] of next) reach.set(from, value)
      if (most < nothing) break
      changed = next.keys()
    }
    return reach
  }

  #step(from: number, target: number, reach: ReadonlyMap<number, number>): number {
    let sum = 0
    for (const { to, chance } of this.#from.get(from) ?? []) sum = Math.min(1, sum + chance * (to === target ? 1 : (reach.get(to) ?? 0)))
    return sum
  }
}
