import type { Command } from 'commander'
import type { KnowledgeReceipt } from '../../../knowledge/remember.ts'
import type { QuestionReceipt } from '../../../share/settings.ts'
import { addFileCommand } from '../../command.ts'
import { parseList } from '../../option-values.ts'
import { perform } from '../../perform.ts'
import { idMeant } from '../../id-meant.ts'
import { addNewItemOptions, newItemIn, type NewItemOptions } from '../../item-options.ts'
import { listText, receiptText } from '../knowledge/text.ts'

const questionKind = 'question'

/** To a question that was asked before there may be answers. */
const toldText = (receipt: KnowledgeReceipt | QuestionReceipt): string =>
  'answers' in receipt && receipt.answers.length > 0 ? `${receiptText(receipt)}\n${listText(receipt.answers)}` : receiptText(receipt)

interface Options extends NewItemOptions {
  readonly to?: readonly string[]
  readonly broadcast?: true
  readonly author?: string
  readonly answers?: string
}

export const addTelling = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'tell [content]',
    summary: 'Tell it (the default)',
    description: 'Add knowledge, and tell it to the agents that subscribe to its channel (general,\nunless one is named; priority medium). A question that was asked before is answered\nwith what is known; its author is told of answers to come.',
    examples: ["autodidact share tell 'Mind the step.' --channel testing --author coder", "autodidact share 'Why does it hang?' --kind question --author tester"],
    isDefault: true,
  })
  addNewItemOptions(command)
    .option('--to <agent>', 'only for this agent; may be repeated', parseList)
    .option('--broadcast', 'for every subscriber, whatever it subscribed to')
    .option('--author <agent>', 'who says so, and is not told of it')
    .option('--answers <id>', 'the question that this answers')
    .action(
      perform(
        ({ answers }: Options) => (answers === undefined ? 'create' : 'existing'),
        async (autodidact, [content]: readonly [string | undefined], options: Options) => {
          const { to: targets, broadcast, author, answers } = options
          const item = await newItemIn(autodidact, options, { content, targets, broadcast, author })
          if (answers !== undefined) return autodidact.channels.answer(await idMeant(autodidact, answers), item)
          return item.kind === questionKind ? autodidact.channels.ask(item) : autodidact.share(item)
        },
        toldText,
      ),
    )
}
