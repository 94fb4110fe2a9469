import { InvalidArgumentError } from 'commander'

/** For options that take a number. */
export const parseNumber = (value: string): number => {
  const parsed = Number(value)
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new InvalidArgumentError('It must be a number.')
  return parsed
}

/** For options that take a count. */
export const parseCount = (value: string): number => {
  const parsed = parseNumber(value)
  if (!Number.isInteger(parsed) || parsed < 0) throw new InvalidArgumentError('It must be a whole number, 0 or more.')
  return parsed
}

/** For options that take a count of which none makes no sense. */
export const parsePositive = (value: string): number => {
  const parsed = parseCount(value)
  if (parsed === 0) throw new InvalidArgumentError('It must be 1 or more.')
  return parsed
}

/** For options that take a number of days. */
export const parseDays = (value: string): number => {
  const days = parseNumber(value)
  if (days < 0) throw new InvalidArgumentError('It must be 0 or more.')
  return days
}

/** For options `key=value` that may be repeated. */
export const parsePair = (value: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const at = value.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must have the form key=value.')
  return { ...previous, [value.slice(0, at)]: value.slice(at + 1) }
}

/** For options that may be repeated. */
export const parseList = (value: string, previous: readonly string[] = []): string[] => [...previous, value]

type Defined<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> }

/** Only what was given: a flag left out must not override what the input says. */
export const defined = <Value extends object>(value: Value): Defined<Value> =>
  // Removing entries is what makes the type true; TypeScript cannot follow it through entries.
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<Value>
