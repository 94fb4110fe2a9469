import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** An agent looked at an item, applied it, or asked what was asked already; each is written once for an agent and an item. */
export const knowledgeEngaged = defineKind({
  kind: 'knowledge.engaged',
  version: 2,
  schema: z.object({ item: name, agent: name, by: z.enum(['viewing', 'applying', 'asking']) }),
  long: [],
  // Version 2 knows who asks what was asked before.
  upcast: [(data) => data],
  sample: { item: 'knowledge_1', agent: 'coder', by: 'applying' },
})
