import { z } from 'zod'
import { fix, link, priority, situation } from '../log/kinds/knowledge-written.ts'
import { name, text, time, unit } from '../log/kinds/shared.ts'
import type { Trust } from '../log/fact.ts'
import { toJson } from '../log/payload.ts'
import { hasPrototypeName } from './content.ts'

/**
 * Kinds of knowledge with a meaning of their own here: rules, what is learned from runs, and what agents share. Any other name is a kind, too.
 */
export const knowledgeKinds = [
  'CORE_RULE', 'RESPONSE_PRINCIPLE', 'BEHAVIORAL_ADJUSTMENT', 'GENERAL_LEARNING',
  'success_pattern', 'failure_pattern', 'optimization', 'error_recovery', 'task_strategy', 'best_practice', 'agent_capability',
  'solution', 'technique', 'pattern', 'warning', 'discovery', 'question', 'answer',
] as const

export const trust = z.enum(['user', 'agent', 'tool', 'imported', 'recalled'])

/** A version stands in the log under the id of its item with its number behind: no item may be called so. */
export const itemName = name.refine((id) => id.length <= 500, 'has more than 500 characters').refine((id) => !/@\d+$/.test(id), 'ends like the id of a version ("@2")')

/** What is remembered is recalled for everybody, which is the opposite of what somebody means who writes a preference down. */
export const kindName = name.refine((kind) => kind !== 'preference', 'is preference, which is no kind of knowledge: what is remembered is recalled for everybody. Use preferences.set(user, name, …)')

/** Data is made plain when it is written, as all payloads are. */
const said = z.union([text.refine((content) => content.trim() !== '', 'is empty'), z.custom<object>((content) => typeof content === 'object' && content !== null, 'must be a text, an object or a list')])

const helps = fix.strict().refine(({ error, input }) => error.trim() !== '' || input !== undefined, 'needs an error in words, or the input that fails without')

/** Made plain when it is taken, as data are. */
const plainContext = z
  .unknown()
  .transform((given): unknown => toJson(given, 'context'))
  .refine((given) => !hasPrototypeName(given), 'has the name "__proto__", which cannot be kept')
  .pipe(situation)

/** What of an item may be said anew in a later version. */
const changeable = {
  kind: kindName.optional(),
  category: name.optional(),
  title: text.optional(),
  context: plainContext.optional(),
  tags: z.array(name).max(100).optional(),
  score: unit.optional(),
  links: z.array(link.strict()).max(100).optional(),
  evidence: z.array(name).max(1_000).optional(),
  channel: name.optional(),
  priority: priority.optional(),
  targets: z.array(name).max(1_000).optional(),
  validUntil: time.optional(),
  fix: helps.optional(),
  author: name.optional(),
  source: name.optional(),
  trust: trust.optional(),
  occurredAt: time.optional(),
}

export const knowledgeInput = z.strictObject({
  ...changeable,
  broadcast: z.literal(true).optional(),
  id: itemName.optional(),
  content: said,
  agent: name.optional(),
  user: name.optional(),
  session: name.optional(),
})

/** The fields that null takes away. */
const clearable = ['category', 'title', 'context', 'tags', 'score', 'links', 'evidence', 'channel', 'priority', 'targets', 'validUntil', 'fix'] as const

type Clearable = (typeof clearable)[number]

// Each of its fields is the nullable form of the field of that name.
const cleared = Object.fromEntries(clearable.map((field) => [field, changeable[field].nullable()])) as { readonly [Field in Clearable]: z.ZodNullable<(typeof changeable)[Field]> }

export const changeInput = z.strictObject({ ...changeable, ...cleared, content: said.optional(), reason: text.optional(), expected: z.number().int().min(1).optional() })

