import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name, text } from './shared.ts'

/** Where an item is in its life. `quarantined`: nobody is shown it before somebody has looked at it. */
export const knowledgeState = z.enum(['experimental', 'validated', 'deprecated', 'archived', 'quarantined'])

export type KnowledgeState = z.infer<typeof knowledgeState>

/** Somebody put an item into a state by hand; what is made of its uses goes on from there. */
export const knowledgeMoved = defineKind({
  kind: 'knowledge.moved',
  version: 1,
  schema: z.object({
    item: name,
    to: knowledgeState,
    by: name.optional(),
    reason: text.optional(),
  }),
  long: ['reason'],
  upcast: [],
  sample: { item: 'knowledge_1', to: 'archived', by: 'ada', reason: 'The tool is gone.' },
})
