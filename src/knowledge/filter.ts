import { z } from 'zod'
import type { ItemSummary, VersionSummary } from '../learn/learners/knowledge-items.ts'
import type { FactOf } from '../log/fact.ts'
import { name } from '../log/kinds/shared.ts'
import { isFor, isWanted, type KnowledgeWanted, type Wanted, wantedInput } from '../recall/knowledge-wanted.ts'
import { type KnowledgeOrder, orderInput } from './order.ts'

export const filterInput = wantedInput.extend({
  agents: z.array(name).optional(),
  users: z.array(name).optional(),
  leastUses: z.number().int().min(0).optional(),
  for: name.optional(),
  limit: z.number().int().min(0).max(100_000).optional(),
})

/** Which items; what is not named does not matter. */
export interface KnowledgeFilter extends KnowledgeWanted {
  /** Written for one of these agents. */
  readonly agents?: readonly string[]
  /** Written for one of these users. */
  readonly users?: readonly string[]
  /** Uses of all its versions. */
  readonly leastUses?: number
  /** As this agent sees it: without what is for others only, and what waits in quarantine. */
  readonly for?: string
  /** At most so many; default 100. */
  readonly limit?: number
}

export const listInput = filterInput.extend({ order: orderInput.optional() })

/** Which items, and in which order. */
export interface KnowledgeListSettings extends KnowledgeFilter {
  /**
   * What comes first: `newest` (default), what was first written last; `uses`, of all versions; `confidence`, the bound that the true success rate surely reaches; `votes` for it less those against it; `priority`. Of equals the newest.
   */
  readonly order?: KnowledgeOrder
}

/** Whether an agent may know of an item; with nobody named, whoever looks after the store asks, and knows of all. */
export const isSeen = (item: ItemSummary, reader: string | undefined): boolean => reader === undefined || (isFor(item, reader) && item.state !== 'quarantined')

/** Whether an agent may know of a version of an item that it may know of: the present one as it stands, and of those before what was for it, and not put away when the next one came. */
export const isVersionSeen = ({ versions }: Pick<ItemSummary, 'versions'>, version: VersionSummary, { data: { targets } }: FactOf<'knowledge.written'>, reader: string | undefined): boolean =>
  reader === undefined || (isFor({ targets }, reader) && (version.id === versions.at(-1)?.id || version.announcedAt > 0))

/**
 * Whether an item suits a filter.
 *
 * @param now in milliseconds since 1970-01-01 UTC
 */
export const matches = (item: ItemSummary, { agents, users, leastUses = 0, for: reader, ...wanted }: Partial<Wanted<Omit<KnowledgeFilter, 'limit'>>>, now: number): boolean =>
  (agents === undefined || (item.agent !== undefined && agents.includes(item.agent))) &&
  (users === undefined || (item.user !== undefined && users.includes(item.user))) &&
  item.total.uses >= leastUses &&
  isSeen(item, reader) &&
  isWanted(item, wanted, now)
