import { oneSided, wilson } from '../../statistics/wilson.ts'
import type { Fact, FactOf } from '../../log/fact.ts'
import { ItemLives, type SavedLives } from './item-lives.ts'
import { type Described, describedBy, type ItemSummary } from './item-summary.ts'
import { ItemVersions, type SavedVersions } from './item-versions.ts'
import { type SavedVoices, Voices } from './item-voices.ts'
import { shareOf } from './knowledge-life.ts'

/** An item of knowledge as it is learned: without what it says. */
export interface Item {
  readonly id: string
  about: Described
  /** Whether a person stands behind what it says now. */
  approved: boolean
  readonly versions: ItemVersions
  /** Of what it says now, and of what it said before. */
  readonly lives: ItemLives
  /** The version that is the reason for its quarantine: without it, or behind it, there is none. */
  suspected: string | undefined
  /** The item that took it in. */
  mergedInto: string | undefined
  readonly voices: Voices
  lastUsedAt: number | undefined
}

/** What items look like from outside, made when somebody asks and until they change. */
const summaries = new WeakMap<Item, ItemSummary>()

/** Called with each change of an item. */
export const forgetSummary = (item: Item): void => {
  summaries.delete(item)
}

/** Whether somebody says so whose word is that of a person. */
export const isByPerson = ({ trust }: Pick<Fact, 'trust'>): boolean => trust === 'user'

export const newItem = (id: string, fact: FactOf<'knowledge.written'>): Item => ({
  id,
  about: describedBy(fact),
  approved: isByPerson(fact),
  versions: new ItemVersions(),
  lives: new ItemLives(fact.data.number ?? 1, fact.sequence),
  suspected: undefined,
  mergedInto: undefined,
  voices: new Voices(),
  lastUsedAt: undefined,
})

export const summaryOf = (item: Item): ItemSummary => {
  const known = summaries.get(item)
  if (known !== undefined) return known
  const made = frozen(summarised(item))
  summaries.set(item, made)
  return made
}

/** A summary is the one that everybody is answered from: nobody who is given one changes it for the others. */
const frozen = (summary: ItemSummary): ItemSummary => {
  const { links, versions, tags, targets, evidence, effect, retrial, recent, total, votes } = summary
  for (const link of links) Object.freeze(link)
  for (const version of versions) {
    Object.freeze(version.evidence)
    Object.freeze(version)
  }
  for (const part of [links, versions, tags, targets, evidence, effect, retrial, recent, total, votes]) if (part !== undefined) Object.freeze(part)
  return Object.freeze(summary)
}

const summarised = ({ id, about, approved, lives: { present: life }, mergedInto, versions, voices, lastUsedAt }: Item): ItemSummary => {
  const { present, said } = versions
  return {
    id,
    ...about,
    evidence: present?.evidence ?? [],
    approved,
    state: life.state,
    mergedInto,
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

/** As JSON holds an item. */
export interface SavedItem extends Pick<Item, 'id' | 'about' | 'approved' | 'suspected' | 'mergedInto' | 'lastUsedAt'> {
  readonly versions: SavedVersions
  readonly lives: SavedLives
  readonly voices: SavedVoices
}

/** Field by field: what was undefined when a state was loaded would otherwise stand last, and the same state have other bytes. */
export const savedOf = ({ id, about, approved, versions, lives, suspected, mergedInto, voices, lastUsedAt }: Item): SavedItem => ({
  id, about, approved, versions: versions.save(), lives: lives.save(), suspected, mergedInto, voices: voices.save(), lastUsedAt,
})

export const itemFrom = ({ id, about, approved, versions, lives, suspected, mergedInto, voices, lastUsedAt }: SavedItem): Item => ({
  id, about, approved, versions: ItemVersions.from(versions), lives: ItemLives.from(lives), suspected, mergedInto, voices: new Voices(voices), lastUsedAt,
})
