import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name, text } from './shared.ts'

/** Knowledge that somebody added. */
export const knowledgeWritten = defineKind({
  kind: 'knowledge.written',
  version: 1,
  schema: z.object({
    kind: name,
    title: text.optional(),
    content: text,
    tags: z.array(name).optional(),
  }),
  long: ['title', 'content'],
  upcast: [],
  sample: { kind: 'solution', title: 'Refunds', content: 'Refunds above 100 need a second signature.', tags: ['refund'] },
})
