import type { Command } from 'commander'
import type { DecideSettings } from '../../decide/decide.ts'
import type { OptionInput } from '../../decide/input.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parsePair } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { contextOf, readObject } from '../input.ts'
import { bold, dim, printWarnings, screenWidth, shortened } from '../text.ts'

interface Options extends FileOptions {
  readonly task?: string
  readonly context?: Readonly<Record<string, string>>
  readonly user?: string
  readonly agent?: string
  readonly session?: string
  readonly state?: string
  readonly run?: string
  readonly input?: string
}

/** `id`, or `id=what it is`. */
const optionOf = (given: string): OptionInput => {
  const at = given.indexOf('=')
  return at < 0 ? given : { id: given.slice(0, at), description: given.slice(at + 1) }
}

const mostShown = 10

export const addDecide = (program: Command): void => {
  addFileCommand(program, {
    usage: 'decide <point> <option...>',
    summary: 'Choose one of several options',
    description: 'Choose one of the options, each an id or id=description. Logged with its probability before it prints.',
    examples: ["autodidact decide tool 'sql=query the database' 'web=search the web' \\\n--task 'Which customers ordered twice?'"],
  })
    .option('--task <text>', 'the task in words')
    .option('--context <key=value>', 'describes the situation; may be repeated', parsePair)
    .option('--user <name>', 'who asks')
    .option('--agent <name>', 'who will do it')
    .option('--session <id>', 'the conversation it belongs to')
    .option('--state <name>', 'a discrete state, for tabular policies')
    .option('--run <id>', 'the run in which the choice arises')
    .option('--input <file>', 'more settings as a JSON object, - for standard input')
    .action(async (point: string, choices: readonly string[], { task, context, user, agent, session, state, run, input, ...options }: Options) => {
      // `decide` checks every field of it.
      const settings = { ...(await readObject(input)), ...defined({ task, context: contextOf(context), user, agent, session, state, run }) } as DecideSettings
      const decision = await withAutodidact(options, 'create', (autodidact) => autodidact.decide(point, choices.map(optionOf), settings))
      printWarnings(decision.warnings)
      print(options, decision, () => {
        const probabilities = Object.entries(decision.probabilities).toSorted(([, left], [, right]) => right - left)
        return [
          bold(decision.option),
          dim(decision.reason),
          '',
          ...probabilities.slice(0, mostShown).map(([id, probability]) => `${probability.toFixed(3)}  ${shortened(id, screenWidth() - 7)}`),
          ...(probabilities.length > mostShown ? [dim(`…      and ${probabilities.length - mostShown} more`)] : []),
          '',
          `decision  ${decision.id}\nrun       ${decision.run}`,
        ].join('\n')
      })
    })
}
