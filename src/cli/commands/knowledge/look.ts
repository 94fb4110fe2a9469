import { type Command, Option } from 'commander'
import { AutodidactError } from '../../../errors.ts'
import { type KnowledgeOrder, knowledgeOrders } from '../../../knowledge/order.ts'
import { addFileCommand, type FileOptions } from '../../command.ts'
import type { Action } from '../../group.ts'
import { defined, parseCount } from '../../option-values.ts'
import { perform } from '../../perform.ts'
import { addFilterOptions, addWantedOptions, filterOf, type FilterOptions, type WantedOptions } from '../../filter-options.ts'
import { idMeant } from '../../id-meant.ts'
import { shortened } from '../../text.ts'
import { changesText, historyText, itemText, listText, statisticsText } from './text.ts'

interface ListOptions extends FileOptions, FilterOptions {
  readonly order?: KnowledgeOrder
}

interface StatisticsOptions extends FileOptions, WantedOptions {}

interface ReaderOptions extends FileOptions {
  readonly for?: string
}

interface DiffOptions extends ReaderOptions {
  readonly from?: number
  readonly to?: number
}

const addList = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'list',
    summary: 'What is known',
    description: 'List items, the latest first unless another order is asked for.',
    examples: ['autodidact knowledge list --state validated --json', 'autodidact knowledge list --kind best_practice --order uses --limit 5', 'autodidact knowledge list --kind warning --priority high --for coder'],
  })
  addFilterOptions(command)
    .addOption(new Option('--order <order>', 'what comes first (default: newest)').choices(knowledgeOrders))
    .action(perform('reading', ({ knowledge }, _words: readonly [], { order, ...filter }: ListOptions) => knowledge.list({ ...filterOf(filter), ...defined({ order }) }), listText))
}

const addStatistics = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'statistics',
    summary: 'What there is, in numbers',
    description: 'Count items by state, kind, category, channel and contributor, with their uses and\nvotes.',
    examples: ['autodidact knowledge statistics', 'autodidact knowledge statistics --channel testing --for coder --json'],
  })
  addWantedOptions(command).action(perform('reading', ({ knowledge }, _words: readonly [], options: StatisticsOptions) => knowledge.statistics(filterOf(options)), statisticsText))
}

const addShow = (group: Command): void => {
  addFileCommand(group, {
    usage: 'show <id>',
    summary: 'One item in full',
    description: 'Show an item. Of an id the beginning is enough, six characters or more, where no\nother one begins so.',
    examples: ['autodidact knowledge show refunds', 'autodidact knowledge show 01a1ffca-6a39'],
  }).action(
    perform(
      'reading',
      async (autodidact, [given]: readonly [string]) => {
        const item = await autodidact.knowledge.get(await idMeant(autodidact, given))
        if (item === undefined) throw new AutodidactError('UNKNOWN_ID', `There is no knowledge "${shortened(given, 60)}". See \`autodidact knowledge list\`.`)
        return item
      },
      itemText,
    ),
  )
}

const asReader = 'as this agent sees it, without what was for others'

const addHistory = (group: Command): void => {
  addFileCommand(group, {
    usage: 'history <id>',
    summary: 'All versions of an item',
    description: 'Tell who wrote which version, why, and how its uses went.',
    examples: ['autodidact knowledge history refunds', 'autodidact knowledge history refunds --for coder --json'],
  })
    .option('--for <agent>', asReader)
    .action(
      perform(
        'reading',
        async (autodidact, [id]: readonly [string], { for: reader }: ReaderOptions) => autodidact.knowledge.history(await idMeant(autodidact, id), defined({ for: reader })),
        historyText,
      ),
    )
}

const addDiff = (group: Command): void => {
  addFileCommand(group, {
    usage: 'diff <id>',
    summary: 'What two versions say differently',
    description: 'Compare two versions of an item, the last two unless others are named.',
    examples: ['autodidact knowledge diff refunds', 'autodidact knowledge diff refunds --from 1 --to 3 --json'],
  })
    .option('--from <n>', 'a version (default: the one before the last)', parseCount)
    .option('--to <n>', 'with this one (default: the last)', parseCount)
    .option('--for <agent>', asReader)
    .action(
      perform(
        'reading',
        async (autodidact, [id]: readonly [string], { from, to, for: reader }: DiffOptions) => autodidact.knowledge.diff(await idMeant(autodidact, id), from, to, defined({ for: reader })),
        changesText,
      ),
    )
}

/** The actions that only look. */
export const looking: readonly Action[] = [addList, addStatistics, addShow, addHistory, addDiff]
