import type { Command } from 'commander'
import { addFileCommand, defined, type FileOptions, parseCount, parseNumber, print, withAutodidact } from '../command.ts'
import { addWantedOptions, wantedOf, type WantedOptions } from '../filter-options.ts'
import { itemsText } from '../text.ts'

interface Options extends FileOptions, WantedOptions {
  readonly limit?: number
  readonly warnings?: number
  readonly floor?: number
  readonly tokens?: number
  readonly unverified?: true
  readonly user?: string
  readonly onlyUser?: string
  readonly forUser?: string
  readonly agent?: string
  readonly prompt?: true
}

export const addRecall = (program: Command): void => {
  const command = addFileCommand(program, {
    usage: 'recall <text>',
    summary: 'Find what is worth knowing about a text',
    description: 'Find what is worth knowing about a text. Writes nothing.',
    examples: ["autodidact recall 'customers who ordered twice' --limit 3", "autodidact recall 'deploy on Friday' --kind warning --priority high \\\n--for coder"],
  })
  addWantedOptions(command)
    .option('--limit <n>', 'most items, warnings not counted', parseCount)
    .option('--warnings <n>', 'most failed attempts to warn of', parseCount)
    .option('--floor <0..1>', 'leave out what is less relevant', parseNumber)
    .option('--tokens <n>', 'size of the prompt', parseCount)
    .option('--unverified', 'also runs that nobody has judged')
    .option('--only-user <name>', 'only what this user did, or nobody in particular')
    .option('--user <name>', 'the same as --only-user')
    .option('--for-user <name>', 'who asks: what they were content with comes first')
    .option('--agent <name>', 'only what this agent did, or nobody in particular')
    .option('--prompt', 'print the block for the prompt instead of a list')
    .action(async (text: string, { limit, warnings, floor, tokens, unverified, user, onlyUser = user, forUser, agent, for: reader, ...options }: Options) => {
      const recollection = await withAutodidact(options, 'asking', (autodidact) =>
        autodidact.recall(text, defined({ limit, warnings, floor, tokens, unverified, user: onlyUser, forUser, agent, for: reader, knowledge: wantedOf(options) })),
      )
      print(options, recollection, () => {
        if (options.prompt === true) return recollection.prompt
        return recollection.items.length === 0 ? 'Nothing relevant is known.' : itemsText(recollection.items)
      })
    })
}
