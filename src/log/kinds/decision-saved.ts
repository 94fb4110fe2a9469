import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { byName, json, name } from './shared.ts'

/**
 * A host wrote down a choice that it made by itself. History only: without the probability of the choice nothing can be learned or evaluated from it; a decision of
 * ours is `decision.made`.
 */
export const decisionSaved = defineKind({
  kind: 'decision.saved',
  version: 1,
  schema: z.object({
    state: z.union([name, z.literal('')]),
    action: name,
    /** What the host thought of each option. */
    values: byName(z.number()),
    /** Up to 16,384 characters of JSON. */
    reward: json.refine((value) => JSON.stringify(value).length <= 16_384, 'has more than 16,384 characters of JSON').optional(),
  }),
  long: [],
  upcast: [],
  sample: { state: 'start', action: 'search', values: { search: 0.5, ask: 0.25 }, reward: { total: 0.75 } },
})
