/** Texts with this share of common terms say nearly the same. */
export const nearlyTheSame = 0.8

/** Two of a list of sets, and the share of their terms that they have in common (Jaccard), in (0, 1]. */
export interface NearPair {
  readonly first: number
  readonly second: number
  readonly overlap: number
}

/** So many sets, the latest with a rare term in common, are compared with one: of thousands that all say the same, some tell enough. */
const mostCompared = 64

const overlapOf = (left: ReadonlySet<string>, right: ReadonlySet<string>): number => {
  const [small, large] = left.size < right.size ? [left, right] : [right, left]
  let shared = 0
  for (const term of small) if (large.has(term)) shared += 1
  return shared / (left.size + right.size - shared)
}

/**
 * Pairs of sets with at least this share of terms in common; all of them, where no rare term is in more than {@link mostCompared}. Sets that are so near share one of the few rarest terms of each, so only those are compared (prefix filtering;
 * Bayardo, Ma and Srikant 2007, "Scaling up all pairs similarity search").
 *
 * @param least in (0, 1]
 */
export const nearPairs = (sets: readonly ReadonlySet<string>[], least: number): readonly NearPair[] => {
  const frequency = new Map<string, number>()
  for (const terms of sets) for (const term of terms) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const byRarity = (left: string, right: string): number => (frequency.get(left) ?? 0) - (frequency.get(right) ?? 0) || (left < right ? -1 : 1)
  const holders = new Map<string, number[]>()
  const pairs: NearPair[] = []
  for (const [second, terms] of sets.entries()) {
    const rarest = [...terms].sort(byRarity).slice(0, terms.size - Math.ceil(least * terms.size) + 1)
    for (const first of new Set(rarest.flatMap((term) => holders.get(term) ?? []))) {
      const overlap = overlapOf(sets[first] ?? new Set(), terms)
      if (overlap >= least) pairs.push({ first, second, overlap })
    }
    for (const term of rarest) {
      const known = holders.get(term) ?? []
      known.push(second)
      if (known.length > mostCompared) known.shift()
      holders.set(term, known)
    }
  }
  return pairs
}
