import { type Command, Option } from 'commander'
import { priorities } from '../../log/knowledge-names.ts'
import type { Priority } from '../../knowledge/input.ts'
import type { Autodidact } from '../../autodidact.ts'
import type { Message } from '../../share/message.ts'
import type { Subscription } from '../../share/subscription.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseList, parsePositive } from '../option-values.ts'
import { withAutodidact } from '../perform.ts'
import { exitCodes } from '../failure.ts'
import { asText, bold, dim, printable, screenWidth, shortened, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly channel?: readonly string[]
  readonly allChannels?: true
  readonly leastPriority?: Priority
  readonly own?: true
  readonly fromBeginning?: true
  readonly after?: string
  readonly as?: string
  readonly limit?: number
  readonly wait: boolean
  readonly readOnly?: true
}

const messageText = ({ priority: urgency, channel, title, content, author, id, kind }: Message): string => {
  const text = asText(content)
  return [
    bold(shortened(`${channel}, ${urgency}: ${title ?? text}`, screenWidth())),
    ...(title === undefined ? [] : [wrapped(shortened(text, 400), 4)]),
    dim(printable(`    ${kind}${author === undefined ? '' : ` by ${author}`}, ${id}`)),
  ].join('\n')
}

/** Once this returns, the line has gone to whoever reads, so that it may be acknowledged. */
const write = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => (error === undefined || error === null ? resolve() : reject(error)))
  })

const follow = async (autodidact: Autodidact, subscription: Subscription, { json, limit = Number.POSITIVE_INFINITY, wait }: Pick<Options, 'json' | 'limit' | 'wait'>): Promise<void> => {
  let shown = 0
  for await (const message of wait ? subscription : subscription.pending()) {
    await write(json === true ? JSON.stringify(message) : messageText(message))
    if (!autodidact.readOnly) await message.acknowledge()
    shown += 1
    if (shown >= limit) return
  }
}

export const addSubscribe = (program: Command): void => {
  addFileCommand(program, {
    usage: 'subscribe <agent>',
    summary: 'Be told what other agents share',
    description:
      'Print what is shared with an agent, message by message, until it is interrupted.\nThe next time it goes on behind the last one that was printed. With --json each\nmessage is one line.',
    examples: ['autodidact subscribe tester --channel warnings --channel testing --json', 'autodidact subscribe tester --no-wait'],
  })
    .option('--channel <name>', 'only this channel; may be repeated', parseList)
    .option('--all-channels', 'all channels again')
    .addOption(new Option('--least-priority <priority>', 'only of this priority or a higher one').choices(priorities))
    .option('--own', 'also what the agent shared itself')
    .option('--from-beginning', 'the first time: all there is, not only what comes')
    .option('--after <cursor>', 'go on behind this message, whatever was printed')
    .option('--as <name>', 'where one agent has several subscriptions')
    .option('--limit <n>', 'end after so many messages', parsePositive)
    .option('--no-wait', 'end when everything was printed')
    .option('--read-only', 'write nothing, so that no place is kept')
    .action(async (agent: string, { channel, allChannels, leastPriority, own, fromBeginning, after, as, readOnly, ...options }: Options) => {
      const channels = allChannels === true ? ('all' as const) : channel
      const from = fromBeginning === true ? ('beginning' as const) : undefined
      await withAutodidact(options, readOnly === true ? 'reading' : 'existing', async (autodidact) => {
        const subscription = await autodidact.channels.subscribe(agent, defined({ channels, leastPriority, own, from, after, name: as }))
        const stop = (): void => {
          process.exitCode = exitCodes.interrupted
          subscription.close()
        }
        const signals = ['SIGINT', 'SIGTERM'] as const
        for (const signal of signals) process.once(signal, stop)
        try {
          await follow(autodidact, subscription, options)
        } finally {
          for (const signal of signals) process.off(signal, stop)
        }
      })
    })
}
