import { AutodidactError } from '../../errors.ts'
import type { Fact, FactData, FactOf, Trust } from '../../log/fact.ts'
import type { KnowledgeState } from '../../log/kinds/knowledge-moved.ts'
import { hashText } from '../hash.ts'
import type { Experience, Learner, RunSettled, Verdict } from '../learner.ts'
import { latestUses, rateOf, stateAfter, type Use, type UseRate } from '../structures/knowledge-life.ts'

type Written = FactData['knowledge.written']

/** How the runs and uses that were shown something went. */
export interface UseCounts {
  /** Settled runs that were shown it, and uses that somebody told of. */
  readonly uses: number
  /** Sum of weight · reward. */
  readonly up: number
  /** Sum of weight · (1 − reward). */
  readonly down: number
}

/** One version of an item, without what it says. */
export interface VersionSummary extends UseCounts {
  /** From 1. */
  readonly number: number
  /** Of the fact that holds it. */
  readonly id: string
  readonly sequence: number
  /** Milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
  readonly author: string | undefined
  /** The version whose content it brought back. */
  readonly restores: number | undefined
  /** Ids of what it was made of. */
  readonly evidence: readonly string[]
}

/** An item of knowledge without what it says: that stands in the log. */
export interface ItemSummary {
  readonly id: string
  readonly kind: string
  readonly category: string | undefined
  readonly tags: readonly string[]
  readonly channel: string | undefined
  readonly priority: Written['priority']
  /** The agents it is for; undefined: all. */
  readonly targets: readonly string[] | undefined
  readonly score: number | undefined
  readonly links: NonNullable<Written['links']>
  readonly evidence: readonly string[]
  readonly agent: string | undefined
  readonly user: string | undefined
  readonly session: string | undefined
  readonly source: string
  readonly trust: Trust
  readonly state: KnowledgeState
  /** Of the fact since which it is in this state. */
  readonly stateSince: number
  /** The latest uses of the present version, by which its state is judged. */
  readonly latest: UseRate
  /** Of all versions. */
  readonly total: UseCounts
  readonly votes: { readonly useful: number; readonly notUseful: number }
  /** The earliest first; the last one is the present. */
  readonly versions: readonly VersionSummary[]
  /** When its present version was written, and when the last use of any became known; milliseconds since 1970-01-01 UTC. */
  readonly writtenAt: number
  readonly lastUsedAt: number | undefined
}

interface Version extends VersionSummary {
  uses: number
  up: number
  down: number
}

type Described = Pick<ItemSummary, 'kind' | 'category' | 'tags' | 'channel' | 'priority' | 'targets' | 'score' | 'links' | 'agent' | 'user' | 'session' | 'source' | 'trust'>

interface Item {
  readonly id: string
  about: Described
  state: KnowledgeState
  stateSince: number
  /** Of the present version, since it was written or deprecated; the oldest first, at most {@link latestUses}. */
  latest: Use[]
  readonly versions: Version[]
  /** By voter. */
  readonly votes: Map<string, boolean>
  lastUsedAt: number | undefined
}

/** What an item looks like from outside, made when somebody asks and until it changes. */
const summaries = new WeakMap<Item, ItemSummary>()

export interface KnowledgeItemsState {
  /** In the order in which they were first written. */
  readonly items: Map<string, Item>
  /** The item of each fact that holds a version. */
  readonly itemOf: Map<string, string>
  /** Those that not everybody is shown: out of use, or for some agents only. */
  readonly restricted: Set<string>
}

export interface KnowledgeItemsView {
  /** By the id of the item, or of the fact that holds one of its versions. */
  get(id: string): ItemSummary | undefined
  /** In the order in which they were first written. */
  all(): readonly ItemSummary[]
  /** Those that are not for everybody: deprecated, archived, in quarantine, or for some agents only. */
  restricted(): readonly ItemSummary[]
  readonly size: number
}

const describedBy = ({ data, agent, user, session, source, trust }: FactOf<'knowledge.written'>): Described => {
  const { kind, category, tags = [], channel, priority, targets, score, links = [] } = data
  return { kind, category, tags, channel, priority, targets, score, links, agent, user, session, source, trust }
}

