import { incompleteBeta } from './incomplete-beta.ts'

/** Probability of at most so many successes in independent runs. @param rate of success, from 0 to 1 */
export const atMost = (count: number, of: number, rate: number): number => {
  if (rate <= 0 || count >= of) return 1
  return incompleteBeta(of - count, count + 1, 1 - rate)
}

const halvings = 60

/**
 * What a rate of success is at most: the rate at which so few successes, or fewer, have only the given probability. Exact for any number of runs.
 *
 * Source: Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial", one-sided.
 */
export const rateAtMost = (count: number, of: number, probability: number): number => {
  let [low, high] = [0, 1]
  for (let halving = 0; halving < halvings; halving += 1) {
    const middle = (low + high) / 2
    if (atMost(count, of, middle) > probability) low = middle
    else high = middle
  }
  return high
}

/** What a rate of success is at least: so many successes, or more, have only the given probability at it. */
export const rateAtLeast = (count: number, of: number, probability: number): number => 1 - rateAtMost(of - count, of, probability)
