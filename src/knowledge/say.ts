import { z } from 'zod'
import { refuseIdOfRun } from '../credit/one-id-space.ts'
import { AutodidactError } from '../errors.ts'
import { authorsOf, type ItemSummary } from '../learn/learners/knowledge-items.ts'
import { asWritten } from '../log/blobs.ts'
import type { NewFact, Trust } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { knowledgeState, type KnowledgeState } from '../log/kinds/knowledge-moved.ts'
import { name, text } from '../log/kinds/shared.ts'
import { type Authorship, newFact } from '../log/new-fact.ts'
import { validated } from '../log/validate.ts'
import { isFor } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'
import { factsOf } from './in-full.ts'
import { trust as trustInput } from './input.ts'
import { itemOf, unknownItem } from './present.ts'
import { refuseRelease, refuseUnproven } from './release.ts'
import { refuseForCoreRule, refuseLessTrusted, unnamedSource } from './trust.ts'

/** Who says something about an item, and on whose word. */
export interface Said {
  /** Default `host`. */
  readonly source?: string
  /** Default `user`. */
  readonly trust?: Trust
  readonly agent?: string
}

/** What a use is told with. */
export interface UseInput extends Said {
  readonly success: boolean
  /** The version that was used; default: the present one. */
  readonly number?: number
  readonly note?: string
  /** The same id counts once; default: a new one. */
  readonly id?: string
}

/** A vote, or null to take an earlier one back. */
export interface VoteInput {
  readonly voter: string
  readonly useful: boolean | null
  /** Who tells of it; default the voter. */
  readonly source?: string
}

/** By whom, and why, an item is moved. */
export interface MoveSettings extends Said {
  readonly by?: string
  readonly reason?: string
}

/** What became of something that was said of an item. */
export interface SaidReceipt {
  /** Of the fact that says so. */
  readonly id: string
  /** `merged`: it was said before, under the same id. */
  readonly status: 'stored' | 'merged'
}

const said = { source: name.optional(), trust: trustInput.optional(), agent: name.optional() }

const useInput = z.strictObject({ success: z.boolean(), number: z.number().int().min(1).optional(), note: text.optional(), id: name.optional(), ...said })
const voteInput = z.strictObject({ voter: name, useful: z.boolean().nullable(), source: name.optional() })
export const moveInput = z.strictObject({ by: name.optional(), reason: text.optional(), ...said })

const speaker = ({ clock }: Scope, { source = unnamedSource, trust = 'user', agent }: z.output<z.ZodObject<typeof said>>): Authorship => ({ source, trust, agent, occurredAt: clock() })

/** Writes facts about items, all of them or none. */
export const commitFacts = async ({ storage, namespace, arrivals }: Scope, facts: readonly NewFact[]): Promise<readonly SaidReceipt[]> => {
  const receipt = await storage.commit({ namespace, ...asWritten(facts) })
  arrivals.arrived(namespace)
  return receipt.facts
}

const commitOne = async (scope: Scope, fact: NewFact): Promise<SaidReceipt> => ({ id: fact.id, status: (await commitFacts(scope, [fact]))[0]?.status ?? 'stored' })

/** Tells of a use outside of any recorded run. */
export const use = async (scope: Scope, id: string, input: UseInput): Promise<SaidReceipt> => {
  const { success, number, note, id: given, ...by } = validated(useInput, input, 'knowledge.use')
  const { id: item, versions } = await itemOf(scope, id)
  if (given !== undefined) await refuseIdOfRun(scope, given, 'knowledge.use')
  const present = versions.at(-1)?.number ?? 1
  if (number !== undefined && !versions.some((version) => version.number === number)) {
    throw new AutodidactError('UNKNOWN_ID', `"${item}" has no version ${number}; the present one is ${present}.`)
  }
  const data = { item, number: number ?? present, success, ...(note === undefined ? {} : { note: scope.redact(note, 'note') }) }
  return commitOne(scope, newFact('knowledge.used', given ?? newId('knowledge'), data, speaker(scope, by)))
}

/** Who told of any of its versions. */
const sourcesOf = async (scope: Scope, { source, versions }: ItemSummary): Promise<ReadonlySet<string>> => {
  const earlier = versions.length === 1 ? [] : await factsOf(scope, versions.map((version) => version.id))
  return new Set([source, ...earlier.map((version) => version.source)])
}

/** Votes for or against an item. */
export const vote = async (scope: Scope, id: string, input: VoteInput): Promise<SaidReceipt> => {
  const { voter, useful, source = voter } = validated(voteInput, input, 'knowledge.vote')
  const item = await itemOf(scope, id)
  const isAuthor = authorsOf(item).has(voter)
  if (!isFor(item, voter) && !isAuthor) throw unknownItem(id)
  if (isAuthor || (await sourcesOf(scope, item)).has(voter)) throw new AutodidactError('NOT_ALLOWED', `"${voter}" wrote "${item.id}", and nobody votes on what is their own. Let others vote.`)
  return commitOne(scope, newFact('knowledge.voted', newId('knowledge'), { item: item.id, voter, useful }, speaker(scope, { source, agent: voter })))
}

/** A move that is allowed, and who makes it. */
interface Allowed {
  readonly item: ItemSummary
  readonly state: KnowledgeState
  readonly mover: Authorship
}

const allowed = async (scope: Scope, id: string, to: KnowledgeState, { by: _by, reason: _reason, ...saying }: z.output<typeof moveInput>): Promise<Allowed> => {
  const state = validated(knowledgeState, to, 'knowledge.move: to')
  const item = await itemOf(scope, id)
  const mover = speaker(scope, saying)
  refuseForCoreRule([item.kind], mover.trust)
  await refuseRelease(scope, item, state, mover.trust)
  await refuseLessTrusted(scope, item, mover)
  refuseUnproven(item, state, mover.trust)
  return { item, state, mover }
}

/**
 * Moves nothing, and refuses what {@link move} refuses.
 *
 * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `NOT_ALLOWED`
 */
export const refuseMove = async (scope: Scope, id: string, to: KnowledgeState, settings: MoveSettings): Promise<void> => {
  await allowed(scope, id, to, validated(moveInput, settings, 'knowledge.move'))
}

/** Puts an item into a state by hand. */
export const move = async (scope: Scope, id: string, to: KnowledgeState, settings: MoveSettings): Promise<SaidReceipt> => {
  const moving = validated(moveInput, settings, 'knowledge.move')
  const { item, state, mover } = await allowed(scope, id, to, moving)
  const { by, reason } = moving
  const data = { item: item.id, to: state, ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason: scope.redact(reason, 'reason') }) }
  return commitOne(scope, newFact('knowledge.moved', newId('knowledge'), data, mover))
}
