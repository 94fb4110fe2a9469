/** A share with the interval in which the true one lies with a confidence of 95 % (Wilson 1927). */
export interface Share {
  /** What was counted, 0 or more; fractional when rewards are graded. */
  readonly count: number
  /** Out of how many. */
  readonly of: number
  /** count / of, in [0, 1]; absent when `of` is 0. */
  readonly rate?: number
  /** Lower end of the interval, in [0, 1]; 0 when `of` is 0. */
  readonly low: number
  /** Upper end of the interval, in [0, 1]; 1 when `of` is 0. */
  readonly high: number
}
