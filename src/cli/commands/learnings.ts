import { type Command, Option } from 'commander'
import { AutodidactError, unlabelled } from '../../errors.ts'
import { type Band, bands, type Learning, type LearningList, type LearningType, learningTypes } from '../../learnings/learning.ts'
import type { LearningFilter } from '../../learnings/learnings.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { addGroup } from '../group.ts'
import { defined, parseCount } from '../option-values.ts'
import { perform } from '../perform.ts'
import { bold, counted, dim, printable, shortened, wrapped } from '../text.ts'

interface FilterOptions extends FileOptions {
  readonly type?: LearningType
  readonly agent?: string
  readonly kind?: string
  readonly leastBand?: Band
  readonly validated?: true
  readonly limit?: number
}

interface KeepOptions extends FileOptions {
  readonly by?: string
}

const addFilterOptions = (command: Command): Command =>
  command
    .addOption(new Option('--type <type>', 'only such learnings').choices(learningTypes))
    .option('--agent <name>', 'only what was seen in runs of this agent')
    .option('--kind <name>', 'only of this category or kind of task')
    .addOption(new Option('--least-band <band>', 'only what is at least so sure').choices(bands))
    .option('--validated', 'only what chance does not explain')
    .option('--limit <n>', 'at most so many', parseCount)

const filterOf = ({ type, agent, kind, leastBand, validated, limit }: FilterOptions): LearningFilter =>
  defined({ types: type === undefined ? undefined : [type], agent, kind, leastBand, validated, limit })

const learningText = ({ id, type, band, validated, title, advice, description, alike = [], errors = [] }: Learning): string =>
  [
    bold(wrapped(printable(title))),
    wrapped(printable(advice), 2),
    wrapped(`${type}, ${band}${validated ? ', validated' : ''}. ${printable(description)}${alike.length === 0 ? '' : ` ${counted(alike.length, 'other learning')} ${alike.length === 1 ? 'says' : 'say'} the same.`}`, 2),
    ...errors.map((error) => `  ${shortened(`Error: ${unlabelled(error)}`, 76)}`),
    dim(`  ${id}`),
  ].join('\n')

const fullText = (learning: Learning): string => [learningText(learning), '', bold('Seen in'), ...learning.evidence.map((run) => `  ${shortened(run, 76)}`)].join('\n')

const nothing = 'Nothing was learned that fits.'

const textOf = (learnings: readonly Learning[]): string => (learnings.length === 0 ? nothing : learnings.map(learningText).join('\n\n'))

const listText = (list: LearningList): string => {
  const { total, validated, byChance } = list
  const counts = `${counted(total, 'learning')}, ${validated} validated; by chance up to ${Math.round(byChance)} would be.`
  return total === 0 ? nothing : `${textOf(list.learnings)}\n\n${dim(wrapped(counts))}`
}

const addList = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'list',
    summary: 'All of them (the default)',
    description: 'List what recurs in recorded runs, and how sure that is.',
    examples: ['autodidact learnings list --validated --agent clerk'],
    isDefault: true,
  })
  addFilterOptions(command).action(perform('asking', ({ learnings }, _words: readonly [], options: FilterOptions) => learnings.list(filterOf(options)), listText))
}

const addRelevant = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'relevant <task>',
    summary: 'What helps with a task',
    description: 'List what was learned that is relevant for a task.',
    examples: ["autodidact learnings relevant 'refund order 17' --agent clerk --json"],
  })
  addFilterOptions(command).action(perform('asking', ({ learnings }, [task]: readonly [string], options: FilterOptions) => learnings.relevant(task, filterOf(options)), textOf))
}

const addShow = (group: Command): void => {
  addFileCommand(group, {
    usage: 'show <id>',
    summary: 'One in full, with its runs',
    description: 'Show a learning, and which runs say so.',
    examples: ['autodidact learnings show learning_4f9c…'],
  }).action(
    perform(
      'asking',
      async ({ learnings }, [id]: readonly [string]) => {
        const learning = await learnings.get(id)
        if (learning === undefined) throw new AutodidactError('UNKNOWN_ID', `There is no learning "${shortened(id, 60)}". \`autodidact learnings\` shows the ids.`)
        return learning
      },
      fullText,
    ),
  )
}

const addKeep = (group: Command): void => {
  addFileCommand(group, {
    usage: 'keep <id>',
    summary: 'Make knowledge of one',
    description: 'Make knowledge of a learning.',
    examples: ['autodidact learnings keep learning_4f9c… --by ada'],
  })
    .option('--by <name>', 'who keeps it')
    .action(perform('existing', ({ learnings }, [id]: readonly [string], { by }: KeepOptions) => learnings.keep(id, defined({ author: by })), ({ status, id }) => `${status} ${id}`))
}

export const addLearnings = (program: Command): void => {
  addGroup(program, {
    name: 'learnings',
    summary: 'What recurs in runs, and how sure that is',
    description: 'Tell what recorded runs teach: what recurs when they go well or wrong, what was done\nabout errors, strategies, practices, and which runs say so.',
    examples: ['autodidact learnings --validated', "autodidact learnings relevant 'refund order 17' --agent clerk --json", 'autodidact learnings keep learning_4f9c… --by ada'],
    actions: [addList, addRelevant, addShow, addKeep],
  })
}
