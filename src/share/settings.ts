import { z } from 'zod'
import type { KnowledgeItem } from '../knowledge/in-full.ts'
import type { Priority } from '../knowledge/input.ts'
import type { KnowledgeReceipt } from '../knowledge/write.ts'
import { priority } from '../log/kinds/knowledge-written.ts'
import { name } from '../log/kinds/shared.ts'
import type { Cursor } from '../storage/storage.ts'
import type { Wants } from './wants.ts'

const cursorInput = z.string().regex(/^\d{0,15}$/, 'is no place in the log: pass the cursor of a message, or an empty text for the beginning')

export const subscribeInput = z.strictObject({
  channels: z.union([z.literal('all'), z.array(name).max(1_000)]).optional(),
  leastPriority: priority.optional(),
  own: z.boolean().optional(),
  from: z.enum(['now', 'beginning']).optional(),
  after: cursorInput.optional(),
  name: name.refine((given) => given.length <= 400, 'has more than 400 characters').optional(),
})

export const unsubscribeInput = z.strictObject({ agent: name.optional() })

/** What to be told of, and from where on. What is not named stays as it was, where the agent has subscribed before. */
export interface SubscribeSettings {
  /** Default `all`. What is for the agent by name, for everybody, or an answer to what it asked, comes in any case. */
  readonly channels?: 'all' | readonly string[]
  /** Default `low`. */
  readonly leastPriority?: Priority
  /** True: also what the agent shared itself. Default false. */
  readonly own?: boolean
  /** Where a first subscription begins; default `now`. A later one goes on where the agent has got to. */
  readonly from?: 'now' | 'beginning'
  /** Goes on behind this place in any case: the `cursor` of a message, or an empty text for the beginning. */
  readonly after?: Cursor
  /** Under which the place is kept, where one agent has several subscriptions; default: the agent. */
  readonly name?: string
}

export const listInput = z.strictObject({
  channels: z.array(name).optional(),
  kinds: z.array(name).optional(),
  leastPriority: priority.optional(),
  limit: z.number().int().min(0).max(10_000).optional(),
})

export const popularInput = listInput.extend({ for: name.optional() })

export const tellingInput = z.strictObject({ source: name.optional() })

/** Who tells of a look, or that something was applied. */
export interface TellingSettings {
  /** Default: the agent. */
  readonly source?: string
}

/** Which shared items; what is not named does not matter. */
export interface SharedFilter {
  readonly channels?: readonly string[]
  readonly kinds?: readonly string[]
  readonly leastPriority?: Priority
  /** At most so many; default 20. */
  readonly limit?: number
}

/** What became of a question. */
export interface QuestionReceipt extends KnowledgeReceipt {
  /** Of one that was asked before (`known`): what was answered by now, the answer that others make most of first. */
  readonly answers: readonly KnowledgeItem[]
}

/** A channel as it stands. */
export interface ChannelSummary {
  readonly name: string
  /** Items that are shared there now. */
  readonly items: number
  /** When the latest of them was written; milliseconds since 1970-01-01 UTC. */
  readonly lastSharedAt: number | undefined
}

/** A subscription as it is kept. */
export interface SubscriptionSummary extends Wants {
  readonly name: string
  /** Everything up to here is dealt with. */
  readonly cursor: Cursor
}
