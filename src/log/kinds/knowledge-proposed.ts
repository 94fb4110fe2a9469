import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name, text, unit } from './shared.ts'

/** What may be done to the rules: ExpeL's four operations (Zhao et al. 2024). */
export const operationAction = z.enum(['add', 'update', 'agree', 'remove'])

/** One thing that is proposed. */
const proposedOperation = z.object({
  action: operationAction,
  /** What is to be added is of this kind. */
  kind: name.optional(),
  score: unit.optional(),
  /** What is to be added, or what an item is to say from now on. */
  text: text.optional(),
  reason: text.optional(),
  /** The item that is meant, and the version of it that was looked at. */
  item: name.optional(),
  number: z.number().int().min(1).optional(),
  /** The proposal that it agrees with, in the place of an item. */
  proposal: name.optional(),
})

/** A teacher model looked at a run and at the rules in force, and proposes changes. A proposal is called by the id of this fact and its place, from 1: `ID/1`. */
export const knowledgeProposed = defineKind({
  kind: 'knowledge.proposed',
  version: 1,
  schema: z.object({
    /** The run that it looked at. */
    run: name,
    model: name,
    /** Id of the call. */
    call: name,
    /** Ids of everything that it was shown: the run, what was said of it, rules and earlier proposals. Without any of them nothing of this would be there. */
    evidence: z.array(name).max(1_000),
    /** Of what is added: whom it is for, where a rule that was shown is not for everybody. */
    targets: z.array(name).max(1_000).optional(),
    user: name.optional(),
    operations: z.array(proposedOperation).max(1_000),
    /** Parts of the answer that were of no use. */
    dropped: z.number().int().min(0),
  }),
  long: ['operations.*.text', 'operations.*.reason'],
  upcast: [],
  sample: {
    run: 'run_1',
    model: 'teacher',
    call: 'model_2026-01-01_1',
    evidence: ['run_1', 'knowledge_1'],
    operations: [
      { action: 'add', kind: 'RESPONSE_PRINCIPLE', score: 0.8, text: 'Name the currency of every amount.', reason: 'The amount was misread.' },
      { action: 'update', item: 'knowledge_1', number: 2, text: 'Refund within a day.' },
      { action: 'agree', proposal: 'reflection_1/1' },
    ],
    dropped: 1,
  },
})
