import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { Priority } from '../knowledge/input.ts'
import { authorsOf, isHeld, type ItemSummary, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import type { FactOf } from '../log/fact.ts'
import { priority } from '../log/kinds/knowledge-written.ts'
import { name } from '../log/kinds/shared.ts'
import { isExpired, isFor } from '../recall/knowledge-wanted.ts'

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

/**
 * The version that a fact announces: the one that it holds, or the one that it takes out of quarantine or out of the archive. Undefined where that was put away since, or nothing is shared.
 *
 * @returns id of the fact that holds it
 */
export const announcedBy = ({ data, id, sequence }: FactOf<'knowledge.written'> | FactOf<'knowledge.moved'>, view: KnowledgeItemsView): string | undefined => {
  const item = view.get(data.item ?? id)
  return item?.versions.find(({ announcedAt }) => announcedAt === sequence)?.id
}

const priorities = priority.options

/** Whether a priority, `medium` where none was given, is this one or a higher one. */
export const reaches = (given: Priority | undefined, least: Priority): boolean => priorities.indexOf(given ?? 'medium') >= priorities.indexOf(least)

type Shared = FactOf<'knowledge.written'>

/** Whether something answers what an agent has asked. */
export const answers = ({ kind, links = [] }: Pick<Shared['data'], 'kind'> & { readonly links?: ItemSummary['links'] | undefined }, agent: string, view: KnowledgeItemsView): boolean =>
  kind === 'answer' &&
  links.some(({ to }) => {
    const question = view.get(to)
    return question?.kind === 'question' && (authorsOf(question).has(agent) || view.hasEngaged(question.id, agent, 'asking'))
  })

/**
 * Whether an agent is told of a version. Of what is for others it is never told, nor of what somebody has put away or forgotten, or is true no longer; of what is for it by name, for all, or an answer to what it asked, always; of
 * the rest by channel and priority.
 */
export const isTold = (version: Shared, { agent, channels, leastPriority, own }: Wants, view: KnowledgeItemsView, now: number): boolean => {
  const { channel, priority: urgency, targets, broadcast, author } = version.data
  const item = view.get(version.id)
  if (channel === undefined || item === undefined || isHeld(item) || isExpired(item, now)) return false
  // Also by what the present version says: it may have become a matter of others.
  if (!isFor({ targets }, agent) || !isFor(item, agent)) return false
  if (!own && (author === agent || version.agent === agent)) return false
  if (broadcast === true || targets !== undefined || answers(version.data, agent, view)) return true
  return (channels === undefined || channels.includes(channel)) && reaches(urgency, leastPriority)
}
