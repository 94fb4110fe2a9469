import type { ItemSummary, UseCounts } from '../learn/learners/knowledge-items.ts'
import type { KnowledgeState } from '../log/kinds/knowledge-moved.ts'
import { validated } from '../log/validate.ts'
import { isExpired } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'
import { filterInput, type KnowledgeFilter, matches } from './filter.ts'
import { viewOf } from './present.ts'

/** How many items there are of one name. */
export interface NamedCount {
  readonly name: string
  readonly items: number
}

/** What there is of knowledge, in numbers. Lists have the name with most items first, of equals by the alphabet. */
export interface KnowledgeStatistics {
  readonly items: number
  readonly versions: number
  readonly states: Readonly<Record<KnowledgeState, number>>
  /** Items that were true until a time that is past, whatever their state. */
  readonly expired: number
  readonly kinds: readonly NamedCount[]
  /** Of the items that have one. */
  readonly categories: readonly NamedCount[]
  /** Of the items that were shared. */
  readonly channels: readonly NamedCount[]
  /** By whom the items are: the authors of their versions, or where none is named, the agent, the user or the source that told of them. */
  readonly contributors: readonly NamedCount[]
  /** Of all versions of all items. */
  readonly uses: UseCounts
  readonly votes: ItemSummary['votes']
  /** Sums of the agents that looked at each item, and that applied it. */
  readonly viewed: number
  readonly applied: number
}

const countsOf = (items: readonly ItemSummary[], namesOf: (item: ItemSummary) => readonly (string | undefined)[]): NamedCount[] => {
  const counts = new Map<string, number>()
  for (const item of items) for (const name of new Set(namesOf(item))) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Array.from(counts, ([name, count]) => ({ name, items: count })).sort((left, right) => right.items - left.items || (left.name < right.name ? -1 : 1))
}

const sum = (items: readonly ItemSummary[], of: (item: ItemSummary) => number): number => items.reduce((total, item) => total + of(item), 0)

const contributorsOf = ({ versions, agent, user, source }: ItemSummary): readonly string[] => {
  const authors = versions.flatMap(({ author }) => author ?? [])
  return authors.length > 0 ? authors : [agent ?? user ?? source]
}

const statesOf = (items: readonly ItemSummary[]): Record<KnowledgeState, number> => {
  const counts = { experimental: 0, validated: 0, deprecated: 0, archived: 0, quarantined: 0 }
  for (const { state } of items) counts[state] += 1
  return counts
}

/** Counts what suits a filter, from what was learned: no fact is read. */
export const statisticsOf = async (scope: Scope, filter: Omit<KnowledgeFilter, 'limit'>): Promise<KnowledgeStatistics> => {
  const wanted = validated(filterInput.omit({ limit: true }), filter, 'knowledge.statistics')
  const now = scope.clock()
  const items = (await viewOf(scope)).all().filter((item) => matches(item, wanted, now))
  return {
    items: items.length,
    versions: sum(items, ({ versions }) => versions.length),
    states: statesOf(items),
    expired: items.filter((item) => isExpired(item, now)).length,
    kinds: countsOf(items, ({ kind }) => [kind]),
    categories: countsOf(items, ({ category }) => [category]),
    channels: countsOf(items, ({ channel }) => [channel]),
    contributors: countsOf(items, contributorsOf),
    uses: { uses: sum(items, ({ total }) => total.uses), up: sum(items, ({ total }) => total.up), down: sum(items, ({ total }) => total.down) },
    votes: { useful: sum(items, ({ votes }) => votes.useful), notUseful: sum(items, ({ votes }) => votes.notUseful) },
    viewed: sum(items, ({ viewed }) => viewed),
    applied: sum(items, ({ applied }) => applied),
  }
}
