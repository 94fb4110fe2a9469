import { oneSided, wilson } from '../../evaluate/statistics/wilson.ts'
import { AutodidactError } from '../../errors.ts'
import type { Fact, FactData, FactOf, Trust } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'
import type { KnowledgeState } from '../../log/kinds/knowledge-moved.ts'
import { hashText } from '../hash.ts'
import type { Experience, Learner, RunSettled, Verdict } from '../learner.ts'
import { firstImportance, importanceAfter } from '../structures/importance.ts'
import { addTo, effectIn, type ItemEffect, type ItemTrial, noTrial } from '../structures/item-effect.ts'
import { shareOf, type UseSums } from '../structures/knowledge-life.ts'
import { addReport, type Named, reporterOf, type Reports, reportsOf, savedReports, type SavedReports, stateByReports } from '../structures/use-reports.ts'

type Written = FactData['knowledge.written']

/** How the settled runs that were shown something, and the uses that somebody told of, went. */
export type UseCounts = UseSums

/** One version of an item, without what it says. */
export interface VersionSummary extends UseCounts {
  /** From 1. */
  readonly number: number
  /** Of the fact that holds it. */
  readonly id: string
  readonly sequence: number
  /**
   * Of the fact by which agents may know of it: that which holds it, or the one that took it out of quarantine or the archive last; 0 for one that is, or was until the next version, put away.
   */
  readonly announcedAt: number
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
  /** Told to every subscriber, whatever they subscribed to. */
  readonly broadcast: boolean
  readonly score: number | undefined
  readonly links: NonNullable<Written['links']>
  readonly evidence: readonly string[]
  readonly agent: string | undefined
  readonly user: string | undefined
  readonly session: string | undefined
  readonly source: string
  readonly trust: Trust
  /** Whether a person stands behind its present version: wrote it, accepted it in a review, or released it. */
  readonly approved: boolean
  readonly state: KnowledgeState
  /** Of the fact since which it is in this state. */
  readonly stateSince: number
  /** The uses of the present version since it is in its state, by which that is judged; the rate is in [0, 1], and 0 without uses. */
  readonly recent: { readonly uses: number; readonly rate: number }
  /** The true share of the uses of the present version that go well is at least so high, with a confidence of 95 % (Wilson 1927); in [0, 1], 0 without uses. */
  readonly confidence: number
  /** Of the present version; undefined while it was never left out, or never shown, by a draw. */
  readonly effect: ItemEffect | undefined
  /** Of all versions. */
  readonly total: UseCounts
  readonly votes: { readonly useful: number; readonly notUseful: number }
  /** How much it is worth keeping, by those who reflected: 2 from the start, +1 for each run that agrees with it or corrects it, −1 for each that would remove it; at 0 it is archived. */
  readonly importance: number
  /** Agents that looked at it, and that applied it, each once. */
  readonly viewed: number
  readonly applied: number
  /** The earliest first; the last one is the present. */
  readonly versions: readonly VersionSummary[]
  /** When its present version was written, and when the last use of any became known; milliseconds since 1970-01-01 UTC. */
  readonly writtenAt: number
  readonly lastUsedAt: number | undefined
}

/** Counts that grow. */
type Counts = { -readonly [Field in keyof UseSums]: UseSums[Field] }

interface Version extends Omit<VersionSummary, keyof UseSums | 'announcedAt'>, Counts {
  announcedAt: number
}

const mostRemembered = 64

/** From so many on, one alone neither makes nor breaks an item. */
const severalReporters = 2

const noUses = (): Counts => ({ uses: 0, up: 0, down: 0 })

type Described = Pick<ItemSummary, 'kind' | 'category' | 'tags' | 'channel' | 'priority' | 'targets' | 'broadcast' | 'score' | 'links' | 'agent' | 'user' | 'session' | 'source' | 'trust'>

