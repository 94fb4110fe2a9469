import { AutodidactError } from './errors.ts'

/**
 * Guards of public functions that are called too often for a schema. Programs without types may hand over anything: each guard says what it got, and what
 * to pass instead.
 */

/** Characters of a wrong text that are repeated in the message. */
const shown = 40

/** A value in a few words; runs no code of it, and repeats no megabytes. */
export const described = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.length <= shown ? value : `${value.slice(0, shown).toWellFormed()}…`)
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'bigint') return 'a bigint'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** @throws AutodidactError `INVALID_INPUT` */
const refuse = (what: string, value: unknown, wanted: string): never => {
  throw new AutodidactError('INVALID_INPUT', `${what} is ${described(value)}. Pass ${wanted}.`)
}

/** @throws AutodidactError `INVALID_INPUT` when it is no text */
export const expectText = (value: unknown, what: string): void => {
  if (typeof value !== 'string') refuse(what, value, 'a text')
}

/** @throws AutodidactError `INVALID_INPUT` when it is no finite number from `least` to `most` */
export const expectNumber = (value: unknown, what: string, least = -Infinity, most = Infinity): void => {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most) return
  const range = `${least === -Infinity ? '' : ` from ${least}`}${most === Infinity ? '' : ` to ${most}`}`
  refuse(what, value, `a finite number${range}`)
}

/** @throws AutodidactError `INVALID_INPUT` when it is no finite number above 0 */
export const expectPositive = (value: unknown, what: string): void => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) refuse(what, value, 'a finite number above 0')
}

/** @throws AutodidactError `INVALID_INPUT` when it is no list */
export const expectList = (value: unknown, what: string): void => {
  if (!Array.isArray(value)) refuse(what, value, 'a list')
}

/** @throws AutodidactError `INVALID_INPUT` when it is no function */
export const expectFunction = (value: unknown, what: string): void => {
  if (typeof value !== 'function') refuse(what, value, 'a function')
}

/** @throws AutodidactError `INVALID_INPUT` when it is no object, or lacks one of the methods */
export const expectObject = (value: unknown, what: string, methods: readonly string[] = []): void => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(what, value, 'an object')
  for (const method of methods) expectFunction(Reflect.get(value, method), `${what}: ${method}`)
}
