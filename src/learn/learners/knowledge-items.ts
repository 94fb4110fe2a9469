import { oneSided, wilson } from '../../statistics/wilson.ts'
import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject } from '../../expect.ts'
import type { Fact, FactOf } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'
import type { Experience, Learner, RunSettled } from '../learner.ts'
import { arms } from '../structures/item-effect.ts'
import { ItemLinks } from '../structures/item-links.ts'
import { ItemLife, type SavedLife } from '../structures/item-life.ts'
import { authorsOf, type Described, describedBy, type ItemSummary, type KnowledgeItemsView, type UseCounts } from '../structures/item-summary.ts'
import { ItemVersions, type SavedVersions, type VersionSummary } from '../structures/item-versions.ts'
import { type ItemVoices, type SavedVoices, Voices } from '../structures/item-voices.ts'
import { isHeld, type LifeThresholds, lifeThresholds, shareOf } from '../structures/knowledge-life.ts'
import { learnerName } from '../structures/learner-name.ts'
import { sumsOf, type UseSums } from '../structures/use-counts.ts'
import { type Named, reporterOf } from '../structures/use-reports.ts'

export { authorsOf, isHeld, type ItemSummary, type ItemVoices, type KnowledgeItemsView, type UseCounts, type VersionSummary }

interface Item {
  readonly id: string
  about: Described
  /** Whether a person stands behind what it says now. */
  approved: boolean
  readonly versions: ItemVersions
  /** Of what it says now. */
  readonly life: ItemLife
  /** The version that is the reason for its quarantine: without it, or behind it, there is none. */
  suspected: string | undefined
  readonly voices: Voices
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
  /** Those of the kind `CORE_RULE`. */
  readonly coreRules: Set<string>
  readonly links: ItemLinks
  /** Hashes of the first two who ever reported a use of anything here: who is alone is all there is to go by. */
  readonly reporters: Set<number>
}

/** From so many on, one alone neither makes nor breaks an item. */
const severalReporters = 2

const isAlone = ({ reporters }: KnowledgeItemsState): boolean => reporters.size < severalReporters

/** An item, or one of its versions, by its id. */
const itemAt = ({ items, itemOf }: KnowledgeItemsState, id: string): Item | undefined => items.get(itemOf.get(id) ?? id)

const write = (state: KnowledgeItemsState, fact: FactOf<'knowledge.written'>): void => {
  const { id, sequence, data } = fact
  const { item: of = id } = data
  state.itemOf.set(id, of)
  // The version before may have been erased.
  const item = state.items.get(of) ?? newItem(of, fact)
  state.items.set(of, item)
  // What was suspicious of the version before does not bear on this one, which is looked at by itself.
  if (item.suspected !== undefined) item.life.put('experimental', sequence)
  item.suspected = undefined
  const before = item.versions.present
  const version = item.versions.write(fact, !isHeld(item.life))
  // Nobody votes on what is their own.
  if (before !== undefined) for (const writer of [fact.data.author, fact.agent, fact.user, fact.source]) if (writer !== undefined) item.voices.vote(writer, null)
  state.links.remove(of, item.about.links)
  item.about = describedBy(fact)
  item.approved = isByPerson(fact)
  state.links.add(of, item.about.links)
  // What the old one proved says nothing of what is said anew; what somebody put away stays away until it is taken out again.
  if (before?.saidSince !== version.saidSince && !isHeld(item.life)) item.life.put('experimental', sequence)
  changed(state, item)
}

/** Whether somebody says so whose word is that of a person. */
const isByPerson = ({ trust }: Pick<Fact, 'trust'>): boolean => trust === 'user'

const newItem = (id: string, fact: FactOf<'knowledge.written'>): Item => ({
  id,
  about: describedBy(fact),
  approved: isByPerson(fact),
  versions: new ItemVersions(),
  life: new ItemLife('experimental', fact.sequence),
  suspected: undefined,
  voices: new Voices(),
  lastUsedAt: undefined,
})

/** What a use was of, where the run was recorded that it was in, and what became known when. */
interface Use {
  readonly version: VersionSummary
  readonly place: number
  readonly occurredAt: number
  readonly previous?: UseSums | undefined
  readonly current?: UseSums | undefined
}

