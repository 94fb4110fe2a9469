import { AutodidactError } from '../errors.ts'
import { featurize } from '../decide/features.ts'
import { dossierOf, untilUndisturbed } from '../feedback/run-facts.ts'
import type { Dossier } from '../feedback/dossier.ts'
import { standingOf } from '../feedback/standing.ts'
import { contentDigest } from '../log/canonical.ts'
import type { FactData, FactOf, NewFactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { packFeatures, unpackHashes } from '../log/packed.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { Blob, IndexEntry, Standing } from '../storage/storage.ts'
import { shorten } from './blobs.ts'
import { stripEchoes } from './echo.ts'
import { type RecordInput, recordInput } from './input.ts'
import { type Json, mapTexts, toJson } from './payload.ts'

/** What became of one part of a record. */
export interface ReceiptPart {
  readonly part: string
  readonly status: 'stored' | 'merged' | 'refused'
  /** Why it was refused, or what was changed. */
  readonly reason?: string
}

/** The truth about a write: made after it was committed. */
export interface RecordReceipt {
  readonly run: string
  /** `merged`: the same run with the same content was there already. */
  readonly status: 'stored' | 'merged'
  readonly parts: readonly ReceiptPart[]
  /** How recall treats the run now. */
  readonly standing: Standing
}

type RunData = FactData['run.recorded']

/** The texts and payloads of a run, masked and as JSON; what identifies its content. */
interface Content extends Omit<RunData, 'features' | 'echoes'> {
  readonly steps: RunData['steps']
}

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
  const { value: data, blobs } = withBlobs({ ...cleaned, features: packFeatures(featurize({ task: cleaned.task })) }, run)

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
  title: fact.data.task,
  text: fact.data.takeaway ?? '',
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

/** Everything as JSON, every text masked. */
const contentOf = (scope: Scope, given: ReturnType<typeof recordInput.parse>, task: string, advice: string | undefined): Content => {
  const mask = (value: Json, field: string): Json => mapTexts(value, (text) => scope.redact(text, field))
  const payload = (value: unknown, field: string): Json | undefined => {
    const json = toJson(value, field)
    return json === undefined ? undefined : mask(json, field)
  }
  const outcome = given.outcome ?? (given.success === undefined ? undefined : { success: given.success, judge: 'host' as const })
  const ended = given.endedAt !== undefined && given.startedAt !== undefined ? Math.max(0, given.endedAt - given.startedAt) : undefined
  return defined({
    task: scope.redact(task, 'task'),
    category: given.category,
    context: given.context,
    state: given.state,
    advice,
    steps: (given.steps ?? []).map((step, place) =>
      defined({ ...step, input: payload(step.input, `steps.${place}.input`), output: payload(step.output, `steps.${place}.output`) }),
    ),
    response: payload(given.response, 'response'),
    takeaway: given.takeaway === undefined ? undefined : scope.redact(given.takeaway, 'takeaway'),
    metrics: given.metrics,
    outcome: outcome?.error === undefined ? outcome : { ...outcome, error: scope.redact(outcome.error, 'outcome.error') },
    startedAt: given.startedAt,
    durationMs: given.durationMs ?? ended,
    taken: given.taken,
    used: given.used,
  })
}

/** The object without its undefined fields: what is absent is absent in the log too. */
const defined = <Shape extends object>(shape: Shape): Shape => {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Shape
}

/**
 * Takes recalled text out of the task, the takeaway, the steps and the response. A task that is nothing but recalled text is the same task once
 * more and stays; an answer may repeat a recalled answer.
 */
const withoutEchoes = (
  scope: Scope,
  content: Content,
  advice: NamedAdvice,
  given: { readonly user?: string | undefined; readonly session?: string | undefined },
  parts: ReceiptPart[],
): Content & { echoes?: number } => {
  const recent = scope.recentAdvice.of(given.user, given.session, scope.clock()).filter((echo) => echo.id !== advice.id)
  const all = new Set<number>()
  const answers = new Set<number>()
  for (const echo of [advice, ...recent]) {
    for (const hash of echo.shingles) all.add(hash)
    for (const hash of echo.answerShingles) answers.add(hash)
  }
  if (all.size === 0) return content
  const narrative = new Set([...all].filter((hash) => !answers.has(hash)))
  let echoes = 0
  const strip = (part: string, text: string, known: ReadonlySet<number>): string => {
    const { text: left, spans } = stripEchoes(text, known)
    if (spans === 0) return text
    if (part === 'task' && left === '') return text
    echoes += spans
    const status = left === '' ? 'refused' : 'stored'
    parts.push({ part, status, reason: `${spans} ${spans === 1 ? 'span' : 'spans'} of recalled text taken out` })
    return left
  }
  const stripJson = (part: string, value: RunData['response'], known: ReadonlySet<number>): RunData['response'] =>
    value === undefined ? undefined : mapTexts(value, (text) => strip(part, text, known))
  const takeaway = content.takeaway === undefined ? undefined : strip('takeaway', content.takeaway, all)
  const cleaned = defined({
    ...content,
    task: advice.task === content.task ? content.task : strip('task', content.task, all),
    takeaway: takeaway === '' ? undefined : takeaway,
    steps: content.steps.map((step) =>
      defined({ ...step, input: stripJson('steps', step.input, all), output: stripJson('steps', step.output, all) }),
    ),
    response: stripJson('response', content.response, narrative),
  })
  return echoes === 0 ? cleaned : { ...cleaned, echoes }
}

/** Long texts moved into blobs. */
const withBlobs = (data: RunData, run: string): { value: RunData; blobs: readonly Blob[] } => {
  const blobs: Blob[] = []
  const inline = <Value extends Json | undefined>(value: Value): Value => {
    if (value === undefined) return value
    const shortened = shorten(value, run)
    blobs.push(...shortened.blobs)
    return shortened.value as Value
  }
  const value = defined({
    ...data,
    task: inline(data.task),
    takeaway: inline(data.takeaway),
    response: inline(data.response),
    steps: data.steps.map((step) => defined({ ...step, input: inline(step.input), output: inline(step.output) })),
  })
  return { value, blobs }
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
