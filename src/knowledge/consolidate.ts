import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { canonicalJson } from '../log/canonical-json.ts'
import { nextTurn } from '../next-turn.ts'
import { type FactOf, type Trust, trustOrder } from '../log/fact.ts'
import { priority as priorities } from '../log/kinds/knowledge-written.ts'
import { isExpired, statesInUse } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'
import { isEmpty, lastingOf, saidText, type Saying, saySame } from './content.ts'
import { factsOf } from './in-full.ts'
import type { Link } from './input.ts'
import { nearlyTheSame, nearPairs } from './near-pairs.ts'
import { viewOf } from './present.ts'
import { relationOf, type Statement, statementOf } from './statement.ts'
import { isCoreRule, isTrustedLike, leastTrust } from './trust.ts'

/** Items that say nearly the same, and what would become of them. Nothing is changed before `merge` is told to. */
export interface Consolidation {
  /** The item that stays: the most trusted, then the one most sure, then the one with most good uses, then the oldest. */
  readonly keep: { readonly id: string; readonly number: number; readonly text: string }
  /** Those that would be archived, each with its share of common terms, in [0, 1]. */
  readonly merge: readonly { readonly id: string; readonly number: number; readonly text: string; readonly overlap: number }[]
  /** What the item that stays would have: everything that any of them has. */
  readonly tags: readonly string[]
  readonly evidence: readonly string[]
  readonly links: readonly Link[]
  /** How the item that stays is trusted, and how it would be: less, where it takes over tags, evidence or links of what is trusted less. */
  readonly trust: { readonly before: Trust; readonly after: Trust }
  /** Why they cannot be merged; undefined where they can. */
  readonly refused: string | undefined
}

/** An item with what it says. */
export interface Known {
  readonly item: ItemSummary
  readonly fact: FactOf<'knowledge.written'>
}

const itemsAtOnce = 500

const most = { evidence: 1_000, links: 100, tags: 100 } as const

/** Only what is for the same people, of the same kind, may be one. */
const groupOf = ({ kind, agent, user, targets, category }: ItemSummary): string => JSON.stringify([kind, agent, user, targets?.toSorted(), category])

/** Whoever copies what a person said, and reports how well the copy went, does not put it in the place of what the person said. */
const surest = (left: ItemSummary, right: ItemSummary): number =>
  trustOrder.indexOf(left.trust) - trustOrder.indexOf(right.trust) || right.confidence - left.confidence || right.total.up - right.total.down - left.total.up + left.total.down || (left.versions[0]?.sequence ?? 0) - (right.versions[0]?.sequence ?? 0)

const union = <Value>(lists: readonly (readonly Value[])[]): Value[] => [...new Map(lists.flat().map((value) => [JSON.stringify(value), value])).values()]

const highest = (named: readonly (Saying['priority'] | undefined)[]): Saying['priority'] => priorities.options.findLast((priority) => named.includes(priority))

/** What several items say that are to be one. */
export interface Joined {
  readonly said: Saying
  /** Those that something was taken over from. */
  readonly from: readonly Known[]
  readonly trust: Trust
  /** Why they cannot be one. */
  readonly refused: string | undefined
}

const whyNot = (all: readonly Known[], said: Saying): string | undefined => {
  const ids = new Set(all.map(({ item }) => item.id))
  const [kept, ...others] = all.map(({ fact }) => statementOf(saidText(fact.data)))
  const relations = new Set(others.map((other) => (kept === undefined ? 'same' : relationOf(kept, other))))
  const [first] = Object.entries(most).filter(([name, limit]) => (said[name as keyof typeof most]?.length ?? 0) > limit)
  if (new Set(all.map(({ item }) => groupOf(item))).size > 1) return 'They are of several kinds, or for different people.'
  if (all.some(({ item }) => item.links.some(({ relation, to }) => relation === 'contradicts' && ids.has(to)))) return 'One of them says that it contradicts another.'
  if (relations.has('opposite')) return 'They say nearly the same, and one of them says no, or the opposite.'
  if (relations.has('different')) return 'They say nearly the same, of another number or unit, or of such as first and last.'
  if (all.some(({ item, fact }) => isCoreRule(item.kind) && fact.trust !== 'user') && all.some(({ fact }) => fact.trust === 'user')) return 'A core rule is in force on the word of a person, and one of them is not of a person.'
  if (new Set(all.map(({ fact }) => canonicalJson(fact.data.context ?? null))).size > 1) return 'They are said of different things: each has another context.'
  if (new Set(all.map(({ item }) => item.validUntil)).size > 1) return 'They are true until different times.'
  if (union(all.map(({ fact }) => (fact.data.fix === undefined ? [] : [fact.data.fix]))).length > 1) return 'They are fixes of several errors, or several fixes of one.'
  return first === undefined ? undefined : `Together they have ${said[first[0] as keyof typeof most]?.length} ${first[0]}, more than one item can have: some would be lost.`
}

type Several = readonly [Known, ...Known[]]

