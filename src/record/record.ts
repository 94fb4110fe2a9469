import { AutodidactError } from '../errors.ts'
import { appendToRun } from '../credit/append.ts'
import { noticeDeadlines } from '../credit/deadlines.ts'
import type { Dossier } from '../credit/dossier.ts'
import { rewardsOf } from '../credit/rewards.ts'
import { standingOf } from '../credit/standing.ts'
import { contentDigest } from '../log/canonical.ts'
import { refuseImpossible } from '../log/clock.ts'
import type { Envelope, FactOf, NewFactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { unpackHashes } from '../log/packed.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { IndexEntry, Standing } from '../storage/storage.ts'
import { type Content, contentOf, defined, type RunData, withTopic } from './content.ts'
import { whole } from '../log/blobs.ts'
import { type RecordInput, recordInput } from './input.ts'
import type { ReceiptPart, RecordReceipt } from './receipt.ts'
import { withoutEchoes } from './without-echoes.ts'

interface NamedAdvice {
  readonly id: string | undefined
  /** Whose task it was: a record that does not say so is of the same. */
  readonly asker: Pick<Envelope, 'user' | 'session' | 'agent' | 'agentVersion'>
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
 * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID` (an advice that is not there, without a task), `RUN_MISMATCH`, `ID_CONFLICT`, `FORGOTTEN`, `CONFLICT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const receipt = await autodidact.record({
 *   run: 'ticket-7',
 *   task: 'Refund order 1187',
 *   steps: [{ action: 'lookup', input: { order: 1187 }, ok: true, durationMs: 12 }],
 *   response: 'Refunded 20.00',
 *   outcome: { success: true, judge: 'check', cost: 0.002, tokens: 900 },
 * })
 * console.assert(receipt.run === 'ticket-7' && receipt.status === 'stored' && receipt.standing === 'success')
 * await autodidact.close()
 * ```
 */
export const record = async (scope: Scope, input: RecordInput): Promise<RecordReceipt> => {
  const given = validated(recordInput, input, 'record')
  refuseTimes(scope, given)
  const advice = await findAdvice(scope, given.advice)
  const run = given.run ?? advice.run ?? newId('run')
  if (advice.run !== undefined && advice.run !== run) {
    throw new AutodidactError('RUN_MISMATCH', `The advice belongs to run "${advice.run}", not "${run}". Name the run when you ask: advise(task, { run }).`)
  }
  const task = given.task ?? advice.task
  if (task === undefined && advice.refusal !== undefined) throw new AutodidactError('UNKNOWN_ID', `record: ${advice.refusal}, and no task was passed. Nothing was written; work in the namespace of the advice, or pass the task.`)
  if (task === undefined) throw new AutodidactError('INVALID_INPUT', 'record: task is missing. Pass the task, or the advice that was given for it.')

  const content = contentOf(scope, given, task, advice.id)
  const { asker } = advice
  const { user = asker.user, session = asker.session, agent = asker.agent, agentVersion = asker.agentVersion } = given
  const { source = 'host', trust = 'agent' } = given
  const digest = contentDigest({ ...content, user, session, agent, agentVersion, source, trust })
  if (scope.recentAdvice.some) scope.recentAdvice.at((await scope.storage.head(scope.namespace)).epoch)
  const cleaned = withoutEchoes(scope, content, advice, { user, session })
  // Before, so that it makes no difference who notices that the time of this run is over.
  await noticeDeadlines(scope)
  const now = scope.clock()
  const { stored, made, before, after } = await appendToRun(scope, run, async (before) => {
    const { data, refusals } = await withKnownReferences(scope, withTopic(cleaned.content), before, advice.refusal)
    const fact: NewFactOf<'run.recorded'> = {
      id: run,
      kind: 'run.recorded',
      version: kinds['run.recorded'].version,
      occurredAt: given.occurredAt ?? given.endedAt ?? now,
      agent,
      agentVersion,
      // Also where the record does not name the advice: whoever the run was begun for is who judges it without a name.
      user: user ?? before.user,
      session,
      run,
      source,
      trust,
      digest,
      data,
    }
    return { facts: [fact], index: (after: Dossier) => indexEntry(fact, standingOf(after)), data, refusals }
  })
  const status = stored ? 'stored' : 'merged'
  // A repetition is answered from what was written then, not from what would be written now.
  const written = before.recorded?.data ?? made.data
  const parts = partsOf(content, written, status, cleaned.spans, [...unwritable(given, content), ...made.refusals])
  return { run, status, parts, standing: standingOf(after), rewards: rewardsOf(after) }
}

const refuseTimes = (scope: Scope, { startedAt, endedAt, occurredAt }: ReturnType<typeof recordInput.parse>): void => {
  refuseImpossible({ startedAt, endedAt, occurredAt }, scope.clock(), 'record')
  if (startedAt === undefined || endedAt === undefined || endedAt >= startedAt) return
  throw new AutodidactError('INVALID_INPUT', `record: endedAt is ${startedAt - endedAt} ms before startedAt. Nothing was written; exchange them, or pass startedAt and durationMs.`)
}

/** What a run is found by: all of its task and its takeaway, also where the fact holds only their beginning. */
const searchText = ({ task, takeaway }: RunData): string => (takeaway === undefined ? task : `${task}\n${takeaway}`)

/** The index row of a run, from its fact in full length. */
export const indexEntry = (fact: Pick<NewFactOf<'run.recorded'>, 'id' | 'data' | 'occurredAt' | 'user' | 'agent'>, standing: Standing): IndexEntry => ({
  id: fact.id,
  kind: 'episode',
  standing,
  text: searchText(fact.data),
  occurredAt: fact.occurredAt,
  user: fact.user,
  agent: fact.agent,
})

/** What was handed over and cannot be written as JSON, such as a function. */
const unwritable = ({ response, steps = [] }: ReturnType<typeof recordInput.parse>, content: Content): ReceiptPart[] => {
  const handed = [
    ['response', response, content.response] as const,
    ...steps.flatMap(({ input, output }, place) => [
      [`steps.${place}.input`, input, content.steps[place]?.input] as const,
      [`steps.${place}.output`, output, content.steps[place]?.output] as const,
    ]),
  ]
  return handed.flatMap(([part, given, written]): ReceiptPart[] => {
    if (given === undefined || written !== undefined) return []
    return [{ part, status: 'refused', reason: `a ${typeof given} cannot be written down; pass plain data` }]
  })
}

const partNames = ['task', 'category', 'type', 'dependencies', 'effort', 'approach', 'factors', 'context', 'state', 'steps', 'response', 'takeaway', 'metrics', 'outcome', 'advice', 'taken', 'used'] as const

/** An empty response is one; an empty list of steps is none. */
const isAbsent = (data: Content, part: (typeof partNames)[number]): boolean => {
  const value = data[part]
  return value === undefined || (part !== 'response' && typeof value === 'object' && value !== null && Object.keys(value).length === 0)
}

/** What became of each part that was handed over, and the references that were left out of it. */
const partsOf = (
  handed: Content,
  written: RunData,
  status: RecordReceipt['status'],
  spans: ReadonlyMap<string, number>,
  refusals: readonly ReceiptPart[],
): ReceiptPart[] => {
  const parts: ReceiptPart[] = []
  for (const part of partNames) {
    if (isAbsent(handed, part)) continue
    const count = spans.get(part) ?? 0
    const echoes = count === 0 ? {} : { reason: `${count} ${count === 1 ? 'span' : 'spans'} of recalled text taken out` }
    if (!isAbsent(written, part)) parts.push({ part, status, ...(status === 'merged' ? {} : echoes) })
    else if (!refusals.some((refusal) => refusal.part === part)) parts.push({ part, status: 'refused', reason: 'nothing but recalled text was in it' })
  }
  // An empty list says that nothing was used.
  if (handed.used?.length === 0) parts.push({ part: 'used', status })
  return [...parts, ...refusals]
}

/** The advice that a record names, as the log has it. */
const findAdvice = async (scope: Scope, named: ReturnType<typeof recordInput.parse>['advice']): Promise<NamedAdvice> => {
  const nothing = { id: undefined, asker: {}, run: undefined, task: undefined, shingles: none, answerShingles: none, refusal: undefined }
  if (named === undefined) return nothing
  const handed = typeof named === 'string' ? undefined : named
  const own = handed === undefined ? {} : { run: handed.run, task: handed.task }
  if (handed?.logged === false) return { ...nothing, ...own, refusal: 'the advice was a fallback and is not in the log' }
  const id = typeof named === 'string' ? named : named.id
  const fact = await factById(scope, id)
  if (fact === undefined) return { ...nothing, ...own, refusal: `there is no advice "${id}" in this namespace; it was forgotten or belongs to another one` }
  const { task, shingles, answerShingles } = (await whole(scope.storage, fact)).data
  return {
    id,
    asker: fact,
    run: fact.run,
    task: handed?.task ?? task,
    shingles: unpackHashes(shingles),
    answerShingles: unpackHashes(answerShingles),
    refusal: undefined,
  }
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
  adviceRefusal: string | undefined,
): Promise<{ data: RunData; refusals: readonly ReceiptPart[] }> => {
  const refusals: ReceiptPart[] = []
  const refuse = (part: string, reason: string): void => void refusals.push({ part, status: 'refused', reason })
  if (adviceRefusal !== undefined) refuse('advice', adviceRefusal)
  let accepted = data
  if (data.used !== undefined) {
    const known = await knownIds(scope, data.used)
    const unknown = data.used.filter((id) => !known.has(id))
    if (unknown.length > 0) refuse('used', `no item has the id ${named(unknown)}`)
    accepted = { ...accepted, used: data.used.filter((id) => known.has(id)) }
  }
  if (data.taken !== undefined) {
    const known = new Set([...dossier.decisions.values()].flatMap(({ id, point }) => [id, point]))
    const unknown = Object.keys(data.taken).filter((key) => !known.has(key))
    if (unknown.length > 0) refuse('taken', `this run has no decision at ${named(unknown)}; ask with decide or advise first`)
    accepted = { ...accepted, taken: Object.fromEntries(Object.entries(data.taken).filter(([key]) => known.has(key))) }
  }
  const steps = data.steps.map((step, place) => {
    if (step.decision === undefined || dossier.decisions.has(step.decision)) return step
    refuse(`steps.${place}.decision`, `this run has no decision ${named([step.decision])}`)
    return defined({ ...step, decision: undefined })
  })
  return { data: { ...accepted, steps }, refusals }
}

const named = (ids: readonly string[]): string => `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`

const knownIds = async (scope: Scope, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const known = new Set<string>()
  if (ids.length === 0) return known
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids })) {
    for (const fact of page) if (fact.kind === 'run.recorded' || fact.kind === 'knowledge.written') known.add(fact.id)
  }
  return known
}
