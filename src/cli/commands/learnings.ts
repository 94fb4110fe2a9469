import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import { type Band, bands, type Learning, type LearningType, learningTypes } from '../../learnings/learning.ts'
import type { LearningFilter } from '../../learnings/learnings.ts'
import { addFileCommand, defined, type FileOptions, parseCount, print, withAutodidact } from '../command.ts'
import { bold, counted, dim, printable, shortened, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly type?: LearningType
  readonly agent?: string
  readonly kind?: string
  readonly leastBand?: Band
  readonly validated?: true
  readonly limit?: number
  readonly by?: string
}

const actions = ['list', 'relevant', 'show', 'keep'] as const

type Action = (typeof actions)[number]

const parseAction = (value: string): Action => {
  const action = actions.find((candidate) => candidate === value)
  if (action === undefined) throw new InvalidArgumentError(`It must be ${actions.slice(0, -1).join(', ')} or ${actions.at(-1)}.`)
  return action
}

const filterOf = ({ type, agent, kind, leastBand, validated, limit }: Options): LearningFilter =>
  defined({ types: type === undefined ? undefined : [type], agent, kind, leastBand, validated, limit })

/** What an action works on, where it works on something. */
const needed = (subject: string | undefined, what: string, usage: string): string => {
  if (subject !== undefined && subject !== '') return subject
  throw new AutodidactError('INVALID_INPUT', `Name the ${what}: autodidact learnings ${usage}.`)
}

const learningText = ({ id, type, band, validated, title, advice, description, alike = [], errors = [] }: Learning): string =>
  [
    bold(wrapped(printable(title))),
    wrapped(printable(advice), 2),
    wrapped(`${type}, ${band}${validated ? ', validated' : ''}. ${printable(description)}${alike.length === 0 ? '' : ` ${counted(alike.length, 'other learning')} ${alike.length === 1 ? 'says' : 'say'} the same.`}`, 2),
    ...errors.map((error) => `  ${shortened(`Error: ${error}`, 76)}`),
    dim(`  ${id}`),
  ].join('\n')

const fullText = (learning: Learning): string => [learningText(learning), '', bold('Seen in'), ...learning.evidence.map((run) => `  ${shortened(run, 76)}`)].join('\n')

const nothing = 'Nothing was learned that fits.'

const textOf = (learnings: readonly Learning[]): string => (learnings.length === 0 ? nothing : learnings.map(learningText).join('\n\n'))

const show = async (autodidact: Autodidact, id: string): Promise<Learning> => {
  const learning = await autodidact.learnings.get(id)
  if (learning === undefined) throw new AutodidactError('UNKNOWN_ID', `There is no learning "${shortened(id, 60)}". \`autodidact learnings\` shows the ids.`)
  return learning
}

export const addLearnings = (program: Command): void => {
  addFileCommand(program, {
    usage: 'learnings',
    summary: 'What recurs in runs, and how sure that is',
    description: 'Tell what recorded runs teach: what recurs when they go well or wrong, what was done about errors,\nstrategies, practices, and which runs say so. `relevant` asks for a task; `keep` makes knowledge of one.',
    examples: ['autodidact learnings --validated', "autodidact learnings relevant 'refund order 17' --agent clerk --json", 'autodidact learnings keep learning_4f9c… --by ada'],
  })
    .argument('[action]', `${actions.slice(0, -1).join(', ')} or ${actions.at(-1)}`, parseAction, 'list')
    .argument('[what]', 'the task that is asked for, or the id of a learning')
    .addOption(new Option('--type <type>', 'only such learnings').choices(learningTypes))
    .option('--agent <name>', 'only what was seen in runs of this agent')
    .option('--kind <name>', 'only of this category or kind of task')
    .addOption(new Option('--least-band <band>', 'only what is at least so sure').choices(bands))
    .option('--validated', 'only what chance does not explain')
    .option('--limit <n>', 'at most so many', parseCount)
    .option('--by <name>', 'who keeps it')
    .action(async (action: Action, subject: string | undefined, options: Options) => {
      const filter = filterOf(options)
      if (action === 'keep') {
        const id = needed(subject, 'learning', 'keep ID')
        const receipt = await withAutodidact(options, 'existing', (autodidact) => autodidact.learnings.keep(id, defined({ author: options.by })))
        print(options, receipt, () => `${receipt.status} ${receipt.id}`)
        return
      }
      if (action === 'show') {
        const id = needed(subject, 'learning', 'show ID')
        const learning = await withAutodidact(options, 'asking', (autodidact) => show(autodidact, id))
        print(options, learning, () => fullText(learning))
        return
      }
      if (action === 'relevant') {
        const task = needed(subject, 'task', 'relevant TASK')
        const learnings = await withAutodidact(options, 'asking', (autodidact) => autodidact.learnings.relevant(task, filter))
        print(options, learnings, () => textOf(learnings))
        return
      }
      const list = await withAutodidact(options, 'asking', (autodidact) => autodidact.learnings.list(filter))
      const { total, validated, byChance } = list
      const counts = `${counted(total, 'learning')}, ${validated} validated; by chance up to ${Math.round(byChance)} would be.`
      print(options, list, () => (total === 0 ? nothing : `${textOf(list.learnings)}\n\n${dim(wrapped(counts))}`))
    })
}
