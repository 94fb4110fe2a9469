import type { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { refuseImpossible, refuseSeconds } from '../log/clock.ts'
import type { FactData } from '../log/fact.ts'
import { refuseIdOfRun } from '../credit/one-id-space.ts'
import { textDigest } from '../log/canonical.ts'
import { newId } from '../log/ids.ts'
import type { Authorship } from '../log/new-fact.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { type KnowledgeInput, knowledgeInput } from './input.ts'
import { contentOf } from './content.ts'
import { echoOf, knownAs, wordsOf } from './known.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { viewOf } from './present.ts'
import { parseRule } from './rule.ts'
import { trustWith } from './trust.ts'
import { withoutBlocks } from './without-blocks.ts'
import { type KnowledgeReceipt, writeVersion } from './write.ts'

export type { FixInput, KnowledgeInput } from './input.ts'
export type { KnowledgeReceipt } from './write.ts'

/**
 * Writes knowledge down, masked and searchable. Its state is `experimental` until its uses say more. Without an id of its own, what says nothing new is not written: the same words as an item, or
 * what was just recalled and comes back. What is suspicious, and a core rule, waits in quarantine unless a person says it.
 *
 * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID` (evidence that is not in the log), `ID_CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.remember({ kind: 'technique', title: 'Refunds', content: 'Above 100 get a second signature.', tags: ['orders'] })
 * await autodidact.remember('[RESPONSE_PRINCIPLE|0.9] Answer refund questions in one sentence.')
 * const { items } = await autodidact.recall('who has to sign a refund above 100?')
 * console.assert(items[0]?.content === 'Above 100 get a second signature.')
 * await autodidact.close()
 * ```
 */
export const remember = async (scope: Scope, input: string | KnowledgeInput): Promise<KnowledgeReceipt> => writeItem(scope, checkedItem(input, 'remember'), 'remember')

/** An item as it is handed in, checked. */
export type CheckedItem = z.output<typeof knowledgeInput>

/**
 * What somebody handed in, checked.
 *
 * @param verb names the call in messages
 * @throws AutodidactError `INVALID_INPUT`
 */
export const checkedItem = (input: unknown, verb: string): CheckedItem => {
  const given = validated(knowledgeInput, typeof input === 'string' ? { content: input } : input, verb)
  if (given.broadcast === undefined || given.targets === undefined) return given
  throw new AutodidactError('INVALID_INPUT', `${verb} was given both broadcast and targets: what is for some is not told to all. Nothing was written; leave one of them out.`)
}

/**
 * Writes a checked item down, as {@link remember} does.
 *
 * @param verb names the call in messages
 */
export const writeItem = async (scope: Scope, given: CheckedItem, verb: string): Promise<KnowledgeReceipt> => {
  refuseImpossible({ occurredAt: given.occurredAt }, scope.clock(), verb)
  refuseSeconds({ validUntil: given.validUntil }, scope.clock(), verb)
  const { id } = given
  const told = writtenOf(given, verb)
  const by = await authorshipOf(scope, given)
  // What a file has under a name of its own stays as it is there: the same file again writes nothing.
  const { written, known } = id !== undefined && by.trust === 'imported' ? { written: told, known: undefined } : await withoutBlocks(scope, told, by)
  if (id === undefined) {
    if (known !== undefined) return known
    // Whoever tells the same at the same time finds what was told first.
    return oneAtATime(scope, textDigest(wordsOf(written)), async () => (await knownAs(scope, written, by)) ?? writeVersion(scope, written, by, newId('knowledge')))
  }
  await refuseIdOfRun(scope, id, verb)
  const isThere = (await viewOf(scope)).get(id) !== undefined
  if (!isThere) {
    const echo = known ?? (await echoOf(scope, written, by, id))
    if (echo !== undefined) return echo
  }
  return writeVersion(scope, written, by, id, undefined, { told })
}

/**
 * What a fact says of a new item; a text that begins like a rule is one.
 *
 * @param verb names the call in messages
 * @throws AutodidactError `INVALID_INPUT`
 */
export const writtenOf = (given: CheckedItem, verb: string): FactData['knowledge.written'] => {
  const { id: _id, agent: _agent, user: _user, session: _session, source: _source, trust: _trust, occurredAt: _occurredAt, content, tags, ...described } = given
  const rule = typeof content === 'string' && given.kind === undefined ? parseRule(content) : undefined
  return {
    ...Object.fromEntries(Object.entries(described).filter(([, value]) => value !== undefined)),
    kind: given.kind ?? rule?.type ?? 'solution',
    ...(rule === undefined ? {} : { score: given.score ?? rule.score }),
    ...contentOf(rule?.text ?? content, `${verb}: content`),
    ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
  }
}

const authorshipOf = async (scope: Scope, given: CheckedItem): Promise<Authorship> => {
  const { agent, user, session, source = 'host', trust = 'user', evidence, occurredAt = scope.clock() } = given
  return { agent, user, session, source, trust: await trustWith(scope, trust, evidence), occurredAt }
}
