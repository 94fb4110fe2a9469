import { knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { AutodidactError } from '../errors.ts'
import { asWritten } from '../log/blobs.ts'
import { contentDigest } from '../log/canonical.ts'
import type { FactData, NewFact, NewFactOf } from '../log/fact.ts'
import type { KnowledgeState } from '../log/kinds/knowledge-moved.ts'
import { type Authorship, newFact } from '../log/new-fact.ts'
import type { Scope } from '../scope.ts'
import type { IndexEntry, Standing, StandingChange } from '../storage/storage.ts'
import { searchedText } from './content.ts'
import { examined, maskedName } from './examined.ts'
import type { Flag } from './flags.ts'

type Written = FactData['knowledge.written']

/** Id of the fact that holds a version. */
export const versionId = (item: string, number: number): string => (number === 1 ? item : `${item}@${number}`)

/** What became of a version. */
export interface KnowledgeReceipt {
  /** Of the fact that holds it. */
  readonly id: string
  /** `known`: nothing was written, because an item says so already; the id is that of its present version. */
  readonly status: 'stored' | 'merged' | 'known'
  /** What is suspicious about it. */
  readonly flags: readonly Flag[]
  /** In which the item is now. In quarantine nobody is shown it before somebody has looked at it. */
  readonly state: KnowledgeState
}

/** What else is known of a version that is written. */
export interface WithVersion {
  /** Facts that are written with it. */
  readonly along?: readonly NewFact[]
  /** As it was handed in, where what is written is less: the same handed in again is the same, whatever was recalled meanwhile. */
  readonly told?: Written
  /** True: somebody has looked at it, however suspicious it is. */
  readonly reviewed?: boolean
}

/** The version that another one follows: its item, the fact that it stands in, its number, and in which state it is. */
export interface Predecessor {
  readonly item: string
  readonly present: string
  readonly number: number
  readonly state: KnowledgeState
}

/**
 * The fact that holds a version, with what was masked already.
 *
 * @param told what the same id has to mean each time that it is written
 */
export const versionFact = (id: string, written: Written, by: Authorship, told = written): NewFactOf<'knowledge.written'> => {
  const { user, agent, session, source, trust } = by
  return newFact('knowledge.written', id, written, by, { ...told, user, agent, session, source, trust })
}

/**
 * Under the id of the version, so that writing it again moves nothing (under another one where somebody else has taken that); and of whomever the version is, so that it is forgotten with it
 * and with nothing else.
 */
const quarantined = async ({ storage, namespace }: Scope, version: NewFactOf<'knowledge.written'>, reason: string): Promise<NewFactOf<'knowledge.moved'>> => {
  const data = { item: version.data.item ?? version.id, to: 'quarantined' as const, reason, because: version.id }
  const [usual, other] = [`quarantine ${version.id}`, `quarantine ${contentDigest([version.id, data])}`]
  let isTaken = false
  for await (const page of storage.read('', { namespace, ids: [usual] })) isTaken = page.some((fact) => fact.kind !== 'knowledge.moved' || fact.data.item !== data.item)
  const { agent, user, session, source, trust, occurredAt } = version
  return newFact('knowledge.moved', isTaken ? other : usual, data, { agent, user, session, source, trust, occurredAt }, data)
}

/**
 * Masks and writes one version with its index row, and takes the one before it out of recall, all or nothing.
 *
 * @param before the version that is past with this one; undefined for a new item
 * @throws AutodidactError `ID_CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const writeVersion = async (scope: Scope, given: Written, by: Authorship, id: string, before?: Predecessor, { along = [], reviewed = false, told = given }: WithVersion = {}): Promise<KnowledgeReceipt> => {
  const { storage, namespace, runner, redact, arrivals } = scope
  const { written, flags, doubt } = examined(redact, given, by.trust)
  const fact = versionFact(id, written, { ...by, source: maskedName(redact, by.source, 'source') }, told === given ? written : examined(redact, told, by.trust).written)
  const isDoubted = doubt !== undefined && !reviewed
  const standings: readonly StandingChange[] = before === undefined ? [] : [{ id: before.present, standing: 'superseded' }]
  const { facts } = await storage.commit({
    namespace,
    ...asWritten([fact, ...(isDoubted ? [await quarantined(scope, fact, doubt)] : []), ...along]),
    // All of it is searchable, also where the fact holds only its beginning.
    index: [indexEntry(fact, 'knowledge')],
    standings,
  })
  arrivals.arrived(namespace)
  const status = facts[0]?.status ?? 'stored'
  // Of a later version it depends on what the ones before it said, and where somebody has put the item.
  const state = before === undefined && status === 'stored' ? (isDoubted ? 'quarantined' : 'experimental') : (await runner.view(namespace, knowledgeItems)).get(id)?.state
  return { id, status, flags, state: state ?? 'experimental' }
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

const numbersAtOnce = 500

/** The first number from this one on whose version was not erased: numbers are not used again. */
const freeNumber = async ({ storage, namespace }: Scope, item: string, from: number): Promise<number> => {
  for (let first = from; ; first += numbersAtOnce) {
    const ids = Array.from({ length: numbersAtOnce }, (_, place) => versionId(item, first + place))
    const erased = new Set(await storage.erased(namespace, ids))
    const free = ids.findIndex((id) => !erased.has(id))
    if (free >= 0) return first + free
  }
}

/**
 * Writes the version behind the present one. Of two writers who both follow the same version one is refused: they try the same numbers. Those of versions that were erased are passed over.
 *
 * @throws AutodidactError `CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const writeNextVersion = async (scope: Scope, before: Predecessor, written: Written, by: Authorship, also: WithVersion = {}): Promise<KnowledgeReceipt> => {
  const { item } = before
  for (let number = before.number + 1; ; ) {
    try {
      return await writeVersion(scope, { ...written, item, number }, by, versionId(item, number), before, also)
    } catch (error) {
      if (!AutodidactError.is(error)) throw error
      if (error.code === 'ID_CONFLICT') throw new AutodidactError('CONFLICT', `Another writer changed "${item}" in between. Read it again and repeat.`, { cause: error })
      const next = error.code === 'FORGOTTEN' ? await freeNumber(scope, item, number) : number
      if (next === number) throw error
      number = next
    }
  }
}
