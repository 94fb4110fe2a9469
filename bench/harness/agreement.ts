/** How well groups that were found agree with those that were given. */
export interface Agreement {
  /** Share that belongs to the commonest given group of its found group, in [0, 1]. */
  readonly purity: number
  /** 1 for the same groups, about 0 for groups drawn at random. */
  readonly adjustedRand: number
}

const pairs = (size: number): number => (size * (size - 1)) / 2

const counted = <Item>(items: readonly Item[]): Map<Item, number> => {
  const counts = new Map<Item, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

const pairsIn = (groups: Iterable<number>): number => [...groups].reduce((sum, size) => sum + pairs(size), 0)

/**
 * Purity (Manning, Raghavan and Schütze 2008, section 16.3) and the Rand index corrected for chance (Hubert and Arabie 1985, "Comparing partitions").
 *
 * @param found a group for each item
 * @param given the true one, aligned with `found`
 */
export const agreement = (found: readonly string[], given: readonly string[]): Agreement => {
  const together = Map.groupBy(given.keys(), (place) => found[place] ?? '')
  const cells = [...together.values()].map((places) => [...counted(places.map((place) => given[place])).values()])
  const both = cells.reduce((sum, sizes) => sum + pairsIn(sizes), 0)
  const [ours, theirs] = [pairsIn(cells.map((sizes) => sizes.reduce((sum, size) => sum + size, 0))), pairsIn(counted(given).values())]
  const expected = (ours * theirs) / pairs(given.length)
  const most = (ours + theirs) / 2
  return {
    purity: cells.reduce((sum, sizes) => sum + Math.max(...sizes), 0) / given.length,
    adjustedRand: most === expected ? 1 : (both - expected) / (most - expected),
  }
}
