import { twoSidedTail } from './normal.ts'

/** Whether values rise or fall with time, and how sure that is. */
export interface TrendTest {
  /** Values that were looked at. */
  readonly count: number
  /** Pairs of an earlier and a later value that rise, less those that fall. */
  readonly score: number
  /** Kendall's τ-b, in [−1, 1]: 1 when every later value is higher. 0 when all are equal. */
  readonly tau: number
  /** The score in standard deviations, corrected for continuity. */
  readonly z: number
  /** Probability of a score as far from 0 if there is no trend, by the normal approximation; good from 10 values on. */
  readonly p: number
}

/** Ranks from 1, the same for equal values, and how many values have each. */
const ranked = (values: ArrayLike<number>): { readonly ranks: Int32Array; readonly ties: Int32Array } => {
  const order = Float64Array.from(values).sort()
  const ranks = new Int32Array(values.length)
  const distinct = order.filter((value, place) => place === 0 || value !== order[place - 1])
  const ties = new Int32Array(distinct.length + 1)
  for (let place = 0; place < values.length; place += 1) {
    let [low, high] = [0, distinct.length - 1]
    const value = values[place] ?? 0
    while (low < high) {
      const middle = (low + high) >> 1
      if ((distinct[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    ranks[place] = low + 1
    ties[low + 1] = (ties[low + 1] ?? 0) + 1
  }
  return { ranks, ties }
}

/** Values seen so far by rank, in a binary indexed tree: Fenwick 1994. */
class RankCounts {
  readonly #tree: Int32Array

  constructor(ranks: number) {
    this.#tree = new Int32Array(ranks + 1)
  }

  add(rank: number): void {
    for (let node = rank; node < this.#tree.length; node += node & -node) this.#tree[node] = (this.#tree[node] ?? 0) + 1
  }

  /** How many have at most this rank. */
  upTo(rank: number): number {
    let count = 0
    for (let node = rank; node > 0; node -= node & -node) count += this.#tree[node] ?? 0
    return count
  }
}

/**
 * The trend test of Mann and Kendall: a rank test, so that outliers and the shape of the distribution do not matter, and successes and failures, 1 and 0, are values like others: then it is the
 * rank sum test of when the successes were. It takes values for independent of one another; where good and bad runs come in streaks, its p is too small.
 *
 * Source: Mann 1945, "Nonparametric tests against trend"; Kendall, "Rank Correlation Methods", 1975, for ties. Time is n log n.
 *
 * @param values in the order of time; none of them NaN
 */
export const mannKendall = (values: ArrayLike<number>): TrendTest => {
  const count = values.length
  const { ranks, ties } = ranked(values)
  const before = new RankCounts(ties.length)
  let score = 0
  for (let place = 0; place < count; place += 1) {
    const rank = ranks[place] ?? 0
    const lower = before.upTo(rank - 1)
    const higher = place - before.upTo(rank)
    score += lower - higher
    before.add(rank)
  }
  let [tiedPairs, tiedVariance] = [0, 0]
  for (const tied of ties) {
    tiedPairs += (tied * (tied - 1)) / 2
    tiedVariance += tied * (tied - 1) * (2 * tied + 5)
  }
  const pairs = (count * (count - 1)) / 2
  const variance = (count * (count - 1) * (2 * count + 5) - tiedVariance) / 18
  const z = score === 0 || variance <= 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance)
  const tau = score === 0 ? 0 : score / Math.sqrt(pairs * (pairs - tiedPairs))
  return { count, score, tau, z, p: twoSidedTail(z) }
}
