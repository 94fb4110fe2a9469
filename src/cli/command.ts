import { type Command, Option } from 'commander'
import { readTexts, textHelp } from './input.ts'
import type { SecretFiles } from './secret.ts'

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
