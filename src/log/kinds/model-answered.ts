import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** What a call of a model took, in the place of what was reserved for it. */
export const modelAnswered = defineKind({
  kind: 'model.answered',
  version: 1,
  schema: z.object({
    /** Id of the call. */
    call: name,
    /** Tokens of the question, and of the answer; estimated where the model does not tell. */
    input: z.number().int().min(0),
    output: z.number().int().min(0),
    /** False: there was no answer. */
    ok: z.boolean(),
  }),
  long: [],
  upcast: [],
  sample: { call: 'model_2026-01-01_1', input: 1_200, output: 300, ok: true },
})
