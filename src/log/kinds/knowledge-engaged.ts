import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** An agent looked at an item, or applied it; each of the two is written once for an agent and an item. */
export const knowledgeEngaged = defineKind({
  kind: 'knowledge.engaged',
  version: 1,
  schema: z.object({ item: name, agent: name, by: z.enum(['viewing', 'applying']) }),
  long: [],
  upcast: [],
  sample: { item: 'knowledge_1', agent: 'coder', by: 'applying' },
})