/** Takes uses in, changes them, or takes them out; where somebody reports them, in that name. */
const count = (state: KnowledgeItemsState, item: Item, { version, place, occurredAt, ...change }: Use, by?: Named): void => {
  const reporter = by === undefined ? undefined : reporterOf(by, authorsOf({ ...item.about, versions: item.versions.all }))
  if (reporter !== undefined && isAlone(state)) state.reporters.add(reporter.key)
  item.versions.countUse(version, change)
  if (change.current !== undefined) item.lastUsedAt = Math.max(item.lastUsedAt ?? 0, occurredAt)
  if (item.versions.isSaid(version)) item.life.countUse(place, change, reporter)
}

/** Counts a settled run for the items that were in its prompt, and for those that a draw showed or left out. */
const settle = (state: KnowledgeItemsState, settled: RunSettled, thresholds: LifeThresholds): void => {
  const { shown, trial, sequence, recorded = sequence, occurredAt, previous, current } = settled
  const touched = new Set<Item>()
  const versionOf = (id: string): { readonly item: Item; readonly version: VersionSummary } | undefined => {
    const item = state.items.get(state.itemOf.get(id) ?? '')
    const version = item?.versions.heldBy(id)
    if (item === undefined || version === undefined) return undefined
    touched.add(item)
    return { item, version }
  }
  const explored = new Set(trial?.explored)
  for (const arm of arms) {
    for (const id of new Set(trial?.[arm])) {
      const { item, version } = versionOf(id) ?? {}
      if (item === undefined || version === undefined || !item.versions.isSaid(version)) continue
      item.life.countDraw(recorded, explored.has(id) ? 'explored' : 'drawn', arm, { previous: previous?.reward, current: current?.reward })
    }
  }
  for (const id of new Set(shown)) {
    const { item, version } = versionOf(id) ?? {}
    if (item === undefined || version === undefined) continue
    count(state, item, { version, place: recorded, occurredAt, previous: previous && sumsOf(previous), current: current && sumsOf(current) }, settled)
  }
  for (const item of touched) {
    item.life.follow(sequence, thresholds, isAlone(state))
    changed(state, item)
  }
}

/** Somebody tells of a use, or an import of several. Where nobody here vouches for those they prove nothing: a file may claim anything. */
const use = (state: KnowledgeItemsState, fact: FactOf<'knowledge.used'>, thresholds: LifeThresholds): void => {
  const { sequence: place, occurredAt, trust, data } = fact
  const item = state.items.get(data.item)
  const version = item?.versions.numbered(data.number)
  if (item === undefined || version === undefined) return
  const told = { version, occurredAt, current: data.times ?? sumsOf({ reward: data.success ? 1 : 0, weight: 1 }) }
  const isClaimed = data.times !== undefined && (trust === 'imported' || trust === 'recalled')
  // From before every life.
  count(state, item, { ...told, place: isClaimed ? 0 : place }, data.times === undefined ? fact : undefined)
  item.life.follow(place, thresholds, isAlone(state))
  changed(state, item)
}

/** What is put away is taken back, and announced when it is taken out. */
const put = (item: Item, to: ItemSummary['state'], sequence: number): void => {
  if (isHeld(item.life) !== isHeld({ state: to })) item.versions.announce(isHeld(item.life) ? sequence : 0)
  item.life.put(to, sequence)
}

const move = (state: KnowledgeItemsState, fact: FactOf<'knowledge.moved'>): void => {
  const { data: { item: of, to, because }, sequence } = fact
  const item = state.items.get(of)
  // A reason that was forgotten is none.
  if (item === undefined || (because !== undefined && item.versions.heldBy(because) === undefined)) return
  if (isHeld(item.life) && !isHeld({ state: to }) && isByPerson(fact)) item.approved = true
  // Whoever takes something out gives it another chance, and whoever puts it away ends one.
  put(item, to, sequence)
  item.voices.restore()
  item.suspected = because
  changed(state, item)
}

const change = (state: KnowledgeItemsState, id: string | undefined, by: (item: Item) => void): void => {
  const item = state.items.get(id ?? '')
  if (item === undefined) return
  by(item)
  changed(state, item)
}

/** What somebody made of an item in reflection. It goes when nobody holds on to it any more. */
const reflect = (state: KnowledgeItemsState, { data, sequence }: FactOf<'knowledge.proposal-decided'>): void => {
  const { as, outcome, item: of } = data
  if (as === undefined || outcome !== 'applied') return
  change(state, of, (item) => {
    item.voices.reflect(data, as)
    if (data.way === 'person' && (as === 'add' || as === 'update')) item.approved = true
    if (item.voices.importance === 0 && item.life.state !== 'archived') {
      item.life.put('archived', sequence)
      item.suspected = undefined
    }
  })
}

