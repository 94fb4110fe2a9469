import { AutodidactError } from '../errors.ts'
import { dossierOf, untilUndisturbed } from '../feedback/run-facts.ts'
import type { Dossier } from '../feedback/dossier.ts'
import { standingOf } from '../feedback/standing.ts'
import { contentDigest } from '../log/canonical.ts'
import type { FactOf, NewFactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { unpackHashes } from '../log/packed.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { Blob, IndexEntry, Standing } from '../storage/storage.ts'
import { contentOf, type RunData, withBlobs, withFeatures } from './content.ts'
import { type RecordInput, recordInput } from './input.ts'
import type { ReceiptPart, RecordReceipt } from './receipt.ts'
import { withoutEchoes } from './without-echoes.ts'

interface NamedAdvice {
  readonly id: string | undefined
  readonly run: string | undefined
  readonly task: string | undefined
  /** Of the recalled text, where the advice is in the log. */
  readonly shingles: Uint32Array
  readonly answerShingles: Uint32Array
  readonly refusal: string | undefined
}

const none = new Uint32Array()

/**
 * Writes down what an agent did: validates, masks secrets, takes out text that was recalled into the prompt, and commits the run with its index
 * row and long payloads in one transaction.
 *
 * @throws AutodidactError `INVALID_INPUT`, `RUN_MISMATCH`, `ID_CONFLICT`, `FORGOTTEN`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const record = async (scope: Scope, input: RecordInput): Promise<RecordReceipt> => {
  const given = validated(recordInput, input, 'record')
  const advice = await findAdvice(scope, given.advice)
  const run = given.run ?? advice.run ?? newId('run')
  if (advice.run !== undefined && advice.run !== run) {
    throw new AutodidactError('RUN_MISMATCH', `The advice belongs to run "${advice.run}", not "${run}". Name the run when you ask: advise(task, { run }).`)
  }
  const task = given.task ?? advice.task
  if (task === undefined) throw new AutodidactError('INVALID_INPUT', 'record: task is missing. Pass the task, or the advice that was given for it.')

  const content = contentOf(scope, given, task, advice.id)
  const digest = contentDigest({ ...content, user: given.user, session: given.session, agent: given.agent, agentVersion: given.agentVersion })
  const parts: ReceiptPart[] = advice.refusal === undefined ? [] : [{ part: 'advice', status: 'refused', reason: advice.refusal }]
  const cleaned = withoutEchoes(scope, content, advice, given, parts)
  const { value: data, blobs } = withBlobs(withFeatures(cleaned), run)

  const now = scope.clock()
  return untilUndisturbed(async () => {
    const dossier = await dossierOf(scope.storage, scope.namespace, run)
    const accepted = await withKnownReferences(scope, data, dossier, parts)
    const fact: NewFactOf<'run.recorded'> = {
      id: run,
      kind: 'run.recorded',
      version: kinds['run.recorded'].version,
      occurredAt: given.occurredAt ?? given.endedAt ?? now,
      agent: given.agent,
      agentVersion: given.agentVersion,
      user: given.user,
      session: given.session,
      run,
      source: given.source ?? 'host',
      trust: given.trust ?? 'agent',
      digest,
      data: accepted.data,
    }
    return commitRun(scope, fact, dossier, blobs, [...parts, ...accepted.refusals])
  })
}

const commitRun = async (
  scope: Scope,
  fact: NewFactOf<'run.recorded'>,
  dossier: Dossier,
  blobs: readonly Blob[],
  parts: readonly ReceiptPart[],
): Promise<RecordReceipt> => {
  const { namespace, storage } = scope
  const run = fact.id
  const expected = dossier.lastSequence
  const repeated = dossier.recorded !== undefined
  if (!repeated) dossier.add({ ...fact, namespace, sequence: expected + 1, recordedAt: scope.clock() })
  const standing = standingOf(dossier)
  const { facts } = await storage.commit({
    namespace,
    facts: [fact],
    index: repeated ? [] : [indexEntry(fact, standing)],
    blobs,
    deadlines: dossier.verdict === undefined ? [] : [{ run, expiresAt: undefined }],
    expect: [{ run, sequence: expected }],
  })
  const status = facts[0]?.status ?? 'stored'
  return { run, status, parts: [...partsOf(fact.data, status, parts), ...parts], standing }
}

const indexEntry = (fact: NewFactOf<'run.recorded'>, standing: Standing): IndexEntry => ({
  id: fact.id,
  kind: 'episode',
  standing,
  text: fact.data.takeaway === undefined ? fact.data.task : `${fact.data.task}\n${fact.data.takeaway}`,
  occurredAt: fact.occurredAt,
  user: fact.user,
  agent: fact.agent,
})

/** The parts that are there and were not refused or changed. */
const partsOf = (data: RunData, status: 'stored' | 'merged', special: readonly ReceiptPart[]): ReceiptPart[] => {
  const names = ['task', 'steps', 'response', 'takeaway', 'metrics', 'outcome', 'advice', 'taken', 'used'] as const
  const told = new Set(special.map(({ part }) => part))
  return names
    .filter((part) => data[part] !== undefined && !(part === 'steps' && data.steps.length === 0) && !told.has(part))
    .map((part) => ({ part, status }))
}

/** The advice that a record names, as the log has it. */
const findAdvice = async (scope: Scope, named: ReturnType<typeof recordInput.parse>['advice']): Promise<NamedAdvice> => {
  const nothing = { id: undefined, run: undefined, task: undefined, shingles: none, answerShingles: none, refusal: undefined }
  if (named === undefined) return nothing
  const handed = typeof named === 'string' ? undefined : named
  const own = handed === undefined ? {} : { run: handed.run, task: handed.task }
  if (handed?.logged === false) return { ...nothing, ...own, refusal: 'the advice was a fallback and is not in the log' }
  const id = typeof named === 'string' ? named : named.id
  const fact = await factById(scope, id)
  if (fact === undefined) return { ...nothing, ...own, refusal: `there is no advice "${id}" in this namespace; it was forgotten or belongs to another one` }
  const { task, shingles, answerShingles } = fact.data
  return { id, run: fact.run, task: handed?.task ?? task, shingles: unpackHashes(shingles), answerShingles: unpackHashes(answerShingles), refusal: undefined }
}

const factById = async (scope: Scope, id: string): Promise<FactOf<'advice.given'> | undefined> => {
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids: [id] })) {
    for (const fact of page) if (fact.kind === 'advice.given') return fact
  }
  return undefined
}

