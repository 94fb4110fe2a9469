import type { Command } from 'commander'
import type { AdviseSettings } from '../../advise/advise.ts'
import { AutodidactError } from '../../errors.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseCount, parsePair } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { contextOf, readObject, readValue, valueHelp } from '../input.ts'
import { bold, dim, itemsText, printWarnings, shortened } from '../text.ts'

interface Options extends FileOptions {
  readonly choices?: string
  readonly context?: Readonly<Record<string, string>>
  readonly limit?: number
  readonly tokens?: number
  readonly user?: string
  readonly onlyUser?: string
  readonly agent?: string
  readonly session?: string
  readonly category?: string
  readonly state?: string
  readonly run?: string
  readonly input?: string
  readonly prompt?: true
}

export const addAdvise = (program: Command): void => {
  addFileCommand(program, {
    usage: 'advise <task>',
    summary: 'Recall for a task, choose an option',
    description: 'Recall what is worth knowing for a task and choose between options. Logged before it prints.',
    examples: [`autodidact advise 'Which customers ordered twice?' --user ada \\\n--choices '{"tool": ["sql", {"id": "web", "description": "search"}]}'`],
  })
    .option('--choices <json>', `options by choice point: ${valueHelp}`)
    .option('--context <key=value>', 'describes the situation; may be repeated', parsePair)
    .option('--limit <n>', 'most items to recall', parseCount)
    .option('--tokens <n>', 'size of the prompt', parseCount)
    .option('--user <name>', 'who asks')
    .option('--only-user <name>', 'recall only what this user did, or nobody in particular')
    .option('--agent <name>', 'who will do it')
    .option('--session <id>', 'the conversation it belongs to')
    .option('--category <name>', 'kind of task')
    .option('--state <name>', 'a discrete state, for tabular policies')
    .option('--run <id>', 'id for the run that begins here')
    .option('--prompt', 'print the block for the prompt instead of a list')
    .option('--input <file>', 'more settings as a JSON object, - for standard input')
    .action(async (task: string, { choices, context, limit, tokens, user, onlyUser, agent, session, category, state, run, input, ...options }: Options) => {
      const given = await readObject(input)
      const chosen = choices === undefined ? undefined : await readValue(choices, '--choices')
      if (typeof chosen === 'string') {
        throw new AutodidactError('INVALID_INPUT', `--choices is ${JSON.stringify(shortened(chosen, 60))}; it must be JSON, the options by choice point, such as --choices '{"tool": ["sql", "web"]}'. Nothing was written.`)
      }
      const recall = [limit, tokens, onlyUser].every((flag) => flag === undefined) ? undefined : { ...Object(given['recall']), ...defined({ limit, tokens, user: onlyUser }) }
      // `advise` checks every field of it.
      const settings = {
        ...given,
        ...defined({ choices: chosen, recall, context: contextOf(context), user, agent, session, category, state, run }),
      } as AdviseSettings
      const advice = await withAutodidact(options, 'create', (autodidact) => autodidact.advise(task, settings))
      printWarnings(advice.warnings)
      print(options, advice, () => {
        if (options.prompt === true) return advice.prompt
        return [
          ...Object.values(advice.decisions).map(({ point, option, reason }) => `${point}: ${bold(option)}\n${dim(`    ${reason}`)}\n`),
          advice.items.length === 0 ? 'Nothing relevant is known.' : itemsText(advice.items),
          `\nadvice  ${advice.id}\nrun     ${advice.run}`,
        ].join('\n')
      })
    })
}
