import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name, text } from './shared.ts'

/** Uses of a version elsewhere, added up as the weighted verdicts they had. */
const times = z.object({ uses: z.number().int().min(1).max(1e9), up: z.number().min(0).max(1e9), down: z.number().min(0).max(1e9) })

/** Somebody used a version of an item outside of any recorded run, and says how that went. */
export const knowledgeUsed = defineKind({
  kind: 'knowledge.used',
  version: 2,
  schema: z.object({
    item: name,
    /** The version that was used. */
    number: z.number().int().min(1),
    success: z.boolean(),
    note: text.optional(),
    /** It stands for so many uses in another store, which an import brings along; `success` says how most of them went. */
    times: times.optional(),
  }),
  long: ['note'],
  // Version 2 tells of several uses at once.
  upcast: [(data) => data],
  sample: { item: 'knowledge_1', number: 1, success: true, note: 'It pushed at once.', times: { uses: 3, up: 2, down: 0.5 } },
})