/** What helps against an error. */
export interface FixInput {
  /**
   * The error in words, as the tool says it; at most 10,000 characters. What differs from one time to the next may be left in. May be empty where `input` tells enough: an input like it that
   * fails with a word is then recognised.
   */
  readonly error: string
  /** The tool that fails, and what it was given; JSON of at most 2,000 characters. */
  readonly tool?: string
  readonly input?: unknown
  /** What the fix is called: the same name for the same fix of several errors. Default: fixes of the same steps are one. */
  readonly approach?: string
  /** What to do, in order; at most 20, none where only its name is known. */
  readonly steps: readonly { readonly action: string; readonly input?: unknown }[]
  /** Kinds of tasks that it applies to; default: any. */
  readonly categories?: readonly string[]
  /** Finite numbers and names that describe the situation. */
  readonly context?: Readonly<Record<string, number | string | boolean>>
}

/** How one item bears on another. */
export interface Link {
  readonly relation: 'supports' | 'contradicts' | 'fixes' | 'derived-from'
  /** Id of the other item. */
  readonly to: string
}

/** How urgent something is. */
export type Priority = 'low' | 'medium' | 'high' | 'critical'

/** What an item says of itself, beside what it says. */
export interface KnowledgeDescription {
  /** One of {@link knowledgeKinds}, or a name of your own; default `solution`. */
  readonly kind?: string
  /** What it belongs to: `patterns`, `techniques`, … */
  readonly category?: string
  readonly title?: string
  /** What it was said of, as data beside the content: `{ language: 'python' }`. A plain JSON object of at most 10,000 characters, found and shown with the content. */
  readonly context?: Readonly<Record<string, unknown>>
  readonly tags?: readonly string[]
  /** How sure its author is of it, in [0, 1]; counts like one more use when what is recalled is ranked. */
  readonly score?: number
  /** At most 100. */
  readonly links?: readonly Link[]
  /** Ids of the runs and the knowledge it was made of, at most 1,000: it is trusted no more than the least of them, and forgotten with any of them. A later version that names others is made of those alone. */
  readonly evidence?: readonly string[]
  /** Where agents that subscribe are told of it. */
  readonly channel?: string
  readonly priority?: Priority
  /** The agents it is for: no other is ever shown it. Default: all. */
  readonly targets?: readonly string[]
  /** Until when it is true, in milliseconds since 1970-01-01 UTC: after that it is neither recalled nor told. Default: as long as nobody says otherwise. */
  readonly validUntil?: number
  /** What it helps against, where it is the fix of an error: offered from then on, see `errorFixes`. */
  readonly fix?: FixInput
  /** Who wrote it. */
  readonly author?: string
  /** Default `host`. */
  readonly source?: string
  /** Default `user`. */
  readonly trust?: Trust
  /** Milliseconds since 1970-01-01 UTC, fractions cut off; default now. */
  readonly occurredAt?: number
}

/** Something worth knowing. */
export interface KnowledgeInput extends KnowledgeDescription {
  /** The same id with the same content is written once; default: a new id. */
  readonly id?: string
  /** A text, or data: an object or a list. A text like `[CORE_RULE|1.0] My name is Ada.` without a kind is a rule. */
  readonly content: string | Readonly<Record<string, unknown>> | readonly unknown[]
  readonly agent?: string
  /** Recalled for everybody; `recall({ user })` narrows to one user's and nobody's in particular. */
  readonly user?: string
  readonly session?: string
  /** True: told to every subscriber, whatever they subscribed to; not with `targets`. Default: to those of its channel. */
  readonly broadcast?: true
}

/** What is different in a new version. What is not named, or undefined, stays as it is; null takes a field away. */
export interface KnowledgeChange extends Omit<KnowledgeDescription, Clearable>, Cleared {
  readonly content?: KnowledgeInput['content']
  /** Why. */
  readonly reason?: string
  /** Number of the version that this changes: with another one there by now, it is refused with `CONFLICT`. Default: the one that is there when the call begins. */
  readonly expected?: number
}

type Cleared = { readonly [Field in Clearable]?: KnowledgeDescription[Field] | null | undefined }
