import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject } from '../../expect.ts'
import type { Fact, FactOf } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'
import type { Experience, Learner, RunSettled } from '../learner.ts'
import { arms } from '../structures/item-effect.ts'
import { ItemLinks } from '../structures/item-links.ts'
import { authorsOf, describedBy, type ItemSummary, type KnowledgeItemsView, type UseCounts } from '../structures/item-summary.ts'
import type { VersionSummary } from '../structures/item-versions.ts'
import type { ItemVoices } from '../structures/item-voices.ts'
import { forgetSummary, isByPerson, type Item, itemFrom, newItem, type SavedItem, savedOf, summaryOf } from '../structures/knowledge-item.ts'
import { isHeld, type LifeThresholds, lifeThresholds } from '../structures/knowledge-life.ts'
import { learnerName } from '../structures/learner-name.ts'
import { sumsOf, type UseSums } from '../structures/use-counts.ts'
import { type Named, type Reporter, reporterOf } from '../structures/use-reports.ts'

export { authorsOf, isHeld, type ItemSummary, type ItemVoices, type KnowledgeItemsView, type UseCounts, type VersionSummary }

export interface KnowledgeItemsState {
  /** In the order in which they were first written. */
  readonly items: Map<string, Item>
  /** The item of each fact that holds a version. */
  readonly itemOf: Map<string, string>
  /** Those that not everybody is shown: out of use, for some agents only, or true for some time only. */
  readonly restricted: Set<string>
  /** Those of the kind `CORE_RULE`. */
  readonly coreRules: Set<string>
  readonly links: ItemLinks
  /** Which items went into which. */
  readonly merged: ItemLinks
  /** Hashes of the first two who ever reported a use of anything here: who is alone is all there is to go by. */
  readonly reporters: Set<number>
}

/** From so many on, one alone neither makes nor breaks an item. */
const severalReporters = 2

const isAlone = ({ reporters }: KnowledgeItemsState): boolean => reporters.size < severalReporters

/** An item, or one of its versions, by its id. */
const itemAt = ({ items, itemOf }: KnowledgeItemsState, id: string): Item | undefined => items.get(itemOf.get(id) ?? id)

const write = (state: KnowledgeItemsState, fact: FactOf<'knowledge.written'>, thresholds: LifeThresholds): void => {
  const { id, sequence, data } = fact
  const { item: of = id } = data
  state.itemOf.set(id, of)
  // The version before may have been erased.
  const item = state.items.get(of) ?? newItem(of, fact)
  state.items.set(of, item)
  // What was suspicious of the version before does not bear on this one, which is looked at by itself.
  if (item.suspected !== undefined) item.lives.present.put('experimental', sequence)
  item.suspected = undefined
  const before = item.versions.present
  const version = item.versions.write(fact, !isHeld(item.lives.present))
  // Nobody votes on what is their own.
  if (before !== undefined) for (const writer of [fact.data.author, fact.agent, fact.user, fact.source]) if (writer !== undefined) item.voices.vote(writer, null)
  state.links.remove(of, item.about.links)
  item.about = describedBy(fact)
  item.approved = isByPerson(fact)
  state.links.add(of, item.about.links)
  // What the old one proved says nothing of what is said anew, and what is said again goes on where it was; what somebody put away stays away until it is taken out again.
  if (item.lives.say(version, sequence)) item.lives.present.follow(sequence, thresholds, isAlone(state))
  changed(state, item)
}

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
  const reporter = by === undefined ? undefined : reporterFor(item, by)
  if (reporter !== undefined && isAlone(state)) state.reporters.add(reporter.key)
  item.versions.countUse(version, change)
  if (change.current !== undefined) item.lastUsedAt = Math.max(item.lastUsedAt ?? 0, occurredAt)
  item.lives.of(version)?.countUse(place, change, reporter)
}

const reporterFor = (item: Item, by: Named): Reporter => reporterOf(by, authorsOf({ ...item.about, versions: item.versions.all }))

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
      if (item === undefined || version === undefined) continue
      item.lives.of(version)?.countDraw(recorded, explored.has(id) ? 'explored' : 'drawn', arm, { previous: previous?.reward, current: current?.reward }, reporterFor(item, settled))
    }
  }
  for (const id of new Set(shown)) {
    const { item, version } = versionOf(id) ?? {}
    if (item === undefined || version === undefined) continue
    count(state, item, { version, place: recorded, occurredAt, previous: previous && sumsOf(previous), current: current && sumsOf(current) }, settled)
  }
  for (const item of touched) {
    item.lives.present.follow(sequence, thresholds, isAlone(state))
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
  item.lives.present.follow(place, thresholds, isAlone(state))
  changed(state, item)
}

/** What is put away is taken back, and announced when it is taken out. */
const put = (item: Item, to: ItemSummary['state'], sequence: number): void => {
  const { present } = item.lives
  if (isHeld(present) !== isHeld({ state: to })) item.versions.announce(isHeld(present) ? sequence : 0)
  present.put(to, sequence)
}

