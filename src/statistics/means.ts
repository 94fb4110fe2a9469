import { studentQuantile } from './student.ts'

/** What is needed of some values to compare their mean. */
export interface Moments {
  readonly count: number
  readonly mean: number
  /** Sample variance, with one degree of freedom less than values; 0 for a single value. */
  readonly variance: number
}

/** An estimate with its 95 % interval. */
export interface ConfidenceInterval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Mean and variance in one pass that loses no digits. Source: Welford 1962, "Note on a method for calculating corrected sums of squares and products". */
export const momentsOf = (values: Iterable<number>): Moments => {
  let [count, mean, squares] = [0, 0, 0]
  for (const value of values) {
    count += 1
    const distance = value - mean
    mean += distance / count
    squares += distance * (value - mean)
  }
  return { count, mean, variance: count > 1 ? squares / (count - 1) : 0 }
}

/**
 * One mean less another, whose values may vary differently. Undefined where nothing says how much they vary: either has fewer than two values, or the values of each are all alike,
 * as a coarse clock makes them.
 *
 * Source: Welch 1947, "The generalization of Student's problem when several different population variances are involved", with the degrees of freedom of
 * Satterthwaite 1946.
 */
export const meanDifference = (values: Moments, against: Moments): ConfidenceInterval | undefined => {
  if (values.count < 2 || against.count < 2) return undefined
  const [own, other] = [values.variance / values.count, against.variance / against.count]
  const value = values.mean - against.mean
  if (own + other === 0) return undefined
  const degrees = (own + other) ** 2 / (own ** 2 / (values.count - 1) + other ** 2 / (against.count - 1))
  const half = studentQuantile(0.975, degrees) * Math.sqrt(own + other)
  return { value, low: value - half, high: value + half }
}

/** No infinity, which JSON cannot hold. */
const exponential = (value: number): number => Math.min(Number.MAX_VALUE, Math.exp(value))

const logarithms = (values: readonly number[], least: number): Moments => momentsOf(values.map((value) => Math.log(Math.max(value, least))))

/**
 * How many times as large values are as others: the ratio of their geometric means, because durations and costs are skewed and what changes them multiplies. {@link meanDifference}
 * of the logarithms, and undefined where that is.
 *
 * @param least what is smaller counts as this: nothing has no logarithm
 */
export const meanRatio = (values: readonly number[], against: readonly number[], least: number): ConfidenceInterval | undefined => {
  const difference = meanDifference(logarithms(values, least), logarithms(against, least))
  if (difference === undefined) return undefined
  return { value: exponential(difference.value), low: exponential(difference.low), high: exponential(difference.high) }
}

/** What the mean of some values is at least (one-sided t); −∞ for fewer than two. @param chance the probability that it is less */
export const leastMean = ({ count, mean, variance }: Moments, chance: number): number =>
  count < 2 ? -Infinity : mean - studentQuantile(1 - chance, count - 1) * Math.sqrt(variance / count)