interface Item {
  readonly id: string
  about: Described
  approved: boolean
  state: KnowledgeState
  stateSince: number
  /** Of the present version since it is in its state. */
  recent: Counts
  /** Who reports them. */
  reports: Reports
  /** Hashes of the latest runs among them, at most {@link mostRemembered}, the oldest first: a verdict that changes changes them too. */
  counted: number[]
  readonly versions: Version[]
  /** By voter. */
  readonly votes: Map<string, boolean>
  importance: number
  /** Hashes of the latest runs that spoke for or against it, at most {@link mostRemembered}, the oldest first: each counts once either way. */
  spoke: number[]
  /** Agents that looked at it, and that applied it. */
  readonly viewed: Set<string>
  readonly applied: Set<string>
  /** Agents that asked the same question later. */
  readonly asked: Set<string>
  /** Of the present version, where a draw decided; undefined until one did. */
  trial: ItemTrial | undefined
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
  /** Hashes of the first two who ever reported a use of anything here: who is alone is all there is to go by. */
  readonly reporters: Set<number>
  /** Those of the kind `CORE_RULE`. */
  readonly coreRules: Set<string>
  /** By what they are linked to, the items whose present versions name it. */
  readonly linking: Map<string, Set<string>>
}

/** What is known of the items that are a user's, without what they say, and how they voted. */
const aboutUser = ({ items }: KnowledgeItemsState, user: string): Json | undefined => {
  const all = [...items.values()]
  const own = all.filter(({ about, versions }) => about.user === user || versions.some(({ author }) => author === user))
  const votes = all.flatMap((item) => {
    const useful = item.votes.get(user)
    return useful === undefined ? [] : [{ item: item.id, useful }]
  })
  if (own.length === 0 && votes.length === 0) return undefined
  return { items: own.map(summaryOf).map(({ id, state, confidence, total, votes: counted }) => ({ id, state, confidence, total: { ...total }, votes: { ...counted } })), votes }
}

export interface KnowledgeItemsView {
  /** By the id of the item, or of the fact that holds one of its versions. */
  get(id: string): ItemSummary | undefined
  /** In the order in which they were first written. */
  all(): readonly ItemSummary[]
  /** Those that are not for everybody: deprecated, archived, in quarantine, or for some agents only. */
  restricted(): readonly ItemSummary[]
  /** Those of the kind `CORE_RULE`, in no order. */
  coreRules(): readonly ItemSummary[]
  /** Those whose links name a run, an item or one of its versions, in no order. */
  linkedTo(id: string): readonly ItemSummary[]
  /** Whether an agent is counted among those that looked at an item, applied it, or asked it, too. */
  hasEngaged(id: string, agent: string, by: FactData['knowledge.engaged']['by']): boolean
  /** What others said of an item, by name; undefined when there is none. */
  voices(id: string): ItemVoices | undefined
  readonly size: number
}

/** Who voted on an item, looked at it, and applied it; each list in the order of the names. */
export interface ItemVoices {
  readonly votes: readonly (readonly [voter: string, useful: boolean])[]
  readonly viewed: readonly string[]
  readonly applied: readonly string[]
}

const describedBy = ({ data, agent, user, session, source, trust }: FactOf<'knowledge.written'>): Described => {
  const { kind, category, tags = [], channel, priority, targets, broadcast = false, score, links = [] } = data
  return { kind, category, tags, channel, priority, targets, broadcast, score, links, agent, user, session, source, trust }
}

const write = (state: KnowledgeItemsState, fact: FactOf<'knowledge.written'>): void => {
  const { id, sequence, occurredAt, data } = fact
  const { item: of = id, number = 1, author, restores, evidence = [] } = data
  const version: Version = { number, id, sequence, announcedAt: sequence, occurredAt, author, restores, evidence, uses: 0, up: 0, down: 0 }
  state.itemOf.set(id, of)
  const known = state.items.get(of)
  if (known === undefined) {
    // The version before may have been erased.
    const first: Item = { id: of, about: describedBy(fact), approved: isByPerson(fact), ...newLife(sequence), versions: [version] }
    state.items.set(of, first)
    link(state, first)
    changed(state, first)
    return
  }
  if (isHeld(known)) version.announcedAt = 0
  known.versions.push(version)
  // Nobody votes on what is their own.
  for (const writer of [author, fact.agent, fact.user, fact.source]) if (writer !== undefined) known.votes.delete(writer)
  unlink(state, known)
  known.about = describedBy(fact)
  known.approved = isByPerson(fact)
  link(state, known)
  // What the old one proved says nothing of the new one; what somebody put away stays away until it is taken out again.
  startAnew(known)
  known.trial = undefined
  if (known.state !== 'archived' && known.state !== 'quarantined') moveTo(known, 'experimental', sequence)
  changed(state, known)
}

