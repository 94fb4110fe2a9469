import { AutodidactError } from '../errors.ts'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import type { ProposalSummary, ProposalVoice } from '../learn/learners/reflections.ts'
import { asWritten } from '../log/blobs.ts'
import type { FactData, FactOf, NewFact, Trust } from '../log/fact.ts'
import { newFact } from '../log/new-fact.ts'
import { lastingOf } from '../knowledge/content.ts'
import { flagsOf } from '../knowledge/flags.ts'
import { isCoreRule, trustWith } from '../knowledge/trust.ts'
import { type KnowledgeReceipt, type WithVersion, writeNextVersion, writeVersion } from '../knowledge/write.ts'
import type { Scope } from '../scope.ts'
import { isInForce, isVisible, type Learned, learnedOf, presentFacts, reflectionFacts } from './view.ts'

type Decision = FactData['knowledge.proposal-decided']

/** Who decides, and on which ground. */
export interface Deciding {
  readonly way: Decision['way']
  readonly by?: string | undefined
  readonly reason?: string | undefined
}

/** What became of a proposal that was applied. */
export interface Applied {
  readonly as: NonNullable<Decision['as']>
  readonly item: string
  readonly status: 'stored' | 'merged'
}

/**
 * What an agent is at its core changes only with a person's word, and so does what speaks like an order to a model; that somebody agrees with a core rule changes nothing.
 *
 * @param text of the proposal
 */
export const needsPerson = ({ action, kind, item }: ProposalSummary, text: string | undefined, { items }: Pick<Learned, 'items'>): boolean => {
  const ofCore = action === 'add' ? isCoreRule(kind ?? '') : action !== 'agree' && isCoreRule(items.get(item ?? '')?.kind ?? '')
  return ofCore || flagsOf(text ?? '').some((flag) => flag !== 'secret')
}

/** Why a proposal on an item cannot be applied any more; undefined when it can. */
export const outdated = ({ action, item, number }: ProposalSummary, { items }: Pick<Learned, 'items'>): string | undefined => {
  if (action === 'add') return undefined
  const present = items.get(item ?? '')
  if (present === undefined) return 'the rule is gone'
  if (!isInForce(present)) return `the rule is ${present.state}`
  return number === undefined || present.versions.at(-1)?.number === number ? undefined : 'the rule was changed since'
}

/** Evidence that a version can name. */
const mostEvidence = 1_000

interface Ground {
  readonly fact: FactOf<'knowledge.proposed'>
  readonly operation: FactData['knowledge.proposed']['operations'][number]
  readonly evidence: readonly string[]
  readonly trust: Trust
}

/** The words of a proposal, and everything that it, and whoever supports it, was made of. */
const groundOf = async (scope: Scope, proposal: ProposalSummary): Promise<Ground> => {
  const supporting = proposal.supporters.map(({ id }) => id.slice(0, id.lastIndexOf('/')))
  const facts = await reflectionFacts(scope, [proposal.reflection, ...supporting])
  const fact = facts.get(proposal.reflection)
  const operation = fact?.data.operations[proposal.place]
  if (fact === undefined || operation === undefined) throw new AutodidactError('FORGOTTEN', `What the proposal "${proposal.id}" was made of was forgotten, and it with it.`)
  const all = [proposal.reflection, ...supporting].flatMap((id) => [id, ...(facts.get(id)?.data.evidence ?? [])])
  const evidence = [...new Set(all)].slice(0, mostEvidence)
  return { fact, operation, evidence, trust: await trustWith(scope, 'agent', evidence) }
}

const decidedFact = (scope: Scope, { id, run }: Pick<ProposalVoice, 'id' | 'run'>, said: Pick<Decision, 'outcome' | 'as' | 'item'>, { way, by, reason }: Deciding): NewFact => {
  const data: Decision = {
    proposal: id,
    ...said,
    run,
    way,
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason: scope.redact(reason, 'reason') }),
  }
  const byWhom = { source: 'reflection', trust: way === 'person' ? 'user' : 'agent', occurredAt: scope.clock() } as const
  // The same decision of two people is one; of two that differ the second is refused.
  return newFact('knowledge.proposal-decided', `${id}/decided`, data, byWhom, { id, ...said })
}

const byAnother = (id: string, cause: unknown): unknown =>
  AutodidactError.is(cause) && cause.code === 'ID_CONFLICT' ? new AutodidactError('CONFLICT', `"${id}" was decided otherwise in between. Look at proposals.list() again.`, { cause }) : cause

/** The item that says the same already, for whom this is. */
const sameAs = ({ items, reflections }: Learned, text: string, { targets, user }: FactData['knowledge.proposed']): ItemSummary | undefined =>
  reflections
    .saying(text)
    .flatMap((id) => items.get(id) ?? [])
    .find((item) => isInForce(item) && isVisible(item, { agent: targets?.[0], user }))

