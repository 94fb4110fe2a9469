import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name, text } from './shared.ts'

/** Somebody used a version of an item outside of any recorded run, and says how that went. */
export const knowledgeUsed = defineKind({
  kind: 'knowledge.used',
  version: 1,
  schema: z.object({
    item: name,
    /** The version that was used. */
    number: z.number().int().min(1),
    success: z.boolean(),
    note: text.optional(),
  }),
  long: ['note'],
  upcast: [],
  sample: { item: 'knowledge_1', number: 1, success: true, note: 'It pushed at once.' },
})
