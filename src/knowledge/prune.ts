import { z } from 'zod'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { newId } from '../log/ids.ts'
import { newFact } from '../log/new-fact.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { viewOf } from './present.ts'
import { commitFacts } from './say.ts'
import { isCoreRule } from './trust.ts'

const pruneInput = z.strictObject({ unusedForMs: z.number().int().min(0).optional(), dryRun: z.boolean().optional() })

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

const reason = 'Nobody has used it for a long time.'

/** So many are put away in one write. */
const atOnce = 500

/** What was validated, what is at the core of an agent, and what is critical is there for when it is needed. */
const isKept = ({ state, kind, priority }: ItemSummary): boolean => (state !== 'experimental' && state !== 'deprecated') || isCoreRule(kind) || priority === 'critical'

/** Archives the items that nobody has used for so long, also those that nobody ever has. */
export const prune = async (scope: Scope, settings: KnowledgePruneSettings): Promise<KnowledgePruneReport> => {
  const { unusedForMs = quarterMs, dryRun = false } = validated(pruneInput, settings, 'knowledge.prune')
  const now = scope.clock()
  const found = (await viewOf(scope)).all().filter((item) => !isKept(item) && Math.max(item.lastUsedAt ?? 0, item.writtenAt) < now - unusedForMs)
  if (!dryRun) await archive(scope, found)
  return { status: dryRun ? 'dry-run' : 'archived', items: found.map(({ id, state, total, lastUsedAt }) => ({ id, state, uses: total.uses, lastUsedAt })) }
}

const archive = async (scope: Scope, items: readonly ItemSummary[]): Promise<void> => {
  const by = { source: 'autodidact', trust: 'agent', occurredAt: scope.clock() } as const
  for (let from = 0; from < items.length; from += atOnce) {
    await commitFacts(scope, items.slice(from, from + atOnce).map(({ id }) => newFact('knowledge.moved', newId('knowledge'), { item: id, to: 'archived', by: 'autodidact', reason }, by)))
  }
}
