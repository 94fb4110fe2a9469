import type { Command } from 'commander'
import type { KnowledgeInput } from '../../knowledge/remember.ts'
import { addFileCommand, defined, type FileOptions, parseList, print, withAutodidact } from '../command.ts'
import { readObject } from '../input.ts'

interface Options extends FileOptions {
  readonly title?: string
  readonly kind?: string
  readonly tag?: readonly string[]
  readonly id?: string
  readonly user?: string
  readonly agent?: string
  readonly input?: string
}

export const addRemember = (program: Command): void => {
  addFileCommand(program, {
    usage: 'remember [content]',
    summary: 'Add knowledge',
    description: 'Add knowledge.',
    examples: ["autodidact remember 'Revenue is net of returns.' --title 'Revenue'"],
  })
    .option('--title <text>', 'what it is about')
    .option('--kind <name>', 'solution, technique, warning, … (default: solution)')
    .option('--tag <name>', 'may be repeated', parseList)
    .option('--id <id>', 'the same again is stored once')
    .option('--user <name>', 'whose it is')
    .option('--agent <name>', 'whose it is, where agents differ')
    .option('--input <file>', 'all of it as a JSON object, - for standard input; flags win')
    .action(async (content: string | undefined, { title, kind, tag, id, user, agent, input, ...options }: Options) => {
      const given = await readObject(input)
      // `remember` checks every field of it.
      const knowledge = { ...given, ...defined({ content, title, kind, tags: tag, id, user, agent }) } as KnowledgeInput
      const receipt = await withAutodidact(options, 'create', (autodidact) => autodidact.remember(knowledge))
      print(options, receipt, () => `${receipt.status}: ${receipt.id}`)
    })
}
