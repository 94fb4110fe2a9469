import { z } from 'zod'
import type { ItemSummary, KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'

export const pruneInput = z.strictObject({ unusedForMs: z.number().int().min(0).optional(), dryRun: z.boolean().optional() })

/** What knowledge is put away. */
export interface KnowledgePruneSettings {
  /** Milliseconds since it was last used, or written if it never was; default 90 days. */
  readonly unusedForMs?: number
  /** True: nothing is put away, and the report says what would be. Default false. */
  readonly dryRun?: boolean
}

/** What was put away, or would be. */
export interface KnowledgePruneReport {
  readonly status: 'archived' | 'dry-run'
  readonly items: readonly { readonly id: string; readonly state: ItemSummary['state']; readonly uses: number; /** Undefined where it never was. */ readonly lastUsedAt: number | undefined }[]
}

const quarterMs = 90 * 24 * 3_600_000

/** What was validated, what is at the core of an agent, and what is critical is there for when it is needed. */
const isKept = ({ state, kind, priority }: ItemSummary): boolean => (state !== 'experimental' && state !== 'deprecated') || kind === 'CORE_RULE' || priority === 'critical'

/** The items that nobody has used for so long, also those that nobody ever has. */
export const unused = (view: KnowledgeItemsView, now: number, unusedForMs = quarterMs): readonly ItemSummary[] =>
  view.all().filter((item) => !isKept(item) && Math.max(item.lastUsedAt ?? 0, item.writtenAt) < now - unusedForMs)
