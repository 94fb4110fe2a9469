import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** Somebody ended an experiment: its point decides as it is configured again. */
export const experimentStopped = defineKind({
  kind: 'experiment.stopped',
  version: 1,
  schema: z.object({
    experiment: name,
    /** The arm that had won by then; absent when none had. */
    winner: name.optional(),
  }),
  long: [],
  upcast: [],
  sample: { experiment: 'experiment_1', winner: 'learned' },
})