/** What follows of a change for whoever looks at the item. */
const changed = (state: KnowledgeItemsState, item: Item): void => {
  summaries.delete(item)
  if (isRestricted(item)) state.restricted.add(item.id)
  else state.restricted.delete(item.id)
  if (isCoreRule(item)) state.coreRules.add(item.id)
  else state.coreRules.delete(item.id)
}

const isCoreRule = ({ about }: Item): boolean => about.kind === 'CORE_RULE'

const isRestricted = ({ life: { state }, about }: Item): boolean => (state !== 'experimental' && state !== 'validated') || about.targets !== undefined

const learnBy = (thresholds: LifeThresholds) => (state: KnowledgeItemsState, experience: Experience): KnowledgeItemsState => {
  const { kind } = experience
  if (kind === 'run.settled') {
    if (state.items.size > 0) settle(state, experience, thresholds)
  } else if (kind === 'knowledge.written') write(state, experience)
  else if (kind === 'knowledge.used') use(state, experience, thresholds)
  else if (kind === 'knowledge.moved') move(state, experience)
  else if (kind === 'knowledge.proposal-decided') reflect(state, experience)
  else if (kind === 'knowledge.voted') change(state, experience.data.item, ({ voices }) => voices.vote(experience.data.voter, experience.data.useful))
  else if (kind === 'knowledge.engaged') change(state, experience.data.item, ({ voices }) => voices.engage(experience.data.agent, experience.data.by))
  return state
}

const summaryOf = (item: Item): ItemSummary => {
  const known = summaries.get(item)
  if (known !== undefined) return known
  const made = summarised(item)
  summaries.set(item, made)
  return made
}

const summarised = ({ id, about, approved, life, versions, voices, lastUsedAt }: Item): ItemSummary => {
  const { present, said } = versions
  return {
    id,
    ...about,
    evidence: present?.evidence ?? [],
    approved,
    state: life.state,
    stateSince: life.since,
    recent: { uses: life.recent.uses, rate: shareOf(life.recent) },
    confidence: wilson(said.up, said.up + said.down, oneSided).low,
    effect: life.effect,
    retrial: life.retrial,
    total: versions.total,
    votes: voices.votes,
    importance: voices.importance,
    viewed: voices.howMany('viewing'),
    applied: voices.howMany('applying'),
    versions: versions.all,
    writtenAt: present?.occurredAt ?? 0,
    lastUsedAt,
  }
}

/** What is known of the items that are a user's, without what they say, and how they voted. */
const aboutUser = ({ items }: KnowledgeItemsState, user: string): Json | undefined => {
  const all = [...items.values()]
  const own = all.filter(({ about, versions }) => about.user === user || versions.all.some(({ author }) => author === user))
  const votes = all.flatMap(({ id, voices }) => {
    const useful = voices.voteOf(user)
    return useful === undefined ? [] : [{ item: id, useful }]
  })
  if (own.length === 0 && votes.length === 0) return undefined
  return { items: own.map(summaryOf).map(({ id, state, confidence, total, votes: counted }) => ({ id, state, confidence, total: { ...total }, votes: { ...counted } })), votes }
}

/** As JSON holds an item. */
interface Saved extends Pick<Item, 'id' | 'about' | 'approved' | 'suspected' | 'lastUsedAt'> {
  readonly versions: SavedVersions
  readonly life: SavedLife
  readonly voices: SavedVoices
}

/** Field by field: what was undefined when a state was loaded would otherwise stand last, and the same state have other bytes. */
const savedOf = ({ id, about, approved, versions, life, suspected, voices, lastUsedAt }: Item): Saved => ({
  id, about, approved, versions: versions.save(), life: life.save(), suspected, voices: voices.save(), lastUsedAt,
})

const itemFrom = ({ id, about, approved, versions, life, suspected, voices, lastUsedAt }: Saved): Item => ({
  id, about, approved, versions: ItemVersions.from(versions), life: ItemLife.from(life), suspected, voices: new Voices(voices), lastUsedAt,
})

const encode = ({ items, reporters }: KnowledgeItemsState): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ items: Array.from(items.values(), savedOf), reporters: [...reporters] }))

