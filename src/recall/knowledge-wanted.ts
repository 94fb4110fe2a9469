import { z } from 'zod'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { knowledgeState } from '../log/kinds/knowledge-moved.ts'
import { priority } from '../log/kinds/knowledge-written.ts'
import { name, unit } from '../log/kinds/shared.ts'

export const wantedInput = z.strictObject({
  kinds: z.array(name).optional(),
  categories: z.array(name).optional(),
  states: z.array(knowledgeState).optional(),
  tags: z.array(name).optional(),
  anyTags: z.array(name).optional(),
  channels: z.array(name).optional(),
  leastPriority: priority.optional(),
  leastConfidence: unit.optional(),
  expired: z.boolean().optional(),
})

/** Which knowledge is recalled; what is not named does not matter. */
export interface KnowledgeWanted {
  readonly kinds?: readonly string[]
  readonly categories?: readonly string[]
  /** Default: `experimental` and `validated`. What is in quarantine is recalled only where that is named. */
  readonly states?: readonly ItemSummary['state'][]
  /** All of them. */
  readonly tags?: readonly string[]
  /** One of them at least. */
  readonly anyTags?: readonly string[]
  readonly channels?: readonly string[]
  /** This priority or a higher one; what has none counts as `medium`. */
  readonly leastPriority?: 'low' | 'medium' | 'high' | 'critical'
  /** The true share of the uses of its present version that go well is at least so high, with a confidence of 95 %; in [0, 1]. */
  readonly leastConfidence?: number
  /** True: only what was true until a time that is past; false: only the rest. Default: in recall false, in lists either. */
  readonly expired?: boolean
}

/** The same as it is when it was checked. */
export type Wanted<Filter = KnowledgeWanted> = { readonly [Field in keyof Filter]: Filter[Field] | undefined }

/** The states in which an item is shown to whoever asks. */
export const statesInUse: readonly ItemSummary['state'][] = ['experimental', 'validated']

const priorities = priority.options

const oneOf = (wanted: readonly string[] | undefined, value: string | undefined): boolean => wanted === undefined || (value !== undefined && wanted.includes(value))

/** Whether an item is for an agent; with nobody named, only what is for everybody. */
export const isFor = ({ targets }: Pick<ItemSummary, 'targets'>, agent: string | undefined): boolean => targets === undefined || (agent !== undefined && targets.includes(agent))

/** Whether an item was true until a time that is past. */
export const isExpired = ({ validUntil }: Pick<ItemSummary, 'validUntil'>, now: number): boolean => validUntil !== undefined && validUntil < now

/**
 * Whether an item suits what is wanted.
 *
 * @param now in milliseconds since 1970-01-01 UTC
 */
export const isWanted = (item: ItemSummary, { kinds, categories, states, tags = [], anyTags, channels, leastPriority, leastConfidence = 0, expired }: Partial<Wanted>, now: number): boolean =>
  oneOf(kinds, item.kind) &&
  oneOf(categories, item.category) &&
  oneOf(states, item.state) &&
  oneOf(channels, item.channel) &&
  tags.every((tag) => item.tags.includes(tag)) &&
  (anyTags === undefined || anyTags.some((tag) => item.tags.includes(tag))) &&
  (leastPriority === undefined || priorities.indexOf(item.priority ?? 'medium') >= priorities.indexOf(leastPriority)) &&
  item.confidence >= leastConfidence &&
  (expired === undefined || isExpired(item, now) === expired)
