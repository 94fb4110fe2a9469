import { InvalidArgumentError } from 'commander'

const dayMs = 24 * 3_600_000

/** For options that take a time ahead: a day, whose end is meant, a time, or so many days from now such as `90d`. */
export const parseUntil = (value: string): number => {
  const days = /^(\d{1,6})d$/.exec(value)?.[1]
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value)
  const time = days === undefined ? Date.parse(value) + (isDay ? dayMs - 1 : 0) : Date.now() + Number(days) * dayMs
  if (!Number.isFinite(time) || time < 0) throw new InvalidArgumentError('It must be a date such as 2026-12-31, or a number of days such as 90d.')
  return time
}
