import { expectNumber } from '../../expect.ts'

/** Where a number lies, with a stated confidence. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** Share of all repetitions in which an interval, or a sequence of them at any time, may miss the truth. */
export const defaultAlpha = 0.05

/** @throws AutodidactError `INVALID_INPUT` when it is no probability from which these formulas make an interval: above 0, at most .5 */
export const expectAlpha = (alpha: number, what: string): void => expectNumber(alpha, `${what}: alpha`, Number.MIN_VALUE, 0.5)

/**
 * Where a monotone function changes from false to true, to the precision of the numbers: bisection of [`from`, `to`].
 *
 * @param holds false at `from`, true at `to`
 */
export const turningPoint = (from: number, to: number, holds: (value: number) => boolean): number => {
  let [below, above] = [from, to]
  // 60 halvings of an interval of length 1 leave less than the distance of two numbers.
  for (let step = 0; step < 60; step += 1) {
    const middle = (below + above) / 2
    if (holds(middle)) above = middle
    else below = middle
  }
  return above
}
