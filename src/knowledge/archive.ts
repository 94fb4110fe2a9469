import { z } from 'zod'
import { AutodidactError, type ErrorCode } from '../errors.ts'
import { isHeld, type ItemSummary } from '../learn/learners/knowledge-items.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { filterInput, type KnowledgeFilter, matches } from './filter.ts'
import { viewOf } from './present.ts'
import { move, moveInput, type MoveSettings, refuseMove } from './say.ts'
import { saying } from './saying.ts'

const archiveInput = filterInput
  .omit({ limit: true })
  .extend({ text: z.string().min(1).optional() })
  .refine(({ tags = [], leastUses = 0, leastConfidence = 0, leastPriority = 'low', ...named }) => tags.length > 0 || leastUses > 0 || leastConfidence > 0 || leastPriority !== 'low' || Object.values(named).some((wanted) => wanted !== undefined), 'names nothing: pass at least one of kinds, text, tags, …; every item would be put away otherwise')

const settingsInput = moveInput.extend({ dryRun: z.boolean().optional() })

/** Which items are put away: at least one thing must be named. */
export interface KnowledgeArchiveFilter extends Omit<KnowledgeFilter, 'limit'> {
  /** Only what says this and nothing else, whatever its case and punctuation; a line like `[CORE_RULE|1.0] My name is Ada.` is a rule of that type, with any score. */
  readonly text?: string
}

/** By whom, and why, items are put away. */
export interface KnowledgeArchiveSettings extends MoveSettings {
  /** True: nothing is put away, and the report says what would be. Default false. */
  readonly dryRun?: boolean
}

/** What was put away, or would be. */
export interface KnowledgeArchiveReport {
  readonly status: 'archived' | 'dry-run'
  /** With the states that they were in. */
  readonly items: readonly { readonly id: string; readonly state: ItemSummary['state'] }[]
  /** What may not be put away on this word, or was forgotten meanwhile; a dry run tells of it, too. */
  readonly problems: readonly { readonly id: string; readonly code: ErrorCode; readonly message: string }[]
}

/** Puts away what suits a filter, each item for itself, as `move` does. What is put away already stays as it is. */
export const archive = async (scope: Scope, filter: KnowledgeArchiveFilter, settings: KnowledgeArchiveSettings): Promise<KnowledgeArchiveReport> => {
  const { text, ...wanted } = validated(archiveInput, filter, 'knowledge.archive')
  const { dryRun = false } = validated(settingsInput, settings, 'knowledge.archive: settings')
  const { dryRun: _dryRun, ...by } = settings
  const now = scope.clock()
  const suiting = (await viewOf(scope)).all().filter((item) => !isHeld(item) && matches(item, wanted, now))
  const found = text === undefined ? suiting : await saying(scope, suiting, text)
  const items: KnowledgeArchiveReport['items'][number][] = []
  const problems: KnowledgeArchiveReport['problems'][number][] = []
  for (const { id, state } of found) {
    try {
      await (dryRun ? refuseMove : move)(scope, id, 'archived', by)
      items.push({ id, state })
    } catch (error) {
      if (!AutodidactError.is(error) || (error.code !== 'NOT_ALLOWED' && error.code !== 'UNKNOWN_ID')) throw error
      problems.push({ id, code: error.code, message: error.message })
    }
  }
  return { status: dryRun ? 'dry-run' : 'archived', items, problems }
}
