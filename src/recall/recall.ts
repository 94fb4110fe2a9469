import { z } from 'zod'
import type { Dossier } from '../credit/dossier.ts'
import { dossiersOf, outcomeKinds } from '../credit/run-facts.ts'
import { standingOf } from '../credit/standing.ts'
import { type ItemUsefulnessView, itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { isKnowledge, type ItemSummary, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import { sourceReputation, type SourceReputationView } from '../learn/learners/source-reputation.ts'
import { answerText } from '../learn/structures/correction.ts'
import { AutodidactError } from '../errors.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import { relation } from '../log/kinds/knowledge-written.ts'
import { name, task as taskInput, text as textInput, unit } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { comparable, type Payload, whole, wholePayload } from '../log/blobs.ts'
import type { Json } from '../log/payload.ts'
import type { Scope } from '../scope.ts'
import type { Hit, IndexKind, Standing } from '../storage/storage.ts'
import type { Item, ItemKnowledge, RecalledKind } from './item.ts'
import { type KnowledgeWanted, wantedInput } from './knowledge-wanted.ts'
import { broughtBy, presentId, type Relation, withLinked, type Worth } from './linked.ts'
import { type PersonalRecall, personalFor } from './personal.ts'
import { formOf, type PromptItem, renderPrompt } from './prompt.ts'
import { type Candidate, rank, type Ranked, withinUnit } from './rank.ts'
import { placesForKnowledge, withKnowledge } from './places.ts'
import { rulesInForce, withRules } from './rules-in-force.ts'
import { search, selectionOf } from './search.ts'
import { perItem, shortlist } from './shortlist.ts'
import { withoutOutvoted } from './outvoted.ts'
import { type Evidence, withoutSuppressed } from './suppression.ts'
import { words } from '../text/words.ts'

export const recallSettingsInput = z.strictObject({
  limit: z.number().int().min(0).max(10_000).optional(),
  warnings: z.number().int().min(0).max(10_000).optional(),
  floor: unit.optional(),
  tokens: z.number().min(0).optional(),
  itemTokens: z.number().min(1).optional(),
  unverified: z.boolean().optional(),
  kinds: z.array(z.enum(['episode', 'knowledge'])).optional(),
  knowledge: wantedInput.optional(),
  user: name.optional(),
  agent: name.optional(),
  for: name.optional(),
  forUser: name.optional(),
  follow: z.array(relation).optional(),
  rules: z.boolean().optional(),
  halfLife: z.number().positive().optional(),
  diversity: unit.optional(),
})

/** What to recall and how much of it. */
export interface RecallSettings {
  /** Most items, warnings not counted; default 8. */
  readonly limit?: number
  /** Most failed attempts to warn of; default 2. */
  readonly warnings?: number
  /** Nothing less relevant is recalled, however useful it was; in [0, 1], default .2. */
  readonly floor?: number
  /** The prompt block is at most this many estimated tokens; default 1,000. */
  readonly tokens?: number
  /** A longer text of one item is cut to so many tokens in the prompt; default 200. */
  readonly itemTokens?: number
  /** Also recall runs that nobody has judged; default false, because it was measured to be worse than recalling nothing. */
  readonly unverified?: boolean
  /** Only episodes or only knowledge; default both. */
  readonly kinds?: readonly IndexKind[]
  /** Only such knowledge; default: all that is experimental or validated, and for this agent or for everybody. */
  readonly knowledge?: KnowledgeWanted
  /** Only what this user did, or nobody in particular; default: everybody in the namespace. */
  readonly user?: string
  /** Only what this agent did, or nobody in particular; default: every agent. */
  readonly agent?: string
  /** The agent that asks: it alone is shown what is for it only. Default: `agent`; in an advice, the agent of the advice. */
  readonly for?: string
  /** The user it is for: what they were more, or less, content with than others, and what agrees with their corrections, moves up or down. Default: nobody; in an advice, the user of the advice. */
  readonly forUser?: string
  /** Also what is linked with what is found, by links of these kinds, in either direction; an empty list follows none. Default: `contradicts`, `fixes`, `derived-from`, `supports`. */
  readonly follow?: readonly Relation[]
  /** Also the core rules in force, whatever the text is about, in front of all else and on at most a quarter of the tokens. Default: false; in an advice, true. */
  readonly rules?: boolean
  /** Milliseconds after which an item's recency has fallen from 1 to ¾ (never below ½); default: no decay. */
  readonly halfLife?: number
  /** How much an item loses that repeats a better one; in [0, 1], default .1. */
  readonly diversity?: number
}

/** What is worth knowing about a text; perhaps nothing. */
export interface Recollection {
  /** The best first, warnings last. */
  readonly items: readonly Item[]
  /** The items for a prompt, within the token budget; empty when there are none. */
  readonly prompt: string
  /** Ids of the items that fit into the prompt, in its order. */
  readonly shown: readonly string[]
}

const defaultLimit = 8
const defaultWarnings = 2

/** So many texts are asked for, as many as an index looks at in any case: what is proven among them is better than what is first by a hair. */
const texts = 100

const failed = (candidate: Candidate): boolean => candidate.standing === 'failure'

/**
 * Finds what is worth knowing about a text: verified successes as examples, knowledge, and failures as warnings apart from both. An answer that was wrong
 * more than right in tasks like this one is no example. Returns nothing when nothing is relevant enough.
 *
 * @throws AutodidactError `INVALID_INPUT`, and what the storage throws
 */
export const recall = async (scope: Scope, text: string, given: RecallSettings = {}): Promise<Recollection> => {
  const settings = validated(recallSettingsInput, given, 'recall')
  // The core rules are in force whatever the text is about, and so without one.
  const query = validated(settings.rules === true ? textInput : taskInput, text, 'recall: text')
  return betweenErasures(scope.storage, scope.namespace, () => recollect(scope, query, settings))
}

const recollect = async (scope: Scope, query: string, settings: z.output<typeof recallSettingsInput>): Promise<Recollection> => {
  const { limit = defaultLimit, warnings = defaultWarnings } = settings
  const standings: Standing[] = ['success', 'knowledge', 'failure', ...(settings.unverified === true ? (['unverified'] as const) : [])]
  const places = placesForKnowledge(limit)
  const selection = await selectionOf(scope, settings)
  const { items: written } = selection
  const found = await search(scope, query, settings, { selection, standings, limit: Math.max(texts, limit + warnings), knowledge: perItem * places })
  const rules = settings.rules === true && settings.kinds?.includes('knowledge') !== false ? rulesInForce(written, { agent: settings.for ?? settings.agent, user: settings.user ?? settings.forUser }, settings.knowledge ?? {}, scope.clock()) : []
  if (found.length === 0 && rules.length === 0) return { items: [], prompt: '', shown: [] }
  const useful = scope.settings.learning ? await scope.runner.view(scope.namespace, itemUsefulness) : undefined
  const personal = await personalFor(scope, settings.forUser)
  const reputed = scope.settings.learning ? await scope.runner.view(scope.namespace, sourceReputation) : undefined
  const usefulTo = (id: string): number => (personal === undefined ? usefulnessOf(id, useful, written) : withinUnit(usefulnessOf(id, useful, written) + personal.tasteFor(id)))
  const reputationOf = (id: string): number => reputed?.factor(id) ?? 1
  const worthOf = (item: ItemSummary): Worth => ({ usefulness: usefulTo(presentId(item)), reputation: reputationOf(presentId(item)) })
  const { nearest, proven } = shortlist(found, (id) => usefulTo(id) * reputationOf(id), { limit, warnings, places })
  const sources = await sourcesOf(scope, [...nearest, ...proven])
  // Text and fact are written and erased together. An erasure between the two reads makes all of this be done once more.
  const lost = [...nearest, ...proven].find(({ id }) => !sources.has(id))
  if (lost !== undefined) {
    throw new AutodidactError('CORRUPT', `The file is damaged: "${lost.id}" is in the index, and the log does not find it. Restore a backup, or save what is left with "sqlite3 FILE .recover".`)
  }
  const read = (hits: readonly Hit[]): Evidence[] =>
    hits
      .flatMap((hit) => candidateOf(hit, query, sources.get(hit.id), { useful, reputed, written }))
      .map((candidate) => withShift(candidate, query, sources.get(candidate.id), personal))
      // The log may say otherwise than the index row that was found: what was not asked for then must not slip in by it.
      .filter(({ standing }) => standings.includes(standing))
  const evidence = read(nearest)
  const readable = [...evidence, ...read(proven)]
  const candidates = scope.settings.learning ? withoutOutvoted(withoutSuppressed(readable, evidence), evidence) : readable
  const { floor, halfLife, diversity } = settings
  const ranking = {
    now: scope.clock(),
    ...(floor === undefined ? {} : { floor }),
    ...(halfLife === undefined ? {} : { halfLife }),
    ...(diversity === undefined ? {} : { diversity }),
  }
  const best = rank(candidates.filter((candidate) => !failed(candidate)), { ...ranking, limit })
  const known = rank(candidates.filter(({ kind }) => kind === 'knowledge'), { ...ranking, limit: places })
  const placed = withLinked(withKnowledge(best, known, limit), rank(candidates.filter(failed), { ...ranking, limit: warnings }), limit, {
    view: written,
    follow: settings.follow ?? relation.options,
    isRecalled: selection.isRecalled,
    bring: (item, from, linked) => broughtBy(item, from, linked, worthOf(item)),
  })
  const all = withRules(rules, placed, worthOf)
  const more = await sourcesOf(scope, all.flatMap(({ one: { id, kind } }) => (sources.has(id) ? [] : [{ id, kind }])))
  const items: Item[] = []
  for (const { one, linked } of all) {
    const source = sources.get(one.id) ?? more.get(one.id)
    if (source === undefined) continue
    const item = await itemOf(scope, one, source, written)
    items.push({ ...item, reason: linked === undefined ? item.reason : `${item.reason}; ${linked.says} ${JSON.stringify(linked.id)}`, linked })
  }
  return { items, ...promptOf(items, settings) }
}

/**
 * The block for the prompt, within the budget of the settings.
 *
 * @param before what has its place in the block before the items do
 */
export const promptOf = (
  items: readonly Item[],
  { tokens, itemTokens }: { readonly tokens?: number | undefined; readonly itemTokens?: number | undefined },
  before: readonly PromptItem[] = [],
): Omit<Recollection, 'items'> =>
  renderPrompt([...before, ...items.map(promptItem)], { ...(tokens === undefined ? {} : { tokens }), ...(itemTokens === undefined ? {} : { itemTokens }) })

const usefulnessOf = (id: string, useful: ItemUsefulnessView | undefined, written: KnowledgeItemsView): number => {
  const { up, down } = useful?.counts(id) ?? { up: 0, down: 0 }
  const score = written.get(id)?.score
  return score === undefined ? (1 + up) / (2 + up + down) : (1 + up + score) / (3 + up + down)
}

/** What an index row was made from: a run with everything said of it, or knowledge. */
type Source = Dossier | FactOf<'knowledge.written'>

const isRun = (source: Source): source is Dossier => 'recorded' in source

const sourcesOf = async (scope: Scope, hits: readonly Pick<Hit, 'id' | 'kind'>[]): Promise<ReadonlyMap<string, Source>> => {
  const sources = new Map<string, Source>()
  const idsOf = (kind: IndexKind): string[] => hits.filter((hit) => hit.kind === kind).map((hit) => hit.id)
  for (const [run, dossier] of await dossiersOf(scope.storage, scope.namespace, idsOf('episode'), outcomeKinds)) {
    if (dossier.recorded !== undefined) sources.set(run, dossier)
  }
  const knowledge = idsOf('knowledge')
  if (knowledge.length === 0) return sources
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids: knowledge })) {
    for (const fact of page) if (isKnowledge(fact)) sources.set(fact.id, fact)
  }
  return sources
}

