import { type Command, InvalidArgumentError, Option } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { WorkflowInFull, WorkflowList, WorkflowStep } from '../../workflows/workflow.ts'
import { addFileCommand, defined, type FileOptions, parseCount, print, withAutodidact } from '../command.ts'
import { asText, bold, dim, shortened, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly category?: string
  readonly most?: number
  readonly point?: string
  readonly unit?: 'run' | 'session' | 'user'
}

type Action = 'list' | 'try'

const parseAction = (value: string): Action => {
  if (value === 'list' || value === 'try') return value
  throw new InvalidArgumentError('It must be list or try.')
}

const stepText = ({ action, input }: WorkflowStep, place: number): string =>
  `  ${place + 1}. ${shortened(action, 60)}${input === undefined ? '' : dim(`  ${shortened(asText(input), 60)}`)}`

const workflowText = ({ id, steps, answer }: WorkflowInFull): string => [bold(wrapped(answer)), ...steps.map(stepText), dim(`  ${shortened(id, 76)}`)].join('\n')

const listText = ({ workflows, compared, byChance, standOut }: WorkflowList): string => {
  const counts = `${compared} sequences were compared, ${standOut} stand out; by chance up to ${Math.round(byChance)} would.`
  return [...workflows.map(workflowText), dim(wrapped(counts))].join('\n\n')
}

const needed = (id: string | undefined): string => {
  if (id !== undefined) return id
  throw new AutodidactError('INVALID_INPUT', 'Name the workflow: autodidact workflows try ID. `autodidact workflows` shows the ids.')
}

export const addWorkflows = (program: Command): void => {
  addFileCommand(program, {
    usage: 'workflows',
    summary: 'Sequences of actions that recur in good runs',
    description: 'Tell which sequences of actions recur in good runs, and whether offering them helps.\n`try` begins the trial of one at a choice point.',
    examples: ['autodidact workflows', 'autodidact workflows list --category refunds --json', 'autodidact workflows try workflow:3f1c9a52d07be8641c95ab3e7f20d6b8'],
  })
    .argument('[action]', 'list or try', parseAction, 'list')
    .argument('[id]', 'the workflow to try')
    .option('--category <name>', 'only runs of this kind of task, and trials in it')
    .option('--most <n>', 'at most so many', parseCount)
    .option('--point <name>', 'the choice point of a trial (default: workflow)')
    .addOption(new Option('--unit <unit>', 'what a trial assigns to an arm').choices(['run', 'session', 'user']))
    .action(async (action: Action, id: string | undefined, { category, most, point, unit, ...options }: Options) => {
      if (action === 'try') {
        const wanted = needed(id)
        const workflow = await withAutodidact(options, 'existing', (autodidact) => autodidact.workflows.try(wanted, defined({ point, unit, category })))
        print(options, workflow, () => bold(wrapped(workflow.answer)))
        return
      }
      const list = await withAutodidact(options, 'asking', (autodidact) => autodidact.workflows.list(defined({ category, most })))
      print(options, list, () => listText(list))
    })
}
