import { logWays } from './sequential/log-gamma.ts'

/** Probability of at most so many successes in independent runs. @param rate of success, from 0 to 1 */
export const atMost = (count: number, of: number, rate: number): number => {
  if (rate <= 0 || count >= of) return 1
  if (rate >= 1) return 0
  let sum = 0
  for (let successes = 0; successes <= count; successes += 1) {
    sum += Math.exp(logWays(of, successes) + successes * Math.log(rate) + (of - successes) * Math.log1p(-rate))
  }
  return Math.min(1, sum)
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