const move = (state: KnowledgeItemsState, fact: FactOf<'knowledge.moved'>): void => {
  const { data: { item: of, to, because, into }, sequence } = fact
  const item = state.items.get(of)
  // A reason that was forgotten is none.
  if (item === undefined || (because !== undefined && item.versions.heldBy(because) === undefined)) return
  if (isHeld(item.lives.present) && !isHeld({ state: to }) && isByPerson(fact)) item.approved = true
  // Whoever takes something out gives it another chance, and whoever puts it away ends one.
  put(item, to, sequence)
  item.voices.restore()
  item.suspected = because
  if (item.mergedInto !== undefined) state.merged.remove(of, [{ to: item.mergedInto }])
  item.mergedInto = to === 'archived' && into !== of ? into : undefined
  if (item.mergedInto !== undefined) state.merged.add(of, [{ to: item.mergedInto }])
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
    if (item.voices.importance === 0 && item.lives.present.state !== 'archived') {
      item.lives.present.put('archived', sequence)
      item.suspected = undefined
    }
  })
}

/** What follows of a change for whoever looks at the item. */
const changed = (state: KnowledgeItemsState, item: Item): void => {
  forgetSummary(item)
  if (isRestricted(item)) state.restricted.add(item.id)
  else state.restricted.delete(item.id)
  if (isCoreRule(item)) state.coreRules.add(item.id)
  else state.coreRules.delete(item.id)
}

const isCoreRule = ({ about }: Item): boolean => about.kind === 'CORE_RULE'

const isRestricted = ({ lives: { present: { state } }, about }: Item): boolean => (state !== 'experimental' && state !== 'validated') || about.targets !== undefined || about.validUntil !== undefined

const learnBy = (thresholds: LifeThresholds) => (state: KnowledgeItemsState, experience: Experience): KnowledgeItemsState => {
  const { kind } = experience
  if (kind === 'run.settled') {
    if (state.items.size > 0) settle(state, experience, thresholds)
  } else if (kind === 'knowledge.written') write(state, experience, thresholds)
  else if (kind === 'knowledge.used') use(state, experience, thresholds)
  else if (kind === 'knowledge.moved') move(state, experience)
  else if (kind === 'knowledge.proposal-decided') reflect(state, experience)
  else if (kind === 'knowledge.voted') change(state, experience.data.item, ({ voices }) => voices.vote(experience.data.voter, experience.data.useful))
  else if (kind === 'knowledge.engaged') change(state, experience.data.item, ({ voices }) => voices.engage(experience.data.agent, experience.data.by))
  return state
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

const encode = ({ items, reporters }: KnowledgeItemsState): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ items: Array.from(items.values(), savedOf), reporters: [...reporters] }))

const decode = (bytes: Uint8Array): KnowledgeItemsState => {
  try {
    const { items: saved, reporters } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly items: readonly SavedItem[]; readonly reporters: readonly number[] }
    const items = saved.map(itemFrom)
    const [links, merged] = [new ItemLinks(), new ItemLinks()]
    for (const { id, about, mergedInto } of items) {
      links.add(id, about.links)
      if (mergedInto !== undefined) merged.add(id, [{ to: mergedInto }])
    }
    return {
      items: new Map(items.map((item) => [item.id, item])),
      itemOf: new Map(items.flatMap(({ id, versions }) => versions.all.map((version) => [version.id, id] as const))),
      restricted: new Set(items.filter(isRestricted).map(({ id }) => id)),
      coreRules: new Set(items.filter(isCoreRule).map(({ id }) => id)),
      links,
      merged,
      reporters: new Set(reporters),
    }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved items of knowledge are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/** Where the way from one item into the next ends; one that leads round ends where it began. */
const ledToBy = (state: KnowledgeItemsState, id: string): Item | undefined => {
  const first = itemAt(state, id)
  const passed = new Set<string>()
  let item = first
  while (item?.mergedInto !== undefined && !passed.has(item.id)) {
    passed.add(item.id)
    item = itemAt(state, item.mergedInto) ?? item
  }
  return item?.mergedInto !== undefined && state.items.has(item.mergedInto) ? first : item
}

/** An item with all that went into it, directly or by way of others. */
const takenInBy = (state: KnowledgeItemsState, item: Item): readonly Item[] => {
  const found = new Set([item])
  // What is added while it runs is run through, too.
  for (const one of found) for (const id of state.merged.to([one.id])) found.add(state.items.get(id) ?? one)
  return [...found]
}

const view = (state: KnowledgeItemsState): KnowledgeItemsView => ({
  get: (id) => {
    const item = itemAt(state, id)
    return item === undefined ? undefined : summaryOf(item)
  },
  all: () => Array.from(state.items.values(), summaryOf),
  restricted: () => [...state.restricted].flatMap((id) => state.items.get(id) ?? []).map(summaryOf),
  coreRules: () => [...state.coreRules].flatMap((id) => state.items.get(id) ?? []).map(summaryOf),
  ledToBy: (id) => {
    const item = ledToBy(state, id)
    return item === undefined ? undefined : summaryOf(item)
  },
  linkedTo: (id) => {
    if (state.links.isEmpty) return []
    const item = itemAt(state, id)
    const names = [id, ...(item === undefined ? [] : takenInBy(state, item).flatMap((one) => [one.id, ...one.versions.all.map((version) => version.id)]))]
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
    version: 7,
    handles: ['knowledge.written', 'knowledge.used', 'knowledge.voted', 'knowledge.moved', 'knowledge.proposal-decided', 'knowledge.engaged', 'run.settled'],
    initial: () => ({ items: new Map(), itemOf: new Map(), restricted: new Set(), coreRules: new Set(), links: new ItemLinks(), merged: new ItemLinks(), reporters: new Set() }),
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