const saidTogether = (all: Several): Saying => {
  const [kept] = all
  const ids = new Set(all.map(({ item }) => item.id))
  const believed = all.filter(({ fact }) => isTrustedLike(fact.trust, kept.fact.trust))
  const named = {
    // What must not get lost, from all of them.
    tags: union(all.map(({ item }) => item.tags)),
    evidence: union(all.map(({ item }) => item.versions.flatMap((version) => version.evidence))),
    links: union(all.map(({ item }) => item.links)).filter(({ to }) => !ids.has(to)),
    // What gives weight, or is offered to be carried out, from those that are trusted as much.
    priority: highest(believed.map(({ item }) => item.priority)),
    score: believed.reduce<number | undefined>((best, { item: { score } }) => (score === undefined ? best : Math.max(best ?? 0, score)), undefined),
    fix: believed.find(({ fact }) => fact.data.fix !== undefined)?.fact.data.fix,
  }
  return { ...lastingOf(kept.fact.data), ...Object.fromEntries(Object.entries(named).filter(([, value]) => !isEmpty(value))) }
}

/**
 * The words of the first, with the tags, the evidence and the links of all of them, and with the priority, the score and the fix of those that are trusted as much. What it is made of bounds how it is trusted.
 */
export const joined = (all: Several): Joined => {
  const [kept, ...others] = all
  const [said, alone] = [saidTogether(all), saidTogether([kept])]
  const from = others.filter((other) => !saySame(saidTogether([kept, other]), alone))
  return { said, from, trust: leastTrust(kept.fact.trust, ...from.map(({ fact }) => fact.trust)), refused: whyNot(all, said) }
}

const placed = ({ item, fact }: Known): Consolidation['keep'] => ({ id: item.id, number: item.versions.at(-1)?.number ?? 1, text: saidText(fact.data) })

const proposed = ([kept, ...others]: readonly [Known, ...Known[]], overlapOf: (id: string) => number): Consolidation => {
  const { said, trust, refused } = joined([kept, ...others])
  const { tags = [], evidence = [], links = [] } = said
  return { keep: placed(kept), merge: others.map((other) => ({ ...placed(other), overlap: overlapOf(other.item.id) })), tags, evidence, links, trust: { before: kept.fact.trust, after: trust }, refused }
}

/** What items say, the surest first; those that are gone are left out. */
const statementsOf = async (scope: Scope, items: readonly ItemSummary[]): Promise<readonly (Statement & { readonly item: ItemSummary })[]> => {
  const found: (Statement & { readonly item: ItemSummary })[] = []
  for (let from = 0; from < items.length; from += itemsAtOnce) {
    await nextTurn()
    for (const { item, fact } of await knownOf(scope, items.slice(from, from + itemsAtOnce))) found.push({ item, ...statementOf(saidText(fact.data)) })
  }
  return found
}

const knownOf = async (scope: Scope, items: readonly ItemSummary[]): Promise<readonly Known[]> => {
  const facts = new Map((await factsOf(scope, items.flatMap(({ versions }) => versions.at(-1)?.id ?? []))).map((fact) => [fact.id, fact]))
  return items.flatMap((item) => {
    const fact = facts.get(item.versions.at(-1)?.id ?? '')
    return fact === undefined ? [] : [{ item, fact }]
  })
}

/** Groups of items that say nearly the same, and none of them the opposite; each item is in one of them at most. */
export const consolidations = async (scope: Scope): Promise<readonly Consolidation[]> => {
  const now = scope.clock()
  const open = (await viewOf(scope)).all().filter((item) => statesInUse.includes(item.state) && !isExpired(item, now)).sort(surest)
  const said = await statementsOf(scope, open)
  const near = new Map<number, Map<number, number>>()
  for (const { first, second, overlap } of nearPairs(said.map(({ terms }) => terms), nearlyTheSame)) {
    const [left, right] = [said[first], said[second]]
    if (left === undefined || right === undefined || relationOf(left, right) !== 'same' || groupOf(left.item) !== groupOf(right.item)) continue
    near.set(first, (near.get(first) ?? new Map<number, number>()).set(second, overlap))
    near.set(second, (near.get(second) ?? new Map<number, number>()).set(first, overlap))
  }
  const [found, taken]: [Consolidation[], Set<number>] = [[], new Set()]
  for (const [place, overlaps] of [...near].sort(([left], [right]) => left - right)) {
    if (taken.has(place)) continue
    const others = [...overlaps.keys()].filter((other) => other !== place && !taken.has(other)).sort((left, right) => left - right)
    const [kept, ...rest] = await knownOf(scope, [place, ...others].flatMap((each) => said[each]?.item ?? []))
    if (kept === undefined || rest.length === 0) continue
    const byId = new Map(others.map((other) => [said[other]?.item.id, overlaps.get(other) ?? 1]))
    found.push(proposed([kept, ...rest], (id) => byId.get(id) ?? 1))
    for (const each of [place, ...others]) taken.add(each)
  }
  return found
}