/** The answer an item gives: a correction replaces what was answered. */
const answerOf = (source: Source): Payload | undefined => (isRun(source) ? (source.correction ?? source.response) : undefined)

/** The answer that a run turned out not to be: its own where it failed, the one that was corrected where somebody knew better. */
const wrongAnswerOf = (source: Dossier): Payload | undefined => {
  const { correction, response } = source
  if (response === undefined || standingOf(source) === 'failure') return response
  return correction !== undefined && comparable(correction) !== comparable(response) ? response : undefined
}

const sameWords = (left: string, right: string): boolean => words(left).join(' ') === words(right).join(' ')

/** What is known of items beside what they say; nothing of their worth where nobody learns. */
interface Known {
  readonly useful: ItemUsefulnessView | undefined
  readonly reputed: SourceReputationView | undefined
  readonly written: KnowledgeItemsView
}

const candidateOf = (hit: Hit, query: string, source: Source | undefined, { useful, reputed, written }: Known): Evidence[] => {
  if (source === undefined) return []
  const answer = answerOf(source)
  const wrong = isRun(source) ? wrongAnswerOf(source) : undefined
  const { score, votes } = (isRun(source) ? undefined : written.get(hit.id)) ?? {}
  return [
    {
      ...hit,
      ...(useful === undefined ? {} : { ...useful.counts(hit.id), runs: useful.runs(hit.id) }),
      // The log decides, not the index row: a reader between two commits of another process must not show a failure as an example.
      standing: isRun(source) ? standingOf(source) : 'knowledge',
      ...(score === undefined ? {} : { prior: score }),
      ...(votes === undefined ? {} : { votes }),
      ...(reputed === undefined ? {} : { reputation: reputed.factor(hit.id) }),
      ...(answer === undefined ? {} : { answer: comparable(answer) }),
      ...(wrong === undefined ? {} : { wrongAnswer: comparable(wrong) }),
      origin: originOf(source),
      reporter: reporterOf(source),
      sameTask: isRun(source) && wrong !== undefined && sameWords(String(source.recorded?.data.task), query),
    },
  ]
}

