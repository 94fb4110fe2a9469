import type { Share } from './share.ts'

/** A difference of two shares with the interval in which the true one lies with a confidence of 95 %, all in [−1, 1]. */
export interface ShareDifference {
  readonly difference: number
  readonly low: number
  readonly high: number
}

/**
 * The rate of one share less that of another, with its 95 % interval from the score intervals of both: the distances of each rate from the ends of its own interval, squared
 * and added. Where one of them has counted nothing the difference is 0, and may be anything.
 *
 * Source: Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
 */
export const newcombe = (share: Share, against: Share): ShareDifference => {
  if (share.rate === undefined || against.rate === undefined) return { difference: 0, low: -1, high: 1 }
  const difference = share.rate - against.rate
  return {
    difference,
    low: Math.max(-1, difference - Math.hypot(share.rate - share.low, against.high - against.rate)),
    high: Math.min(1, difference + Math.hypot(share.high - share.rate, against.rate - against.low)),
  }
}
