import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { AutodidactError, wordsOf } from '../errors.ts'
import { addAdvise } from './commands/advise.ts'
import { addAsk } from './commands/ask.ts'
import { addAudit } from './commands/audit.ts'
import { addBackup } from './commands/backup.ts'
import { addCopy } from './commands/copy.ts'
import { addDecide } from './commands/decide.ts'
import { addDemo } from './commands/demo.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addExperiment } from './commands/experiment.ts'
import { addExplain } from './commands/explain.ts'
import { addExport } from './commands/export.ts'
import { addFeedback } from './commands/feedback.ts'
import { addFixes } from './commands/fixes.ts'
import { addForget } from './commands/forget.ts'
import { addImport } from './commands/import.ts'
import { addPatterns } from './commands/patterns.ts'
import { addPreferences } from './commands/preferences.ts'
import { addPrune } from './commands/prune.ts'
import { addImprove } from './commands/improve.ts'
import { addRecall } from './commands/recall.ts'
import { addRecord } from './commands/record.ts'
import { addKnowledge } from './commands/knowledge.ts'
import { addLearnings } from './commands/learnings.ts'
import { addReflect } from './commands/reflect.ts'
import { addRemember } from './commands/remember.ts'
import { addReport } from './commands/report.ts'
import { addWorkflows } from './commands/workflows.ts'
import { addShare } from './commands/share.ts'
import { addSubscribe } from './commands/subscribe.ts'
import { addState } from './commands/state.ts'
import { addRestore } from './commands/restore.ts'
import { addReview } from './commands/review.ts'
import { addRotateKey } from './commands/rotate-key.ts'
import { commandNamed, exitCodes, reportFailure } from './failure.ts'

const commands = [addDemo, addAsk, addAdvise, addRecall, addDecide, addRecord, addFeedback, addRemember, addKnowledge, addPreferences, addAudit, addReflect, addReview, addShare, addSubscribe, addFixes, addExplain, addReport, addImprove, addPatterns, addWorkflows, addLearnings, addEvaluate, addExperiment, addImport, addExport, addState, addPrune, addForget, addBackup, addRestore, addCopy, addRotateKey]

/** What may be set in the environment. */
const settings = ['AUTODIDACT_FILE', 'AUTODIDACT_KEY_FILE', 'AUTODIDACT_PASSPHRASE_FILE', 'AUTODIDACT_TEACHER'] as const

const exitCodeHelp = `
Exit codes:
  ${exitCodes.done}    done
  ${exitCodes.failed}    it could not be done: the file, the disk, another process
  ${exitCodes.refused}    the call is wrong: an option, a value, an id; nothing was written
  ${exitCodes.interrupted}  interrupted; what was confirmed before is saved

Errors go to standard error with a code and the next step; with --json as
{"error":{"code":"…","message":"…"}}.
`

/** The version in package.json, which lies one folder up from the compiled command and two from the source. */
const version = (): string => {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const content: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
      if (typeof content === 'object' && content !== null && 'version' in content) return String(content.version)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  return 'unknown'
}

/** The whole command line; `runCommandLine` runs it. */
export const createProgram = (): Command => {
  const program = new Command('autodidact')
    .description('A learning layer for AI agents: it records what an agent does, learns from how\nthat went, and advises it on the next task. Everything is in one file.')
    .usage('<command> [options]')
    .version(version())
    .helpCommand('help [command]', 'All about a command')
    .showSuggestionAfterError()
    // Errors are thrown and told in one place, so that --json holds for them too.
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText('after', exitCodeHelp)
  for (const add of commands) add(program)
  return program
}

/** Methods and words that are no commands, and what is meant. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['recommend', 'patterns TASK'], ['compare', 'report --compare A B'], ['rollback', 'state rollback LEARNER VERSION'], ['roll-back', 'state rollback LEARNER VERSION'], ['diff', 'state diff LEARNER VERSION'],
  ['states', 'state list'], ['run', 'record'], ['stats', 'report'],
])

/** @throws AutodidactError `INVALID_INPUT` for what is a command under another name */
const refuseElsewhere = ({ commands }: Command, name = ''): void => {
  const meant = elsewhere.get(name)
  if (meant === undefined || commands.some((command) => command.name() === name)) return
  throw new AutodidactError('INVALID_INPUT', `There is no command "${name}". Use "autodidact ${meant}".`)
}

/** Help on a command that there is not is refused as that command would be, with the name that was meant; help on an action is its group's to give. */
const wanted = ({ commands }: Command, given: readonly string[]): readonly string[] => {
  const [first, name, action] = given
  if (first !== 'help' || name === undefined) return given
  const command = commands.find((each) => each.name() === name)
  if (command === undefined) return [name]
  return action !== undefined && command.commands.length > 0 ? [name, 'help', action] : given
}

/** Whoever reads may stop reading, as `head` does, which is no failure. What cannot be printed for another reason, such as a full disk, is one. */
const endUnheard = (error: NodeJS.ErrnoException, given: readonly string[]): never => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done)
  const told = new AutodidactError(error.code === 'ENOSPC' ? 'DISK_FULL' : 'CANNOT_OPEN', `What was to be printed cannot be written (${wordsOf(error, false)}). Make room, or let it be printed elsewhere. What the command does with its file may be done already.`, { cause: error })
  return process.exit(reportFailure(told, { command: 'autodidact', json: given.includes('--json') }))
}

/**
 * Runs one command of `autodidact`.
 *
 * @param given what follows the name of the program, such as `['recall', 'late deliveries', '--json']`
 * @returns the exit code: 0 done, 1 failed, 2 refused, 130 interrupted
 */
export const runCommandLine = async (given: readonly string[]): Promise<number> => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => endUnheard(error, given))
  // Where nobody reads what went wrong, the exit code still says it.
  process.stderr.on('error', () => undefined)
  // Set to nothing is how a shell takes a setting back for one call.
  for (const name of settings) if (process.env[name] === '') delete process.env[name]
  const program = createProgram()
  try {
    if (given.length === 0) program.outputHelp()
    else {
      refuseElsewhere(program, given[0] === 'help' ? given[1] : given[0])
      await program.parseAsync(wanted(program, given), { from: 'user' })
    }
    return Number(process.exitCode ?? exitCodes.done)
  } catch (error) {
    return reportFailure(error, { command: commandNamed(program, given), json: given.includes('--json') })
  }
}
