import { AutodidactError } from '../../errors.ts'
import type { Fact, Trust } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'
import type { Experience, Learner, RunJudged, Voice } from '../learner.ts'
import { ItemNumbers } from '../structures/item-numbers.ts'
import { type SavedVoiceSums, VoiceSums } from '../structures/voice-sums.ts'

/** What somebody is named as: what told us (`source`), the agent that did it, or the person it was done for or written by. */
export type SourceRole = 'source' | 'agent' | 'user'

const roles: readonly SourceRole[] = ['source', 'agent', 'user']

/** What became of what one source taught. */
export interface SourceReputation {
  readonly role: SourceRole
  readonly name: string
  /** Runs and versions of knowledge that come from it. */
  readonly items: number
  /** Weight of the verdicts of others on runs that were shown something of it, 0 or more. */
  readonly verdicts: number
  /** Mean of those verdicts, one judge counting with a weight of at most 32; in [0, 1]. */
  readonly rate: number
  /** What the same judges said of runs that were shown something else, likewise; in (0, 1). */
  readonly expected: number
  /** What its items of trust `agent` are ranked by, beside all else; in [¼, 1], 1 where nothing speaks against it. */
  readonly factor: number
}

/** One role of one name. */
interface Party {
  /** How many came before it, in any role. */
  readonly number: number
  readonly role: SourceRole
  readonly name: string
  items: number
  /** What others said of runs that were shown something of it. */
  readonly heard: VoiceSums
}

/** Where items come from: everybody that is named, and how they are trusted. */
interface Origin {
  readonly parties: readonly Party[]
  readonly trust: Trust
}

/** What names an origin, and its place. */
interface Told {
  readonly source: string
  readonly agent: string | undefined
  readonly person: string | undefined
  readonly trust: Trust
  readonly place: number
}

export interface SourceReputationState {
  readonly parties: Readonly<Record<SourceRole, Map<string, Party>>>
  /** In the order in which they came. */
  readonly origins: Origin[]
  /** Place of each origin, by a key of the trust and the numbers of its parties. */
  readonly places: Map<string, number>
  /** Whoever told of something last: whoever comes next is most often the same. */
  last: Told | undefined
  /** Place of the origin of each item, from 1; 0 for one that was shown before anything was known of it: it stays out of account, so that a verdict that is withdrawn takes nothing away. */
  readonly items: ItemNumbers
  /** What was said of all runs that were shown something. */
  readonly all: VoiceSums
  /** What was last asked for, until somebody says something: items are many and origins few. */
  readonly asked: Map<Origin, number>
}

export interface SourceReputationView {
  /** What an item is ranked by beside all else, by the id of its run or of its version: the least of everybody it comes from, in [¼, 1]; 1 for what is not known. */
  factor(id: string): number
  /** Undefined where nothing comes from a name, or too many others came first. */
  get(role: SourceRole, name: string): SourceReputation | undefined
  /** Those of the least factor first, then by role and name. */
  all(): readonly SourceReputation[]
  /** Everybody, as plain data to be compared with other versions. */
  table(): Readonly<Record<string, { readonly items: number; readonly verdicts: number; readonly factor: number }>>
}

/** Names kept of each role. Whoever comes later has no reputation, neither good nor bad. */
const mostNames = 4096

/** The least that a reputation leaves of an item's score. */
const leastFactor = 0.25

/** Weight with which one judge counts at most: nobody ruins anybody alone. */
const mostOfOneJudge = 32

/** Standard deviations in favour of a source. */
const doubtBenefit = 1

/** Below this factor a source is doubted: people are told of it. */
export const doubted = 0.85

/** Weight of verdicts as expected that is assumed of whoever is new: what is trusted more is doubted later. */
const assumed: Readonly<Record<Trust, number>> = { user: 16, agent: 8, tool: 8, imported: 4, recalled: 4 }

const hostTrust: Trust = 'agent'

/** Undefined for nobody, and for whoever came after too many others. */
const partyIn = ({ parties }: SourceReputationState, role: SourceRole, name: string | undefined): Party | undefined => {
  if (name === undefined) return undefined
  const named = parties[role]
  const known = named.get(name)
  if (known !== undefined || named.size >= mostNames) return known
  const party: Party = { number: parties.source.size + parties.agent.size + parties.user.size, role, name, items: 0, heard: new VoiceSums() }
  named.set(name, party)
  return party
}

