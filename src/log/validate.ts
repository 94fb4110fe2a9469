import type { z } from 'zod'
import { AutodidactError } from '../errors.ts'

/**
 * The value as the schema describes it.
 *
 * @param what names the value in the message, such as `record`
 * @throws AutodidactError `INVALID_INPUT` naming the first field that is wrong, and how
 */
export const validated = <Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> => {
  const result = parsed(schema, value, what)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const place = issue === undefined || issue.path.length === 0 ? what : `${what}: ${shortened(issue.path.map(String).join('.'))}`
  if (issue?.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    throw new AutodidactError('INVALID_INPUT', `${place} is missing. Nothing was written; pass it and call again.`)
  }
  throw new AutodidactError('INVALID_INPUT', `${place} is not valid: ${shortened(issue?.message ?? 'wrong shape')}. Nothing was written; correct it and call again.`)
}

/** Reading a value may run code of its owner: a getter, a proxy. */
const parsed = <Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.ZodSafeParseResult<z.output<Schema>> => {
  try {
    return schema.safeParse(value)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `${what} cannot be read: a field of it fails. Nothing was written; pass plain data.`, { cause: error })
  }
}

/** Keys of the caller may be of any length. */
const longest = 200
export const shortened = (message: string): string => (message.length <= longest ? message : `${message.slice(0, longest).toWellFormed()}…`)
