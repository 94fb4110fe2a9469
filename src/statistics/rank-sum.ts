import { logWays } from './sequential/log-gamma.ts'
import { twoSidedTail } from './normal.ts'

/** Up to so many pairs probabilities are counted; above, the normal distribution is taken, which in the tail is the larger one. */
const mostPairsCounted = 2_000

/**
 * In how many ways two samples can be in order with 0, 1, 2 … pairs against it, relative to all: the coefficients of a Gaussian binomial, one factor after the other. Only the lower half, in which
 * nothing is taken from something as large.
 */
const probabilitiesOf = (first: number, second: number): Float64Array => {
  const ways = new Float64Array(Math.floor((first * second) / 2) + 1)
  ways[0] = 1
  for (let member = 1; member <= first; member += 1) {
    for (let pairs = ways.length - 1; pairs >= second + member; pairs -= 1) ways[pairs] = (ways[pairs] ?? 0) - (ways[pairs - second - member] ?? 0)
    for (let pairs = member; pairs < ways.length; pairs += 1) ways[pairs] = (ways[pairs] ?? 0) + (ways[pairs - member] ?? 0)
    // As a probability at once: the ways themselves become larger than numbers can be.
    const share = member / (second + member)
    for (let pairs = 0; pairs < ways.length; pairs += 1) ways[pairs] = (ways[pairs] ?? 0) * share
  }
  return ways
}

/**
 * Probability that of the pairs of two samples at most so many are against the order in which one is the larger, if both come from the same distribution, whatever it is. Where values are alike it is too
 * large, if their pairs are counted as against it.
 *
 * Source: Mann and Whitney 1947, "On a test of whether one of two random variables is stochastically larger than the other".
 */
export const rankSumTail = (pairs: number, first: number, second: number): number => {
  const mean = (first * second) / 2
  if (pairs >= mean) return 1
  if (pairs === 0) return Math.exp(-logWays(first + second, first))
  if (first * second > mostPairsCounted) {
    const deviation = Math.sqrt((mean * (first + second + 1)) / 6)
    return twoSidedTail((mean - pairs - 0.5) / deviation) / 2
  }
  return probabilitiesOf(Math.min(first, second), Math.max(first, second)).subarray(0, pairs + 1).reduce((sum, probability) => sum + probability, 0)
}

/** The most pairs against the order of which {@link rankSumTail} is no larger than given; −1 where none are rare enough. */
const mostAgainst = (first: number, second: number, probability: number): number => {
  if (first * second <= mostPairsCounted) {
    let sum = 0
    // Beyond the lower half no probability is below one half, and none that is asked for above it.
    return probabilitiesOf(Math.min(first, second), Math.max(first, second)).findIndex((one) => (sum += one) > probability) - 1
  }
  let [shown, open] = [-1, Math.ceil((first * second) / 2)]
  while (open - shown > 1) {
    const middle = Math.floor((shown + open) / 2)
    if (rankSumTail(middle, first, second) <= probability) shown = middle
    else open = middle
  }
  return shown
}

/** Pairs, of two ascending samples, in which the first is at most as far above the second as given. */
const pairsWithin = (values: readonly number[], against: readonly number[], distance: number): number => {
  let [pairs, place] = [0, 0]
  for (const other of against) {
    while (place < values.length && (values[place] ?? 0) - other <= distance) place += 1
    pairs += place
  }
  return pairs
}

const logarithms = (values: readonly number[], smallest: number): number[] => values.map((value) => Math.log(Math.max(value, smallest))).toSorted((left, right) => left - right)

/** Values against others of the same kind. */
export interface Sides {
  readonly values: readonly number[]
  readonly against: readonly number[]
  /** What is smaller counts as this: nothing has no ratio. */
  readonly smallest: number
}

/** The least that the probability of {@link ratioOf} could have been, had the same values been dealt otherwise: the largest to the one side. 1 where a side is empty. */
export const leastRankSum = ({ values, against, smallest }: Sides): number => {
  if (values.length === 0 || against.length === 0) return 1
  const all = logarithms([...values, ...against], smallest)
  return rankSumTail(pairsWithin(all.slice(against.length), all.slice(0, against.length), 0), values.length, against.length)
}

/** How many times as large one side is. */
export interface PairRatio {
  /** Median of the ratios of all pairs. */
  readonly value: number
  /** What it is at least; above 1 where the side is shown to be larger. */
  readonly low: number
}

const halvings = 60

/**
 * How many times as large values are as others: the median of the ratios of all pairs, and what the true one is at least. It needs no distribution: a few values that are huge move neither, as they move
 * means. Undefined where a side is empty.
 *
 * Source: Hodges and Lehmann 1963, "Estimates of location based on rank tests", of the logarithms.
 *
 * @param probability that the true ratio is below `low`, at most
 */
export const ratioOf = ({ values, against, smallest }: Sides, probability: number): PairRatio | undefined => {
  if (values.length === 0 || against.length === 0) return undefined
  const [own, other] = [logarithms(values, smallest), logarithms(against, smallest)]
  /** The largest distance within which there are no more than so many pairs. */
  const distanceWith = (pairs: number): number => {
    let [low, high] = [(own[0] ?? 0) - (other.at(-1) ?? 0), (own.at(-1) ?? 0) - (other[0] ?? 0)]
    for (let halving = 0; halving < halvings; halving += 1) {
      const middle = (low + high) / 2
      if (pairsWithin(own, other, middle) <= pairs) low = middle
      else high = middle
    }
    return low
  }
  const mostBelow = mostAgainst(values.length, against.length, probability)
  return { value: Math.exp(distanceWith(Math.floor((values.length * against.length - 1) / 2))), low: mostBelow < 0 ? 0 : Math.exp(distanceWith(mostBelow)) }
}