/** Leaves out references to what is not there, and says so: credit must not go to something unknown. */
const withKnownReferences = async (
  scope: Scope,
  data: RunData,
  dossier: Dossier,
  parts: readonly ReceiptPart[],
): Promise<{ data: RunData; refusals: readonly ReceiptPart[] }> => {
  const refusals: ReceiptPart[] = []
  let accepted = data
  if (data.used !== undefined) {
    const known = await knownIds(scope, data.used)
    const unknown = data.used.filter((id) => !known.has(id))
    if (unknown.length > 0) refusals.push({ part: 'used', status: 'refused', reason: `no item has the id ${unknown.slice(0, 3).join(', ')}` })
    accepted = { ...accepted, used: data.used.filter((id) => known.has(id)) }
  }
  if (data.taken !== undefined && !parts.some(({ part }) => part === 'advice')) {
    const decisions = [...dossier.decisions.values()]
    const unknown = Object.keys(data.taken).filter((key) => !decisions.some(({ id, point }) => id === key || point === key))
    if (unknown.length > 0) {
      refusals.push({ part: 'taken', status: 'refused', reason: `this run has no decision at ${unknown.slice(0, 3).join(', ')}; ask with decide or advise first` })
      const kept = Object.entries(data.taken).filter(([key]) => !unknown.includes(key))
      accepted = { ...accepted, taken: Object.fromEntries(kept) }
    }
  }
  return { data: accepted, refusals }
}

const knownIds = async (scope: Scope, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const known = new Set<string>()
  if (ids.length === 0) return known
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids })) {
    for (const fact of page) if (fact.kind === 'run.recorded' || fact.kind === 'knowledge.written') known.add(fact.id)
  }
  return known
}
