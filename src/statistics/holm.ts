/**
 * Probabilities of several tests, each raised so that not even one of the tests speaks without cause more often than by its own: the smallest is multiplied by
 * the number of tests, the next by one less, and so on, none less than the one before it.
 *
 * Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
 */
export const holm = (probabilities: readonly number[]): number[] => {
  const order = probabilities.map((p, place) => ({ p, place })).toSorted((left, right) => left.p - right.p)
  const adjusted = probabilities.map(() => 1)
  let least = 0
  for (const [rank, { p, place }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (probabilities.length - rank)))
    adjusted[place] = least
  }
  return adjusted
}
