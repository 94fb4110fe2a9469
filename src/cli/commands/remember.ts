import type { Command } from 'commander'
import { perform } from '../actions.ts'
import { addFileCommand, parseList } from '../command.ts'
import { addNewItemOptions, newItemIn, type NewItemOptions } from '../item-options.ts'

interface Options extends NewItemOptions {
  readonly target?: readonly string[]
  readonly by?: string
}

export const addRemember = (program: Command): void => {
  const command = addFileCommand(program, {
    usage: 'remember [content]',
    summary: 'Add knowledge',
    description: 'Add knowledge; the same as `knowledge add`.',
    examples: ["autodidact remember 'Revenue is net of returns.' --title 'Revenue'"],
  })
  addNewItemOptions(command)
    .option('--target <agent>', 'only for this agent; may be repeated', parseList)
    .option('--by <name>', 'who writes it')
    .action(
      perform(
        'create',
        async (autodidact, [content]: readonly [string | undefined], options: Options) => autodidact.remember(await newItemIn(autodidact, options, { content, targets: options.target, author: options.by })),
        ({ status, id }) => `${status}: ${id}`,
      ),
    )
}
