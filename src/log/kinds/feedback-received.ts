import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { json, judge, name, text, unit } from './shared.ts'

/** Somebody or something said how a run went. The run may not be known yet. */
export const feedbackReceived = defineKind({
  kind: 'feedback.received',
  version: 1,
  schema: z.object({
    /** Who says so; one author has one vote per run, and the latest counts. Absent: the user of the run; for an outcome, one voice for each kind of judge. */
    author: name.optional(),
    /** 0 is bad, 1 is good. */
    rating: unit.optional(),
    /** The right answer. */
    correction: json.optional(),
    /** An outcome from outside: a test passed, a ticket was reopened. */
    outcome: z.object({ reward: unit, judge }).optional(),
    /** Only this decision of the run is meant. */
    decision: name.optional(),
    comment: text.optional(),
  }),
  long: ['correction', 'comment'],
  upcast: [],
  sample: { author: 'ada', rating: 1, comment: 'exactly' },
})
