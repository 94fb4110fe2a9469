import type { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { AutodidactError } from '../errors.ts'

let consumed: typeof process.stdin | undefined

const standardInput = async (): Promise<string> => {
  if (consumed === process.stdin) throw new AutodidactError('INVALID_INPUT', 'Standard input was named twice. Put one of the two into a file.')
  consumed = process.stdin
  return text(process.stdin)
}

/**
 * The content of a file, or of standard input when the path is `-`.
 *
 * @throws AutodidactError `CANNOT_OPEN`, `INVALID_INPUT` when standard input is named twice
 */
export const readText = async (path: string): Promise<string> => {
  if (path === '-') return standardInput()
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new AutodidactError('CANNOT_OPEN', `The file "${path}" cannot be read. Check the path, or pass - for standard input.`, { cause: error })
  }
}

const parseJson = (content: string, what: string): unknown => {
  try {
    return JSON.parse(content)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AutodidactError('INVALID_INPUT', `${what} is not valid JSON: ${reason}. Correct it and call again.`, { cause: error })
  }
}

/** The names of arguments that are texts; of options those are whose value is a `<text>` or `<sql>`. These can be read from standard input. */
const textArguments: ReadonlySet<string> = new Set(['task', 'text', 'content', 'question', 'error'])

const textsOf = ({ registeredArguments, options }: Command) => ({
  places: [...registeredArguments.keys()].filter((place) => textArguments.has(registeredArguments[place]?.name() ?? '')),
  names: options.filter(({ flags }) => /<(?:text|sql)>$/.test(flags)).map((option) => option.attributeName()),
})

/** What the help says of a command that takes texts. */
export const textHelp = (command: Command): string => {
  const { places, names } = textsOf(command)
  return places.length + names.length === 0 ? '' : '\nA text that is given as - is read from standard input.'
}

const standardText = async (): Promise<string> => (await standardInput()).replace(/\r?\n$/, '')

/**
 * Reads the texts of a command that were given as `-` from standard input, without the end of the last line.
 *
 * @throws AutodidactError `INVALID_INPUT` when standard input is named twice
 */
export const readTexts = async (command: Command): Promise<void> => {
  const { places, names } = textsOf(command)
  for (const place of places) if (command.processedArgs[place] === '-') command.processedArgs[place] = await standardText()
  for (const name of names) if (command.getOptionValue(name) === '-') command.setOptionValue(name, await standardText())
}

/**
 * The JSON object in a file or in standard input (`-`): the fields of the verb under the names they have in the library.
 *
 * @throws AutodidactError `INVALID_INPUT`, `CANNOT_OPEN`
 */
export const readObject = async (path: string | undefined): Promise<Record<string, unknown>> => {
  if (path === undefined) return {}
  const value = parseJson(await readText(path), path === '-' ? 'Standard input' : `"${path}"`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AutodidactError('INVALID_INPUT', '--input must hold one JSON object, such as {"task": "…", "response": "…"}.')
  }
  return value as Record<string, unknown> // An object that is no array has string keys.
}

/**
 * A value of an option: JSON where it begins like an object, an array or a quoted string, otherwise text. `@PATH` is read from a file, `-` from
 * standard input.
 *
 * @throws AutodidactError `INVALID_INPUT`, `CANNOT_OPEN`
 */
export const readValue = async (given: string, what: string): Promise<unknown> => {
  const content = given === '-' ? await standardInput() : given.startsWith('@') ? await readText(given.slice(1)) : given
  return /^\s*[{["]/.test(content) ? parseJson(content, what) : content.replace(/\r?\n$/, '')
}

/** How {@link readValue} is described in the help of an option. */
export const valueHelp = 'text or JSON; @FILE, or - for standard input'

const typed = (value: string): number | string | boolean => {
  if (value === 'true' || value === 'false') return value === 'true'
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
}

/** What a context holds is a number or a truth value where it reads as one. */
export const contextOf = (pairs: Readonly<Record<string, string>> | undefined): Record<string, number | string | boolean> | undefined => {
  if (pairs === undefined) return undefined
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, typed(value)]))
}