/** Whether somebody says so whose word is that of a person. */
const isByPerson = ({ trust }: Pick<Fact, 'trust'>): boolean => trust === 'user'

const link = ({ linking }: Pick<KnowledgeItemsState, 'linking'>, { id, about }: Item): void => {
  for (const { to } of about.links) {
    const known = linking.get(to)
    if (known === undefined) linking.set(to, new Set([id]))
    else known.add(id)
  }
}

const unlink = ({ linking }: KnowledgeItemsState, { id, about }: Item): void => {
  for (const { to } of about.links) {
    const known = linking.get(to)
    known?.delete(id)
    if (known?.size === 0) linking.delete(to)
  }
}

const newLife = (sequence: number): Omit<Item, 'id' | 'about' | 'approved' | 'versions'> => ({
  state: 'experimental',
  stateSince: sequence,
  recent: noUses(),
  reports: reportsOf(),
  counted: [],
  votes: new Map(),
  importance: firstImportance,
  spoke: [],
  viewed: new Set(),
  applied: new Set(),
  asked: new Set(),
  trial: undefined,
  lastUsedAt: undefined,
})

const startAnew = (item: Item): void => {
  item.recent = noUses()
  item.reports = reportsOf()
  item.counted = []
}

const moveTo = (item: Item, state: KnowledgeState, sequence: number): void => {
  if (item.state === state) return
  // It proves itself, or not, by what comes now.
  startAnew(item)
  item.state = state
  item.stateSince = sequence
}

const add = (counts: Counts, verdict: Verdict | undefined, sign: 1 | -1): void => {
  if (verdict === undefined) return
  counts.uses += sign
  // What is left of the sums of nobody are rounding errors.
  counts.up = counts.uses === 0 ? 0 : counts.up + sign * verdict.weight * verdict.reward
  counts.down = counts.uses === 0 ? 0 : counts.down + sign * verdict.weight * (1 - verdict.reward)
}

/** How a use went, before and now, and who says so. */
interface Use extends Named {
  /** Tells it from other uses. */
  readonly key: number
  readonly sequence: number
  readonly occurredAt: number
  readonly previous?: Verdict | undefined
  readonly current?: Verdict | undefined
}

/** Takes a use in, changes it, or takes it out; and what follows from that. */
const count = (state: KnowledgeItemsState, item: Item, version: Version, use: Use): void => {
  const { key, sequence, occurredAt, previous, current } = use
  const reporter = reporterOf(use, authorsOf({ ...item.about, versions: item.versions }))
  if (state.reporters.size < severalReporters) state.reporters.add(reporter.key)
  for (const [verdict, sign] of [[current, 1], [previous, -1]] as const) add(version, verdict, sign)
  if (current !== undefined) item.lastUsedAt = Math.max(item.lastUsedAt ?? 0, occurredAt)
  if (item.versions.at(-1) !== version) return
  const isCounted = item.counted.includes(key)
  // A verdict that changes after so many others, or one on a use of another time, counts in the sums of the version alone.
  if (previous !== undefined && !isCounted) return
  for (const [verdict, sign] of [[current, 1], [previous, -1]] as const) {
    add(item.recent, verdict, sign)
    if (verdict !== undefined) addReport(item.reports, reporter, verdict, sign)
  }
  if (current === undefined) item.counted = item.counted.filter((other) => other !== key)
  else if (!isCounted) item.counted.push(key)
  if (item.counted.length > mostRemembered) item.counted.shift()
  follow(state, item, sequence)
}

/**
 * Moves an item where its uses put it. Where a draw has shown it and left it out, only its effect puts it out of use: hard tasks go badly with any advice. What was shown
 * to help is in use.
 */
const follow = (state: KnowledgeItemsState, item: Item, sequence: number): void => {
  if (item.state === 'archived' || item.state === 'quarantined') return
  const effect = effectIn(item.trial)
  const byUses = stateByReports(item.state, item.recent, item.reports, state.reporters.size < severalReporters)
  if (effect === undefined) moveTo(item, byUses, sequence)
  else if (effect.high < 0) moveTo(item, 'deprecated', sequence)
  else if (effect.low > 0) moveTo(item, 'validated', sequence)
  else if (byUses !== 'deprecated') moveTo(item, byUses, sequence)
}

