import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { sentenceOf } from './sentence.ts'

/** Anything that can be called: its parameters show only when it is. */
export const callable = z.custom<Function>((value) => typeof value === 'function', 'must be a function')

/** What is wrong with a value, as a sentence that begins with `what` and names the first field that is wrong; undefined where nothing is. */
export const flawOf = (schema: z.ZodType, value: unknown, what: string): string | undefined => {
  try {
    const result = schema.safeParse(value)
    if (result.success) return undefined
    const [issue] = result.error.issues
    return issue === undefined ? `${what} is not valid.` : sentenceOf(schema, issue, value, what)
  } catch {
    // Reading a value may run code of its owner: a getter, a proxy.
    return `${what} cannot be read: a field of it fails.`
  }
}

/**
 * The value as the schema describes it.
 *
 * @param what names the value in the message, such as `record`
 * @throws AutodidactError `INVALID_INPUT` naming the first field that is wrong, what was given, and what it must be
 */
export const validated = <Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> => {
  try {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    const [issue] = result.error.issues
    const wrong = issue === undefined ? `${what} is not valid.` : sentenceOf(schema, issue, value, what)
    throw new AutodidactError('INVALID_INPUT', `${wrong} Nothing was written; correct it and call again.`)
  } catch (error) {
    if (AutodidactError.is(error)) throw error
    // Reading a value may run code of its owner: a getter, a proxy.
    throw new AutodidactError('INVALID_INPUT', `${what} cannot be read: a field of it fails. Nothing was written; pass plain data.`, { cause: error })
  }
}
