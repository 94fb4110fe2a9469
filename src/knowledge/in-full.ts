import { isKnowledge, type ItemSummary, knowledgeItems, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import { sourceReputation } from '../learn/learners/source-reputation.ts'
import { whole } from '../log/blobs.ts'
import type { FactData, FactOf } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'
import { isExpired } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'

/** A link of another item, seen from where it leads. */
export interface IncomingLink {
  readonly relation: ItemSummary['links'][number]['relation']
  readonly from: string
}

/** An item in full: what it says, and how it stands. */
export interface KnowledgeItem extends ItemSummary {
  readonly title: string | undefined
  /** A text, or data. */
  readonly content: string | Json
  /** What it was said of, as data. */
  readonly context: Readonly<Record<string, Json>> | undefined
  /** Whether it was true until a time that is past: nobody is told of it. */
  readonly expired: boolean
  readonly fix: FactData['knowledge.written']['fix']
  /** Items whose links lead here, and how they bear on it. */
  readonly linkedFrom: readonly IncomingLink[]
  /** Number of the present version. */
  readonly number: number
  /** How what its source taught went, as a part of how the rest did; in [¼, 1], 1 where nothing speaks against it. */
  readonly reputation: number
}

/** The facts that hold these versions, with what lies in blobs; those that are gone are left out. */
export const factsOf = async ({ storage, namespace }: Scope, ids: readonly string[]): Promise<FactOf<'knowledge.written'>[]> => {
  const facts: FactOf<'knowledge.written'>[] = []
  for await (const page of storage.read('', { namespace, ids })) {
    for (const fact of page.filter(isKnowledge)) facts.push(await whole(storage, fact))
  }
  return facts
}

/** What of all that items are linked to is there: an item, a version of one, or any other fact, such as a run. */
const present = async ({ storage, namespace, runner }: Scope, summaries: readonly ItemSummary[]): Promise<ReadonlySet<string>> => {
  const named = [...new Set(summaries.flatMap(({ links }) => links.map(({ to }) => to)))]
  if (named.length === 0) return new Set()
  const view = await runner.view(namespace, knowledgeItems)
  const found = new Set(named.filter((id) => view.get(id) !== undefined))
  const others = named.filter((id) => !found.has(id))
  if (others.length > 0) for await (const page of storage.read('', { namespace, ids: others })) for (const { id } of page) found.add(id)
  return found
}

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]

/** Where links lead: what went into another item is that one, and nothing leads to itself. */
const outgoing = (view: KnowledgeItemsView, { id, links }: ItemSummary): ItemSummary['links'] =>
  distinct(
    links.flatMap(({ relation, to }) => {
      const meant = view.get(to)?.mergedInto === undefined ? to : (view.ledToBy(to)?.id ?? to)
      return meant === id ? [] : [{ relation, to: meant }]
    }),
  )

const incoming = (view: KnowledgeItemsView, { id }: ItemSummary, sees: (item: ItemSummary) => boolean): IncomingLink[] =>
  distinct(
    view.linkedTo(id).flatMap((other) =>
      other.id === id || !sees(other) ? [] : other.links.flatMap(({ relation, to }) => ((view.ledToBy(to)?.id ?? to) === id || view.get(to)?.id === id ? [{ relation, from: other.id }] : [])),
    ),
  ).toSorted((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0))

/**
 * Items with what their present versions say, in the order given; those that are gone are left out, and so are links to what is not there.
 *
 * @param sees whether whoever asks may know of an item that links to one of these; default: whoever looks after the store asks, and knows of all
 */
export const inFull = async (scope: Scope, summaries: readonly ItemSummary[], sees: (item: ItemSummary) => boolean = () => true): Promise<KnowledgeItem[]> => {
  const there = await present(scope, summaries)
  const view = await scope.runner.view(scope.namespace, knowledgeItems)
  const facts = new Map((await factsOf(scope, summaries.flatMap(({ versions }) => versions.at(-1)?.id ?? []))).map((fact) => [fact.data.item ?? fact.id, fact]))
  const reputed = await scope.runner.view(scope.namespace, sourceReputation)
  return summaries.flatMap((summary) => {
    const fact = facts.get(summary.id)
    const { title, content, data, context, fix } = fact?.data ?? {}
    const { id, number } = summary.versions.at(-1) ?? { id: summary.id, number: 1 }
    if (content === undefined) return []
    // Whoever is given an item may do with it what they like: a summary is the one that everybody is answered from.
    const own = structuredClone(summary)
    const links = outgoing(view, { ...own, links: own.links.filter(({ to }) => there.has(to)) })
    return [{ ...own, links, linkedFrom: incoming(view, summary, sees), title, content: data ?? content, context, expired: isExpired(own, scope.clock()), fix, number, reputation: reputed.factor(id) }]
  })
}