/** Counts a run for the items that a draw showed or left out. */
const tell = (state: KnowledgeItemsState, { trial, previous, current, sequence }: RunSettled): void => {
  for (const arm of ['offered', 'withheld'] as const) {
    for (const id of new Set(trial?.[arm])) {
      const item = state.items.get(state.itemOf.get(id) ?? '')
      // Of a version that is past nobody wants to know.
      if (item === undefined || item.versions.at(-1)?.id !== id) continue
      item.trial ??= noTrial()
      addTo(item.trial[arm], current?.reward, 1)
      addTo(item.trial[arm], previous?.reward, -1)
      follow(state, item, sequence)
      changed(state, item)
    }
  }
}

const settle = (state: KnowledgeItemsState, settled: RunSettled): void => {
  if (state.items.size === 0) return
  if (settled.trial !== undefined) tell(state, settled)
  for (const id of new Set(settled.shown)) {
    const item = state.items.get(state.itemOf.get(id) ?? '')
    const version = item?.versions.find((candidate) => candidate.id === id)
    if (item === undefined || version === undefined) continue
    const { sequence, occurredAt, agent, user, previous, current } = settled
    count(state, item, version, { key: hashText(settled.run) | 0, sequence, occurredAt, agent, user, previous, current })
    changed(state, item)
  }
}

/** Counts uses in another store. Where nobody here vouches for them they are told of, and prove nothing: a file may claim anything. */
const takeOver = (state: KnowledgeItemsState, item: Item, version: Version, times: UseSums, { sequence, occurredAt, trust }: FactOf<'knowledge.used'>): void => {
  const isPresent = item.versions.at(-1) === version && trust !== 'imported' && trust !== 'recalled'
  for (const counts of isPresent ? [version, item.recent] : [version]) {
    counts.uses += times.uses
    counts.up += times.up
    counts.down += times.down
  }
  item.lastUsedAt = Math.max(item.lastUsedAt ?? 0, occurredAt)
  if (isPresent) follow(state, item, sequence)
}

const use = (state: KnowledgeItemsState, fact: FactOf<'knowledge.used'>): void => {
  const { item: of, number, success, times } = fact.data
  const item = state.items.get(of)
  const version = item?.versions.find((candidate) => candidate.number === number)
  if (item === undefined || version === undefined) return
  if (times !== undefined) takeOver(state, item, version, times, fact)
  else count(state, item, version, { key: hashText(fact.id) | 0, sequence: fact.sequence, occurredAt: fact.occurredAt, agent: fact.agent, user: fact.user, current: { reward: success ? 1 : 0, weight: 1 } })
  changed(state, item)
}

const vote = (state: KnowledgeItemsState, { data: { item: of, voter, useful } }: FactOf<'knowledge.voted'>): void => {
  const item = state.items.get(of)
  if (item === undefined) return
  if (useful === null) item.votes.delete(voter)
  else item.votes.set(voter, useful)
  changed(state, item)
}

const engagedIn = ({ viewed, applied, asked }: Item, by: FactData['knowledge.engaged']['by']): Set<string> => ({ viewing: viewed, applying: applied, asking: asked })[by]

const engage = (state: KnowledgeItemsState, { data: { item: of, agent, by } }: FactOf<'knowledge.engaged'>): void => {
  const item = state.items.get(of)
  if (item === undefined) return
  engagedIn(item, by).add(agent)
  changed(state, item)
}

/** Whether somebody has put an item where nobody is told of it. */
export const isHeld = ({ state }: Pick<ItemSummary, 'state'>): boolean => state === 'quarantined' || state === 'archived'

/** What is put away is taken back, and announced when it is taken out. */
const announce = (item: Item, to: KnowledgeState, sequence: number): void => {
  const present = item.versions.at(-1)
  if (present === undefined || isHeld(item) === isHeld({ state: to })) return
  present.announcedAt = isHeld(item) ? sequence : 0
}

const move = (state: KnowledgeItemsState, fact: FactOf<'knowledge.moved'>): void => {
  const { data: { item: of, to }, sequence } = fact
  const item = state.items.get(of)
  if (item === undefined) return
  if (isHeld(item) && !isHeld({ state: to }) && isByPerson(fact)) item.approved = true
  announce(item, to, sequence)
  // Whoever takes something out gives it another chance, and whoever puts it away ends one.
  startAnew(item)
  item.trial = undefined
  if (item.importance === 0) item.importance = firstImportance
  moveTo(item, to, sequence)
  changed(state, item)
}

