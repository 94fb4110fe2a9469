import { AutodidactError } from '../../errors.ts'
import type { Fact, FactData, FactOf } from '../../log/fact.ts'
import { hashText } from '../hash.ts'
import type { Experience, Learner } from '../learner.ts'
import { ruleSignature } from '../structures/rule-signature.ts'

type Operation = FactData['knowledge.proposed']['operations'][number]

/** Who proposes something: a run, and whose it was. */
export interface ProposalVoice {
  /** Id of the proposal. */
  readonly id: string
  readonly run: string
  readonly user: string | undefined
  readonly session: string | undefined
}

/** A proposal without its words: those stand in the log. */
export interface ProposalSummary extends ProposalVoice {
  /** Id of the fact that it stands in, and its place there, from 0. */
  readonly reflection: string
  readonly place: number
  readonly action: Operation['action']
  readonly kind: string | undefined
  /** The item that is meant, and the version of it that was looked at. */
  readonly item: string | undefined
  readonly number: number | undefined
  readonly status: 'pending' | 'applied' | 'rejected'
  /** The item that it made or changed; undefined as long as it did not. */
  readonly made: string | undefined
  /** Later ones that say the same, the earliest first. */
  readonly supporters: readonly ProposalVoice[]
  /** The same for proposals that say the same. */
  readonly key: string
  /** Milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
}

interface Entry extends Omit<ProposalSummary, 'status' | 'made' | 'supporters'> {
  status: ProposalSummary['status']
  made: string | undefined
  readonly supporters: ProposalVoice[]
}

export interface ReflectionsState {
  /** Those that were not made before by somebody else, in the order of the log. */
  readonly entries: Map<string, Entry>
  /** The proposal that each supporter supports. */
  readonly supports: Map<string, string>
  /** The latest reflection on each run. */
  readonly runs: Map<string, string>
  /** Signature of the present version of each item that is a text. */
  readonly signatures: Map<string, string>
  /** Hashes of the first two users with a recorded run: whether there are several. */
  users: readonly number[]
  /** The latest proposal that was not applied, by what it says. */
  readonly byKey: Map<string, string>
  /** The items by their signature; follows from the signatures. */
  readonly saying: Map<string, Set<string>>
}

export interface ReflectionsView {
  /** By id; for one that supports another, that other one. */
  get(id: string): ProposalSummary | undefined
  /** In the order of the log. */
  all(): readonly ProposalSummary[]
  /** One that says the same and is not applied, see {@link proposalKey}. */
  like(key: string): ProposalSummary | undefined
  /** Id of the latest reflection on a run. */
  reflectionOn(run: string): string | undefined
  /** Ids of the items whose present version says the same as a text, see {@link ruleSignature}. */
  saying(text: string): readonly string[]
  /** Whether any run that was recorded names a user. */
  readonly namesUsers: boolean
}

/** Whom what is added is for; default everybody. */
export interface Audience {
  readonly targets?: readonly string[] | undefined
  readonly user?: string | undefined
}

/** Equal for proposals that say the same: the same action on the same version of an item, or to the same people, with the same words. */
export const proposalKey = ({ action, item, number, text = '' }: Operation, audience: Audience): string =>
  JSON.stringify(action === 'add' ? [action, ruleSignature(text), audience.targets ?? [], audience.user ?? ''] : [action, item, number, action === 'update' ? ruleSignature(text) : ''])

const propose = (state: ReflectionsState, fact: FactOf<'knowledge.proposed'>): void => {
  const { id: reflection, user, session, occurredAt, data } = fact
  state.runs.set(data.run, reflection)
  for (const [place, operation] of data.operations.entries()) {
    const voice: ProposalVoice = { id: `${reflection}/${place + 1}`, run: data.run, user, session }
    const key = proposalKey(operation, data)
    const said = state.entries.get(operation.proposal ?? state.byKey.get(key) ?? '')
    if (said?.status === 'pending') {
      said.supporters.push(voice)
      state.supports.set(voice.id, said.id)
      continue
    }
    const { action, kind, number } = operation
    // Who agrees with what was applied in between agrees with what became of it.
    const item = operation.item ?? (operation.proposal === undefined ? undefined : said?.made)
    const status = action === 'add' || item !== undefined ? 'pending' : 'rejected'
    const entry: Entry = { ...voice, reflection, place, action, kind, item, number, status, made: undefined, supporters: [], key, occurredAt }
    state.entries.set(voice.id, entry)
    state.byKey.set(key, voice.id)
  }
}

