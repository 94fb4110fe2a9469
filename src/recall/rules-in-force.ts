import type { ItemSummary, KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import { type Placed, presentId, type Worth } from './linked.ts'
import type { Ranked } from './rank.ts'
import { isExpired, isFor, isWanted, type Wanted } from './knowledge-wanted.ts'

/** So many are looked at; how many are shown is a matter of the prompt. */
const mostRules = 16

/** A rule without a score is as sure as not. */
const scoreOf = ({ score = 0.5 }: ItemSummary): number => score

const firstSequence = ({ versions }: ItemSummary): number => versions[0]?.sequence ?? 0

/** Whose rules they are to be. */
export interface Asker {
  readonly agent: string | undefined
  readonly user: string | undefined
}

const isOf = (one: string | undefined, asks: string | undefined): boolean => one === undefined || one === asks

/**
 * The core rules that hold for an agent and a user: approved by a person, true still, and put out of force by nobody. How its uses went puts none out of force, since what always holds is there when things go badly, too. The surest first,
 * of equals the earliest.
 */
export const rulesInForce = (view: KnowledgeItemsView, { agent, user }: Asker, wanted: Partial<Wanted>, now: number): readonly ItemSummary[] =>
  view
    .coreRules()
    .filter((item) => item.approved && item.state !== 'archived' && item.state !== 'quarantined' && !isExpired(item, now))
    .filter((item) => isFor(item, agent) && isOf(item.agent, agent) && isOf(item.user, user) && isWanted(item, wanted, now))
    .toSorted((left, right) => scoreOf(right) - scoreOf(left) || firstSequence(left) - firstSequence(right))
    .slice(0, mostRules)

/** Rules in front of what was found, each once; what was found of them keeps what is said of it. */
export const withRules = (rules: readonly ItemSummary[], placed: readonly Placed<Ranked>[], worthOf: (rule: ItemSummary) => Worth): readonly Placed<Ranked>[] => {
  if (rules.length === 0) return placed
  const front = rules.map((rule): Placed<Ranked> => {
    const id = presentId(rule)
    const told = { kind: 'knowledge', standing: 'knowledge', score: scoreOf(rule), relevance: 0, ...worthOf(rule), recency: 1, novelty: 1, reason: 'a core rule in force' } as const
    return placed.find(({ one }) => one.id === id) ?? { one: { id, ...told } }
  })
  return [...front, ...placed.filter(({ one }) => front.every((rule) => rule.one.id !== one.id))]
}
