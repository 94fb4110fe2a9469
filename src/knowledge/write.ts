import type { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { asWritten } from '../log/blobs.ts'
import { contentDigest } from '../log/canonical.ts'
import { type FactData, type NewFact, type NewFactOf, type Trust, trustOrder } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import type { KnowledgeState } from '../log/kinds/knowledge-moved.ts'
import type { fix } from '../log/kinds/knowledge-written.ts'
import { toJson } from '../log/payload.ts'
import { maskedContext, maskedPayload, type Redact } from '../log/redact.ts'
import type { Scope } from '../scope.ts'
import type { IndexEntry, Standing, StandingChange } from '../storage/storage.ts'
import { type Flag, flagsOf } from './flags.ts'
import { readableText } from './readable-text.ts'

type Written = FactData['knowledge.written']

/** What is made of several things is trusted like the least of them. */
export const leastTrust = (first: Trust, ...others: readonly Trust[]): Trust => trustOrder[Math.max(...[first, ...others].map((trust) => trustOrder.indexOf(trust)))] ?? 'recalled'

/** Id of the fact that holds a version. */
export const versionId = (item: string, number: number): string => (number === 1 ? item : `${item}@${number}`)

const maskedFix = (redact: Redact, { error, input, steps, context, ...rest }: z.infer<typeof fix>): z.infer<typeof fix> => ({
  ...rest,
  error: redact(error, 'fix.error'),
  ...(input === undefined ? {} : { input: maskedPayload(redact, input, 'fix.input') }),
  steps: steps.map(({ action, input: given }, place) =>
    given === undefined ? { action } : { action, input: maskedPayload(redact, given, `fix.steps.${place}.input`) },
  ),
  ...(context === undefined ? {} : { context: maskedContext(redact, context) }),
})

/** Everything that a version says, with nothing in it that must not be written. */
export const maskedKnowledge = (redact: Redact, written: Written): Written => {
  const { title, content, data, reason, fix: helps } = written
  return {
    ...written,
    ...(title === undefined ? {} : { title: redact(title, 'title') }),
    content: redact(content, 'content'),
    ...(data === undefined ? {} : { data: maskedPayload(redact, data, 'content') }),
    ...(reason === undefined ? {} : { reason: redact(reason, 'reason') }),
    ...(helps === undefined ? {} : { fix: maskedFix(redact, helps) }),
  }
}

/**
 * Content as it stands in a fact: a text, or data beside an empty one.
 *
 * @throws AutodidactError `INVALID_INPUT` for data that JSON cannot hold
 */
export const contentOf = (content: string | object, what: string): Pick<Written, 'content' | 'data'> => {
  if (typeof content === 'string') return { content }
  const data = toJson(content, `${what}: content`)
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0) throw new AutodidactError('INVALID_INPUT', `${what}: content is empty. Pass a text, or data with something in it.`)
  return { content: '', data }
}

/** By whom, for whom and when something is written. */
export interface Authorship {
  readonly agent?: string | undefined
  readonly user?: string | undefined
  readonly session?: string | undefined
  readonly source: string
  readonly trust: Trust
  readonly occurredAt: number
}

/**
 * The least trust of what knowledge is made of, and of whoever wrote it.
 *
 * @throws AutodidactError `UNKNOWN_ID` for evidence that is not in the log
 */
export const trustWith = async ({ storage, namespace }: Scope, own: Trust, evidence: readonly string[] = []): Promise<Trust> => {
  if (evidence.length === 0) return own
  const found = new Map<string, Trust>()
  for await (const page of storage.read('', { namespace, ids: evidence })) for (const { id, trust } of page) found.set(id, trust)
  const missing = evidence.find((id) => !found.has(id))
  if (missing !== undefined) throw new AutodidactError('UNKNOWN_ID', `The evidence "${missing}" is not in this namespace. Record the run first, or leave it out.`)
  return leastTrust(own, ...found.values())
}

/** What became of a version. */
export interface KnowledgeReceipt {
  /** Of the fact that holds it. */
  readonly id: string
  /** `known`: nothing was written, because an item says so already; the id is that of its present version. */
  readonly status: 'stored' | 'merged' | 'known'
  /** What is suspicious about it. */
  readonly flags: readonly Flag[]
  /** Where it is; what gives orders or hides text, and was written by nobody in person, is shown to nobody before somebody has looked at it. */
  readonly state: KnowledgeState
}

/** What else is known of a version that is written. */
export interface WithVersion {
  /** Facts that are written with it. */
  readonly along?: readonly NewFact[]
  /** True: somebody has looked at it, however suspicious it is. */
  readonly reviewed?: boolean
}

