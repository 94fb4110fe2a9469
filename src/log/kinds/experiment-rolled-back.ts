import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/**
 * An arm was shown to be worse than another, and gets no further units. Its id is made from those of the experiment and the arm, so two processes that notice
 * it write one fact. It stands, whatever feedback comes later.
 */
export const experimentRolledBack = defineKind({
  kind: 'experiment.rolled-back',
  version: 1,
  schema: z.object({
    experiment: name,
    arm: name,
    /** The arm that was better, and by how much: difference of mean rewards with the confidence sequence of that moment. */
    against: name,
    difference: z.number(),
    low: z.number(),
    high: z.number(),
  }),
  long: [],
  upcast: [],
  sample: { experiment: 'experiment_1', arm: 'off', against: 'learned', difference: 0.12, low: 0.03, high: 0.21 },
})
