import { logWays } from './sequential/log-gamma.ts'

/** What was counted, out of how many; whole numbers. */
interface Counted {
  readonly count: number
  readonly of: number
}

/** Probability that, of all that were counted in two groups, at least so many fall to the first when each group is dealt its members by chance. */
const tail = (atLeast: number, first: number, second: number, counted: number): number => {
  const ways = logWays(first + second, counted)
  let sum = 0
  for (let count = Math.max(atLeast, counted - second, 0); count <= Math.min(first, counted); count += 1) {
    sum += Math.exp(logWays(first, count) + logWays(second, counted - count) - ways)
  }
  return Math.min(1, sum)
}

/**
 * Probability that chance alone makes a share as much larger than another one, or more: exact for any number of runs, because it asks only how those that went well are dealt to the two.
 *
 * Source: Fisher 1935, "The Logic of Inductive Inference", one-sided.
 */
export const fisher = (share: Counted, against: Counted): number => tail(share.count, share.of, against.of, share.count + against.count)

/** The least that {@link fisher} could have been, had the same successes been dealt otherwise: all that there is room for to the first. */
export const leastFisher = (share: Counted, against: Counted): number => {
  const counted = share.count + against.count
  return tail(Math.min(share.of, counted), share.of, against.of, counted)
}
