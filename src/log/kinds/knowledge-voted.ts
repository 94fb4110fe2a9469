import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** Somebody finds an item useful or not; of several votes by one voter the last counts. */
export const knowledgeVoted = defineKind({
  kind: 'knowledge.voted',
  version: 1,
  schema: z.object({
    item: name,
    voter: name,
    /** Null takes an earlier vote back. */
    useful: z.boolean().nullable(),
  }),
  long: [],
  upcast: [],
  sample: { item: 'knowledge_1', voter: 'reviewer', useful: true },
})
