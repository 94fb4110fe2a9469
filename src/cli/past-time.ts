import { InvalidArgumentError } from 'commander'

const dayMs = 24 * 3_600_000

/** Days as milliseconds; undefined stays so. */
export const daysInMs = (days: number | undefined): number | undefined => (days === undefined ? undefined : Math.round(days * dayMs))

/** For options that take a time in the past: a date, or so many days ago such as `90d`. */
export const parseTime = (value: string): number => {
  const days = /^(\d{1,6})d$/.exec(value)?.[1]
  const time = days === undefined ? Date.parse(value) : Date.now() - Number(days) * dayMs
  if (!Number.isFinite(time) || time < 0) throw new InvalidArgumentError('It must be a date such as 2026-03-31, or a number of days such as 90d.')
  return time
}
