import { type Command, Option } from 'commander'
import type { Priority } from '../../../knowledge/input.ts'
import { priorities } from '../../../log/knowledge-names.ts'
import type { ChannelSummary, SharedFilter, SubscriptionSummary } from '../../../share/settings.ts'
import { addFileCommand, type FileOptions } from '../../command.ts'
import type { Action } from '../../group.ts'
import { defined, parseCount, parseList } from '../../option-values.ts'
import { perform } from '../../perform.ts'
import { idMeant } from '../../id-meant.ts'
import { sourceOption } from '../../item-options.ts'
import { counted, dim, printable } from '../../text.ts'
import { itemText, listText } from '../knowledge/text.ts'

interface ReaderOptions extends FileOptions {
  readonly for?: string
}

interface TellingOptions extends FileOptions {
  readonly source?: string
}

interface SharedOptions extends ReaderOptions {
  readonly channel?: readonly string[]
  readonly kind?: readonly string[]
  readonly priority?: Priority
  readonly limit?: number
}

const addSharedOptions = (command: Command): Command =>
  command
    .option('--channel <name>', 'only of this channel; may be repeated', parseList)
    .option('--kind <name>', 'only of this kind; may be repeated', parseList)
    .addOption(new Option('--priority <priority>', 'only of this priority or a higher one').choices(priorities))
    .option('--limit <n>', 'at most so many (default: 20)', parseCount)

const sharedFilter = ({ channel, kind, priority: leastPriority, limit }: SharedOptions): SharedFilter => defined({ channels: channel, kinds: kind, leastPriority, limit })

const addAnswers = (group: Command): void => {
  addFileCommand(group, {
    usage: 'answers <id>',
    summary: 'What was answered to a question',
    description: 'List the answers to a question, the one that others make most of first.',
    examples: ['autodidact share answers question_1 --for tester'],
  })
    .option('--for <agent>', 'as this agent sees it')
    .action(
      perform(
        'reading',
        async (autodidact, [id]: readonly [string], { for: reader }: ReaderOptions) => autodidact.channels.answers(await idMeant(autodidact, id), defined({ for: reader })),
        listText,
      ),
    )
}

const addRecent = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'recent <agent>',
    summary: 'What was shared last',
    description: 'List what was shared last on the channels that an agent subscribes to, or for it.',
    examples: ['autodidact share recent coder --channel warnings --limit 5'],
  })
  addSharedOptions(command).action(perform('reading', ({ channels }, [agent]: readonly [string], options: SharedOptions) => channels.recent(agent, sharedFilter(options)), listText))
}

const addPopular = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'popular',
    summary: 'What others make most of',
    description: 'List what was shared by votes, by how many agents applied it and looked at it.',
    examples: ['autodidact share popular --for coder'],
  })
  addSharedOptions(command)
    .option('--for <agent>', 'as this agent sees it (default: what is for everybody)')
    .action(perform('reading', ({ channels }, _words: readonly [], options: SharedOptions) => channels.popular({ ...sharedFilter(options), ...defined({ for: options.for }) }), listText))
}

const addView = (group: Command): void => {
  addFileCommand(group, {
    usage: 'view <id> <agent>',
    summary: 'Show it to an agent',
    description: 'Show an item to an agent, and count that the agent looked.',
    examples: ['autodidact share view cache-modules tester'],
  })
    .option(...sourceOption)
    .action(
      perform(
        'existing',
        async (autodidact, [id, agent]: readonly [string, string], { source }: TellingOptions) => autodidact.channels.view(await idMeant(autodidact, id), agent, defined({ source })),
        itemText,
      ),
    )
}

const addApplied = (group: Command): void => {
  addFileCommand(group, {
    usage: 'applied <id> <agent>',
    summary: 'An agent applied it',
    description: 'Count that an agent applied an item, once. How it went, `knowledge use` tells.',
    examples: ['autodidact share applied cache-modules tester'],
  })
    .option(...sourceOption)
    .action(
      perform(
        'existing',
        async (autodidact, [given, agent]: readonly [string, string], { source }: TellingOptions) => {
          const item = await idMeant(autodidact, given)
          return { item, agent, counted: await autodidact.channels.applied(item, agent, defined({ source })) }
        },
        ({ counted: isNew }) => (isNew ? 'counted' : 'counted before, or written by that agent'),
      ),
    )
}

const channelText = ({ name, items }: ChannelSummary): string => `${printable(name)}  ${dim(counted(items, 'item'))}`

const addChannels = (group: Command): void => {
  addFileCommand(group, {
    usage: 'channels',
    summary: 'Which channels there are',
    description: 'List the channels, and how many items are shared on each.',
    examples: ['autodidact share channels --json'],
  }).action(perform('reading', ({ channels }, _words: readonly []) => channels.list(), (channels) => channels.map(channelText).join('\n')))
}

const subscriptionText = ({ name, agent, channels, leastPriority }: SubscriptionSummary): string =>
  `${printable(name)}  ${dim(`${name === agent ? '' : `of ${printable(agent)}, `}${channels === undefined ? 'all channels' : channels.map(printable).join(', ')}, ${leastPriority} priority or higher`)}`

const addSubscriptions = (group: Command): void => {
  addFileCommand(group, {
    usage: 'subscriptions [agent]',
    summary: 'Who follows what',
    description: 'List the subscriptions, all or those of one agent.',
    examples: ['autodidact share subscriptions', 'autodidact share subscriptions coder --json'],
  }).action(
    perform(
      'reading',
      ({ channels }, [agent]: readonly [string | undefined]) => channels.subscriptions(agent),
      (subscriptions) => (subscriptions.length === 0 ? 'There is none.' : subscriptions.map(subscriptionText).join('\n')),
    ),
  )
}

interface UnsubscribeOptions extends FileOptions {
  readonly agent?: string
}

const addUnsubscribe = (group: Command): void => {
  addFileCommand(group, {
    usage: 'unsubscribe <name>',
    summary: 'Forget a subscription',
    description: 'Forget a subscription with its place: by its name, which is that of the agent\nunless it was given another one.',
    examples: ['autodidact share unsubscribe coder', 'autodidact share unsubscribe nightly --agent coder'],
  })
    .option('--agent <name>', 'whose, where two are called the same')
    .action(
      perform(
        'existing',
        async ({ channels }, [name]: readonly [string], { agent }: UnsubscribeOptions) => {
          const known = (await channels.subscriptions(agent)).some((subscription) => subscription.name === name)
          await channels.unsubscribe(name, defined({ agent }))
          return { name, removed: known }
        },
        ({ name, removed }) => (removed ? `${printable(name)} is told nothing more` : `there is no subscription "${printable(name)}"`),
      ),
    )
}

/** The actions that look at what was shared. */
export const lookingAround: readonly Action[] = [addAnswers, addRecent, addPopular, addView, addApplied, addChannels, addSubscriptions, addUnsubscribe]
