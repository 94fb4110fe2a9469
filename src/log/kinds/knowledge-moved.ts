import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { knowledgeStates } from '../knowledge-names.ts'
import { name, text } from './shared.ts'

/** Where an item is in its life. `quarantined`: nobody is shown it before somebody has looked at it. */
export const knowledgeState = z.enum(knowledgeStates)

export type KnowledgeState = z.infer<typeof knowledgeState>

/** Somebody put an item into a state by hand, or its text was suspicious; what is made of its uses goes on from there. */
export const knowledgeMoved = defineKind({
  kind: 'knowledge.moved',
  version: 3,
  schema: z.object({
    item: name,
    to: knowledgeState,
    by: name.optional(),
    reason: text.optional(),
    /** Id of the version that is the reason for it: the item is where it is as long as that one is there and is its present one. */
    because: name.optional(),
    /** The item that took it in, where it is archived for that: what is linked to it leads there. */
    into: name.optional(),
  }),
  long: ['reason'],
  // Version 2 tells which version is the reason; before, it was a matter of the item. Version 3 tells where it went.
  upcast: [(data) => data, (data) => data],
  sample: { item: 'knowledge_1', to: 'quarantined', by: 'ada', reason: 'It looks suspicious.', because: 'knowledge_1@2', into: 'knowledge_2' },
})