/** Of knowledge, whoever wrote the words. */
const personOf = (fact: Fact): string | undefined => (fact.kind === 'knowledge.written' ? (fact.data.author ?? fact.user) : fact.user)

/** The place of an origin, which it is given where it is new. */
const placeAmong = ({ origins, places }: SourceReputationState, origin: Origin): number => {
  const key = `${origin.trust} ${origin.parties.map(({ number }) => number).join(' ')}`
  const place = places.get(key) ?? origins.push(origin) - 1
  places.set(key, place)
  return place
}

const placeOf = (state: SourceReputationState, { source, agent, trust }: Fact, person: string | undefined): number => {
  const { last } = state
  if (last !== undefined && last.source === source && last.agent === agent && last.person === person && last.trust === trust) return last.place
  const parties = [partyIn(state, 'source', source), partyIn(state, 'agent', agent), partyIn(state, 'user', person)].filter((party) => party !== undefined)
  const place = placeAmong(state, { parties, trust })
  state.last = { source, agent, person, trust, place }
  return place
}

const teach = (state: SourceReputationState, fact: Fact): void => {
  if (state.items.get(fact.id) !== undefined) return
  const place = placeOf(state, fact, personOf(fact))
  state.items.add(fact.id, place + 1)
  for (const party of state.origins[place]?.parties ?? []) party.items += 1
}

const originOf = ({ items, origins }: SourceReputationState, id: string): Origin | undefined => origins[(items.get(id) ?? 0) - 1]

/** Nobody judges what is their own. */
const isOthers = (voice: Voice, { role, name }: Party): boolean => voice[role] !== name

const judge = (state: SourceReputationState, { shown, previous = [], current = [] }: RunJudged): void => {
  state.asked.clear()
  const parties = new Set<Party>()
  for (const id of shown) {
    state.items.add(id, 0)
    for (const party of originOf(state, id)?.parties ?? []) parties.add(party)
  }
  for (const [voices, sign] of [[current, 1], [previous, -1]] as const) {
    for (const voice of voices) {
      state.all.add(voice, sign)
      for (const party of parties) if (isOthers(voice, party)) party.heard.add(voice, sign)
    }
  }
}

const learn = (state: SourceReputationState, experience: Experience): SourceReputationState => {
  if (experience.kind === 'run.judged') judge(state, experience)
  else if (experience.kind === 'run.recorded' || experience.kind === 'knowledge.written') teach(state, experience)
  return state
}

/** What the rate may well be at best, by the Beta posterior that starts at what is expected, as a part of what is expected: chance alone hardly moves it. */
const factorOf = ({ heard }: Party, all: VoiceSums, trust: Trust): number => {
  const { weight, rate, expected } = heard.comparedWith(all, mostOfOneJudge)
  if (weight === 0) return 1
  const sum = assumed[trust] + weight
  const mean = (assumed[trust] * expected + weight * rate) / sum
  const deviation = Math.sqrt((mean * (1 - mean)) / (sum + 1))
  return Math.min(1, Math.max(leastFactor, (mean + doubtBenefit * deviation) / expected))
}

const reputationOf = (party: Party, all: VoiceSums): SourceReputation => {
  const { role, name, items, heard } = party
  const { rate, expected } = heard.comparedWith(all, mostOfOneJudge)
  return { role, name, items, verdicts: heard.weight, rate, expected, factor: factorOf(party, all, hostTrust) }
}

const everybody = ({ parties }: SourceReputationState): Party[] => roles.flatMap((role) => [...parties[role].values()])

const worstFirst = (left: SourceReputation, right: SourceReputation): number => left.factor - right.factor || roles.indexOf(left.role) - roles.indexOf(right.role) || (left.name < right.name ? -1 : 1)

const viewOf = (state: SourceReputationState): SourceReputationView => {
  const all = (): SourceReputation[] => everybody(state).map((party) => reputationOf(party, state.all)).sort(worstFirst)
  return {
    factor: (id) => {
      const origin = originOf(state, id)
      if (origin === undefined) return 1
      const factor = state.asked.get(origin) ?? Math.min(1, ...origin.parties.map((party) => factorOf(party, state.all, origin.trust)))
      state.asked.set(origin, factor)
      return factor
    },
    get: (role, name) => {
      const party = state.parties[role].get(name)
      return party === undefined ? undefined : reputationOf(party, state.all)
    },
    all,
    table: () => Object.fromEntries(all().map(({ role, name, items, verdicts, factor }) => [`${role} ${name}`, { items, verdicts, factor }])),
  }
}

