import { type Command, Option } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { RecordInput } from '../../record/input.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseCount, parseList, parseNumber, parsePair } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { contextOf, readObject, readValue, valueHelp } from '../input.ts'
import { dim } from '../text.ts'

interface Options extends FileOptions {
  readonly advice?: string
  readonly run?: string
  readonly response?: string
  readonly success?: true
  readonly failure?: true
  readonly score?: number
  readonly judge?: string
  readonly error?: string
  readonly cost?: number
  readonly tokens?: number
  readonly takeaway?: string
  readonly taken?: Readonly<Record<string, string>>
  readonly used?: readonly string[]
  readonly context?: Readonly<Record<string, string>>
  readonly duration?: number
  readonly user?: string
  readonly agent?: string
  readonly session?: string
  readonly category?: string
  readonly type?: string
  readonly dependsOn?: readonly string[]
  readonly effort?: number
  readonly approach?: string
  readonly factor?: readonly string[]
  readonly input?: string
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

export const addRecord = (program: Command): void => {
  addFileCommand(program, {
    usage: 'record [task]',
    summary: 'Write down what an agent did',
    description: 'Write down what an agent did. Without a judgement the run is stored, but not learned from until somebody judges it.',
    examples: [
      "autodidact record 'Who ordered twice?' --response 'Ada' --success",
      `echo '{"task": "…", "steps": [{"action": "sql", "ok": true}]}' |\nautodidact record --input - --json`,
    ],
  })
    .option('--advice <id>', 'the advice that the agent worked with')
    .option('--run <id>', 'id of the run; the same again is stored once')
    .option('--response <value>', `what was answered: ${valueHelp}`)
    .addOption(new Option('--success', 'it went well').conflicts('failure'))
    .option('--failure', 'it went wrong')
    .option('--score <0..1>', 'how well it went', parseNumber)
    .addOption(new Option('--judge <who>', 'who says so (default: host)').choices(['check', 'user', 'host', 'model']))
    .option('--error <text>', 'what went wrong')
    .option('--cost <n>', 'in a currency of your own', parseNumber)
    .option('--tokens <n>', 'tokens that were used', parseCount)
    .option('--takeaway <text>', 'one sentence to remember')
    .option('--taken <point=option>', 'what was really done, where not as advised', parsePair)
    .option('--used <id>', 'a recalled item that was used; may be repeated', parseList)
    .option('--context <key=value>', 'describes the situation; may be repeated', parsePair)
    .option('--duration <ms>', 'how long it took', parseNumber)
    .option('--user <name>', 'for whom')
    .option('--agent <name>', 'by whom')
    .option('--session <id>', 'the conversation it belongs to')
    .option('--category <name>', 'kind of task')
    .option('--type <name>', 'kind of work within the category')
    .option('--depends-on <name>', 'what had to be done before; may be repeated', parseList)
    .option('--effort <n>', 'how much work it was thought to be, in your own unit', parseNumber)
    .option('--approach <name>', 'how it was gone about')
    .option('--factor <name>', 'what it owed its success to; may be repeated', parseList)
    .option('--input <file>', 'all of it as a JSON object, - for standard input; flags win')
    .action(async (task: string | undefined, options: Options) => {
      const given = await readObject(options.input)
      const { advice, run, takeaway, taken, used, user, agent, session, category, type, dependsOn: dependencies, effort, approach, factor: factors, score, judge, error, cost, tokens } = options
      const response = options.response === undefined ? undefined : await readValue(options.response, '--response')
      const success = options.success ?? (options.failure === true ? false : undefined)
      if (judge !== undefined && success === undefined && score === undefined && given['outcome'] === undefined) {
        throw new AutodidactError('INVALID_INPUT', '--judge says who found it so. Add --success, --failure or --score.')
      }
      const said = defined({ success, score, judge, error, cost, tokens })
      const outcome = Object.keys(said).length === 0 ? undefined : { ...(isObject(given['outcome']) ? given['outcome'] : {}), ...said }
      // `record` checks every field of it.
      const input = {
        ...given,
        ...defined({ task, advice, run, response, takeaway, taken, used, user, agent, session, category, type, dependencies, effort, approach, factors }),
        ...defined({ outcome, context: contextOf(options.context), durationMs: options.duration }),
      } as RecordInput
      const receipt = await withAutodidact(options, 'create', (autodidact) => autodidact.record(input))
      print(options, receipt, () =>
        [
          `${receipt.status} as ${receipt.standing}: ${receipt.run}`,
          ...receipt.parts.flatMap(({ part, status, reason }) => (reason === undefined ? [] : [dim(`    ${part} ${status}: ${reason}`)])),
        ].join('\n'),
      )
    })
}
