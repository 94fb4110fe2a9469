import { refuseIdOfRun } from '../../credit/one-id-space.ts'
import { AutodidactError } from '../../errors.ts'
import { type ItemSummary, knowledgeItems } from '../../learn/learners/knowledge-items.ts'
import { stateAfter } from '../../learn/structures/knowledge-life.ts'
import { asWritten } from '../../log/blobs.ts'
import { canonicalJson, contentDigest } from '../../log/canonical.ts'
import { refuseImpossible, refuseSeconds } from '../../log/clock.ts'
import type { FactData, FactKind, FactOf, NewFact, NewFactOf, Trust } from '../../log/fact.ts'
import { newFact } from '../../log/new-fact.ts'
import type { Scope } from '../../scope.ts'
import { type Examined, examined } from '../examined.ts'
import { factsOf } from '../in-full.ts'
import { isCoreRule, isHearsay, leastTrust } from '../trust.ts'
import { indexEntry, versionFact, versionId } from '../write.ts'
import { type ItemRecord, type VersionRecord, writtenIn } from './record.ts'

/** How far a file is believed. */
export interface Belief {
  /** True: everything is taken over as the file says. False: only what items say is, and nothing is trusted more than `imported`. */
  readonly trusted: boolean
  /** Who told it; undefined: whoever the file says. */
  readonly source: string | undefined
  readonly dryRun: boolean
}

/** What became of one item of a file. */
export interface Taken {
  readonly status: 'stored' | 'extended' | 'merged'
  /** That were written, or would be. */
  readonly versions: number
  readonly quarantined: boolean
}

/** The same import writes the same facts: under ids that follow from what they say, and of which version. */
const said = <Kind extends FactKind>(kind: Kind, data: FactData[Kind], of: string, { trusted, source = 'import' }: Belief, occurredAt: number, agent?: string): NewFactOf<Kind> => {
  const trust: Trust = trusted ? 'user' : 'imported'
  return newFact(kind, `import ${contentDigest({ kind, data, of })}`, data, { source, trust, agent, occurredAt }, { kind, data, by: source, trust })
}

const conflict = (id: string, what: string): AutodidactError =>
  new AutodidactError('CONFLICT', `knowledge.import: "${id}" ${what}. It was left as it is here; look at both, and update or move the one that is wrong.`)

/** Whether a version of a file is the one that is here; by whom and when it was brought is not compared. */
const isSame = (here: FactOf<'knowledge.written'>, { agent, user, session }: VersionRecord, masked: FactData['knowledge.written']): boolean =>
  canonicalJson(here.data) === canonicalJson(masked) && here.agent === agent && here.user === user && here.session === session

/** The versions that are not here yet: all that follow the last one they have in common. */
const newVersions = async (scope: Scope, { id, versions }: ItemRecord, known: ItemSummary | undefined): Promise<readonly VersionRecord[]> => {
  if (known === undefined) return versions
  const here = new Map((await factsOf(scope, known.versions.map((version) => version.id))).map((fact) => [fact.data.number ?? 1, fact]))
  const last = Math.max(...here.keys())
  const shared = versions.filter(({ number }) => number <= last)
  for (const version of shared) {
    const fact = here.get(version.number)
    if (fact === undefined) throw conflict(id, `has no version ${version.number} here: it was forgotten, or never came`)
    if (!isSame(fact, version, examined(scope.redact, writtenIn(id, version), version.trust).written)) throw conflict(id, `says something else in version ${version.number} here; in Markdown only the heading and the text below the comment are edited, and the comment is left as it is`)
  }
  if (shared.length === 0) throw conflict(id, 'is another item here: they have no version in common')
  const rest = versions.filter(({ number }) => number > last)
  if (rest.length > 0 && shared.at(-1)?.number !== last) throw conflict(id, `was changed here and there: version ${last} is not in the file`)
  return rest
}

/** A version of a file, before it is written. */
interface Taking extends Examined {
  readonly version: VersionRecord
  readonly fact: NewFactOf<'knowledge.written'>
}

const taking = (scope: Scope, id: string, version: VersionRecord, { trusted, source = version.source }: Belief): Taking => {
  const trust = trusted ? version.trust : leastTrust('imported', version.trust)
  const found = examined(scope.redact, writtenIn(id, version), trust)
  const { agent, user, session, occurredAt = scope.clock() } = version
  return { ...found, version, fact: versionFact(versionId(id, version.number), found.written, { agent, user, session, source, trust, occurredAt }) }
}

/** How its uses went, on the word of whoever imports it. */
const usesIn = (id: string, { number, uses: times }: VersionRecord, belief: Belief, at: number): readonly NewFact[] =>
  times === undefined || !belief.trusted ? [] : [said('knowledge.used', { item: id, number, success: times.up >= times.down, times }, versionId(id, number), belief, at)]

