import type { Command } from 'commander'
import type { KnowledgeInput } from '../../knowledge/input.ts'
import { addFileCommand, defined, type FileOptions, parseList, print, withAutodidact } from '../command.ts'
import { readObject } from '../input.ts'

interface Options extends FileOptions {
  readonly title?: string
  readonly kind?: string
  readonly channel?: string
  readonly priority?: string
  readonly to?: readonly string[]
  readonly broadcast?: true
  readonly author?: string
  readonly tag?: readonly string[]
  readonly answers?: string
  readonly id?: string
  readonly input?: string
}

export const addShare = (program: Command): void => {
  addFileCommand(program, {
    usage: 'share [content]',
    summary: 'Tell other agents something',
    description: 'Add knowledge, and tell it to the agents that subscribe to its channel.',
    examples: [
      "autodidact share 'Escape the input.' --kind warning --channel warnings \\\n--priority critical --broadcast --author reviewer",
      "autodidact share 'Delete build.lock.' --answers question_1 --author coder",
    ],
  })
    .option('--title <text>', 'what it is about')
    .option('--kind <name>', 'warning, discovery, question, … (default: solution)')
    .option('--channel <name>', 'where it is told (default: general)')
    .option('--priority <name>', 'low, medium, high or critical (default: medium)')
    .option('--to <agent>', 'only for this agent; may be repeated', parseList)
    .option('--broadcast', 'for every subscriber, whatever it subscribed to')
    .option('--author <agent>', 'who says so, and is not told of it')
    .option('--tag <name>', 'may be repeated', parseList)
    .option('--answers <id>', 'the question that this answers')
    .option('--id <id>', 'the same again is stored and told once')
    .option('--input <file>', 'all of it as a JSON object, - for standard input; flags win')
    .action(async (content: string | undefined, { title, kind, channel, priority, to, broadcast, author, tag, answers, id, input, ...options }: Options) => {
      const given = await readObject(input)
      // `share` checks every field of it.
      const knowledge = { ...given, ...defined({ content, title, kind, channel, priority, targets: to, broadcast, author, tags: tag, id }) } as KnowledgeInput
      const receipt = await withAutodidact(options, answers === undefined ? 'create' : 'existing', (autodidact) =>
        answers === undefined ? autodidact.share(knowledge) : autodidact.channels.answer(answers, knowledge),
      )
      print(options, receipt, () => `${receipt.status}: ${receipt.id}`)
    })
}
