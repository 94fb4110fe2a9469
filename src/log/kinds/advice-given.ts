import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { context, name, packedFeatures, text, time, unit } from './shared.ts'

/**
 * An agent asked for advice on a task. Holds ids and hashes of what was recalled, never its text: one person's words must not spread
 * through another's facts.
 */
export const adviceGiven = defineKind({
  kind: 'advice.given',
  version: 4,
  schema: z.object({
    task: text,
    category: name.optional(),
    context: context.optional(),
    state: name.optional(),
    features: packedFeatures,
    items: z.array(z.object({ id: name, kind: name, score: z.number(), relevance: z.number(), usefulness: z.number() })),
    /** 32-bit hashes of the word shingles of the prompt, so that recalled text is recognised when it comes back. */
    shingles: z.string(),
    /** The part of them that comes from recalled answers: an agent may rightly answer the same again. */
    answerShingles: z.string(),
    learning: z.boolean(),
    /**
     * Which knowledge would have been shown and was left out by a draw of this probability, so that its effect can be told, and which was not. What is `explored` was there to be tried, and shown
     * with a probability of one half.
     */
    trial: z.object({ rate: unit, offered: z.array(name), withheld: z.array(name), explored: z.array(name).optional() }).optional(),
    /** What the user said they prefer, as it stood in the prompt. */
    preferences: z.array(name).optional(),
    expiresAt: time.optional(),
  }),
  long: ['task', 'shingles', 'answerShingles'],
  // Version 2 tells what was left out by a draw, version 3 which preferences were shown; nothing was before. Version 4 tells what was there only to be tried; before, that was shown whenever it was
  // drawn, and no part of the trial.
  upcast: [(data) => data, (data) => data, (data) => data],
  sample: {
    task: 'Refund order 1187',
    features: { hashes: '', values: '' },
    items: [{ id: 'run_1', kind: 'example', score: 0.41, relevance: 0.82, usefulness: 0.5 }],
    shingles: '',
    answerShingles: '',
    learning: true,
    trial: { rate: 0.05, offered: ['knowledge_1'], withheld: ['knowledge_2', 'knowledge_3'], explored: ['knowledge_3'] },
    preferences: ['preference_1'],
    expiresAt: 1_767_225_600_000,
  },
})
