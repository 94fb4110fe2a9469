import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { operationAction } from './knowledge-proposed.ts'
import { name, text } from './shared.ts'

/** A proposal was applied or rejected. Written together with what it changes. */
export const knowledgeProposalDecided = defineKind({
  kind: 'knowledge.proposal-decided',
  version: 1,
  schema: z.object({
    proposal: name,
    outcome: z.enum(['applied', 'rejected']),
    /** What it was applied as: what says the same as something that is there already agrees with it. */
    as: operationAction.optional(),
    /** The item that it made or changed. */
    item: name.optional(),
    /** The run that it is due to. */
    run: name,
    way: z.enum(['at-once', 'corroborated', 'person', 'program']),
    by: name.optional(),
    reason: text.optional(),
  }),
  long: ['reason'],
  upcast: [],
  sample: { proposal: 'reflection_1/1', outcome: 'applied', as: 'add', item: 'knowledge_2', run: 'run_1', way: 'person', by: 'ada', reason: 'True.' },
})
