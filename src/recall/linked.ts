import type { ItemSummary, KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import { byPopularity } from './popularity.ts'
import type { Ranked } from './rank.ts'

export type Relation = ItemSummary['links'][number]['relation']

/** How one recalled item bears on another, what changes most how that is to be read first. */
export const linkWords = ['contradicts', 'is contradicted by', 'fixes', 'answers', 'supports', 'is supported by', 'led to', 'is derived from', 'is fixed by', 'is answered by'] as const

export type LinkWords = (typeof linkWords)[number]

/** How an item bears on another one that was recalled. */
export interface Bearing {
  readonly says: LinkWords
  /** Id of the other one, as it was recalled. */
  readonly id: string
}

/** What is recalled, in its place, and how it bears on what stands beside it. */
export interface Placed<One> {
  readonly one: One
  readonly linked?: Bearing
}

interface Neighbour {
  readonly item: ItemSummary
  readonly says: LinkWords
}

/** At most so many items come by the links of one, and by those of all together: they take the places of what was found. */
const mostOfOne = 3
const mostOfAll = 4

const words = (relation: Relation, from: ItemSummary, to: ItemSummary | undefined): { readonly outward: LinkWords; readonly inward: LinkWords } => {
  if (relation === 'contradicts') return { outward: 'contradicts', inward: 'is contradicted by' }
  if (relation === 'fixes') return { outward: 'fixes', inward: 'is fixed by' }
  if (relation === 'supports') return { outward: 'supports', inward: 'is supported by' }
  return from.kind === 'answer' && to?.kind === 'question' ? { outward: 'answers', inward: 'is answered by' } : { outward: 'is derived from', inward: 'led to' }
}

/** What an item, or a run, is linked with in either direction, and how that bears on it; of the same kind what others make most of first. */
const neighboursOf = (id: string, view: KnowledgeItemsView, follow: readonly Relation[]): Neighbour[] => {
  const own = view.get(id)
  const followed = (item: ItemSummary): ItemSummary['links'] => item.links.filter(({ relation }) => follow.includes(relation))
  const outward = own === undefined ? [] : followed(own).flatMap(({ relation, to }) => {
    const item = view.ledToBy(to)
    return item === undefined ? [] : [{ item, says: words(relation, own, item).inward }]
  })
  const inward = view.linkedTo(id).flatMap((item) =>
    followed(item).flatMap(({ relation, to }) => ((view.ledToBy(to)?.id ?? to) === (own?.id ?? id) ? [{ item, says: words(relation, item, own).outward }] : [])),
  )
  const seen = new Set([own?.id])
  return [...outward, ...inward]
    .toSorted((left, right) => linkWords.indexOf(left.says) - linkWords.indexOf(right.says) || byPopularity(left.item, right.item))
    .filter(({ item }) => !seen.has(item.id) && seen.add(item.id))
}

/** Of the fact that holds the present version. */
export const presentId = ({ id, versions }: Pick<ItemSummary, 'id' | 'versions'>): string => versions.at(-1)?.id ?? id

/** What an item is worth to whoever asks, whatever it is about. */
export type Worth = Pick<Ranked, 'usefulness' | 'reputation'>

/** As relevant as what it is linked with; what it is worth is its own. */
export const broughtBy = (item: ItemSummary, from: Ranked, { id }: Bearing, worth: Worth): Ranked => ({
  ...from,
  id: presentId(item),
  kind: 'knowledge',
  standing: 'knowledge',
  ...worth,
  score: from.relevance * worth.usefulness * worth.reputation,
  reason: `linked from ${JSON.stringify(id)}`,
})

/** How what is linked is brought in. */
export interface Following<One> {
  readonly view: KnowledgeItemsView
  readonly follow: readonly Relation[]
  /** Whether an item may be recalled at all, by everything that was asked for. */
  readonly isRecalled: (item: ItemSummary) => boolean
  /** What is recalled of an item that comes by a link. */
  readonly bring: (item: ItemSummary, from: One, bearing: Bearing) => One
}

/**
 * Puts what recalled items are linked with beside them, one link away: behind them, and the answers to a question before it. What was found itself moves up; what was not comes in, a few at most. Without links nothing
 * changes.
 *
 * @param found the best first
 * @param warnings failed runs: what is linked with them comes behind all that was found
 * @param limit most items; what is last gives way
 */
export const withLinked = <One extends { readonly id: string }>(
  found: readonly One[],
  warnings: readonly One[],
  limit: number,
  { view, follow, isRecalled, bring }: Following<One>,
): readonly Placed<One>[] => {
  const own = new Map(found.map((one) => [one.id, one]))
  const placed: Placed<One>[] = []
  const taken = new Set<string>()
  let brought = 0
  const neighbours = (one: One): (Placed<One> & { readonly linked: Bearing })[] => {
    let ofOne = 0
    return neighboursOf(one.id, view, follow).flatMap(({ item, says }) => {
      const id = presentId(item)
      if (taken.has(id) || !isRecalled(item)) return []
      const linked = { says, id: one.id }
      const known = own.get(id)
      if (known === undefined) {
        if (brought >= mostOfAll || ofOne >= mostOfOne) return []
        brought += 1
        ofOne += 1
      }
      taken.add(id)
      return [{ one: known ?? bring(item, one, linked), linked }]
    })
  }
  // What came by a link leads no further; what was found itself does.
  const place = (entry: Placed<One>): void => {
    if (!own.has(entry.one.id)) {
      placed.push(entry)
      return
    }
    const others = neighbours(entry.one)
    for (const other of others) if (other.linked.says === 'answers') place(other)
    placed.push(entry)
    for (const other of others) if (other.linked.says !== 'answers') place(other)
  }
  for (const one of found) {
    if (taken.has(one.id)) continue
    taken.add(one.id)
    place({ one })
  }
  for (const one of warnings) placed.push(...neighbours(one))
  return [...placed.slice(0, limit), ...warnings.map((one) => ({ one }))]
}