const write = (state: KnowledgeItemsState, fact: FactOf<'knowledge.written'>): void => {
  const { id, sequence, occurredAt, data } = fact
  const { item: of = id, number = 1, author, restores, evidence = [] } = data
  const version: Version = { number, id, sequence, occurredAt, author, restores, evidence, uses: 0, up: 0, down: 0 }
  state.itemOf.set(id, of)
  const known = state.items.get(of)
  if (known === undefined) {
    // The version before may have been erased.
    const first: Item = { id: of, about: describedBy(fact), state: 'experimental', stateSince: sequence, latest: [], versions: [version], votes: new Map(), lastUsedAt: undefined }
    state.items.set(of, first)
    changed(state, first)
    return
  }
  known.versions.push(version)
  known.about = describedBy(fact)
  // What the old one proved says nothing of the new one; what somebody put away stays away until it is taken out again.
  known.latest = []
  if (known.state !== 'archived' && known.state !== 'quarantined') moveTo(known, 'experimental', sequence)
  changed(state, known)
}

const moveTo = (item: Item, state: KnowledgeState, sequence: number): void => {
  if (item.state === state) return
  item.state = state
  item.stateSince = sequence
}

/** Takes a use in, changes it, or takes it out; and what follows from that. */
const count = (item: Item, version: Version, key: number, use: { readonly previous?: Verdict | undefined; readonly current?: Verdict | undefined }, { sequence, occurredAt }: { sequence: number; occurredAt: number }): void => {
  const { previous, current } = use
  version.uses += Number(current !== undefined) - Number(previous !== undefined)
  version.up += (current === undefined ? 0 : current.weight * current.reward) - (previous === undefined ? 0 : previous.weight * previous.reward)
  version.down += (current === undefined ? 0 : current.weight * (1 - current.reward)) - (previous === undefined ? 0 : previous.weight * (1 - previous.reward))
  // What is left of the sums of nobody are rounding errors.
  if (version.uses === 0) Object.assign(version, { up: 0, down: 0 })
  if (current !== undefined) item.lastUsedAt = Math.max(item.lastUsedAt ?? 0, occurredAt)
  if (item.versions.at(-1) !== version) return
  const place = item.latest.findIndex((one) => one.key === key)
  const said = current === undefined ? [] : [{ key, up: current.weight * current.reward, down: current.weight * (1 - current.reward) }]
  if (place >= 0) item.latest.splice(place, 1, ...said)
  // A verdict that changes after so many others counts in the sums alone.
  else if (previous === undefined) item.latest.push(...said)
  if (item.latest.length > latestUses) item.latest.shift()
  const next = stateAfter(item.state, item.latest)
  // It is to prove itself by what comes now.
  if (next === 'deprecated' && item.state !== 'deprecated') item.latest = []
  moveTo(item, next, sequence)
}

const settle = (state: KnowledgeItemsState, settled: RunSettled): void => {
  if (state.items.size === 0) return
  for (const id of new Set(settled.shown)) {
    const item = state.items.get(state.itemOf.get(id) ?? '')
    const version = item?.versions.find((candidate) => candidate.id === id)
    if (item === undefined || version === undefined) continue
    count(item, version, hashText(settled.run) | 0, settled, settled)
    changed(state, item)
  }
}

const use = (state: KnowledgeItemsState, fact: FactOf<'knowledge.used'>): void => {
  const { item: of, number, success } = fact.data
  const item = state.items.get(of)
  const version = item?.versions.find((candidate) => candidate.number === number)
  if (item === undefined || version === undefined) return
  count(item, version, hashText(fact.id) | 0, { current: { reward: success ? 1 : 0, weight: 1 } }, fact)
  changed(state, item)
}

const vote = (state: KnowledgeItemsState, { data: { item: of, voter, useful } }: FactOf<'knowledge.voted'>): void => {
  const item = state.items.get(of)
  if (item === undefined) return
  if (useful === null) item.votes.delete(voter)
  else item.votes.set(voter, useful)
  changed(state, item)
}

const move = (state: KnowledgeItemsState, { data: { item: of, to }, sequence }: FactOf<'knowledge.moved'>): void => {
  const item = state.items.get(of)
  if (item === undefined) return
  // Whoever takes something out gives it another chance, and whoever puts it away ends one.
  item.latest = []
  moveTo(item, to, sequence)
  changed(state, item)
}

/** What follows of a change for whoever looks at the item. */
const changed = (state: KnowledgeItemsState, item: Item): void => {
  summaries.delete(item)
  if (isRestricted(item)) state.restricted.add(item.id)
  else state.restricted.delete(item.id)
}

const isRestricted = ({ state, about }: Item): boolean => (state !== 'experimental' && state !== 'validated') || about.targets !== undefined