/** Characters of a text that are compared with corrections. */
const longestCompared = 4_000

const saidIn = (source: Source): string => {
  if (!isRun(source)) return `${source.data.title ?? ''}\n${source.data.data === undefined ? source.data.content : answerText(source.data.data)}`
  const answer = answerOf(source)?.value
  return answer === undefined ? '' : answerText(answer)
}

const withShift = (candidate: Evidence, query: string, source: Source | undefined, personal: PersonalRecall | undefined): Evidence => {
  if (personal === undefined || source === undefined || candidate.standing === 'failure') return candidate
  const shift = personal.shiftOf(candidate.id, () => ({ text: saidIn(source).slice(0, longestCompared), query }))
  return shift === 0 ? candidate : { ...candidate, personal: shift }
}

const originOf = (source: Source): string => {
  const { source: from, agent = '', user = '' } = isRun(source) ? (source.recorded ?? { source: '' }) : source
  return JSON.stringify([from, agent, user])
}

/** One person with several agents is one, and so is one agent that several programs tell of. */
const reporterOf = (source: Source): string => {
  const { source: from, agent, user } = isRun(source) ? (source.recorded ?? { source: '', agent: undefined, user: undefined }) : source
  return user === undefined ? (agent === undefined ? `source ${from}` : `agent ${agent}`) : `user ${user}`
}

