import { type Command, Option } from 'commander'
import type { KnowledgeFilter } from '../knowledge/filter.ts'
import { knowledgeStates, priorities } from '../log/knowledge-names.ts'
import type { KnowledgeWanted } from '../recall/knowledge-wanted.ts'
import { defined, parseCount, parseList, parseNumber } from './option-values.ts'

/** Which knowledge is meant, for commands that list or recall some. */
export interface WantedOptions {
  readonly kind?: readonly string[]
  readonly category?: readonly string[]
  readonly state?: readonly string[]
  readonly tag?: readonly string[]
  readonly anyTag?: readonly string[]
  readonly channel?: readonly string[]
  readonly priority?: NonNullable<KnowledgeWanted['leastPriority']>
  readonly confidence?: number
  readonly expired?: true
  readonly for?: string
}

/** The same, and whose it is. */
export interface OwnedOptions extends WantedOptions {
  readonly agent?: readonly string[]
  readonly user?: readonly string[]
}

export interface FilterOptions extends OwnedOptions {
  readonly limit?: number
}

/** Adds the options that narrow knowledge down. */
export const addWantedOptions = (command: Command): Command =>
  command
    .option('--kind <name>', 'only knowledge of this kind; may be repeated', parseList)
    .option('--category <name>', 'only of this category; may be repeated', parseList)
    .option('--state <state>', `only ${knowledgeStates.join(', ')}; may be repeated`, parseList)
    .option('--tag <name>', 'only with this tag; with all of them, where repeated', parseList)
    .option('--any-tag <name>', 'only with this tag; with one of them at least, where repeated', parseList)
    .option('--channel <name>', 'only shared on this channel; may be repeated', parseList)
    .addOption(new Option('--priority <priority>', 'only of this priority or a higher one').choices(priorities))
    .option('--confidence <0..1>', 'only what is surely at least so good', parseNumber)
    .option('--expired', 'only what was true until a time that is past')
    .option('--for <agent>', 'as this agent sees it')

/** Adds those and whose it is. */
export const addOwnedOptions = (command: Command): Command =>
  addWantedOptions(command)
    .option('--agent <name>', 'only written for this agent; may be repeated', parseList)
    .option('--user <name>', 'only written for this user; may be repeated', parseList)

/** Adds those of a list of knowledge. */
export const addFilterOptions = (command: Command): Command => addOwnedOptions(command).option('--limit <n>', 'at most so many', parseCount)

/** What is wanted of knowledge; undefined where nothing in particular is. The library checks it. */
export const wantedOf = ({ kind, category, state, tag, anyTag, channel, priority: least, confidence, expired }: WantedOptions): KnowledgeWanted | undefined => {
  const wanted = defined({ kinds: kind, categories: category, states: state, tags: tag, anyTags: anyTag, channels: channel, leastPriority: least, leastConfidence: confidence, expired }) as KnowledgeWanted
  return Object.keys(wanted).length === 0 ? undefined : wanted
}

export const filterOf = ({ agent, user, limit, for: reader, ...wanted }: FilterOptions): KnowledgeFilter => ({ ...wantedOf(wanted), ...defined({ agents: agent, users: user, limit, for: reader }) })
