import { z } from 'zod'
import { defineKind } from '../define-kind.ts'

/** Facts were erased on request. Says how many and by what kind of selector, never whose. */
export const subjectForgotten = defineKind({
  kind: 'subject.forgotten',
  version: 1,
  schema: z.object({ by: z.enum(['facts', 'user', 'session', 'run', 'source', 'namespace']), facts: z.number().int().min(0) }),
  long: [],
  upcast: [],
  sample: { by: 'user', facts: 12 },
})
