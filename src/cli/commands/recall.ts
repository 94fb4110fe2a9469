import type { Command } from 'commander'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseCount, parseNumber } from '../option-values.ts'
import { perform } from '../perform.ts'
import { addWantedOptions, wantedOf, type WantedOptions } from '../filter-options.ts'
import { parseRelation, type Relation } from '../links.ts'
import { relations } from '../../log/knowledge-names.ts'
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
  readonly follow?: readonly Relation[] | false
  readonly rules?: true
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
    .option('--follow <type>', `links to follow from what is found: ${relations.join(', ')}; may be repeated (default: all)`, parseRelation)
    .option('--no-follow', 'follow no links')
    .option('--rules', 'also the core rules in force, whatever the text is about')
    .option('--prompt', 'print the block for the prompt instead of a list')
    .action(
      perform(
        'asking',
        (autodidact, [text]: readonly [string], { limit, warnings, floor, tokens, unverified, user, onlyUser = user, forUser, agent, for: reader, follow, rules, ...wanted }: Options) =>
          autodidact.recall(text, defined({ limit, warnings, floor, tokens, unverified, user: onlyUser, forUser, agent, for: reader, follow: follow === false ? [] : follow, rules, knowledge: wantedOf(wanted) })),
        ({ items, prompt }, options) => (options.prompt === true ? prompt : items.length === 0 ? 'Nothing relevant is known.' : itemsText(items)),
      ),
    )
}
