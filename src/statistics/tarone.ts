/**
 * The probability at which each of several comparisons may be made, so that not even one of them speaks by chance more often than by the given one: that, divided by the number of those that could
 * speak at all. Whichever cannot, because too little was counted to be rare enough, has no part in it.
 *
 * Source: Tarone 1990, "A modified Bonferroni method for discrete data".
 *
 * @param least the smallest probability that each comparison could have come to, in [0, 1]
 * @param all the probability that any speaks by chance
 */
export const tarone = (least: readonly number[], all: number): number => {
  const sorted = least.toSorted((left, right) => left - right)
  let comparisons = 1
  // Those that can speak become fewer as more are allowed for: the first number that is enough.
  while ((sorted[comparisons] ?? 1) <= all / comparisons) comparisons += 1
  return all / comparisons
}