/** What somebody made of an item in reflection. It goes when nobody holds on to it any more, and at once when a person says so. */
const reflect = (state: KnowledgeItemsState, { data, sequence }: FactOf<'knowledge.proposal-decided'>): void => {
  const item = state.items.get(data.item ?? '')
  if (item === undefined || data.as === undefined || data.outcome !== 'applied') return
  const voice = hashText(JSON.stringify([data.run, data.as === 'remove'])) | 0
  const isRepeated = item.spoke.includes(voice)
  if (!isRepeated) item.spoke = [...item.spoke, voice].slice(-mostRemembered)
  if (data.way === 'person' && (data.as === 'add' || data.as === 'update')) item.approved = true
  if (data.way === 'person' && data.as === 'remove') item.importance = 0
  else if (!isRepeated) item.importance = importanceAfter(item.importance, data.as)
  if (item.importance === 0) moveTo(item, 'archived', sequence)
  changed(state, item)
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

const isRestricted = ({ state, about }: Item): boolean => (state !== 'experimental' && state !== 'validated') || about.targets !== undefined

const learn = (state: KnowledgeItemsState, experience: Experience): KnowledgeItemsState => {
  if (experience.kind === 'run.settled') settle(state, experience)
  else if (experience.kind === 'knowledge.written') write(state, experience)
  else if (experience.kind === 'knowledge.used') use(state, experience)
  else if (experience.kind === 'knowledge.voted') vote(state, experience)
  else if (experience.kind === 'knowledge.moved') move(state, experience)
  else if (experience.kind === 'knowledge.proposal-decided') reflect(state, experience)
  else if (experience.kind === 'knowledge.engaged') engage(state, experience)
  return state
}

const summaryOf = (item: Item): ItemSummary => {
  const known = summaries.get(item)
  if (known !== undefined) return known
  const made = summarised(item)
  summaries.set(item, made)
  return made
}

const summarised = (item: Item): ItemSummary => {
  const { id, about, approved, state, stateSince, recent, versions, votes, viewed, applied, lastUsedAt } = item
  const present = versions.at(-1)
  const sum = (of: 'uses' | 'up' | 'down'): number => versions.reduce((total, version) => total + version[of], 0)
  const useful = [...votes.values()].filter(Boolean).length
  return {
    id,
    ...about,
    evidence: versions.at(-1)?.evidence ?? [],
    approved,
    state,
    stateSince,
    recent: { uses: recent.uses, rate: shareOf(recent) },
    confidence: wilson(present?.up ?? 0, (present?.up ?? 0) + (present?.down ?? 0), oneSided).low,
    effect: effectIn(item.trial),
    total: { uses: sum('uses'), up: sum('up'), down: sum('down') },
    votes: { useful, notUseful: votes.size - useful },
    importance: item.importance,
    viewed: viewed.size,
    applied: applied.size,
    versions: versions.map((version) => ({ ...version })),
    writtenAt: versions.at(-1)?.occurredAt ?? 0,
    lastUsedAt,
  }
}

const byText = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number => (left < right ? -1 : 1)

/** Field by field: what was undefined when a state was loaded would otherwise stand last, and the same state have other bytes. */
const savedOf = (item: Item): Saved => {
  const { id, about, approved, state, stateSince, recent, reports, counted, versions, importance, spoke, trial, lastUsedAt } = item
  return { id, about, approved, state, stateSince, recent, reports: savedReports(reports), counted, versions, ...voicesOf(item), asked: [...item.asked].sort(), importance, spoke, trial, lastUsedAt }
}

const voicesOf = ({ votes, viewed, applied }: Item): Pick<Saved, keyof ItemVoices> => ({ votes: [...votes].sort(byText), viewed: [...viewed].sort(), applied: [...applied].sort() })

const encode = ({ items, reporters }: KnowledgeItemsState): Uint8Array => new TextEncoder().encode(JSON.stringify({ items: Array.from(items.values(), savedOf), reporters: [...reporters] }))

/** As JSON holds an item. */
type Saved = Omit<Item, 'reports' | 'votes' | 'viewed' | 'applied' | 'asked'> & { readonly reports: SavedReports; readonly votes: [string, boolean][]; readonly viewed: string[]; readonly applied: string[]; readonly asked: string[] }

const decode = (bytes: Uint8Array): KnowledgeItemsState => {
  try {
    const { items: saved, reporters } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly items: Saved[]; readonly reporters: number[] }
    const items = saved.map((item): Item => ({ ...item, reports: reportsOf(item.reports), votes: new Map(item.votes), viewed: new Set(item.viewed), applied: new Set(item.applied), asked: new Set(item.asked) }))
    const linking: KnowledgeItemsState['linking'] = new Map()
    for (const item of items) link({ linking }, item)
    return {
      items: new Map(items.map((item) => [item.id, item])),
      itemOf: new Map(items.flatMap(({ id, versions }) => versions.map((version) => [version.id, id] as const))),
      restricted: new Set(items.filter(isRestricted).map(({ id }) => id)),
      reporters: new Set(reporters),
      coreRules: new Set(items.filter(isCoreRule).map(({ id }) => id)),
      linking,
    }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved items of knowledge are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Every item of knowledge: what it is about, its versions, in which state it is, and how often it was used and how that went. What an item says stays in the
 * log, so that nobody's words live on here.
 *
 * A use is a settled run in whose prompt a version really was, or one that `knowledge.use` told of. The state follows from the uses of the present version since it is in
 * its state (80 % and 5 uses validate, less than 40 % deprecates, each only with a confidence of 90 %, at all times at once, that more, or less, than every second use goes well);
 * where several report uses, whoever wrote an item does not validate it alone, and failures deprecate it when two report them;
 * a new version begins anew as experimental, and the counts of the old one stay with it.
 *
 * Where `withholding` is on, a draw decides whether an item is shown; its effect is the difference of the rewards with and without it, by intervals that hold at all times at once. An item that
 * was shown to do harm is deprecated, and one that was shown to help validated, whatever its success rate: easy tasks go well with any advice.
 *
 * Neither inverse nor merge is declared, because states depend on the order of uses. Grows by some 500 bytes per item, 100 per version and 30 per vote and per agent that looked at it or applied it.
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
  version: 4,
  handles: ['knowledge.written', 'knowledge.used', 'knowledge.voted', 'knowledge.moved', 'knowledge.proposal-decided', 'knowledge.engaged', 'run.settled'],
  initial: () => ({ items: new Map(), itemOf: new Map(), restricted: new Set(), reporters: new Set(), coreRules: new Set(), linking: new Map() }),
  learn,
  view: ({ items, itemOf, restricted, coreRules, linking }) => ({
    get: (id) => {
      const item = items.get(itemOf.get(id) ?? id)
      return item === undefined ? undefined : summaryOf(item)
    },
    all: () => Array.from(items.values(), summaryOf),
    restricted: () => [...restricted].flatMap((id) => items.get(id) ?? []).map(summaryOf),
    coreRules: () => [...coreRules].flatMap((id) => items.get(id) ?? []).map(summaryOf),
    linkedTo: (id) => {
      if (linking.size === 0) return []
      const item = itemOf.get(id) ?? id
      const names = [id, item, ...(items.get(item)?.versions.map((version) => version.id) ?? [])]
      const found = new Set(names.flatMap((name) => [...(linking.get(name) ?? [])]))
      return [...found].flatMap((name) => items.get(name) ?? []).map(summaryOf)
    },
    hasEngaged: (id, agent, by) => {
      const item = items.get(itemOf.get(id) ?? id)
      return item !== undefined && engagedIn(item, by).has(agent)
    },
    voices: (id) => {
      const item = items.get(itemOf.get(id) ?? id)
      return item === undefined ? undefined : voicesOf(item)
    },
    get size() {
      return items.size
    },
  }),
  about: aboutUser,
  save: encode,
  load: decode,
}

/** By whom an item is, under whatever names are known: whoever wrote a version of it, and for whom it was written first. */
export const authorsOf = ({ agent, user, versions }: Pick<ItemSummary, 'agent' | 'user' | 'versions'>): ReadonlySet<string> =>
  new Set([agent, user, ...versions.map(({ author }) => author)].filter((author) => author !== undefined))

/** Whether a fact is the one that a version stands in. */
export const isKnowledge = (fact: Fact): fact is FactOf<'knowledge.written'> => fact.kind === 'knowledge.written'
