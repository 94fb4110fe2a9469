import type { Share } from './share.ts'

/** 97.5 % quantile of the standard normal distribution: 95 % lie between −z and z. */
const twoSided = 1.959963984540054

/** 95 % quantile: where only one side matters, 95 % lie on the near side of z. */
export const oneSided = 1.6448536269514722

/**
 * A share with its 95 % score interval: centre (p + z²/2n) / (1 + z²/n), half-width z / (1 + z²/n) · √(p(1 − p)/n + z²/4n²). Unlike the textbook interval
 * it never leaves [0, 1] and is not empty at 0 or n.
 *
 * Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
 *
 * @param count 0 or more, at most `of`; need not be whole
 * @param of 0 or more
 * @param z quantile of the standard normal distribution that the interval reaches to; default 97.5 %
 */
export const wilson = (count: number, of: number, z = twoSided): Share => {
  // Sums of graded rewards may overshoot by a rounding error.
  const held = Math.min(Math.max(count, 0), Math.max(of, 0))
  if (!(of > 0)) return { count: 0, of: 0, low: 0, high: 1 }
  const rate = held / of
  const shrink = 1 + (z * z) / of
  const centre = (rate + (z * z) / (2 * of)) / shrink
  const half = (z / shrink) * Math.sqrt((rate * (1 - rate)) / of + (z * z) / (4 * of * of))
  // Rounding must not put the rate outside its own interval, nor the interval outside [0, 1].
  return { count: held, of, rate, low: Math.max(0, Math.min(rate, centre - half)), high: Math.min(1, Math.max(rate, centre + half)) }
}