/** What others said of a new item, on the word of whoever imports it. */
const voicesIn = ({ id, votes = [], viewed = [], applied = [] }: ItemRecord, belief: Belief, at: number): readonly NewFact[] =>
  belief.trusted
    ? [
        ...votes.map(([voter, useful]) => said('knowledge.voted', { item: id, voter, useful }, id, belief, at, voter)),
        ...viewed.map((agent) => said('knowledge.engaged', { item: id, agent, by: 'viewing' }, id, belief, at, agent)),
        ...applied.map((agent) => said('knowledge.engaged', { item: id, agent, by: 'applying' }, id, belief, at, agent)),
      ]
    : []

/** Where a new item belongs: a file that nobody vouches for may put its items away, and not prove them. */
const stateWanted = ({ state }: ItemRecord, { trusted }: Belief): ItemRecord['state'] => (state === 'validated' && !trusted ? 'experimental' : state)

/** Where its uses put it by themselves; undefined where that depends on which of its versions say the same. */
const stateByUses = ({ settings }: Scope, versions: readonly VersionRecord[], { trusted }: Belief): ItemRecord['state'] | undefined => {
  const used = trusted ? versions.filter(({ uses }) => uses !== undefined) : []
  const [first] = used
  if (first?.uses === undefined) return 'experimental'
  return used.length === 1 && first === versions.at(-1) ? stateAfter('experimental', first.uses, settings.life) : undefined
}

/** A file that nobody vouches for changes nothing that somebody here wrote, and no core rule. */
const refuseUnlessTrusted = ({ id, kind, trust }: ItemSummary, rest: readonly VersionRecord[], { trusted }: Belief): void => {
  if (trusted || rest.length === 0) return
  const next = 'Look at it, and import with trusted: true.'
  if ([kind, ...rest.map((version) => version.kind)].some(isCoreRule)) throw new AutodidactError('NOT_ALLOWED', `knowledge.import: "${id}" is a core rule, which only a person changes. ${next}`)
  if (!isHearsay(trust)) throw new AutodidactError('NOT_ALLOWED', `knowledge.import: "${id}" was written here, and the file has a later version of it. ${next}`)
}

/**
 * Takes one item of a file over, all of it or nothing. What is here already is not written again, also not its uses and votes: whoever imports an export of their own does not count twice.
 *
 * @throws AutodidactError `INVALID_INPUT`, `CONFLICT` (it is here with another history), `NOT_ALLOWED`, `ID_CONFLICT`, `FORGOTTEN`, and what the storage throws
 */
export const takeIn = async (scope: Scope, record: ItemRecord, belief: Belief): Promise<Taken> => {
  const { id, versions, lastUsedAt } = record
  for (const { occurredAt, validUntil } of versions) {
    refuseImpossible({ occurredAt }, scope.clock(), 'knowledge.import')
    refuseSeconds({ validUntil }, scope.clock(), 'knowledge.import')
  }
  refuseImpossible({ occurredAt: lastUsedAt }, scope.clock(), 'knowledge.import')
  await refuseIdOfRun(scope, id, 'knowledge.import')
  const known = (await scope.runner.view(scope.namespace, knowledgeItems)).get(id)
  const rest = await newVersions(scope, record, known)
  if (known !== undefined) refuseUnlessTrusted(known, rest, belief)
  if (rest.length === 0) return { status: 'merged', versions: 0, quarantined: false }
  const written = rest.map((version) => taking(scope, id, version, belief))
  const last = written.at(-1)
  const isDoubted = last?.doubt !== undefined && !belief.trusted
  const taken: Taken = { status: known === undefined ? 'stored' : 'extended', versions: rest.length, quarantined: isDoubted }
  if (belief.dryRun) return taken
  const at = lastUsedAt ?? scope.clock()
  const state = isDoubted ? 'quarantined' : known === undefined ? stateWanted(record, belief) : undefined
  const isThere = state === undefined || state === stateByUses(scope, known === undefined ? versions : [], belief)
  const why = isDoubted && last?.doubt !== undefined ? { because: last.fact.id, reason: last.doubt } : {}
  const moves = isThere ? [] : [said('knowledge.moved', { item: id, to: state, by: 'import', ...(state === 'archived' && record.mergedInto !== undefined ? { into: record.mergedInto } : {}), ...why }, last?.fact.id ?? id, belief, scope.clock())]
  const before = known?.versions.at(-1)?.id
  await scope.storage.commit({
    namespace: scope.namespace,
    // Uses stand behind their version and before the next one, as they once happened.
    ...asWritten([...written.flatMap(({ version, fact }): readonly NewFact[] => [fact, ...usesIn(id, version, belief, at)]), ...(known === undefined ? voicesIn(record, belief, at) : []), ...moves]),
    index: written.map(({ fact }) => indexEntry(fact, fact === last?.fact ? 'knowledge' : 'superseded')),
    standings: before === undefined ? [] : [{ id: before, standing: 'superseded' }],
  })
  scope.arrivals.arrived(scope.namespace)
  return taken
}
