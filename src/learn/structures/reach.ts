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

/**
 * From where a place is come to, and how probably, where each step depends on the one before alone: the chances of absorption of a Markov chain, by value iteration.
 *
 * @returns by place that something follows on
 */
export const reachOf = (steps: readonly Step[], target: number): ReadonlyMap<number, number> => {
  let reach = new Map<number, number>()
  for (let round = 0; round < mostSteps; round += 1) {
    const next = new Map<number, number>()
    for (const { from, to, chance } of steps) next.set(from, Math.min(1, (next.get(from) ?? 0) + chance * (to === target ? 1 : (reach.get(to) ?? 0))))
    const change = [...next].reduce((most, [from, value]) => Math.max(most, Math.abs(value - (reach.get(from) ?? 0))), 0)
    reach = next
    if (change < nothing) break
  }
  return reach
}
