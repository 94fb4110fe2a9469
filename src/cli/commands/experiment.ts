import { type Command, Option } from 'commander'
import type { ArmPolicy, ArmStatus, ExperimentInput, ExperimentStatus } from '../../evaluate/experiments/experiment.ts'
import { comparisonText, toldComparisons } from '../../evaluate/experiments/status.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { addGroup } from '../group.ts'
import { defined, parsePair } from '../option-values.ts'
import { perform } from '../perform.ts'
import { readObject } from '../input.ts'
import { plainTable } from '../table.ts'
import { bold, dim, shortened, wrapped } from '../text.ts'

interface StartOptions extends FileOptions {
  readonly id?: string
  readonly arm?: Readonly<Record<string, string>>
  readonly share?: Readonly<Record<string, string>>
  readonly unit?: NonNullable<ExperimentInput['unit']>
  readonly fixed?: true
  readonly rollBack: boolean
  readonly input?: string
}

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

const allText = (experiments: readonly ExperimentStatus[]): string => (experiments.length === 0 ? 'No experiment was begun yet.' : experiments.map(statusText).join('\n\n'))

/** What `experiments.start` takes; it checks every field. */
const inputFrom = async (point: string | undefined, { id, arm, share, unit, fixed, rollBack, input }: StartOptions): Promise<ExperimentInput> => {
  const given = await readObject(input)
  const shares = share === undefined ? undefined : Object.fromEntries(Object.entries(share).map(([name, value]) => [name, Number(value)]))
  const flags = defined({ point, id, arms: arm as Readonly<Record<string, ArmPolicy>> | undefined, shares, unit, allocation: fixed === true ? ('fixed' as const) : undefined })
  return { ...given, ...flags, ...(rollBack ? {} : { rollBack }) } as ExperimentInput
}

const addStart = (group: Command): void => {
  addFileCommand(group, {
    usage: 'start [point]',
    summary: 'Begin one at a choice point',
    description: 'Begin an experiment at a choice point. Without --arm: does learning help here?',
    examples: ['autodidact experiment start tool --unit user', 'autodidact experiment start tool --arm bold=greedy --arm off=off'],
  })
    .option('--id <name>', 'a name for the experiment')
    .option('--arm <name=policy>', 'a policy by name, "configured", or "off"; may be repeated', parsePair)
    .option('--share <name=share>', 'share of an arm; may be repeated', parsePair)
    .addOption(new Option('--unit <unit>', 'what is assigned to an arm').choices(['run', 'session', 'user']))
    .option('--fixed', 'the shares stay as they are')
    .option('--no-roll-back', 'a worse arm goes on getting traffic')
    .option('--input <file>', 'the experiment as a JSON object, - for standard input; flags win')
    .action(perform('create', async ({ experiments }, [point]: readonly [string | undefined], options: StartOptions) => experiments.start(await inputFrom(point, options)), statusText))
}

const addStop = (group: Command): void => {
  addFileCommand(group, {
    usage: 'stop <name>',
    summary: 'End one',
    description: 'End an experiment, by its id or its choice point, and tell what came of it.',
    examples: ['autodidact experiment stop tool'],
  }).action(perform('existing', ({ experiments }, [name]: readonly [string]) => experiments.stop(name), statusText))
}

const addStatus = (group: Command): void => {
  addFileCommand(group, {
    usage: 'status [name]',
    summary: 'How one stands, or all of them',
    description: 'Tell how an experiment stands, by its id or its choice point; without a name of all.',
    examples: ['autodidact experiment status', 'autodidact experiment status tool --json'],
  }).action(
    perform(
      'asking',
      async ({ experiments }, [name]: readonly [string | undefined]) => (name === undefined ? experiments.list() : experiments.status(name)),
      (found) => ('arms' in found ? statusText(found) : allText(found)),
    ),
  )
}

export const addExperiment = (program: Command): void => {
  addGroup(program, {
    name: 'experiment',
    summary: 'Does it help? Compare ways to choose',
    description: 'Compare policies, or learning with none, at a choice point, on real traffic.',
    examples: [
      'autodidact experiment start tool --unit user',
      'autodidact experiment start tool --arm bold=greedy --arm off=off',
      'autodidact experiment status tool',
      'autodidact experiment stop tool',
    ],
    actions: [addStart, addStop, addStatus],
  })
}
