import { z } from 'zod'
import { defineKind } from '../define-kind.ts'

/** Facts were erased on request. Says how many and by what kind of selector, never whose. */
export const subjectForgotten = defineKind({
  kind: 'subject.forgotten',
  version: 2,
  schema: z.object({ by: z.enum(['facts', 'user', 'session', 'run', 'source', 'kind', 'namespace']), facts: z.number().int().min(0) }),
  long: [],
  // Version 2 tells of erasures by kind; there were none before.
  upcast: [(data) => data],
  sample: { by: 'user', facts: 12 },
})
