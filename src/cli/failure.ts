import { type Command, CommanderError } from 'commander'
import { AutodidactError, type ErrorCode } from '../errors.ts'

/** What the command returns to the shell. */
export const exitCodes = { done: 0, failed: 1, refused: 2, interrupted: 130 } as const

/** The same call would fail again: the caller has to change it. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'INVALID_INPUT',
  'UNKNOWN_ID',
  'ID_CONFLICT',
  'RUN_MISMATCH',
  'NO_OPTIONS',
  'DUPLICATE_OPTION',
  'FORGOTTEN',
  'UNKNOWN_POLICY',
  'UNKNOWN_REWARD',
  'UNKNOWN_LEARNER',
  'NOT_ALLOWED',
  'ALREADY_EXISTS',
  'KEY_REQUIRED',
  'WRONG_KEY',
  'NOT_ENCRYPTED',
])

interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly exitCode: number
}

/** What messages call the settings and calls of the library by, and the flags and commands that stand for these here. */
const flags: readonly (readonly [RegExp, string])[] = [
  [/Pass its (key|passphrase) as "encryption"\./, 'Name a file with its $1 with --$1-file.'],
  [/Pass its (key|passphrase) as "toEncryption"\./, 'Name a file with its $1 with --to-$1-file.'],
  [/pass overwrite to replace it/, 'pass --overwrite to replace it'],
  [/needs a "kind", such as "(\w+)"/, 'needs --kind, such as --kind $1'],
  [/ Check the path, or open it without readOnly to create it\./, ' Check the path.'],
  [/^copyStore: as is ("[^"]*"), and it is not said of which namespace\. Pass namespace too\./, 'It is not said which namespace is to be called $1. Add --namespace NAME.'],
  [/^copyStore: (.*) or another namespace with as\./, 'copy: $1 or a namespace and what it is to be called with --namespace and --as.'],
  [/open this for reading \(readOnly: true\), or keep/, 'or keep'],
  [/Pass again: true/, 'Pass --again'],
  [/import with trusted: true/, 'import it with --trusted'],
  [/knowledge\.revert\("([^"]+)", …\)/, '`autodidact knowledge revert $1 --number N`'],
  [/knowledge\.move\("([^"]+)", "(\w+)"\)/, '`autodidact knowledge move $1 $2`'],
  [/knowledge\.(history|get|diff)\("([^"]+)"\)/, '`autodidact knowledge $1 $2`'],
  [/knowledge\.export\(\{ format: "(\w+)" \}\)/, '`autodidact knowledge export --format $1`'],
  [/knowledge\.(list|prune|consolidate|export)\b(?:\(\))?/, '`autodidact knowledge $1`'],
  [/channels\.recent\(agent\)/, '`autodidact share recent AGENT`'],
  [/proposals\.list\(\)/, '`autodidact review`'],
  [/(workflows|learnings)\.list\(\)/, '`autodidact $1`'],
  [/"states\.list"/, '`autodidact state list`'],
  [/with (preferences|knowledge)\.(unset|use)\b/, 'with `autodidact $1 $2`'],
  [/with trust: "user"/, 'with --trust user'],
]

/** A message of the library, with what it names as somebody calls it who types commands. */
export const inShell = (message: string): string => flags.reduce((text, [setting, flag]) => text.replace(setting, flag), message)

/** The commands of a call, down to the action, so that its help can be named. */
export const commandNamed = (program: Command, [first, second]: readonly string[]): string => {
  const command = program.commands.find((candidate) => candidate.name() === first)
  const action = command?.commands.find((candidate) => candidate.name() === second)
  return [program, command, action].flatMap((each) => each?.name() ?? []).join(' ')
}

const failureOf = (error: unknown, command: string): Failure | undefined => {
  if (AutodidactError.is(error)) {
    return { code: error.code, message: inShell(error.message), exitCode: refusals.has(error.code) ? exitCodes.refused : exitCodes.failed }
  }
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ').replace(/^./, (first) => first.toUpperCase()).replace(/\.?$/, '.')
    // One argument too many is most often a text whose spaces the shell has cut it at.
    const isBeforeAny = error.code === 'commander.unknownOption' && !command.includes(' ')
    const hint = error.code === 'commander.excessArguments' ? ' Put a text with spaces in quotes.' : isBeforeAny ? ' Options stand behind the command: autodidact report --file FILE.' : ''
    return { code: 'INVALID_INPUT', message: `${message}${hint} See ${command} --help.`, exitCode: exitCodes.refused }
  }
  return undefined
}

/**
 * Tells an error on standard error, and says what to return to the shell.
 *
 * @param command whose help says how it would be right
 * @throws the error itself when it is neither ours nor the caller's: a defect is shown with its stack
 */
export const reportFailure = (error: unknown, { command, json }: { readonly command: string; readonly json: boolean }): number => {
  // Help and version end the parsing with an error that is none.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
  const failure = failureOf(error, command)
  if (failure === undefined) throw error
  const { code, message, exitCode } = failure
  process.stderr.write(json ? `${JSON.stringify({ error: { code, message } })}\n` : `${code}: ${message}\n`)
  return exitCode
}
