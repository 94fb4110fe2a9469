import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { priorities, relations } from '../knowledge-names.ts'
import { byName, context, json, name, text, time, unit } from './shared.ts'

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

/** How one item bears on another; recall follows it, one step. */
export const relation = z.enum(relations)

export const link = z.object({ relation, to: name })

export const priority = z.enum(priorities)

/** What an item was said of, as data. Bounded, because it is read whenever the log is folded. */
export const situation = byName(json).refine((said) => JSON.stringify(said).length <= 10_000, 'has more than 10,000 characters of JSON')

/** An item of knowledge as somebody wrote it, or a later version of one. */
export const knowledgeWritten = defineKind({
  kind: 'knowledge.written',
  version: 5,
  schema: z.object({
    kind: name,
    /** The item that this is a version of, and which, from 2; the first version is the item, and its id that of its fact. */
    item: name.optional(),
    number: z.number().int().min(2).optional(),
    /** Who wrote it, and why there is a new version. */
    author: name.optional(),
    reason: text.optional(),
    /** The version whose content is back. */
    restores: z.number().int().min(1).optional(),
    category: name.optional(),
    title: text.optional(),
    content: text,
    /** What content says, as data. */
    data: json.optional(),
    /** What it was said of, as data beside the content. */
    context: situation.optional(),
    tags: z.array(name).optional(),
    /** How sure its author is of it. */
    score: unit.optional(),
    links: z.array(link).max(100).optional(),
    /** Ids of the runs, feedback and other knowledge it was made of: without any of them it would not be there. */
    evidence: z.array(name).max(1_000).optional(),
    channel: name.optional(),
    priority: priority.optional(),
    /** The agents it is for; absent: all. */
    targets: z.array(name).max(1_000).optional(),
    /** Told to every subscriber, whatever they subscribed to. */
    broadcast: z.literal(true).optional(),
    /** It is true until then. */
    validUntil: time.optional(),
    fix: fix.optional(),
  }),
  long: ['title', 'content', 'data', 'reason', 'fix.input', 'fix.steps.*.input'],
  // Version 2 tells what helps against an error, which nobody could tell before; version 3 knows later versions of an item, what it was made of, and for whom it is; version 4 what is
  // broadcast; version 5 what it was said of, and until when it is true.
  upcast: [(data) => data, (data) => data, (data) => data, (data) => data],
  sample: {
    kind: 'solution',
    item: 'knowledge_1',
    number: 2,
    author: 'ada',
    reason: 'It said nothing of the name.',
    category: 'techniques',
    title: 'Pushing a new branch',
    content: 'Name the branch to track.',
    data: { command: 'git push' },
    context: { tool: 'git', remotes: ['origin'] },
    tags: ['git'],
    score: 0.9,
    links: [{ relation: 'supports', to: 'knowledge_2' }],
    evidence: ['run_1'],
    channel: 'solutions',
    priority: 'medium',
    targets: ['coder'],
    broadcast: true,
    validUntil: 1_798_761_600_000,
    fix: { error: 'fatal: The current branch main has no upstream branch.', tool: 'git', input: 'git push', steps: [{ action: 'git', input: 'git push -u origin main' }] },
  },
})
