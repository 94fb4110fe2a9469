import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name, text, unit } from './shared.ts'

/** What a user prefers, by a name of its own; the latest of a name counts, and one that says nothing takes it back. The user is that of the fact. */
export const preferenceStated = defineKind({
  kind: 'preference.stated',
  version: 1,
  schema: z.object({
    name,
    /** In words, for the prompt. */
    text: text.optional(),
    /** The option to take at a choice point, and in which share of the decisions there. */
    choice: z.object({ point: name, option: name, strength: unit }).optional(),
  }),
  long: ['text'],
  upcast: [],
  sample: { name: 'tone', text: 'Short answers, no greeting.' },
})
