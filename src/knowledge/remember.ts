import { z } from 'zod'
import { contentDigest } from '../log/canonical.ts'
import type { NewFactOf } from '../log/fact.ts'
import { refuseImpossible } from '../log/clock.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { name, text, time } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { asWritten } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'

const knowledgeInput = z.strictObject({
  id: name.optional(),
  kind: name.default('solution'),
  title: text.optional(),
  content: text.refine((content) => content.trim() !== '', 'is empty'),
  tags: z.array(name).max(100).optional(),
  agent: name.optional(),
  user: name.optional(),
  session: name.optional(),
  source: name.optional(),
  trust: z.enum(['user', 'agent', 'tool', 'imported', 'recalled']).optional(),
  occurredAt: time.optional(),
})

/** Something worth knowing. */
export interface KnowledgeInput {
  /** The same id with the same content is written once; default: a new id. */
  readonly id?: string
  /** `solution`, `technique`, `warning`, …; default `solution`. */
  readonly kind?: string
  readonly title?: string
  readonly content: string
  readonly tags?: readonly string[]
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

/**
 * Writes knowledge down, masked and searchable.
 *
 * @throws AutodidactError `INVALID_INPUT`, `ID_CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
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
        text: [title, content, tags?.join(' ')].filter((part) => part !== undefined && part !== '').join('\n'),
        occurredAt,
        user,
        agent,
      },
    ],
  })
  return { id, status: facts[0]?.status ?? 'stored' }
}
