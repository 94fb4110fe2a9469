import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import type { Trust } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'
import type { Bearing } from './linked.ts'

/** What an item is to the agent: a verified success, a failure to avoid, a run nobody judged, or something written down. */
export type RecalledKind = 'example' | 'warning' | 'unverified' | 'knowledge'

/** What a recalled item of knowledge is. */
export interface ItemKnowledge {
  /** Id of the item, whichever version was recalled. */
  readonly item: string
  /** Of the version, from 1. */
  readonly number: number
  readonly kind: string
  readonly category: string | undefined
  readonly priority: ItemSummary['priority']
  /** What it was said of, as data. */
  readonly context: Readonly<Record<string, Json>> | undefined
  readonly tags: readonly string[]
  /** How sure its author is of it, in [0, 1]. */
  readonly score: number | undefined
  /** Until when it is true, in milliseconds since 1970-01-01 UTC; undefined: as long as nobody says otherwise. */
  readonly validUntil: number | undefined
  readonly state: ItemSummary['state']
  /** Whether a person wrote this version, accepted it, or released it. */
  readonly approved: boolean
  /** The knowledge that it is linked to by its own word, as far as that is there. */
  readonly links: ItemSummary['links']
  /** Of all versions, in runs with a verdict or told of. */
  readonly uses: number
  /** The true share of its uses that went well is at least so high, with a confidence of 95 %; in [0, 1]. */
  readonly confidence: number
}

/** One thing worth knowing for a task. */
export interface Item {
  /** Of the run, or of the version of the knowledge; name it in `used` when you record, so that credit goes to it. */
  readonly id: string
  readonly kind: RecalledKind
  /** What the items are ordered by: relevance × usefulness × reputation × recency, less what a better item already says. What is linked with another one stands beside that, whatever its score. */
  readonly score: number
  /** In [0, 1), comparable between queries. */
  readonly relevance: number
  /** In (0, 1): how often runs that were shown this item went well, shrunk to one half. */
  readonly usefulness: number
  /** How what its source taught went, as a part of how the rest did: in [¼, 1], 1 where nothing speaks against it. */
  readonly reputation: number
  readonly reason: string
  /** How it bears on another item that was recalled; undefined without a link between the two. */
  readonly linked: Bearing | undefined
  /** The task of a run, or the title of knowledge. */
  readonly task: string
  /** What was answered: after a correction, the right answer. For a warning, the answer to avoid. */
  readonly response: Json | undefined
  /** The answer that a correction replaced. */
  readonly replaced: Json | undefined
  /** What went wrong, the first 400 characters; of a warning only. */
  readonly error: string | undefined
  /** Action of the last step that failed; of a warning only. */
  readonly failedStep: string | undefined
  /** What was done: the actions in their order, of an example the first 20, of a warning the last 20. None of an example whose answer was corrected, since they did not lead to it. */
  readonly steps: readonly string[]
  readonly takeaway: string | undefined
  /** The text of knowledge, or its data as JSON, and on the next line what it was said of, as JSON. */
  readonly content: string | undefined
  /** What knowledge is; undefined for a run. */
  readonly knowledge: ItemKnowledge | undefined
  readonly source: string
  readonly trust: Trust
  readonly user: string | undefined
  readonly agent: string | undefined
  /** Milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
}
