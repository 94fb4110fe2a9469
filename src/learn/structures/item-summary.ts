import type { FactData, FactOf, Trust } from '../../log/fact.ts'
import type { KnowledgeState } from '../../log/kinds/knowledge-moved.ts'
import type { ItemEffect } from './item-effect.ts'
import type { VersionSummary } from './item-versions.ts'
import type { ItemVoices } from './item-voices.ts'
import type { UseSums } from './use-counts.ts'

type Written = FactData['knowledge.written']

/** How the settled runs that were shown something, and the uses that somebody told of, went. */
export type UseCounts = UseSums

/** An item of knowledge without what it says: that stands in the log. */
export interface ItemSummary {
  readonly id: string
  readonly kind: string
  readonly category: string | undefined
  readonly tags: readonly string[]
  readonly channel: string | undefined
  readonly priority: Written['priority']
  /** The agents it is for; undefined: all. */
  readonly targets: readonly string[] | undefined
  /** Told to every subscriber, whatever they subscribed to. */
  readonly broadcast: boolean
  readonly score: number | undefined
  /** Until when it is true, in milliseconds since 1970-01-01 UTC; undefined: as long as nobody says otherwise. */
  readonly validUntil: number | undefined
  readonly links: NonNullable<Written['links']>
  readonly evidence: readonly string[]
  readonly agent: string | undefined
  readonly user: string | undefined
  readonly session: string | undefined
  readonly source: string
  readonly trust: Trust
  /** Whether a person stands behind its present version: wrote it, accepted it in a review, or released it. */
  readonly approved: boolean
  readonly state: KnowledgeState
  /** Of what is archived because it went into another item: that one. Whatever leads here leads there. */
  readonly mergedInto: string | undefined
  /** Of the fact since which it is in this state. */
  readonly stateSince: number
  /** The uses since it is in its state, by which that is judged, of all versions that say what the present one says; the rate is in [0, 1], and 0 without uses. */
  readonly recent: { readonly uses: number; readonly rate: number }
  /** The true share of the uses of what it says now that go well is at least so high, with a confidence of 95 % (Wilson 1927); in [0, 1], 0 without uses. */
  readonly confidence: number
  /** What showing what it says now does, since it was last out of use; of what is out of use: what showing it did. Undefined while it was never left out, or never shown, by a draw. */
  readonly effect: ItemEffect | undefined
  /** Of what is deprecated: what showing it did where it was tried again since. Undefined otherwise. */
  readonly retrial: ItemEffect | undefined
  /** Of all versions. */
  readonly total: UseCounts
  readonly votes: { readonly useful: number; readonly notUseful: number }
  /** How much it is worth keeping, by those who reflected: 2 from the start, +1 for each run that agrees with it or corrects it, −1 for each that would remove it; at 0 it is archived. */
  readonly importance: number
  /** Agents that looked at it, and that applied it, each once. */
  readonly viewed: number
  readonly applied: number
  /** The earliest first; the last one is the present. */
  readonly versions: readonly VersionSummary[]
  /** When its present version was written, and when the last use of any became known; milliseconds since 1970-01-01 UTC. */
  readonly writtenAt: number
  readonly lastUsedAt: number | undefined
}

/** What every item is asked. */
export interface KnowledgeItemsView {
  /** By the id of the item, or of the fact that holds one of its versions. */
  get(id: string): ItemSummary | undefined
  /** In the order in which they were first written. */
  all(): readonly ItemSummary[]
  /** Those that are not for everybody: deprecated, archived, in quarantine, for some agents only, or true for some time only. */
  restricted(): readonly ItemSummary[]
  /** Those of the kind `CORE_RULE`, in no order. */
  coreRules(): readonly ItemSummary[]
  /** The item that a link to an item, or to one of its versions, leads to: the one that took it in, or else itself. */
  ledToBy(id: string): ItemSummary | undefined
  /** Those whose links lead to a run, an item or one of its versions, in no order. */
  linkedTo(id: string): readonly ItemSummary[]
  /** Whether an agent is counted among those that looked at an item, applied it, or asked it, too. */
  hasEngaged(id: string, agent: string, by: FactData['knowledge.engaged']['by']): boolean
  /** What others said of an item, by name; undefined when there is none. */
  voices(id: string): ItemVoices | undefined
  readonly size: number
}

/** What the fact of its present version says about an item. */
export type Described = Pick<ItemSummary, 'kind' | 'category' | 'tags' | 'channel' | 'priority' | 'targets' | 'broadcast' | 'score' | 'validUntil' | 'links' | 'agent' | 'user' | 'session' | 'source' | 'trust'>

export const describedBy = ({ data, agent, user, session, source, trust }: FactOf<'knowledge.written'>): Described => {
  const { kind, category, tags = [], channel, priority, targets, broadcast = false, score, validUntil, links = [] } = data
  return { kind, category, tags, channel, priority, targets, broadcast, score, validUntil, links, agent, user, session, source, trust }
}

/** By whom an item is, under whatever names are known: whoever wrote a version of it, and for whom it was written first. */
export const authorsOf = ({ agent, user, versions }: Pick<ItemSummary, 'agent' | 'user' | 'versions'>): ReadonlySet<string> =>
  new Set([agent, user, ...versions.map(({ author }) => author)].filter((author) => author !== undefined))
