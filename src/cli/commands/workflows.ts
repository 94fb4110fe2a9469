import { type Command, Option } from 'commander'
import type { WorkflowInFull, WorkflowList, WorkflowStep } from '../../workflows/workflow.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { addGroup } from '../group.ts'
import { defined, parseCount } from '../option-values.ts'
import { perform } from '../perform.ts'
import { asText, bold, dim, shortened, wrapped } from '../text.ts'

interface ListOptions extends FileOptions {
  readonly category?: string
  readonly most?: number
}

interface TryOptions extends FileOptions {
  readonly category?: string
  readonly point?: string
  readonly unit?: 'run' | 'session' | 'user'
}

const stepText = ({ action, input }: WorkflowStep, place: number): string =>
  `  ${place + 1}. ${shortened(action, 60)}${input === undefined ? '' : dim(`  ${shortened(asText(input), 60)}`)}`

const workflowText = ({ id, steps, answer }: WorkflowInFull): string => [bold(wrapped(answer)), ...steps.map(stepText), dim(`  ${shortened(id, 76)}`)].join('\n')

const listText = ({ workflows, compared, byChance, standOut }: WorkflowList): string => {
  const counts = `${compared} sequences were compared, ${standOut} stand out; by chance up to ${Math.round(byChance)} would.`
  return [...workflows.map(workflowText), dim(wrapped(counts))].join('\n\n')
}

const addList = (group: Command): void => {
  addFileCommand(group, {
    usage: 'list',
    summary: 'Which there are (the default)',
    description: 'List the sequences of actions that recur in good runs.',
    examples: ['autodidact workflows list --category refunds --json'],
    isDefault: true,
  })
    .option('--category <name>', 'only runs of this kind of task')
    .option('--most <n>', 'at most so many', parseCount)
    .action(perform('asking', ({ workflows }, _words: readonly [], { category, most }: ListOptions) => workflows.list(defined({ category, most })), listText))
}

const addTry = (group: Command): void => {
  addFileCommand(group, {
    usage: 'try <id>',
    summary: 'Does offering it help?',
    description: 'Begin the trial of a workflow at a choice point.',
    examples: ['autodidact workflows try workflow:3f1c9a52d07be8641c95ab3e7f20d6b8'],
  })
    .option('--category <name>', 'only in this kind of task')
    .option('--point <name>', 'the choice point of the trial (default: workflow)')
    .addOption(new Option('--unit <unit>', 'what a trial assigns to an arm').choices(['run', 'session', 'user']))
    .action(
      perform(
        'existing',
        ({ workflows }, [id]: readonly [string], { point, unit, category }: TryOptions) => workflows.try(id, defined({ point, unit, category })),
        ({ answer }) => bold(wrapped(answer)),
      ),
    )
}

export const addWorkflows = (program: Command): void => {
  addGroup(program, {
    name: 'workflows',
    summary: 'Sequences of actions that recur in good runs',
    description: 'Tell which sequences of actions recur in good runs, and whether offering them helps.',
    examples: ['autodidact workflows', 'autodidact workflows list --category refunds --json', 'autodidact workflows try workflow:3f1c9a52d07be8641c95ab3e7f20d6b8'],
    actions: [addList, addTry],
  })
}
