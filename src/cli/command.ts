import { type Command, InvalidArgumentError, Option } from 'commander'
import { existsSync, statSync } from 'node:fs'
import { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import { readTexts, textHelp } from './input.ts'
import { encryptionIn, type SecretFiles } from './secret.ts'

/** The options of every command that works on a file. */
export interface FileOptions extends SecretFiles {
  readonly file: string
  readonly namespace: string
  readonly json?: true
}

export interface Description {
  /** Name and arguments, such as `recall <text>`. */
  readonly usage: string
  /** A few words for the list of commands. */
  readonly summary: string
  /** What it does, in the help of the command. */
  readonly description: string
  /** What one would type, each a whole command that can be copied; further lines of it after a line end. Shown in the help. */
  readonly examples: readonly string[]
  readonly isDefault?: boolean
}

export const defaultFile = 'autodidact.db'

/** What the help says below the options. */
export const exampleHelp = (examples: readonly string[]): string => `\nExample:\n${examples.map((example) => `  $ ${example.replaceAll('\n', '\n      ')}\n`).join('')}`

/** Adds a command with `--json` and an example in its help; with `isDefault` the action of a group that is meant where none is named. */
export const addCommand = (program: Command, { usage, summary, description, examples, isDefault = false }: Description): Command =>
  program
    .command(usage, { isDefault })
    .summary(summary)
    .description(description)
    .option('--json', 'print JSON instead of text')
    .hook('preAction', readTexts)
    .addHelpText('after', ({ command }) => textHelp(command))
    .addHelpText('after', exampleHelp(examples))

/** The same for a command that works on a file with experience, which need not be named. */
export const addFileCommand = (program: Command, description: Description): Command =>
  addExperience(addCommand(program, description), new Option('-f, --file <path>', 'the file with the experience').default(defaultFile))

/** Adds the options that name a file with experience, and how to open it. */
export const addExperience = (command: Command, file: Option): Command =>
  command
    .addOption(file.env('AUTODIDACT_FILE'))
    .option('-n, --namespace <name>', 'the tenant or project to work in', 'default')
    .addOption(new Option('--key-file <file>', 'a file with the key of an encrypted one').env('AUTODIDACT_KEY_FILE'))
    .addOption(new Option('--passphrase-file <file>', 'a file with its passphrase').env('AUTODIDACT_PASSPHRASE_FILE'))

/** How a file is opened. */
export type Mode = 'create' | 'existing' | 'asking' | 'reading'

/**
 * Opens the file, works with it, and closes it whatever happens.
 *
 * @param mode `create` makes a file that is not there; `existing` refuses, since a mistyped name would look like a file without experience; `reading` is the same for what
 * only reads, and stands in no writer's way; `asking` too, but what was folded for it is kept, where several may write, so that the next one need not do it again
 * @throws AutodidactError `CANNOT_OPEN` and the others of `Autodidact.open`
 */
export const withAutodidact = async <Result>(
  { file, namespace, ...secret }: Pick<FileOptions, 'file' | 'namespace' | keyof SecretFiles>,
  mode: Mode,
  work: (autodidact: Autodidact) => Promise<Result>,
): Promise<Result> => {
  if (mode !== 'create' && !existsSync(file)) {
    throw new AutodidactError('CANNOT_OPEN', `There is no file "${file}". Name another one with --file, or record something first.`)
  }
  const encryption = await encryptionIn(secret)
  // A folder has one writer at a time: who only asks must not take that place, nor wait for it.
  const readOnly = mode === 'reading' || (mode === 'asking' && statSync(file).isDirectory())
  const autodidact = await Autodidact.open(file, { namespace, ...(encryption === undefined ? {} : { encryption }), ...(readOnly ? { readOnly } : {}) })
  try {
    return await work(autodidact)
  } finally {
    await autodidact.close()
  }
}

/** Tries what would be done: on the file as it is, or on an empty one where there is none yet, and none is made. */
export const tryOut = <Result>(options: Pick<FileOptions, 'file' | 'namespace' | keyof SecretFiles>, work: (autodidact: Autodidact) => Promise<Result>): Promise<Result> =>
  existsSync(options.file) ? withAutodidact(options, 'reading', work) : withAutodidact({ file: ':memory:', namespace: options.namespace }, 'create', work)

/** A value that JSON cannot hold as it is: SQLite has integers above 2^53 and binary cells. */
const jsonValue = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

/** One line of JSON on standard output, or text for a person. */
export const print = ({ json }: { readonly json?: true }, value: unknown, text: () => string): void => {
  process.stdout.write(`${json === true ? JSON.stringify(value, jsonValue) : text()}\n`)
}

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