const decode = (bytes: Uint8Array): KnowledgeItemsState => {
  try {
    const { items: saved, reporters } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly items: readonly Saved[]; readonly reporters: readonly number[] }
    const items = saved.map(itemFrom)
    const links = new ItemLinks()
    for (const { id, about } of items) links.add(id, about.links)
    return {
      items: new Map(items.map((item) => [item.id, item])),
      itemOf: new Map(items.flatMap(({ id, versions }) => versions.all.map((version) => [version.id, id] as const))),
      restricted: new Set(items.filter(isRestricted).map(({ id }) => id)),
      coreRules: new Set(items.filter(isCoreRule).map(({ id }) => id)),
      links,
      reporters: new Set(reporters),
    }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved items of knowledge are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

const view = (state: KnowledgeItemsState): KnowledgeItemsView => ({
  get: (id) => {
    const item = itemAt(state, id)
    return item === undefined ? undefined : summaryOf(item)
  },
  all: () => Array.from(state.items.values(), summaryOf),
  restricted: () => [...state.restricted].flatMap((id) => state.items.get(id) ?? []).map(summaryOf),
  coreRules: () => [...state.coreRules].flatMap((id) => state.items.get(id) ?? []).map(summaryOf),
  linkedTo: (id) => {
    if (state.links.isEmpty) return []
    const item = itemAt(state, id)
    const names = [id, ...(item === undefined ? [] : [item.id, ...item.versions.all.map((version) => version.id)])]
    return state.links.to(names).flatMap((name) => state.items.get(name) ?? []).map(summaryOf)
  },
  hasEngaged: (id, agent, by) => itemAt(state, id)?.voices.hasEngaged(agent, by) === true,
  voices: (id) => itemAt(state, id)?.voices.all,
  get size() {
    return state.items.size
  },
})

const baseName = 'knowledge-items'

/**
 * {@link knowledgeItems} with other thresholds of the states; the setting `knowledge` of an instance makes one.
 *
 * @throws AutodidactError `INVALID_INPUT`
 * @example
 * ```ts
 * import { createKnowledgeItems } from 'autodidact'
 *
 * console.assert(createKnowledgeItems({ leastUses: 10 }).name !== createKnowledgeItems().name)
 * ```
 */
export const createKnowledgeItems = (settings: Partial<LifeThresholds> = {}): Learner<KnowledgeItemsState, KnowledgeItemsView> => {
  expectObject(settings, 'createKnowledgeItems: settings')
  const thresholds = { ...lifeThresholds, ...settings }
  expectNumber(thresholds.leastUses, 'createKnowledgeItems: leastUses', 1, 1_000_000)
  expectNumber(thresholds.validatedFrom, 'createKnowledgeItems: validatedFrom', 0, 1)
  expectNumber(thresholds.deprecatedBelow, 'createKnowledgeItems: deprecatedBelow', 0, thresholds.validatedFrom)
  const name = learnerName(baseName, { ...thresholds }, { ...lifeThresholds })
  return {
    name,
    ...(name === baseName ? {} : { variantOf: baseName }),
    version: 5,
    handles: ['knowledge.written', 'knowledge.used', 'knowledge.voted', 'knowledge.moved', 'knowledge.proposal-decided', 'knowledge.engaged', 'run.settled'],
    initial: () => ({ items: new Map(), itemOf: new Map(), restricted: new Set(), coreRules: new Set(), links: new ItemLinks(), reporters: new Set() }),
    learn: learnBy(thresholds),
    view,
    about: aboutUser,
    save: encode,
    load: decode,
  }
}

/**
 * Every item of knowledge: what it is about, its versions, in which state it is, and how often it was used and how that went. What an item says stays in the
 * log, so that nobody's words live on here.
 *
 * A use is a settled run in whose prompt a version really was, or one that `knowledge.use` told of. The state follows from the runs that were recorded since the item is in
 * its state (80 % and 5 uses validate, less than 40 % deprecates, each only with a confidence of 90 %, at all times at once, that more, or less, than every second use goes well);
 * where several report uses, whoever wrote an item does not validate it alone, and failures deprecate it when two report them;
 * a change that does not follow any more, because verdicts were changed or taken back, is undone. What is said anew begins anew as experimental, and the counts of the old version stay with it; a
 * version that says the same goes on where the one before was.
 *
 * Where `withholding` is on, a draw decides whether an item is shown; its effect is the difference of the rewards with and without it, by intervals that hold at all times at once. An item that
 * was shown to do harm is deprecated, and one that was shown to help validated, whatever its success rate: easy tasks go well with any advice. What is deprecated is tried again by a draw of its
 * own, and comes back when that shows it to help.
 *
 * Neither inverse nor merge is declared, because states depend on the order of uses. Grows by some 500 bytes per item, 200 per version and 30 per vote and per agent that looked at it or applied it.
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
export const knowledgeItems = createKnowledgeItems()

/** Whether a fact is the one that a version stands in. */
export const isKnowledge = (fact: Fact): fact is FactOf<'knowledge.written'> => fact.kind === 'knowledge.written'