const recalledKinds: Readonly<Record<Standing, RecalledKind>> = {
  success: 'example',
  failure: 'warning',
  unverified: 'unverified',
  knowledge: 'knowledge',
  superseded: 'knowledge',
}

const itemOf = async (scope: Scope, ranked: Ranked, source: Source, written: KnowledgeItemsView): Promise<Omit<Item, 'linked'>> => {
  const common = {
    id: ranked.id,
    kind: recalledKinds[ranked.standing],
    score: ranked.score,
    relevance: ranked.relevance,
    usefulness: ranked.usefulness,
    reputation: ranked.reputation,
    reason: ranked.reason,
  }
  if (!isRun(source)) {
    const { title = '', content, data, context } = (await whole(scope.storage, source)).data
    const said = [data === undefined ? content : JSON.stringify(data), ...(context === undefined ? [] : [JSON.stringify(context)])].join('\n')
    const knowledge = knowledgeOf(source, written)
    return { ...common, ...envelopeOf(source), task: title, response: undefined, replaced: undefined, ...nothingDone, takeaway: undefined, content: said, knowledge }
  }
  const recorded = source.recorded
  if (recorded === undefined) throw new TypeError('a run without a record has no index row')
  const { task, takeaway } = (await whole(scope.storage, recorded, ['task', 'takeaway'])).data
  const inFull = async (payload: Payload | undefined): Promise<Json | undefined> =>
    payload === undefined ? undefined : wholePayload(scope.storage, scope.namespace, payload)
  return {
    ...common,
    ...envelopeOf(recorded),
    task,
    response: await inFull(answerOf(source)),
    replaced: source.correction === undefined ? undefined : await inFull(source.response),
    ...doneIn(source, recorded, ranked.standing),
    takeaway,
    content: undefined,
    knowledge: undefined,
  }
}

