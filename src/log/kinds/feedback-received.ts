import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { json, judge, name, text, unit } from './shared.ts'

/** 32 bits without a sign. */
const hash = z.number().int().min(0).max(0xffffffff)

/** Somebody or something said how a run went. The run may not be known yet. */
export const feedbackReceived = defineKind({
  kind: 'feedback.received',
  version: 2,
  schema: z.object({
    /** Who says so; one author has one vote per run, and the latest counts. Absent: the user of the run; for an outcome, one voice for each kind of judge. */
    author: name.optional(),
    /** 0 is bad, 1 is good. */
    rating: unit.optional(),
    /** The right answer. */
    correction: json.optional(),
    /** What learners compare with the correction, once pruning has taken its words: of the whole, and of its terms. */
    correctionHashes: z.object({ whole: hash, terms: z.array(hash) }).optional(),
    /** An outcome from outside: a test passed, a ticket was reopened. */
    outcome: z.object({ reward: unit, judge }).optional(),
    /** Only this decision of the run is meant. */
    decision: name.optional(),
    comment: text.optional(),
  }),
  long: ['correction', 'comment'],
  // Version 2 tells what pruning left of a correction; before, nothing was.
  upcast: [(data) => data],
  sample: { author: 'ada', rating: 1, comment: 'exactly' },
})