/**
 * Applies a proposal, and whatever supports it, in one write: an item or a version of one, the count, and that it was decided.
 *
 * @throws AutodidactError `CONFLICT` where it is outdated or was decided otherwise, `NOT_ALLOWED` where a person is to decide, `FORGOTTEN`, `UNKNOWN_ID`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const applyProposal = async (scope: Scope, proposal: ProposalSummary, deciding: Deciding): Promise<Applied> => {
  const learned = await learnedOf(scope)
  const why = outdated(proposal, learned)
  if (why !== undefined) throw new AutodidactError('CONFLICT', `"${proposal.id}" cannot be applied any more: ${why}. Reject it, or reflect again.`)
  const ground = await groundOf(scope, proposal)
  const { fact, operation } = ground
  if (deciding.way !== 'person' && needsPerson(proposal, operation.text, learned)) {
    throw new AutodidactError('NOT_ALLOWED', `"${proposal.id}" is about a core rule, or speaks like an order: a person has to look at it. Accept it with trust: "user" when one did.`)
  }
  const same = operation.action === 'add' ? sameAs(learned, operation.text ?? '', fact.data) : undefined
  const as = same === undefined ? proposal.action : 'agree'
  // Where nothing like it is there, an item of its own: under a name that is the same however often this is tried.
  const item = same?.id ?? proposal.item ?? `knowledge_${proposal.id.replaceAll(/[^\w-]/g, '_')}`
  const facts = [
    decidedFact(scope, proposal, { outcome: 'applied', as, item }, deciding),
    // Each run that says it is to go takes one off; each that says the same otherwise puts one on.
    ...proposal.supporters.map((voice) => decidedFact(scope, voice, { outcome: 'applied', as: as === 'remove' ? 'remove' : 'agree', item }, deciding)),
  ]
  try {
    const status = await write(scope, learned, ground, { as, item, also: { along: facts, reviewed: deciding.way === 'person' } })
    return { as, item, status }
  } catch (error) {
    throw byAnother(proposal.id, error)
  }
}

interface Change {
  readonly as: Applied['as']
  readonly item: string
  readonly also: WithVersion
}

const write = async (scope: Scope, learned: Learned, { fact, operation, evidence, trust }: Ground, { as, item, also }: Change): Promise<Applied['status']> => {
  const { model, targets, user } = fact.data
  const said = {
    ...(operation.score === undefined ? {} : { score: operation.score }),
    ...(operation.reason === undefined ? {} : { reason: operation.reason }),
    author: model,
    evidence: [...evidence],
  }
  const by = { source: 'reflection', trust, occurredAt: scope.clock() }
  if (as === 'add') {
    const written = { kind: operation.kind ?? 'GENERAL_LEARNING', content: operation.text ?? '', ...said, ...(targets === undefined ? {} : { targets }) }
    return statusOf(await writeVersion(scope, written, { ...by, agent: fact.agent, user }, item, undefined, also))
  }
  const summary = learned.items.get(item)
  const last = summary?.versions.at(-1)
  if (as === 'update' && summary !== undefined && last !== undefined) {
    const present = (await presentFacts(scope, [summary])).get(item)
    if (present === undefined) throw new AutodidactError('FORGOTTEN', `"${item}" was forgotten meanwhile.`)
    const { data: _data, evidence: _evidence, ...lasting } = lastingOf(present.data)
    const { agent, user: whose, session } = present
    return statusOf(
      await writeNextVersion(scope, { item, present: last.id, number: last.number, state: summary.state }, { ...lasting, content: operation.text ?? '', ...said }, { ...by, agent, user: whose, session }, also),
    )
  }
  const receipt = await scope.storage.commit({ namespace: scope.namespace, ...asWritten(also.along ?? []) })
  return receipt.facts[0]?.status ?? 'stored'
}

const statusOf = ({ status }: KnowledgeReceipt): Applied['status'] => (status === 'stored' ? 'stored' : 'merged')

/**
 * Rejects a proposal, and whatever supports it: nothing is changed, and the same is not proposed again.
 *
 * @throws AutodidactError `CONFLICT` where it was applied in between, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const rejectProposal = async (scope: Scope, proposal: ProposalSummary, deciding: Deciding): Promise<'stored' | 'merged'> => {
  const facts = [proposal, ...proposal.supporters].map((voice) => decidedFact(scope, voice, { outcome: 'rejected' }, deciding))
  try {
    const receipt = await scope.storage.commit({ namespace: scope.namespace, ...asWritten(facts) })
    return receipt.facts[0]?.status ?? 'stored'
  } catch (error) {
    throw byAnother(proposal.id, error)
  }
}
