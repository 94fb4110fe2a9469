import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { type Flag, flagsOf } from '../knowledge/flags.ts'
import { trust as trustInput } from '../knowledge/input.ts'
import type { ProposalSummary, ProposalVoice } from '../learn/learners/reflections.ts'
import type { Trust } from '../log/fact.ts'
import { name, text } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { type Applied, applyProposal, needsPerson, outdated, rejectProposal } from './decide.ts'
import { type Learned, learnedOf, presentFacts, reflectionFacts } from './view.ts'

/** A change of the rules that a model proposes. */
export interface Proposal {
  readonly id: string
  readonly action: ProposalSummary['action']
  /** Of what is to be added. */
  readonly kind: string | undefined
  readonly score: number | undefined
  /** What is to be added, or what the item is to say. */
  readonly text: string | undefined
  readonly reason: string | undefined
  /** The item that is to be changed, and what it says now. */
  readonly item: string | undefined
  readonly before: string | undefined
  /** `outdated`: its item was changed or went since, so that it can only be rejected. */
  readonly status: 'pending' | 'applied' | 'rejected' | 'outdated'
  /** Why it is outdated. */
  readonly outdated: string | undefined
  /** What is suspicious about its text. */
  readonly flags: readonly Flag[]
  /** True for a core rule, and for what is suspicious: nothing but a person's word applies it. */
  readonly needsPerson: boolean
  /** The runs that propose the same, the first one first. */
  readonly runs: readonly string[]
  /** How many of them are independent of each other: of different users where there are several, of different sessions otherwise. */
  readonly independent: number
  /** The item that it made or changed. */
  readonly made: string | undefined
  readonly model: string | undefined
  /** Milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
}

/** Which proposals. */
export interface ProposalFilter {
  /** Default: what can still be decided, `pending` and `outdated`. */
  readonly statuses?: readonly Proposal['status'][]
  /** At most so many; default 100. */
  readonly limit?: number
}

/** Who decides on a proposal. */
export interface DecideProposal {
  /** Who it was. */
  readonly by?: string
  readonly reason?: string
  /** On whose word; default `user`, a person. With any other a core rule stays as it is. */
  readonly trust?: Trust
}

/** What became of a proposal. */
export interface ProposalReceipt {
  readonly proposal: string
  readonly outcome: 'applied' | 'rejected'
  /** What it was applied as: a rule that is there already is agreed with. */
  readonly as?: Applied['as']
  readonly item?: string
  /** `merged`: it had been decided so before. */
  readonly status: 'stored' | 'merged'
}

const statuses = ['pending', 'applied', 'rejected', 'outdated'] as const
const filterInput = z.strictObject({ statuses: z.array(z.enum(statuses)).optional(), limit: z.number().int().min(0).max(100_000).optional() })
const decideInput = z.strictObject({ by: name.optional(), reason: text.optional(), trust: trustInput.optional() })

/**
 * How many of those who say the same are independent. Each user is one voice, however many runs they have. What nobody in particular says is one voice where any run names a user; otherwise each session is one, and each run
 * without a session.
 */
export const independentVoices = (voices: readonly ProposalVoice[], namesUsers: boolean): number =>
  new Set(voices.map(({ run, user, session }) => (namesUsers || user !== undefined ? JSON.stringify([user ?? null]) : JSON.stringify(session === undefined ? [run, 'run'] : [session, 'session'])))).size

const statusOf = (summary: ProposalSummary, learned: Learned): Proposal['status'] => (summary.status === 'pending' && outdated(summary, learned) !== undefined ? 'outdated' : summary.status)

/** Proposals with their words. One whose words were forgotten in between is left out. */
export const inFull = async (scope: Scope, learned: Learned, summaries: readonly ProposalSummary[]): Promise<Proposal[]> => {
  const facts = await reflectionFacts(scope, summaries.map(({ reflection }) => reflection))
  const meant = summaries.flatMap(({ item }) => learned.items.get(item ?? '') ?? [])
  const present = await presentFacts(scope, [...new Set(meant)])
  return summaries.flatMap((summary) => {
    const fact = facts.get(summary.reflection)
    const operation = fact?.data.operations[summary.place]
    if (fact === undefined || operation === undefined) return []
    const voices = [summary, ...summary.supporters]
    return [
      {
        id: summary.id,
        action: summary.action,
        kind: summary.kind,
        score: operation.score,
        text: operation.text,
        reason: operation.reason,
        item: summary.item,
        before: present.get(summary.item ?? '')?.data.content,
        status: statusOf(summary, learned),
        outdated: summary.status === 'pending' ? outdated(summary, learned) : undefined,
        flags: flagsOf(operation.text ?? ''),
        needsPerson: needsPerson(summary, operation.text, learned),
        runs: [...new Set(voices.map(({ run }) => run))],
        independent: independentVoices(voices, learned.reflections.namesUsers),
        made: summary.made,
        model: fact.data.model,
        occurredAt: summary.occurredAt,
      },
    ]
  })
}

/**
 * Changes of the rules that a model proposed in reflection: see them, accept them, reject them.
 *
 * @example
 * ```ts
 * import { Autodidact, type Model } from 'autodidact'
 *
 * const operations = [{ action: 'add', type: 'CORE_RULE', text: 'You are a clerk.' }]
 * const teacher: Model = { name: 'teacher', generate: async () => ({ value: { operations } }) }
 * const autodidact = await Autodidact.open(':memory:', { models: { teacher }, reflection: { apply: 'at once' } })
 * await autodidact.reflect({ task: 'Who are you?', response: 'A clerk.', success: true })
 * const [proposal] = await autodidact.proposals.list()
 * console.assert(proposal?.needsPerson === true && proposal.status === 'pending')
 * const { item = '' } = await autodidact.proposals.accept(proposal?.id ?? '', { by: 'ada' })
 * console.assert((await autodidact.knowledge.get(item))?.content === 'You are a clerk.')
 * await autodidact.close()
 * ```
 */
export class Proposals {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * What is proposed, the earliest first; of those that say the same, one.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * console.assert((await autodidact.proposals.list({ statuses: ['applied'] })).length === 0)
   * await autodidact.close()
   * ```
   */
  async list(filter: ProposalFilter = {}): Promise<readonly Proposal[]> {
    const { statuses: wanted = ['pending', 'outdated'], limit = 100 } = validated(filterInput, filter, 'proposals.list')
    const learned = await learnedOf(this.#scope)
    const found = learned.reflections.all().filter((summary) => wanted.includes(statusOf(summary, learned)))
    return inFull(this.#scope, learned, found.slice(0, limit))
  }

  /**
   * Applies a proposal, with all that say the same. What a person says is to go goes at once.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `NOT_ALLOWED` (a core rule, or what is suspicious, by anybody but a person), `CONFLICT` (outdated, or rejected before), `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact, type Model } from 'autodidact'
   *
   * const teacher: Model = { name: 'teacher', generate: async () => ({ text: '[{"action": "add", "type": "GENERAL_LEARNING", "text": "Refunds take a day."}]' }) }
   * const autodidact = await Autodidact.open(':memory:', { models: { teacher } })
   * const { proposals } = await autodidact.reflect({ task: 'refund order 1187', success: true })
   * const { as } = await autodidact.proposals.accept(proposals[0]?.id ?? '', { by: 'ada' })
   * console.assert(as === 'add')
   * await autodidact.close()
   * ```
   */
  async accept(id: string, settings: DecideProposal = {}): Promise<ProposalReceipt> {
    const { by, reason, trust = 'user' } = validated(decideInput, settings, 'proposals.accept')
    const summary = await this.#known(id)
    if (summary.status === 'applied') return { proposal: summary.id, outcome: 'applied', ...(summary.made === undefined ? {} : { item: summary.made }), status: 'merged' }
    if (summary.status === 'rejected') throw new AutodidactError('CONFLICT', `"${summary.id}" was rejected before. Write it down yourself with remember, or reflect again.`)
    const { as, item, status } = await applyProposal(this.#scope, summary, { way: trust === 'user' ? 'person' : 'program', by, reason })
    return { proposal: summary.id, outcome: 'applied', as, item, status }
  }

  /**
   * Rejects a proposal, with all that say the same: nothing is changed, and the same is not proposed again.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `CONFLICT` (applied before), `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact, type Model } from 'autodidact'
   *
   * const teacher: Model = { name: 'teacher', generate: async () => ({ text: '[{"action": "add", "type": "GENERAL_LEARNING", "text": "Always refund."}]' }) }
   * const autodidact = await Autodidact.open(':memory:', { models: { teacher } })
   * const { proposals } = await autodidact.reflect({ task: 'refund order 1187', success: true })
   * await autodidact.proposals.reject(proposals[0]?.id ?? '', { by: 'ada', reason: 'Not above 100.' })
   * console.assert((await autodidact.proposals.list()).length === 0)
   * await autodidact.close()
   * ```
   */
  async reject(id: string, settings: DecideProposal = {}): Promise<ProposalReceipt> {
    const { by, reason, trust = 'user' } = validated(decideInput, settings, 'proposals.reject')
    const summary = await this.#known(id)
    if (summary.status === 'applied') throw new AutodidactError('CONFLICT', `"${summary.id}" was applied before. Take it back with knowledge.revert("${summary.made ?? ''}", …) or knowledge.move("${summary.made ?? ''}", "archived").`)
    if (summary.status === 'rejected') return { proposal: summary.id, outcome: 'rejected', status: 'merged' }
    const status = await rejectProposal(this.#scope, summary, { way: trust === 'user' ? 'person' : 'program', by, reason })
    return { proposal: summary.id, outcome: 'rejected', status }
  }

  async #known(id: string): Promise<ProposalSummary> {
    const asked = validated(name, id, 'proposals: id')
    const summary = (await learnedOf(this.#scope)).reflections.get(asked)
    if (summary === undefined) throw new AutodidactError('UNKNOWN_ID', `There is no proposal "${asked}" in this namespace. See proposals.list() for what there is.`)
    return summary
  }
}
