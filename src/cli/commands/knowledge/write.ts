import type { Command } from 'commander'
import type { KnowledgeChange } from '../../../knowledge/input.ts'
import { addFileCommand, type Description } from '../../command.ts'
import type { Action } from '../../group.ts'
import { defined, parseCount, parseList } from '../../option-values.ts'
import { perform } from '../../perform.ts'
import { idMeant } from '../../id-meant.ts'
import { addHandOptions, addItemOptions, addNewItemOptions, type HandOptions, itemIn, type ItemOptions, newItemIn, type NewItemOptions, sourceOption } from '../../item-options.ts'
import { receiptText } from './text.ts'

/** For whom an item is, and by whom. */
interface WriterOptions {
  readonly target?: readonly string[]
  readonly by?: string
}

interface AddOptions extends NewItemOptions, WriterOptions {}

interface UpdateOptions extends ItemOptions, WriterOptions {
  readonly reason?: string
  readonly number?: number
}

interface RevertOptions extends HandOptions {
  readonly number: number
  readonly source?: string
}

const addWriterOptions = (command: Command): Command => command.option('--target <agent>', 'only for this agent; may be repeated', parseList).option('--by <name>', 'who writes it')

/** Adds a command that adds knowledge, under a name of its own. */
export const addAdding = (program: Command, description: Description): void => {
  addWriterOptions(addNewItemOptions(addFileCommand(program, description))).action(
    perform(
      'create',
      async (autodidact, [content]: readonly [string | undefined], options: AddOptions) => autodidact.knowledge.add(await newItemIn(autodidact, options, { content, targets: options.target, author: options.by })),
      receiptText,
    ),
  )
}

const addAdd: Action = (group) =>
  addAdding(group, {
    usage: 'add [content]',
    summary: 'A new item',
    description: 'Add an item of knowledge. Without --id, what says nothing new is not written.',
    examples: [
      "autodidact knowledge add '[RESPONSE_PRINCIPLE|0.9] Be concise.' --by ada",
      "autodidact knowledge add 'Escape the input.' --id escape --kind warning \\\n--link contradicts:raw-sql --target coder",
    ],
  })

const addUpdate = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'update <id> [content]',
    summary: 'A new version',
    description: 'Write a new version of an item. What is not named stays as it is.',
    examples: ["autodidact knowledge update refunds 'Refund later.' --reason 'Too fast.'", 'autodidact knowledge update refunds --tag money --number 2 --by ada'],
  })
  addWriterOptions(addItemOptions(command))
    .option('--reason <text>', 'why')
    .option('--number <n>', 'refuse it where another version than this is there', parseCount)
    .action(
      perform(
        'existing',
        async (autodidact, [id, content]: readonly [string, string | undefined], options: UpdateOptions) => {
          const { target: targets, by: author, reason, number: expected } = options
          // `update` checks every field.
          const change = (await itemIn(autodidact, options, { content, targets, author, reason, expected })) as KnowledgeChange
          return autodidact.knowledge.update(await idMeant(autodidact, id), change)
        },
        receiptText,
      ),
    )
}

const addRevert = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'revert <id>',
    summary: 'Bring an earlier version back',
    description: 'Write what an earlier version says as a new version.',
    examples: ['autodidact knowledge revert refunds --number 1'],
  }).requiredOption('--number <n>', 'the version to bring back; `knowledge history ID` shows them', parseCount)
  addHandOptions(command)
    .option(...sourceOption)
    .action(
      perform(
        'existing',
        async (autodidact, [id]: readonly [string], { number, by, reason, source }: RevertOptions) => autodidact.knowledge.revert(await idMeant(autodidact, id), number, defined({ author: by, reason, source })),
        receiptText,
      ),
    )
}

/** The actions that write what an item says. */
export const writing: readonly Action[] = [addAdd, addUpdate, addRevert]
