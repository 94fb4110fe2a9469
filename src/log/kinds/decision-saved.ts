import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { byName, json, name, nameOrNone } from './shared.ts'

/**
 * A host wrote down a choice that it made by itself. History only: without the probability of the choice nothing can be learned or evaluated from it; a decision of
 * ours is `decision.made`.
 */
export const decisionSaved = defineKind({
  kind: 'decision.saved',
  version: 1,
  schema: z.object({
    state: nameOrNone,
    action: name,
    /** What the host thought of each option. */
    values: byName(z.number()),
    reward: json.optional(),
  }),
  long: ['reward'],
  upcast: [],
  sample: { state: 'start', action: 'search', values: { search: 0.5, ask: 0.25 }, reward: { total: 0.75 } },
})