const decide = (state: ReflectionsState, { data }: FactOf<'knowledge.proposal-decided'>): void => {
  const entry = state.entries.get(data.proposal)
  // A supporter is decided with what it supports.
  if (entry === undefined) return
  entry.status = data.outcome
  entry.made = data.item
  if (data.outcome === 'applied' && state.byKey.get(entry.key) === entry.id) state.byKey.delete(entry.key)
}

const say = ({ signatures, saying }: Pick<ReflectionsState, 'signatures' | 'saying'>, item: string, signature: string): void => {
  const before = signatures.get(item)
  if (before !== undefined) saying.get(before)?.delete(item)
  signatures.delete(item)
  if (signature === '') return
  signatures.set(item, signature)
  const items = saying.get(signature) ?? new Set()
  saying.set(signature, items.add(item))
}

/** A long text has only its beginning here, and is no rule. */
const isWhole = ({ blobs = [] }: Fact): boolean => !blobs.some(({ place: [field] }) => field === 'content')

const learn = (state: ReflectionsState, experience: Experience): ReflectionsState => {
  if (experience.kind === 'knowledge.proposed') propose(state, experience)
  else if (experience.kind === 'knowledge.proposal-decided') decide(state, experience)
  else if (experience.kind === 'knowledge.written') say(state, experience.data.item ?? experience.id, isWhole(experience) ? ruleSignature(experience.data.content) : '')
  else if (experience.kind === 'run.recorded' && experience.user !== undefined && state.users.length < 2) state.users = [...new Set([...state.users, hashText(experience.user)])]
  return state
}

interface Saved extends Pick<ReflectionsState, 'users'> {
  readonly entries: readonly Entry[]
  readonly supports: readonly [string, string][]
  readonly runs: readonly [string, string][]
  readonly signatures: readonly [string, string][]
  readonly byKey: readonly [string, string][]
}

/** Always in the same order of fields, whichever of them were there when it was loaded: the same state gives the same bytes. */
const ordered = ({ id, run, user, session, reflection, place, action, kind, item, number, status, made, supporters, key, occurredAt }: Entry): Entry => ({
  id, run, user, session, reflection, place, action, kind, item, number, status, made, supporters, key, occurredAt,
})

const encode = ({ entries, supports, runs, signatures, users, byKey }: ReflectionsState): Uint8Array => {
  const saved: Saved = { entries: Array.from(entries.values(), ordered), supports: [...supports], runs: [...runs], signatures: [...signatures], users, byKey: [...byKey] }
  return new TextEncoder().encode(JSON.stringify(saved))
}

const decode = (bytes: Uint8Array): ReflectionsState => {
  try {
    const saved = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    const state: ReflectionsState = {
      entries: new Map(saved.entries.map((entry) => [entry.id, entry])),
      supports: new Map(saved.supports),
      runs: new Map(saved.runs),
      signatures: new Map(),
      users: saved.users.map(Number),
      byKey: new Map(saved.byKey),
      saying: new Map(),
    }
    for (const [item, signature] of saved.signatures) say(state, item, signature)
    return state
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved reflections are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * What was proposed in reflection and what became of it, which proposals say the same, which runs were reflected on, and which items say what, as hashes: no word of anybody is in it.
 *
 * Neither inverse nor merge is declared, because what supports what depends on the order. Grows by some 300 bytes per proposal, 80 per reflected run, and 60 per item of knowledge.
 *
 * @example
 * ```ts
 * import { Autodidact, reflections } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { id } = await autodidact.remember('Name the currency of every amount.')
 * const view = await autodidact.learned(reflections)
 * console.assert(view.saying('please name the currency of every amount')[0] === id && view.all().length === 0)
 * await autodidact.close()
 * ```
 */
export const reflections: Learner<ReflectionsState, ReflectionsView> = {
  name: 'reflections',
  version: 1,
  handles: ['knowledge.proposed', 'knowledge.proposal-decided', 'knowledge.written', 'run.recorded'],
  initial: () => ({ entries: new Map(), supports: new Map(), runs: new Map(), signatures: new Map(), users: [], byKey: new Map(), saying: new Map() }),
  learn,
  view: (state) => ({
    get: (id) => state.entries.get(state.supports.get(id) ?? id),
    all: () => [...state.entries.values()],
    like: (key) => state.entries.get(state.byKey.get(key) ?? ''),
    reflectionOn: (run) => state.runs.get(run),
    saying: (text) => [...(state.saying.get(ruleSignature(text)) ?? [])],
    get namesUsers() {
      return state.users.length > 0
    },
  }),
  save: encode,
  load: decode,
}
