import { type Command, InvalidArgumentError, Option } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { ArmPolicy, ArmStatus, ExperimentInput, ExperimentStatus } from '../../evaluate/experiments/experiment.ts'
import { comparisonText, toldComparisons } from '../../evaluate/experiments/status.ts'
import { addFileCommand, defined, type FileOptions, parsePair, print, withAutodidact } from '../command.ts'
import { readObject } from '../input.ts'
import { plainTable } from '../table.ts'
import { bold, dim, shortened, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly id?: string
  readonly arm?: Readonly<Record<string, string>>
  readonly share?: Readonly<Record<string, string>>
  readonly unit?: NonNullable<ExperimentInput['unit']>
  readonly fixed?: true
  readonly rollBack?: boolean
  readonly input?: string
}

type Action = 'start' | 'stop' | 'status'

const parseAction = (value: string): Action => {
  if (value === 'start' || value === 'stop' || value === 'status') return value
  throw new InvalidArgumentError('It must be start, stop or status.')
}

const modes = { start: 'create', stop: 'existing', status: 'asking' } as const

const armRow = ({ arm, units, judged, mean, interval, share, rolledBack }: ArmStatus): string[] => [
  shortened(arm, 22),
  String(units),
  String(judged),
  mean === undefined ? '–' : mean.toFixed(3),
  `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`,
  rolledBack === undefined ? `${(share * 100).toFixed(0)} %` : 'rolled back',
]

const statusText = (status: ExperimentStatus): string => {
  const table = plainTable({ colWidths: [24, 8, 8, 8, 16, 12], colAligns: ['left', 'right', 'right', 'right', 'right', 'right'] })
  table.push(['', `${status.unit}s`, 'judged', 'mean', '95 %', 'new ones'].map((cell) => dim(cell)))
  for (const arm of status.arms) table.push(armRow(arm))
  return [
    bold(wrapped(status.answer, 0)),
    dim(`${status.id}, ${status.state}`),
    '',
    table.toString(),
    // Of two arms the first line has said it.
    ...(status.comparisons.length < 2 ? [] : toldComparisons(status).map((each) => wrapped(`${comparisonText(each).replace('o', 'O')}.`))),
    ...status.warnings.map((warning) => wrapped(warning, 0)),
  ].join('\n')
}

/** What `experiments.start` takes; it checks every field. */
const inputFrom = async (point: string | undefined, { id, arm, share, unit, fixed, rollBack, input }: Options): Promise<ExperimentInput> => {
  const given = await readObject(input)
  const shares = share === undefined ? undefined : Object.fromEntries(Object.entries(share).map(([name, value]) => [name, Number(value)]))
  const flags = defined({ point, id, arms: arm as Readonly<Record<string, ArmPolicy>> | undefined, shares, unit, allocation: fixed === true ? ('fixed' as const) : undefined })
  return { ...given, ...flags, ...(rollBack === false ? { rollBack } : {}) } as ExperimentInput
}

const named = (name: string | undefined, action: Action): string => {
  if (name !== undefined) return name
  throw new AutodidactError('INVALID_INPUT', `Name the experiment or its choice point: autodidact experiment ${action} NAME.`)
}

export const addExperiment = (program: Command): void => {
  const command = addFileCommand(program, {
    usage: 'experiment',
    summary: 'Does it help? Compare ways to choose',
    description: 'Compare policies, or learning with none, at a choice point, on real traffic.\nWithout --arm: does learning help here? Status without a name tells of all.',
    examples: [
      'autodidact experiment start tool --unit user',
      'autodidact experiment start tool --arm bold=greedy --arm off=off',
      'autodidact experiment status tool',
      'autodidact experiment stop tool',
    ],
  })
  command
    .argument('<action>', 'start, stop or status', parseAction)
    .argument('[name]', 'the choice point, or the id of an experiment')
    .option('--id <name>', 'a name for the experiment')
    .option('--arm <name=policy>', 'a policy by name, "configured", or "off"; may be repeated', parsePair)
    .option('--share <name=share>', 'share of an arm; may be repeated', parsePair)
    .addOption(new Option('--unit <unit>', 'what is assigned to an arm').choices(['run', 'session', 'user']))
    .option('--fixed', 'the shares stay as they are')
    .option('--no-roll-back', 'a worse arm goes on getting traffic')
    .option('--input <file>', 'the experiment as a JSON object, - for standard input')
    .action(async (action: Action, name: string | undefined, options: Options) => {
      if (action === 'status' && name === undefined) {
        const all = await withAutodidact(options, 'asking', (autodidact) => autodidact.experiments.list())
        print(options, all, () => (all.length === 0 ? 'No experiment was begun yet.' : all.map(statusText).join('\n\n')))
        return
      }
      const status = await withAutodidact(options, modes[action], async ({ experiments }) => {
        if (action === 'start') return experiments.start(await inputFrom(name, options))
        return experiments[action](named(name, action))
      })
      print(options, status, () => statusText(status))
    })
}
