import { z } from 'zod'
import { type ErrorFix, createErrorFixes, type ErrorToFix, type FixesSettings } from '../learn/learners/error-fixes.ts'
import { knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { name, text, unit } from '../log/kinds/shared.ts'
import { toJson } from '../log/payload.ts'
import { validated } from '../log/validate.ts'
import { isExpired, isFor, statesInUse } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'

/** Whether what an item of knowledge tells may be offered to an agent: where it would be recalled, and by what it says now. */
export const offeredTo = async ({ runner, namespace, clock }: Scope, agent?: string): Promise<(item: string) => boolean> => {
  const items = await runner.view(namespace, knowledgeItems)
  return (id) => {
    const item = items.get(id)
    return item !== undefined && statesInUse.includes(item.state) && !isExpired(item, clock()) && isFor(item, agent)
  }
}

const errorInput = z.strictObject({ message: text, category: name.optional(), tool: name.optional(), input: z.unknown().optional() })

const settingsInput = z.strictObject({ confidence: unit.optional(), limit: z.number().int().min(1).max(20).optional(), for: name.optional() })

/**
 * What has helped against errors like this one, the likeliest first. See `errorFixes` for how it is learned, and what the confidence is.
 * An empty list does not say that nothing is known: with `confidence: 0` it is told what is known below the bound, and how sure that is.
 *
 * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const error = 'connection to "db-7" refused'
 * const fix = { error, tool: 'query', approach: 'restart the database', steps: [{ action: 'restart', input: { service: 'db' } }] }
 * await autodidact.remember({ content: 'The database stops after its nightly backup: restart it.', fix })
 * const [best] = await autodidact.fixesFor({ message: 'connection to "db-9" refused', tool: 'query' })
 * console.assert(best?.approach === 'restart the database' && best.steps[0]?.action === 'restart')
 * await autodidact.close()
 * ```
 */
export const fixesFor = async (scope: Scope, error: ErrorToFix, settings: FixesSettings = {}): Promise<ErrorFix[]> => {
  const { message, category, tool, input } = validated(errorInput, error, 'fixesFor')
  const { confidence, limit, for: agent } = validated(settingsInput, settings, 'fixesFor')
  const given = toJson(input, 'fixesFor: input')
  if (!scope.settings.learning) return []
  // It costs as much as all others together, so it is folded from the first question on.
  const view = await scope.runner.viewOfAny(scope.namespace, createErrorFixes({ solutionLimit: scope.settings.patterns.solutionLimit }))
  const situation = { ...(category === undefined ? {} : { category }), ...(tool === undefined ? {} : { tool }), ...(given === undefined ? {} : { input: given }) }
  return view.fixesFor({ message, ...situation }, { ...(confidence === undefined ? {} : { confidence }), ...(limit === undefined ? {} : { limit }) }, await offeredTo(scope, agent))
}