const knowledgeOf = ({ id, data }: FactOf<'knowledge.written'>, written: KnowledgeItemsView): ItemKnowledge => {
  const { item = id, number = 1, kind, category, priority, context, tags = [], score, validUntil, links = [] } = data
  const known = written.get(id)
  return { item, number, kind, category, priority, context, tags, score, validUntil, links: links.filter(({ to }) => written.get(to) !== undefined), approved: known?.approved ?? false, state: known?.state ?? 'experimental', uses: known?.total.uses ?? 0, confidence: known?.confidence ?? 0 }
}

type Done = Pick<Item, 'error' | 'failedStep' | 'steps'>

const nothingDone: Done = { error: undefined, failedStep: undefined, steps: [] }

/** Characters of an error that are recalled: its message, without the trace below. */
const longestError = 400

/** Actions of a run that are recalled. */
const mostSteps = 20

const doneIn = (source: Dossier, { data }: FactOf<'run.recorded'>, standing: Standing): Done => {
  const { steps, outcome } = data
  if (standing === 'success') return { ...nothingDone, steps: source.correction === undefined ? steps.slice(0, mostSteps).map(({ action }) => action) : [] }
  if (standing !== 'failure') return nothingDone
  const error = outcome?.error
  return {
    ...nothingDone,
    error: error === undefined || error.length <= longestError ? error : `${error.slice(0, longestError).toWellFormed()}…`,
    failedStep: steps.findLast(({ ok }) => ok === false)?.action,
    // How a run went wrong is seen at its end.
    steps: steps.slice(-mostSteps).map(({ action }) => action),
  }
}

const envelopeOf = ({ source, trust, user, agent, occurredAt }: Fact): Pick<Item, 'source' | 'trust' | 'user' | 'agent' | 'occurredAt'> => ({
  source,
  trust,
  user,
  agent,
  occurredAt,
})

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Who it comes from, each named as what they are; whoever did not do it themselves says where they have it from. */
const sourceOf = ({ user, agent, trust, source }: Item): string => {
  const named = [...(agent === undefined ? [] : [`agent ${agent}`]), ...(user === undefined ? [] : [`user ${user}`])]
  if (trust === 'tool') return [...named, `tool ${source}`].join(', ')
  if (trust === 'imported' || trust === 'recalled') return [...named, `${trust} from ${source}`].join(', ')
  return named.length === 0 ? `source ${source}` : named.join(', ')
}

const promptItem = (item: Item): PromptItem => {
  const answer = item.response === undefined ? item.takeaway : item.takeaway === undefined ? asText(item.response) : `${asText(item.response)}\n${item.takeaway}`
  return {
    id: item.id,
    form: formOf(item),
    source: sourceOf(item),
    text: item.content === undefined ? item.task : item.task === '' ? item.content : `${item.task}\n${item.content}`,
    ...(item.linked === undefined ? {} : { linked: item.linked }),
    ...(answer === undefined ? {} : { answer }),
    ...(item.failedStep === undefined ? {} : { failedStep: item.failedStep }),
    ...(item.error === undefined ? {} : { error: item.error }),
    ...(item.steps.length === 0 ? {} : { steps: item.steps }),
  }
}

/** The recalled answers as text, and the errors: an agent may rightly give the one again, and run into the other. */
export const answerTexts = (items: readonly Item[]): string[] =>
  items.flatMap(({ response, error }) => [...(response === undefined ? [] : [asText(response)]), ...(error === undefined ? [] : [error])])