const learn = (state: KnowledgeItemsState, experience: Experience): KnowledgeItemsState => {
  if (experience.kind === 'run.settled') settle(state, experience)
  else if (experience.kind === 'knowledge.written') write(state, experience)
  else if (experience.kind === 'knowledge.used') use(state, experience)
  else if (experience.kind === 'knowledge.voted') vote(state, experience)
  else if (experience.kind === 'knowledge.moved') move(state, experience)
  return state
}

const summaryOf = (item: Item): ItemSummary => {
  const known = summaries.get(item)
  if (known !== undefined) return known
  const made = summarised(item)
  summaries.set(item, made)
  return made
}

const summarised = ({ id, about, state, stateSince, latest, versions, votes, lastUsedAt }: Item): ItemSummary => {
  const sum = (of: 'uses' | 'up' | 'down'): number => versions.reduce((total, version) => total + version[of], 0)
  const useful = [...votes.values()].filter(Boolean).length
  return {
    id,
    ...about,
    evidence: versions.at(-1)?.evidence ?? [],
    state,
    stateSince,
    latest: rateOf(latest),
    total: { uses: sum('uses'), up: sum('up'), down: sum('down') },
    votes: { useful, notUseful: votes.size - useful },
    versions: versions.map((version) => ({ ...version })),
    writtenAt: versions.at(-1)?.occurredAt ?? 0,
    lastUsedAt,
  }
}

const byText = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number => (left < right ? -1 : 1)

const encode = ({ items }: KnowledgeItemsState): Uint8Array =>
  new TextEncoder().encode(JSON.stringify([...items.values()].map((item) => ({ ...item, votes: [...item.votes].sort(byText) }))))

const decode = (bytes: Uint8Array): KnowledgeItemsState => {
  try {
    const saved = JSON.parse(new TextDecoder().decode(bytes)) as (Omit<Item, 'votes'> & { readonly votes: [string, boolean][] })[]
    const items = saved.map((item): Item => ({ ...item, votes: new Map(item.votes) }))
    return {
      items: new Map(items.map((item) => [item.id, item])),
      itemOf: new Map(items.flatMap(({ id, versions }) => versions.map((version) => [version.id, id] as const))),
      restricted: new Set(items.filter(isRestricted).map(({ id }) => id)),
    }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved items of knowledge are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Every item of knowledge: what it is about, its versions, in which state it is, and how often it was used and how that went. What an item says stays in the
 * log, so that nobody's words live on here.
 *
 * A use is a settled run in whose prompt a version really was, or one that `knowledge.use` told of. The state follows from the latest 50 uses of the present
 * version (80 % and 5 uses validate, less than 40 % deprecates, each only with a confidence of 95 % that more, or less, than every second use goes well); a new
 * version begins anew as experimental, and the counts of the old one stay with it.
 *
 * Neither inverse nor merge is declared, because states depend on the order of uses. Grows by some 500 bytes per item, 100 per version and 30 per vote.
 *
 * @example
 * ```ts
 * import { Autodidact, knowledgeItems } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { id } = await autodidact.remember('Refunds above 100 need a second signature.')
 * for (let use = 0; use < 5; use += 1) await autodidact.knowledge.use(id, { success: true })
 * const item = (await autodidact.learned(knowledgeItems)).get(id)
 * console.assert(item?.state === 'validated' && item.total.uses === 5)
 * await autodidact.close()
 * ```
 */
export const knowledgeItems: Learner<KnowledgeItemsState, KnowledgeItemsView> = {
  name: 'knowledge-items',
  version: 1,
  handles: ['knowledge.written', 'knowledge.used', 'knowledge.voted', 'knowledge.moved', 'run.settled'],
  initial: () => ({ items: new Map(), itemOf: new Map(), restricted: new Set() }),
  learn,
  view: ({ items, itemOf, restricted }) => ({
    get: (id) => {
      const item = items.get(itemOf.get(id) ?? id)
      return item === undefined ? undefined : summaryOf(item)
    },
    all: () => Array.from(items.values(), summaryOf),
    restricted: () => [...restricted].flatMap((id) => items.get(id) ?? []).map(summaryOf),
    get size() {
      return items.size
    },
  }),
  save: encode,
  load: decode,
}

/** Whether a fact is the one that a version stands in. */
export const isKnowledge = (fact: Fact): fact is FactOf<'knowledge.written'> => fact.kind === 'knowledge.written'
