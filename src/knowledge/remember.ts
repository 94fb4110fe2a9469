import { z } from 'zod'
import { contentDigest } from '../log/canonical.ts'
import type { NewFactOf } from '../log/fact.ts'
import { refuseImpossible } from '../log/clock.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { fix } from '../log/kinds/knowledge-written.ts'
import { name, text, time } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { asWritten } from '../log/blobs.ts'
import { maskedContext, maskedPayload, type Redact } from '../log/redact.ts'
import type { Scope } from '../scope.ts'

const knowledgeInput = z.strictObject({
  id: name.optional(),
  kind: name.default('solution'),
  title: text.optional(),
  content: text.refine((content) => content.trim() !== '', 'is empty'),
  tags: z.array(name).max(100).optional(),
  fix: fix.strict().refine(({ error, input }) => error.trim() !== '' || input !== undefined, 'needs an error in words, or the input that fails without').optional(),
  agent: name.optional(),
  user: name.optional(),
  session: name.optional(),
  source: name.optional(),
  trust: z.enum(['user', 'agent', 'tool', 'imported', 'recalled']).optional(),
  occurredAt: time.optional(),
})

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

/** Something worth knowing. */
export interface KnowledgeInput {
  /** The same id with the same content is written once; default: a new id. */
  readonly id?: string
  /** `solution`, `technique`, `warning`, …; default `solution`. */
  readonly kind?: string
  readonly title?: string
  readonly content: string
  readonly tags?: readonly string[]
  /** What it helps against, where it is the fix of an error: offered from then on, see `errorFixes`. */
  readonly fix?: FixInput
  readonly agent?: string
  /** Recalled for everybody; `recall({ user })` narrows to one user's and nobody's in particular. */
  readonly user?: string
  readonly session?: string
  readonly source?: string
  /** Default `user`. */
  readonly trust?: 'user' | 'agent' | 'tool' | 'imported' | 'recalled'
  /** Milliseconds since 1970-01-01 UTC; default now. */
  readonly occurredAt?: number
}

export interface KnowledgeReceipt {
  readonly id: string
  readonly status: 'stored' | 'merged'
}

const maskedFix = (redact: Redact, { error, input, steps, context, ...rest }: z.infer<typeof fix>): z.infer<typeof fix> => ({
  ...rest,
  error: redact(error, 'fix.error'),
  ...(input === undefined ? {} : { input: maskedPayload(redact, input, 'fix.input') }),
  steps: steps.map(({ action, input: given }, place) =>
    given === undefined ? { action } : { action, input: maskedPayload(redact, given, `fix.steps.${place}.input`) },
  ),
  ...(context === undefined ? {} : { context: maskedContext(redact, context) }),
})

/**
 * Writes knowledge down, masked and searchable.
 *
 * @throws AutodidactError `INVALID_INPUT`, `ID_CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { id } = await autodidact.remember({ kind: 'warning', title: 'Exports', content: 'The nightly export locks the orders table.' })
 * const { items } = await autodidact.recall('why is the orders table locked?')
 * console.assert(items[0]?.id === id)
 * await autodidact.close()
 * ```
 */
export const remember = async (scope: Scope, input: string | KnowledgeInput): Promise<KnowledgeReceipt> => {
  const given = validated(knowledgeInput, typeof input === 'string' ? { content: input } : input, 'remember')
  refuseImpossible({ occurredAt: given.occurredAt }, scope.clock(), 'remember')
  const id = given.id ?? newId('knowledge')
  const title = given.title === undefined ? undefined : scope.redact(given.title, 'title')
  const content = scope.redact(given.content, 'content')
  const tags = given.tags === undefined ? undefined : [...new Set(given.tags)]
  const data = {
    kind: given.kind,
    ...(title === undefined ? {} : { title }),
    content,
    ...(tags === undefined ? {} : { tags }),
    ...(given.fix === undefined ? {} : { fix: maskedFix(scope.redact, given.fix) }),
  }
  const { user, agent, session, source = 'host', trust = 'user' } = given
  const occurredAt = given.occurredAt ?? scope.clock()
  const fact: NewFactOf<'knowledge.written'> = {
    id,
    kind: 'knowledge.written',
    version: kinds['knowledge.written'].version,
    occurredAt,
    agent,
    user,
    session,
    source,
    trust,
    digest: contentDigest({ ...data, user, agent, session, source, trust }),
    data,
  }
  const { facts } = await scope.storage.commit({
    namespace: scope.namespace,
    ...asWritten([fact]),
    // All of it is searchable, also where the fact holds only its beginning.
    index: [
      {
        id,
        kind: 'knowledge',
        standing: 'knowledge',
        text: [title, content, data.fix?.error, tags?.join(' ')].filter((part) => part !== undefined && part !== '').join('\n'),
        occurredAt,
        user,
        agent,
      },
    ],
  })
  return { id, status: facts[0]?.status ?? 'stored' }
}
