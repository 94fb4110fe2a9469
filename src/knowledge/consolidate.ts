import { isKnowledge, type ItemSummary, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { nextTurn } from '../next-turn.ts'
import { whole } from '../log/blobs.ts'
import type { FactData } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import type { Hit } from '../storage/storage.ts'
import type { Link } from './input.ts'
import { readableText } from './readable-text.ts'

type Written = FactData['knowledge.written']

/** Items that say nearly the same, and what would become of them. Nothing is changed before `merge` is told to. */
export interface Consolidation {
  /** The item that stays: the one most sure, then the one most used, then the oldest. */
  readonly keep: { readonly id: string; readonly number: number; readonly text: string }
  /** Those that would be archived, each with its share of common terms, in [0, 1]. */
  readonly merge: readonly { readonly id: string; readonly number: number; readonly text: string; readonly overlap: number }[]
  /** What the item that stays would get: everything that any of them has. */
  readonly tags: readonly string[]
  readonly evidence: readonly string[]
  readonly links: readonly Link[]
  /** Why they cannot be merged; undefined where they can. */
  readonly refused: string | undefined
}

/** Items with this share of common terms say nearly the same. */
const nearlyTheSame = 0.8

const compared = 16
const sliceMs = 10

/** An item with what it says. */
interface Known {
  readonly item: ItemSummary
  readonly written: Written
  readonly text: string
}

const overlapOf = (left: ReadonlySet<string>, right: ReadonlySet<string>): number => {
  const shared = [...left].filter((term) => right.has(term)).length
  return shared / Math.max(1, left.size + right.size - shared)
}

/** Only what is for the same people, of the same kind, may be one. */
const groupOf = ({ kind, agent, user, targets, category }: ItemSummary): string => JSON.stringify([kind, agent, user, targets, category])

const surest = (left: Known, right: Known): number =>
  right.item.confidence - left.item.confidence || right.item.total.uses - left.item.total.uses || (left.item.versions[0]?.sequence ?? 0) - (right.item.versions[0]?.sequence ?? 0)

const presentOf = ({ versions }: ItemSummary): { readonly id: string; readonly number: number } => versions.at(-1) ?? { id: '', number: 0 }

const union = <Value>(lists: readonly (readonly Value[])[]): Value[] => [...new Map(lists.flat().map((value) => [JSON.stringify(value), value])).values()]

const most = { evidence: 1_000, links: 100, tags: 100 }

const proposed = ([kept, ...others]: readonly Known[], overlaps: ReadonlyMap<string, number>): Consolidation | undefined => {
  if (kept === undefined || others.length === 0) return undefined
  const all = [kept, ...others]
  const evidence = union(all.map(({ item }) => item.versions.flatMap((version) => version.evidence)))
  const tags = union(all.map(({ item }) => item.tags))
  const ids = new Set(all.map(({ item }) => item.id))
  const told = union(all.map(({ item }) => item.links)).filter(({ to }) => !ids.has(to))
  const links = [...told, ...others.map(({ item }): Link => ({ relation: 'derived-from', to: item.id }))]
  const contradicts = all.some(({ item }) => item.links.some(({ relation, to }) => relation === 'contradicts' && ids.has(to)))
  const [first] = Object.entries({ evidence, links, tags }).filter(([name, list]) => list.length > most[name as keyof typeof most])
  return {
    keep: { id: kept.item.id, number: presentOf(kept.item).number, text: kept.text },
    merge: others.map(({ item, text }) => ({ id: item.id, number: presentOf(item).number, text, overlap: overlaps.get(item.id) ?? 1 })),
    tags,
    evidence,
    links,
    refused: contradicts ? 'One of them says that it contradicts another.' : first === undefined ? undefined : `Together they have ${first[1].length} ${first[0]}, more than one item can have: some would be lost.`,
  }
}

/** Groups of items that say nearly the same; each item is in one of them at most. */
export const consolidations = async (scope: Scope): Promise<readonly Consolidation[]> => {
  const { storage, namespace, runner } = scope
  const view = await runner.view(namespace, knowledgeItems)
  const open = new Map(view.all().filter(({ state }) => state === 'experimental' || state === 'validated').map((item) => [presentOf(item).id, item]))
  const found: Consolidation[] = []
  let sliceEnd = performance.now() + sliceMs
  for (const [version, item] of open) {
    if (performance.now() > sliceEnd) {
      await nextTurn()
      sliceEnd = performance.now() + sliceMs
    }
    // In a group already.
    if (!open.has(version)) continue
    const [own] = await knownOf(scope, [item])
    if (own === undefined) continue
    const hits = await storage.search({ namespace, text: own.text, limit: compared, standings: ['knowledge'], kinds: ['knowledge'] })
    const self = hits.find(({ id }) => id === version)
    if (self === undefined) continue
    const isNear = (hit: Hit): boolean => open.has(hit.id) && groupOf(open.get(hit.id) ?? item) === groupOf(item) && overlapOf(hit.terms, self.terms) >= nearlyTheSame
    const near = hits.filter(isNear)
    const group = (await knownOf(scope, near.flatMap(({ id }) => open.get(id) ?? []))).toSorted(surest)
    const consolidation = proposed(group, new Map(near.map((hit) => [open.get(hit.id)?.id ?? '', overlapOf(hit.terms, self.terms)])))
    if (consolidation === undefined) continue
    found.push(consolidation)
    for (const { id } of near) open.delete(id)
  }
  return found
}

const knownOf = async ({ storage, namespace }: Scope, items: readonly ItemSummary[]): Promise<Known[]> => {
  const byVersion = new Map(items.map((item) => [presentOf(item).id, item]))
  const known: Known[] = []
  if (items.length === 0) return known
  for await (const page of storage.read('', { namespace, ids: [...byVersion.keys()] })) {
    for (const fact of page.filter(isKnowledge)) {
      const item = byVersion.get(fact.id)
      const { data: written } = await whole(storage, fact)
      const text = [written.title, written.data === undefined ? written.content : readableText(written.data)].filter((part) => part !== undefined && part !== '').join('\n')
      if (item !== undefined) known.push({ item, written, text })
    }
  }
  return known
}
