import type { Command } from 'commander'
import { existsSync, statSync } from 'node:fs'
import type { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import type { FileOptions } from './command.ts'
import { encryptionIn, type SecretFiles } from './secret.ts'

/** How a file is opened. */
export type Mode = 'create' | 'existing' | 'asking' | 'reading' | 'trial'

const removeUnused = async (file: string): Promise<void> => {
  const { storeAt } = await import('../storage/stores.ts')
  await storeAt(file).removeUnused(file)
}

/**
 * Opens the file, works with it, and closes it whatever happens.
 *
 * @param mode `create` makes a file that is not there, and takes it away again where nothing was written; `existing` refuses, since a mistyped name would look like a file without experience; `reading` is the same for what
 * only reads, and stands in no writer's way; `trial` works on an empty store in memory, whatever the file; `asking` reads too, but what was folded for it is kept, where several may write, so that the next one need not do it again
 * @throws AutodidactError `CANNOT_OPEN` and the others of `Autodidact.open`
 */
export const withAutodidact = async <Result>(
  { file, namespace, ...secret }: Pick<FileOptions, 'file' | 'namespace' | keyof SecretFiles>,
  mode: Mode,
  work: (autodidact: Autodidact) => Promise<Result>,
): Promise<Result> => {
  if (mode !== 'create' && mode !== 'trial' && !existsSync(file)) {
    throw new AutodidactError('CANNOT_OPEN', `There is no file "${file}". Name another one with --file, or record something first.`)
  }
  const encryption = await encryptionIn(secret)
  const place = mode === 'trial' ? ':memory:' : file
  if (file === ':memory:' && mode === 'create') process.stderr.write('Warning: ":memory:" ends with this command, and all that it writes with it. Name a file with --file to keep it.\n')
  const isNew = mode === 'create' && file !== ':memory:' && !existsSync(file)
  // A folder has one writer at a time: who only asks must not take that place, nor wait for it.
  const readOnly = mode === 'reading' || (mode === 'asking' && statSync(file).isDirectory())
  // Here and not above: most of the time of a command is loading, and its help needs none of this.
  const { Autodidact } = await import('../autodidact.ts')
  const autodidact = await Autodidact.open(place, { namespace, ...(encryption === undefined ? {} : { encryption }), ...(readOnly ? { readOnly } : {}) })
  try {
    return await work(autodidact)
  } finally {
    await autodidact.close()
    // A call that was refused leaves no file behind, which a mistyped name would be found in later.
    if (isNew) await removeUnused(file)
  }
}

/** The names of the namespaces in a file, for whoever named one that is empty. */
export const namespacesIn = async ({ file, ...secret }: Pick<FileOptions, 'file' | keyof SecretFiles>): Promise<readonly string[]> => {
  const encryption = await encryptionIn(secret)
  const { storeAt } = await import('../storage/stores.ts')
  const storage = await storeAt(file).open(file, { readOnly: true, ...(encryption === undefined ? {} : { encryption }) })
  try {
    return await storage.namespaces()
  } finally {
    await storage.close()
  }
}

/** Tries what would be done: on the file as it is, or on an empty one where there is none yet, and none is made. */
export const tryOut = <Result>(options: Pick<FileOptions, 'file' | 'namespace' | keyof SecretFiles>, work: (autodidact: Autodidact) => Promise<Result>): Promise<Result> =>
  existsSync(options.file) ? withAutodidact(options, 'reading', work) : withAutodidact({ file: options.file, namespace: options.namespace }, 'trial', work)

/** The mode of a command that changes what is there, and only reads in a dry run. */
export const unlessDry = ({ dryRun }: { readonly dryRun?: true | undefined }): Mode => (dryRun === true ? 'reading' : 'existing')

/** A value that JSON cannot hold as it is: SQLite has integers above 2^53 and binary cells. */
const jsonValue = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

/** One line of JSON on standard output, or text for a person. */
export const print = ({ json }: { readonly json?: true }, value: unknown, text: () => string): void => {
  process.stdout.write(`${json === true ? JSON.stringify(value, jsonValue) : text()}\n`)
}

/**
 * How a command is carried out: the file is opened, what the library returns is printed as JSON or as text.
 *
 * @param work is given the arguments of the command as a list
 */
export const perform =
  <Words extends readonly unknown[], Options extends FileOptions, Value>(
    mode: Mode | ((options: Options) => Mode),
    work: (autodidact: Autodidact, words: Words, options: Options) => Promise<Value>,
    text: (value: Value, options: Options) => string,
  ) =>
  async (...given: readonly [...words: Words, options: Options, command: Command]): Promise<void> => {
    // Commander hands over the arguments, then the options, then the command.
    const words = given.slice(0, -2) as unknown as Words
    const options = given.at(-2) as Options
    const value = await withAutodidact(options, typeof mode === 'function' ? mode(options) : mode, (autodidact) => work(autodidact, words, options))
    print(options, value, () => text(value, options))
  }