const aboutUser = ({ parties, all }: SourceReputationState, user: string): Json | undefined => {
  const party = parties.user.get(user)
  const reputation = party === undefined ? undefined : reputationOf(party, all)
  // Where nobody was heard, there is nothing but what the facts say themselves.
  return reputation === undefined || reputation.verdicts === 0 ? undefined : { ...reputation }
}

interface Saved {
  /** By number. */
  readonly parties: readonly (readonly [role: SourceRole, name: string, items: number, heard: SavedVoiceSums])[]
  /** Parties by their numbers. */
  readonly origins: readonly (readonly [trust: Trust, ...numbers: number[]])[]
  readonly items: string
  readonly all: SavedVoiceSums
}

const encode = (state: SourceReputationState): Uint8Array => {
  const parties = everybody(state).sort((left, right) => left.number - right.number)
  const saved: Saved = {
    parties: parties.map(({ role, name, items, heard }) => [role, name, items, heard.save()]),
    origins: state.origins.map((origin) => [origin.trust, ...origin.parties.map(({ number }) => number)]),
    items: state.items.save(),
    all: state.all.save(),
  }
  return new TextEncoder().encode(JSON.stringify(saved))
}

const decode = (bytes: Uint8Array): SourceReputationState => {
  try {
    const saved = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    const state = initial()
    const parties = saved.parties.map(([role, name, items, heard], number): Party => ({ number, role, name, items, heard: new VoiceSums(heard) }))
    for (const party of parties) state.parties[party.role].set(party.name, party)
    for (const [trust, ...numbers] of saved.origins) placeAmong(state, { trust, parties: numbers.flatMap((number) => parties[number] ?? []) })
    return { ...state, items: new ItemNumbers(saved.items), all: new VoiceSums(saved.all) }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved reputation of sources is damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

const initial = (): SourceReputationState => ({ parties: { source: new Map(), agent: new Map(), user: new Map() }, origins: [], places: new Map(), last: undefined, items: new ItemNumbers(), all: new VoiceSums(), asked: new Map() })

/**
 * How what each source taught agreed with what others said of the runs that were shown it. A source is a name in one of three roles: what told us, the agent that did it, the person it was done for or
 * written by. A verdict counts for a source unless it comes from that source itself, and one judge counts with a weight of at most 32.
 *
 * rate = mean of what was said of runs that were shown something of it; expected = mean of what the same judges said of the other runs that were shown something, (1 + up) / (2 + all) for each judge. The mean of
 * the Beta posterior is m = (k · expected + n · rate) / (k + n), with k = 16 for items of trust `user`, 8 for `agent` and `tool`, 4 for `imported` and `recalled`, and its standard deviation
 * s = √(m (1 − m) / (k + n + 1)); the factor is (m + s) / expected, in [¼, 1]. So whoever is new, or as good as others but for chance, has 1, and nobody gains by a reputation.
 *
 * Words that are taken back leave nothing behind. Neither inverse nor merge is declared: which names are kept depends on who came first. Holds no word of any item; grows by some 30 bytes for each item, and for each
 * of at most 4,096 names in a role by at most 1 kB.
 *
 * @example
 * ```ts
 * import { Autodidact, sourceReputation } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.remember({ id: 'rumour', content: 'Refunds need no signature.', source: 'forum', trust: 'imported' })
 * await autodidact.remember({ id: 'rule', content: 'Refunds above 100 need a second signature.', source: 'handbook' })
 * for (let day = 0; day < 8; day += 1) {
 *   await autodidact.record({ task: 'refund order 7', used: ['rule'], outcome: { success: true, judge: 'check' } })
 *   await autodidact.record({ task: 'refund order 8', used: ['rumour'], outcome: { success: false, judge: 'check' } })
 * }
 * const reputation = await autodidact.learned(sourceReputation)
 * console.assert(reputation.factor('rumour') < 0.6 && reputation.factor('rule') === 1)
 * await autodidact.close()
 * ```
 */
export const sourceReputation: Learner<SourceReputationState, SourceReputationView> = {
  name: 'source-reputation',
  version: 2,
  handles: ['run.recorded', 'knowledge.written', 'run.judged'],
  initial,
  learn,
  view: viewOf,
  about: aboutUser,
  save: encode,
  load: decode,
}
