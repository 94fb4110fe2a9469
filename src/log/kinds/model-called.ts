import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** A model is about to be asked. Written before the call, so that what it may cost is taken from the budget of the day whoever else asks, and also where nobody lives to see the answer. */
export const modelCalled = defineKind({
  kind: 'model.called',
  version: 1,
  schema: z.object({
    model: name,
    /** What for. */
    purpose: name,
    /** The most tokens that it is expected to take, of question and answer together. */
    reserved: z.number().int().min(0),
  }),
  long: [],
  upcast: [],
  sample: { model: 'teacher', purpose: 'reflection', reserved: 6_000 },
})
