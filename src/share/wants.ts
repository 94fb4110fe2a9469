import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { Priority } from '../knowledge/input.ts'
import { authorsOf, isHeld, type ItemSummary, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import type { FactOf } from '../log/fact.ts'
import { priority } from '../log/kinds/knowledge-written.ts'
import { name } from '../log/kinds/shared.ts'
import { isFor } from '../recall/knowledge-wanted.ts'

/** What an agent wants to be told. */
export interface Wants {
  readonly agent: string
  /** Undefined: all. */
  readonly channels?: readonly string[] | undefined
  readonly leastPriority: Priority
  /** Whether it is told what it shared itself. */
  readonly own: boolean
}

const wantsInput = z.strictObject({ agent: name, channels: z.array(name).optional(), leastPriority: priority, own: z.boolean() })

/** Under which the place of a subscription is kept. */
export const bookmarkPrefix = 'subscription/'

/** As it is kept with a bookmark. */
export const noteOf = ({ agent, channels, leastPriority, own }: Wants): string => JSON.stringify({ agent, channels, leastPriority, own })

/** @throws AutodidactError `CORRUPT` */
export const wantsOf = (note: string): Wants => {
  try {
    return wantsInput.parse(JSON.parse(note))
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'What is kept of a subscription is damaged. Unsubscribe, and subscribe again.', { cause })
  }
}

/** What of a version decides who is told of it. */
export interface Announced {
  /** Id of the fact that holds the version. */
  readonly version: string
  readonly item: ItemSummary
  readonly channel: string
  readonly priority: Priority | undefined
  readonly targets: readonly string[] | undefined
  readonly broadcast: boolean
  readonly kind: string
  readonly links: ItemSummary['links']
  /** Who shared it, by whatever is known. */
  readonly by: readonly (string | undefined)[]
}

/**
 * What a fact announces: the version that it holds, or, where it takes an item out of quarantine, the present version, of which nobody was told before. Undefined for
 * what is not shared, was forgotten meanwhile, or is nobody's to see now.
 */
export const announcedBy = (fact: FactOf<'knowledge.written'> | FactOf<'knowledge.moved'>, view: KnowledgeItemsView): Announced | undefined => {
  const item = view.get(fact.kind === 'knowledge.moved' ? fact.data.item : fact.id)
  if (item === undefined || isHeld(item)) return undefined
  if (fact.kind === 'knowledge.moved') {
    const version = item.versions.at(-1)
    if (item.releasedAt !== fact.sequence || item.channel === undefined || version === undefined) return undefined
    const { channel, priority: urgency, targets, broadcast, kind, links, agent } = item
    return { version: version.id, item, channel, priority: urgency, targets, broadcast, kind, links, by: [agent, version.author] }
  }
  const { channel, priority: urgency, targets, broadcast = false, kind, links = [], author } = fact.data
  if (channel === undefined || !item.versions.some(({ id }) => id === fact.id)) return undefined
  return { version: fact.id, item, channel, priority: urgency, targets, broadcast, kind, links, by: [fact.agent, author] }
}

const priorities = priority.options

/** Whether a priority, `medium` where none was given, is this one or a higher one. */
export const reaches = (given: Priority | undefined, least: Priority): boolean => priorities.indexOf(given ?? 'medium') >= priorities.indexOf(least)

/** Whether it answers something that an agent has asked. */
const answers = ({ kind, links }: Announced, agent: string, view: KnowledgeItemsView): boolean =>
  kind === 'answer' &&
  links.some(({ to }) => {
    const question = view.get(to)
    return question?.kind === 'question' && authorsOf(question).has(agent)
  })

/**
 * Whether an agent is told of something. What is for others it is never told; what is for it by name, for all, or an answer to what it asked, always; the rest by channel and priority.
 */
export const isTold = (announced: Announced, { agent, channels, leastPriority, own }: Wants, view: KnowledgeItemsView): boolean => {
  const { item, channel, priority: urgency, targets, broadcast, by } = announced
  // Also by what the present version says: it may have become a matter of others.
  if (!isFor({ targets }, agent) || !isFor(item, agent)) return false
  if (!own && by.includes(agent)) return false
  if (broadcast || targets !== undefined || answers(announced, agent, view)) return true
  return (channels === undefined || channels.includes(channel)) && reaches(urgency, leastPriority)
}
