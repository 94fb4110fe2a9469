import { type Command, Option } from 'commander'
import type { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import type { KnowledgeInput, Link } from '../knowledge/input.ts'
import { priorities, relations } from '../log/knowledge-names.ts'
import type { FileOptions } from './command.ts'
import { parseUntil } from './times.ts'
import { defined, parseList, parseNumber, parsePair } from './option-values.ts'
import { idMeant } from './id-meant.ts'
import { contextOf, readObject } from './input.ts'
import { parseLink } from './links.ts'

/** What the flags say of an item of knowledge. */
export interface ItemOptions extends FileOptions {
  readonly title?: string
  readonly kind?: string
  readonly category?: string
  readonly tag?: readonly string[]
  readonly score?: number
  readonly channel?: string
  readonly priority?: string
  readonly link?: readonly Link[]
  readonly evidence?: readonly string[]
  readonly source?: string
  readonly context?: Readonly<Record<string, string>>
  readonly validUntil?: number
  readonly trust?: string
  readonly input?: string
}

/** What only a new item says of itself. */
export interface NewItemOptions extends ItemOptions {
  readonly id?: string
  readonly user?: string
  readonly agent?: string
  readonly session?: string
}

/** Who tells something, for commands that do. */
export const sourceOption = ['--source <name>', 'who told it: `forget --source` takes it back'] as const

/** Who changes something by hand, and why. */
export interface HandOptions extends FileOptions {
  readonly by?: string
  readonly reason?: string
}

/** Adds them, for commands that change what is there. */
export const addHandOptions = (command: Command): Command => command.option('--by <name>', 'who does so').option('--reason <text>', 'why')

/** Adds the options that say what an item is, for commands that write one. */
export const addItemOptions = (command: Command): Command =>
  command
    .option('--title <text>', 'what it is about')
    .option('--kind <name>', 'solution, technique, warning, question, CORE_RULE, …')
    .option('--category <name>', 'what it belongs to')
    .option('--tag <name>', 'may be repeated', parseList)
    .option('--score <0..1>', 'how sure its author is', parseNumber)
    .option('--channel <name>', 'where agents that subscribe are told of it')
    .addOption(new Option('--priority <priority>', 'how urgent it is').choices(priorities))
    .option('--link <type:id>', `${relations.join(', ')} another item; may be repeated`, parseLink)
    .option('--evidence <id>', 'a run or knowledge that it was made of; may be repeated', parseList)
    .option(...sourceOption)
    .option('--context <key=value>', 'what it was said of; may be repeated', parsePair)
    .option('--valid-until <time>', 'it is true until the end of a day, or for so many days: 90d', parseUntil)
    .addOption(new Option('--trust <class>', 'how far it is believed').choices(['user', 'agent', 'tool', 'imported', 'recalled']))
    .option('--input <file>', 'all of it as a JSON object, - for standard input; flags win')

/** The same for what is new. */
export const addNewItemOptions = (command: Command): Command =>
  addItemOptions(command)
    .option('--id <id>', 'the same again is stored once')
    .option('--user <name>', 'whose it is')
    .option('--agent <name>', 'whose it is, where agents differ')
    .option('--session <id>', 'the conversation it comes from')

const linksMeant = async (autodidact: Autodidact, links: readonly Link[]): Promise<readonly Link[]> => {
  const meant: Link[] = []
  for (const { relation, to } of links) meant.push({ relation, to: await idMeant(autodidact, to) })
  return meant
}

/**
 * An item as it is handed to the library, which checks every field of it.
 *
 * @param more what other flags and arguments say
 * @throws AutodidactError `INVALID_INPUT`, `CANNOT_OPEN`
 */
export const itemIn = async (autodidact: Autodidact, { title, kind, category, tag, score, channel, priority: urgency, link: links, evidence, context, validUntil, source, trust, input, ...rest }: NewItemOptions, more: object): Promise<KnowledgeInput> => {
  const { id, user, agent, session } = rest
  const said = { title, kind, category, tags: tag, score, channel, priority: urgency, evidence, context: contextOf(context), validUntil, source, trust, id, user, agent, session, ...more }
  const linked = links === undefined ? {} : { links: await linksMeant(autodidact, links) }
  return { ...(await readObject(input)), ...defined(said), ...linked } as KnowledgeInput
}

/**
 * The same for a new item, which must say something.
 *
 * @throws AutodidactError `INVALID_INPUT`, `CANNOT_OPEN`
 */
export const newItemIn = (autodidact: Autodidact, options: NewItemOptions, more: { readonly content: string | undefined; readonly [field: string]: unknown }): Promise<KnowledgeInput> => {
  if (more.content === undefined && options.input === undefined) {
    throw new AutodidactError('INVALID_INPUT', 'It says nothing. Pass the text as an argument, - to read it from standard input, or "content" in the object of --input. Nothing was written.')
  }
  return itemIn(autodidact, options, more)
}
