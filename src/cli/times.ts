import { InvalidArgumentError } from 'commander'

const dayMs = 24 * 3_600_000

/** Days as milliseconds; undefined stays so. */
export const daysInMs = (days: number | undefined): number | undefined => (days === undefined ? undefined : Math.round(days * dayMs))

/** A day, or a day and a time of it, with a zone if it is not UTC. `Date.parse` takes a bare number for a year or a month, and reads other forms in the zone of the machine. */
const date = /^\d{4}-\d{2}-\d{2}(?<time>T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/

/** The first millisecond of a date; NaN for what is none, such as the 30th of February, which `Date.parse` takes for a day in March. */
const startOf = (value: string): number => {
  const day = value.slice(0, 10)
  if (!date.test(value) || Number.isNaN(Date.parse(day)) || !new Date(day).toISOString().startsWith(day)) return Number.NaN
  const { time, zone } = date.exec(value)?.groups ?? {}
  return Date.parse(time === undefined || zone !== undefined ? value : `${value}Z`)
}

/** How many days `90d` is; undefined for what is not written so. */
const daysOf = (value: string): number | undefined => {
  const days = /^(\d{1,6})d$/.exec(value)?.[1]
  return days === undefined ? undefined : Number(days)
}

const known = (time: number): number => {
  if (!(time >= 0)) throw new InvalidArgumentError('It must be a date such as 2026-12-31 or 2026-12-31T09:30Z, or a number of days such as 90d.')
  return time
}

/** For options that take a time in the past: a date, or so many days ago. */
export const parsePast = (value: string): number => {
  const days = daysOf(value)
  return known(days === undefined ? startOf(value) : Date.now() - days * dayMs)
}

/** For options that take a time until which something holds: a day, whose end is meant, a time of it, or so many days from now. */
export const parseUntil = (value: string): number => {
  const days = daysOf(value)
  return known(days === undefined ? startOf(value) + (value.includes('T') ? 0 : dayMs - 1) : Date.now() + days * dayMs)
}