/**
 * Masks and writes one version with its index row, and takes the one before it out of recall, all or nothing.
 *
 * @param before the standing of versions that are past with this one
 * @throws AutodidactError `ID_CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const writeVersion = async (
  scope: Scope,
  given: Written,
  by: Authorship,
  id: string,
  before: readonly StandingChange[] = [],
  { along = [], reviewed = false }: WithVersion = {},
): Promise<KnowledgeReceipt> => {
  const written = maskedKnowledge(scope.redact, given)
  const flags = flagsOf(readText(given), readText(written))
  const { agent, user, session, source, trust, occurredAt } = by
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
    digest: contentDigest({ ...written, user, agent, session, source, trust }),
    data: written,
  }
  const isSuspicious = trust !== 'user' && !reviewed && flags.some((flag) => flag !== 'secret')
  const { facts } = await scope.storage.commit({
    namespace: scope.namespace,
    ...asWritten([fact, ...(isSuspicious ? [quarantined(written.item ?? id, fact, flags)] : []), ...along]),
    // All of it is searchable, also where the fact holds only its beginning.
    index: [indexEntry(fact, 'knowledge')],
    standings: before,
  })
  scope.arrivals.arrived(scope.namespace)
  return { id, status: facts[0]?.status ?? 'stored', flags, state: isSuspicious ? 'quarantined' : 'experimental' }
}

/**
 * Under the id of the version, so that writing it again moves nothing; and of whomever the version is, so that it is forgotten with it and with nothing else.
 */
export const quarantined = (item: string, { id: because, agent, user, session, source, trust, occurredAt }: NewFactOf<'knowledge.written'>, flags: readonly Flag[]): NewFactOf<'knowledge.moved'> => {
  const data = { item, to: 'quarantined' as const, reason: `It looks suspicious: ${flags.join(', ')}.`, because }
  return {
    id: `quarantine ${because}`,
    kind: 'knowledge.moved',
    version: kinds['knowledge.moved'].version,
    occurredAt,
    agent,
    user,
    session,
    source,
    trust,
    digest: contentDigest(data),
    data,
  }
}

/** The index row of a version, from its fact in full length. */
export const indexEntry = ({ id, data, occurredAt, user, agent }: Pick<NewFactOf<'knowledge.written'>, 'id' | 'data' | 'occurredAt' | 'user' | 'agent'>, standing: Standing): IndexEntry => ({
  id,
  kind: 'knowledge',
  standing,
  text: searchedText(data),
  occurredAt,
  user,
  agent,
})

const mostErasedVersions = 1e9

/** The version that another one follows: the item, the fact that it stands in, and its number. */
export interface Predecessor {
  readonly item: string
  readonly present: string
  readonly number: number
}

/**
 * Writes the version behind the present one. Of two writers who both follow the same version one is refused: they try the same numbers. Those that are taken by versions that were erased are passed
 * over, in steps that double, so that a thousand of them take ten.
 *
 * @throws AutodidactError `CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const writeNextVersion = async (scope: Scope, { item, present, number: last }: Predecessor, written: Written, by: Authorship, also: WithVersion = {}): Promise<KnowledgeReceipt> => {
  for (let step = 1; ; step *= 2) {
    const number = last + step
    try {
      return await writeVersion(scope, { ...written, item, number }, by, versionId(item, number), [{ id: present, standing: 'superseded' }], also)
    } catch (error) {
      if (!AutodidactError.is(error)) throw error
      if (error.code === 'ID_CONFLICT') throw new AutodidactError('CONFLICT', `Another writer changed "${item}" in between. Read it again and repeat.`, { cause: error })
      if (error.code !== 'FORGOTTEN' || step > mostErasedVersions) throw error
    }
  }
}

/** Everything of a version that anybody may be shown, to be looked through. */
export const readText = (written: Written): string => {
  const { approach, input, steps = [] } = written.fix ?? {}
  const done = [approach, input, ...steps.flatMap((step) => [step.action, step.input])].filter((part) => part !== undefined)
  return [searchedText(written), ...done.map((part) => (typeof part === 'string' ? part : readableText(part)))].join('\n')
}

/** Everything of a version that is searched. */
export const searchedText = ({ title, content, data, fix: helps, tags }: Written): string =>
  [title, content, data === undefined ? undefined : readableText(data), helps?.error, tags?.join(' ')].filter((part) => part !== undefined && part !== '').join('\n')
