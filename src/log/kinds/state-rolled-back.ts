import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** A learner goes back to what it knew at a place of the log, and never learns what lies between there and here. */
export const stateRolledBack = defineKind({
  kind: 'state.rolled-back',
  version: 1,
  schema: z.object({
    /** Name of the learner, without its version. */
    learner: name,
    /** Sequence of the last fact that it keeps; 0 for none. */
    to: z.number().int().min(0),
  }),
  long: [],
  upcast: [],
  sample: { learner: 'tabular-q', to: 1187 },
})
