import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name } from './shared.ts'

/** A feedback was taken back; it may arrive before what it takes back. */
export const feedbackRetracted = defineKind({
  kind: 'feedback.retracted',
  version: 1,
  schema: z.object({ feedback: name }),
  long: [],
  upcast: [],
  sample: { feedback: 'feedback_1' },
})
