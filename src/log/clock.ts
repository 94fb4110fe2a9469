import { AutodidactError } from '../errors.ts'
import { described } from '../expect.ts'

/** The last moment that a date of JavaScript can name. */
const latest = 8.64e15

/**
 * A clock in whole milliseconds since 1970-01-01 UTC: finer clocks exist, and the log counts in milliseconds.
 *
 * @throws AutodidactError `INVALID_INPUT` at each call that gives no such time
 */
export const wholeMilliseconds = (clock: () => number): (() => number) => () => {
  let now: unknown
  try {
    now = clock()
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', 'The clock failed. Pass a function that gives milliseconds since 1970-01-01 UTC, such as Date.now.', { cause: error })
  }
  const whole = typeof now === 'number' ? Math.floor(now) : Number.NaN
  if (whole >= 0 && whole <= latest) return whole
  throw new AutodidactError('INVALID_INPUT', `The clock gave ${described(now)}. It must give milliseconds since 1970-01-01 UTC, such as Date.now does.`)
}
