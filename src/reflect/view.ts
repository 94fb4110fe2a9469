import { whole } from '../log/blobs.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import { isKnowledge, type ItemSummary, knowledgeItems, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import { type Audience, type ProposalSummary, reflections, type ReflectionsView } from '../learn/learners/reflections.ts'
import { estimateTokens } from '../recall/budget.ts'
import { isExpired, isFor, statesInUse } from '../recall/knowledge-wanted.ts'
import { quote } from '../recall/quotation.ts'
import type { Scope } from '../scope.ts'

/** A rule in force as the teacher sees it, or a change that was proposed before, under a short name that is good for this one call. */
export interface ShownRule {
  readonly handle: string
  readonly item: ItemSummary
  readonly text: string
}

export interface ShownProposal {
  readonly handle: string
  readonly proposal: ProposalSummary
}

/** What the teacher may refer to. Nothing else can be changed. */
export interface View {
  readonly rules: readonly ShownRule[]
  readonly proposals: readonly ShownProposal[]
  readonly ruleLines: readonly string[]
  readonly proposalLines: readonly string[]
  /** Ids of the facts that the lines are from. */
  readonly evidence: readonly string[]
  /** For whom a new rule is, so that what not everybody may see does not spread by being rewritten. */
  readonly audience: Audience
}

/** Whose run it is. */
export interface Reader {
  readonly agent: string | undefined
  readonly user: string | undefined
}

const mostRules = 100
const mostProposals = 20
/** Tokens of one rule. */
const longestRule = 300

export interface Learned {
  readonly items: KnowledgeItemsView
  readonly reflections: ReflectionsView
}

export const learnedOf = async ({ runner, namespace }: Scope): Promise<Learned> => {
  runner.include(reflections)
  return { items: await runner.view(namespace, knowledgeItems), reflections: await runner.view(namespace, reflections) }
}

/** Whether an item may be seen in a run, and so be shown, changed, or taken for the same. */
export const isVisible = (item: Pick<ItemSummary, 'targets' | 'user'>, { agent, user }: Reader): boolean => isFor(item, agent) && (item.user === undefined || item.user === user)

export const isInForce = ({ state }: ItemSummary): boolean => statesInUse.includes(state)

const factsById = async ({ storage, namespace }: Scope, ids: readonly string[]): Promise<ReadonlyMap<string, Fact>> => {
  const facts = new Map<string, Fact>()
  if (ids.length === 0) return facts
  for await (const page of storage.read('', { namespace, ids: [...new Set(ids)] })) for (const fact of page) facts.set(fact.id, await whole(storage, fact))
  return facts
}

/** The facts that hold proposals, whole, by id. */
export const reflectionFacts = async (scope: Scope, ids: readonly string[]): Promise<ReadonlyMap<string, FactOf<'knowledge.proposed'>>> =>
  new Map([...(await factsById(scope, ids))].flatMap(([id, fact]) => (fact.kind === 'knowledge.proposed' ? [[id, fact] as const] : [])))

/** The present versions of items, whole, by the id of the item. */
export const presentFacts = async (scope: Scope, items: readonly ItemSummary[]): Promise<ReadonlyMap<string, FactOf<'knowledge.written'>>> => {
  const facts = await factsById(scope, items.flatMap(({ versions }) => versions.at(-1)?.id ?? []))
  return new Map([...facts.values()].filter(isKnowledge).map((fact) => [fact.data.item ?? fact.id, fact]))
}

/** As many of the lines as there are tokens for, by entries: the first ones. */
const withinTokens = <Entry extends { readonly lines: readonly string[] }>(entries: readonly Entry[], tokens: number): Entry[] => {
  let left = tokens
  const fits = entries.findIndex(({ lines }) => (left -= estimateTokens(lines.join('\n'))) < 0)
  return fits === -1 ? [...entries] : entries.slice(0, fits)
}

/**
 * The rules in force that may be seen in a run, the most important first, and what was proposed before and is not decided.
 *
 * @param tokens that the lines of both take at most
 */
export const readView = async (scope: Scope, learned: Learned, reader: Reader, kinds: readonly string[], tokens: number): Promise<View> => {
  const now = scope.clock()
  const inForce = learned.items.all().filter((item) => kinds.includes(item.kind) && isInForce(item) && !isExpired(item, now) && isVisible(item, reader))
  const chosen = inForce.toSorted((left, right) => right.importance - left.importance || right.writtenAt - left.writtenAt).slice(0, mostRules)
  const present = await presentFacts(scope, chosen)
  const rules = chosen
    .flatMap((item) => {
      const text = present.get(item.id)?.data.content ?? ''
      return text === '' ? [] : [{ item, text }]
    })
    .map(({ item, text }, place) => {
      const handle = `R${place + 1}`
      return { handle, item, text, lines: [`${handle}, ${item.kind}, importance ${item.importance}:`, ...quote('', text, longestRule)] }
    })
  const shownRules = withinTokens(rules, tokens * 0.8)
  const pending = learned.reflections.all().filter((proposal) => proposal.status === 'pending' && (proposal.action === 'add' || proposal.action === 'update')).slice(-mostProposals)
  const facts = await reflectionFacts(scope, pending.map(({ reflection }) => reflection))
  const earlier = pending
    .flatMap((proposal) => {
      const data = facts.get(proposal.reflection)?.data
      const text = data?.operations[proposal.place]?.text
      if (data === undefined || text === undefined) return []
      return isVisible({ targets: data.targets, user: data.user }, reader) && (proposal.item === undefined || shownRules.some(({ item }) => item.id === proposal.item)) ? [{ proposal, text }] : []
    })
    .map(({ proposal, text }, place) => {
      const handle = `P${place + 1}`
      const about = shownRules.find(({ item }) => item.id === proposal.item)?.handle
      return { handle, proposal, lines: [`${handle}, ${about === undefined ? 'a new rule' : `in the place of ${about}`}:`, ...quote('', text, longestRule)] }
    })
  const shownProposals = withinTokens(earlier, tokens * 0.2)
  return {
    rules: shownRules,
    proposals: shownProposals,
    ruleLines: shownRules.flatMap(({ lines }) => lines),
    proposalLines: shownProposals.flatMap(({ lines }) => lines),
    evidence: [...new Set([...shownRules.flatMap(({ item }) => item.versions.at(-1)?.id ?? []), ...shownProposals.map(({ proposal }) => proposal.reflection)])],
    audience: audienceOf([...shownRules.map(({ item }) => item), ...shownProposals.map(({ proposal }) => facts.get(proposal.reflection)?.data ?? {})], reader),
  }
}

const audienceOf = (shown: readonly Audience[], { agent, user }: Reader): Audience => ({
  ...(agent !== undefined && shown.some(({ targets }) => targets !== undefined) ? { targets: [agent] } : {}),
  ...(user !== undefined && shown.some((each) => each.user !== undefined) ? { user } : {}),
})

