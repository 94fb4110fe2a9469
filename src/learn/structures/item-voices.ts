import { hashText } from '../hash.ts'
import type { FactData } from '../../log/fact.ts'
import { firstImportance, importanceAfter } from './importance.ts'

/** Who voted on an item, looked at it, and applied it; each list in the order of the names. */
export interface ItemVoices {
  readonly votes: readonly (readonly [voter: string, useful: boolean])[]
  readonly viewed: readonly string[]
  readonly applied: readonly string[]
}

/** As JSON holds them. */
export interface SavedVoices extends ItemVoices {
  readonly asked: readonly string[]
  readonly importance: number
  readonly spoke: readonly number[]
}

type Engagement = FactData['knowledge.engaged']['by']
type Decided = FactData['knowledge.proposal-decided']

/** So many of those who spoke for or against an item in reflection are known, so that each counts once. */
const mostRemembered = 64

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number => (left < right ? -1 : 1)

/** What others make of an item: who votes for or against it, who looks at it, applies it, or asks the same, and what reflection says of it. */
export class Voices {
  readonly #votes: Map<string, boolean>
  readonly #engaged: Readonly<Record<Engagement, Set<string>>>
  #importance: number
  /** Hashes of the latest runs that spoke for or against it, the oldest first: each counts once either way. */
  #spoke: readonly number[]

  constructor({ votes, viewed, applied, asked, importance, spoke }: SavedVoices = { votes: [], viewed: [], applied: [], asked: [], importance: firstImportance, spoke: [] }) {
    this.#votes = new Map(votes)
    this.#engaged = { viewing: new Set(viewed), applying: new Set(applied), asking: new Set(asked) }
    this.#importance = importance
    this.#spoke = spoke
  }

  save(): SavedVoices {
    return { ...this.all, asked: [...this.#engaged.asking].sort(), importance: this.#importance, spoke: this.#spoke }
  }

  get all(): ItemVoices {
    const { viewing, applying } = this.#engaged
    return { votes: [...this.#votes].sort(byName), viewed: [...viewing].sort(), applied: [...applying].sort() }
  }

  get votes(): { readonly useful: number; readonly notUseful: number } {
    const useful = [...this.#votes.values()].filter(Boolean).length
    return { useful, notUseful: this.#votes.size - useful }
  }

  get importance(): number {
    return this.#importance
  }

  /** Agents, each once. */
  howMany(by: Engagement): number {
    return this.#engaged[by].size
  }

  voteOf(voter: string): boolean | undefined {
    return this.#votes.get(voter)
  }

  hasEngaged(agent: string, by: Engagement): boolean {
    return this.#engaged[by].has(agent)
  }

  /** @param useful null takes an earlier vote back */
  vote(voter: string, useful: boolean | null): void {
    if (useful === null) this.#votes.delete(voter)
    else this.#votes.set(voter, useful)
  }

  engage(agent: string, by: Engagement): void {
    this.#engaged[by].add(agent)
  }

  /** What somebody made of it in reflection. Its importance is 0 when nobody holds on to it any more, and at once when a person says so. */
  reflect({ run, way }: Decided, as: NonNullable<Decided['as']>): void {
    const voice = hashText(JSON.stringify([run, as === 'remove'])) | 0
    const isRepeated = this.#spoke.includes(voice)
    if (!isRepeated) this.#spoke = [...this.#spoke, voice].slice(-mostRemembered)
    if (way === 'person' && as === 'remove') this.#importance = 0
    else if (!isRepeated) this.#importance = importanceAfter(this.#importance, as)
  }

  /** Whoever puts it somewhere by hand gives what nobody held on to another chance. */
  restore(): void {
    if (this.#importance === 0) this.#importance = firstImportance
  }
}
