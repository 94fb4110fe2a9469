import type { Link, Priority } from '../knowledge/input.ts'
import type { KnowledgeState } from '../log/kinds/knowledge-moved.ts'
import type { FactOf, Trust } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'
import type { Cursor } from '../storage/storage.ts'

/** Something that an agent is told. What it says was written by somebody else: it is to be judged, and no instruction. */
export interface Message {
  /** The same whenever the message is delivered again: whoever has seen it passes it over. That of the version, such as `k` or `k@2`. */
  readonly id: string
  /** Id of the item of knowledge that it is a version of. */
  readonly item: string
  /** Of the version, from 1. */
  readonly number: number
  readonly channel: string
  readonly priority: Priority
  /** True: told to every subscriber. */
  readonly broadcast: boolean
  /** The agents it is for; undefined: all. */
  readonly targets: readonly string[] | undefined
  readonly kind: string
  readonly category: string | undefined
  readonly title: string | undefined
  /** A text, or data. */
  readonly content: string | Json
  /** What it was said of, as data. */
  readonly context: Readonly<Record<string, Json>> | undefined
  readonly tags: readonly string[]
  readonly links: readonly Link[]
  readonly author: string | undefined
  readonly agent: string | undefined
  readonly source: string
  readonly trust: Trust
  /** Until when it is true, in milliseconds since 1970-01-01 UTC. */
  readonly validUntil: number | undefined
  /** How the item stands now. */
  readonly state: KnowledgeState
  /** When it was written here, in milliseconds since 1970-01-01 UTC. */
  readonly sharedAt: number
  /** The place behind it, for whoever keeps their place themselves: `subscribe(agent, { after: cursor })` goes on there. */
  readonly cursor: Cursor
  /**
   * Says that this message and all before it are dealt with: once this returns, they are not delivered again, also after a crash.
   *
   * @throws AutodidactError `READ_ONLY` and `NOT_ALLOWED` where the place cannot be kept, `BUSY`, `DISK_FULL`, `CLOSED`
   */
  acknowledge(): Promise<void>
}

/** What a fact says as a message. */
export const messageOf = (fact: FactOf<'knowledge.written'>, told: Pick<Message, 'state' | 'cursor' | 'acknowledge'>): Message => {
  const { id, data, agent, source, trust, recordedAt } = fact
  const { item = id, number = 1, channel = 'general', priority = 'medium', broadcast = false, targets, kind, category, title, content, data: structured, context, tags = [], links = [], author, validUntil } = data
  return { id, item, number, channel, priority, broadcast, targets, kind, category, title, content: structured ?? content, context, tags, links, author, agent, source, trust, validUntil, sharedAt: recordedAt, ...told }
}
