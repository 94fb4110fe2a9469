import { AutodidactError } from '../errors.ts'
import { described } from '../expect.ts'

/** The last moment that a date of JavaScript can name. */
const latest = 8.64e15

/** 2000-01-01 UTC: who tells of an earlier time has counted seconds. */
const earliest = 946_684_800_000

/** Clocks of two machines differ, and so do time zones that somebody forgot. */
const mostAheadMs = 24 * 3_600_000

/**
 * A time that somebody claims must be possible by the clock: not before 2000-01-01 UTC, as seconds in the place of milliseconds are, and at most a day ahead. By a clock
 * that itself stands before 2000, as in a simulation, every time is possible.
 *
 * @param times by their names; those that are undefined were not claimed
 * @throws AutodidactError `INVALID_INPUT`
 */
export const refuseImpossible = (times: Readonly<Record<string, number | undefined>>, now: number, what: string): void => {
  if (now < earliest) return
  for (const [name, time] of Object.entries(times)) {
    if (time === undefined || (time >= earliest && time <= now + mostAheadMs)) continue
    const wrong = time < earliest ? 'before the year 2000' : 'more than a day ahead of the clock'
    throw new AutodidactError(
      'INVALID_INPUT',
      `${what}: ${name} is ${time}, which is ${wrong}. Nothing was written; pass milliseconds since 1970-01-01 UTC, as Date.now() gives them: seconds times 1000.`,
    )
  }
}

/**
 * A time that something is compared with must not be one in seconds, which would pass for one of 1970: nothing lies before it, and everything behind. 0 is the beginning,
 * and what lies ahead is allowed. By a clock that itself stands before 2000 every time is.
 *
 * @param times by their names; those that are undefined were not given
 * @throws AutodidactError `INVALID_INPUT`
 */
export const refuseSeconds = (times: Readonly<Record<string, number | undefined>>, now: number, what: string): void => {
  const inSeconds = Object.entries(times).filter(([, time]) => time !== undefined && time > 0 && time < earliest)
  refuseImpossible(Object.fromEntries(inSeconds), now, what)
}

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
