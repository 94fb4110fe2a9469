import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { context, json, name, text } from './shared.ts'

const recipe = json.refine((input) => JSON.stringify(input).length <= 2000, 'has more than 2,000 characters of JSON')

/** What helps against an error, told by somebody who knows. Bounded, because it is read whenever the log is folded. */
export const fix = z.object({
  /** The error in words; empty where the tool fails without a word. */
  error: z
    .string()
    .max(10_000, 'has more than 10,000 characters: pass its beginning and its end')
    .transform((error) => error.toWellFormed()),
  /** The tool that fails, and with which input. */
  tool: name.optional(),
  input: recipe.optional(),
  /** What the fix is called: cases of the same name are cases of one fix. */
  approach: name.optional(),
  /** What to do, in order. */
  steps: z.array(z.object({ action: name, input: recipe.optional() })).max(20),
  categories: z.array(name).max(20).optional(),
  context: context.optional(),
})

/** Knowledge that somebody added. */
export const knowledgeWritten = defineKind({
  kind: 'knowledge.written',
  version: 2,
  schema: z.object({
    kind: name,
    title: text.optional(),
    content: text,
    tags: z.array(name).optional(),
    fix: fix.optional(),
  }),
  long: ['title', 'content', 'fix.input', 'fix.steps.*.input'],
  // Version 2 tells what helps against an error, which nobody could tell before.
  upcast: [(data) => data],
  sample: {
    kind: 'solution',
    title: 'Pushing a new branch',
    content: 'Name the branch to track.',
    tags: ['git'],
    fix: { error: 'fatal: The current branch main has no upstream branch.', tool: 'git', input: 'git push', steps: [{ action: 'git', input: 'git push -u origin main' }] },
  },
})
