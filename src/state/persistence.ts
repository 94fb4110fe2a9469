import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { checkedFeedback, feedback as giveFeedback, type FeedbackInput } from '../feedback/feedback.ts'
import type { PolicyParameters } from '../learn/learners/policy-gradient.ts'
import type { QTable } from '../learn/learners/tabular-q.ts'
import { asWritten } from '../log/blobs.ts'
import { kinds } from '../log/kinds/index.ts'
import { name, nameOrNone, task } from '../log/kinds/shared.ts'
import { type Json, toJson } from '../log/payload.ts'
import { maskedPayload } from '../log/redact.ts'
import { validated } from '../log/validate.ts'
import { record } from '../record/record.ts'
import type { Scope } from '../scope.ts'
import { type AgentDecision, type AgentInteraction, type AgentReward, decisionsOf, interactionsOf, rewardsOf } from './history.ts'
import { type Origin, originInput, savedFact } from './origin.ts'
import { importState, policyParametersAt, qTableAt } from './tables.ts'

/** What may be said of an interaction besides a text. */
type FeedbackDetails = Exclude<FeedbackInput, string>

/** Most rows that are read at once. */
const mostRows = 10_000

const limitInput = z.number().int().min(1).max(mostRows).default(100)

/** What the host thought and did by itself. */
export interface SavedDecision {
  /** Default: none. */
  readonly state?: string
  readonly selectedAction: string
  /** What each option was held to be worth. */
  readonly qValues?: Readonly<Record<string, number>>
  /** What is known of what it earned, any JSON value. */
  readonly reward?: unknown
}

const decisionInput = z.strictObject({
  state: nameOrNone.default(''),
  selectedAction: name,
  qValues: kinds['decision.saved'].schema.shape.values.default({}),
  reward: z.unknown().optional(),
})

/** One form for all decisions, as whoever reads the view expects: an object, with the reward by its name. */
const rewardObject = (reward: Json | undefined): Json | undefined =>
  reward === undefined || (typeof reward === 'object' && reward !== null && !Array.isArray(reward)) ? reward : { reward }

/**
 * Saves and gets what reinforcement learning knows and did, agent by agent: Q tables, policy parameters, rewards, interactions, decisions.
 *
 * Nothing of it is a store of its own. What is saved is a fact in the log, so it survives a rebuild, is backed up and forgotten with the rest, and may be saved by
 * several processes; what is got is what the learners know at the end of the log. **Nothing has to be saved for learning to last**: whoever decides and records finds
 * everything here by itself. An agent's tables are those of the choice point of its name.
 *
 * The same can be read by any SQLite client, in the views `q_tables`, `policy_params`, `agent_rewards`, `agent_interactions` and `agent_decisions`
 * (docs/persistence.md).
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:', { seed: 1, points: { coordinator: { policy: { name: 'q-learning', discount: 0, firstEpsilon: 0, lastEpsilon: 0 } } } })
 * await autodidact.persistence.saveQTable('coordinator', { question: { search: 0.9, analysis: 0.2 } })
 *
 * const { option, run } = await autodidact.decide('coordinator', ['search', 'analysis'], { state: 'question', task: 'Who wrote this?' })
 * await autodidact.record({ run, task: 'Who wrote this?', success: false })
 * const table = await autodidact.persistence.getQTable('coordinator')
 * console.assert(option === 'search' && (table?.['question']?.['search'] ?? 1) < 0.9)
 * await autodidact.close()
 * ```
 */
export class Persistence {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * Sets the Q table of an agent: the values of its options, in units of reward, by state. Learners of Q tables go on from there, also when what they know is built
   * anew. It takes the place of what was learned at this choice point before.
   *
   * @param table up to 1,000,000 values; states and options have 1 to 512 characters, and the state of decisions without one is `''`
   * @param origin whose it is: a table that holds one person's words is forgotten with that person
   * @throws AutodidactError `INVALID_INPUT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.persistence.saveQTable('tool', { start: { search: 0.5, ask: 0.25 } })
   * console.assert((await autodidact.persistence.getQTable('tool'))?.['start']?.['search'] === 0.5)
   * await autodidact.close()
   * ```
   */
  async saveQTable(agent: string, table: QTable[string], origin: Origin = {}): Promise<void> {
    validated(name, agent, 'saveQTable: agent')
    await importState(this.#scope, { form: 'q-table', point: agent, table }, origin, 'saveQTable')
  }

  /**
   * The Q table of an agent at the end of the log, by state and option; undefined where nothing was learned or saved.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * console.assert((await autodidact.persistence.getQTable('nobody')) === undefined)
   * await autodidact.close()
   * ```
   */
  getQTable(agent: string): Promise<QTable[string] | undefined> {
    return qTableAt(this.#scope, agent)
  }

  /**
   * Sets the weights of an agent's policy. They must be of the shape that the policy of its choice point has: as many inputs and hidden units.
   *
   * @throws AutodidactError `INVALID_INPUT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:', { points: { tool: { policy: { name: 'policy-gradient', inputs: 'numbers' } } } })
   * const weights = { episodes: 4, baseline: 0.5, inputs: ['', 'load'], hidden: [], options: { search: [0.2, -1], ask: [-0.2, 1] } }
   * await autodidact.persistence.savePolicyParams('tool', weights)
   * console.assert((await autodidact.persistence.getPolicyParams('tool'))?.options['ask']?.[1] === 1)
   * await autodidact.close()
   * ```
   */
  async savePolicyParams(agent: string, parameters: PolicyParameters, origin: Origin = {}): Promise<void> {
    validated(name, agent, 'savePolicyParams: agent')
    await importState(this.#scope, { form: 'policy-parameters', point: agent, parameters }, origin, 'savePolicyParams')
  }

  /**
   * The weights of an agent's policy at the end of the log; undefined where nothing was learned or saved.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * console.assert((await autodidact.persistence.getPolicyParams('nobody')) === undefined)
   * await autodidact.close()
   * ```
   */
  getPolicyParams(agent: string): Promise<PolicyParameters | undefined> {
    return policyParametersAt(this.#scope, agent)
  }

  /**
   * Writes down a reward that the host worked out by itself, for the record: learners learn from how runs went (`record`, `feedback`), whose rewards are among
   * {@link Persistence.getAgentRewards} without being saved, and twice where the same is saved.
   *
   * @param reward any finite number
   * @param components what it was made of, by name
   * @returns the id of the fact
   * @throws AutodidactError `INVALID_INPUT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.persistence.saveAgentReward('coordinator', 0.75, { satisfaction: 0.5, completion: 1, efficiency: 1 })
   * const [last] = await autodidact.persistence.getAgentRewards('coordinator')
   * console.assert(last?.components['completion'] === 1)
   * await autodidact.close()
   * ```
   */
  async saveAgentReward(agent: string, reward: number, components: Readonly<Record<string, number>> = {}, origin: Origin = {}): Promise<string> {
    const data = validated(kinds['reward.saved'].schema, { reward, components }, 'saveAgentReward')
    return this.#save('reward.saved', data, agent, origin, 'saveAgentReward')
  }

  /**
   * What an agent earned, the newest first: the reward of each run that somebody has judged, by the reward of the choice point at which it was first decided, as is
   * known now; and what was saved.
   *
   * @param limit rows, from 1 to 10,000
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:', { reward: 'three-part' })
   * await autodidact.record({ agent: 'coordinator', task: 'refund order 1187', success: true, durationMs: 900 })
   * const [last] = await autodidact.persistence.getAgentRewards('coordinator', 1)
   * console.assert(last?.reward === 0.75 && last.components['satisfaction'] === 0.5)
   * await autodidact.close()
   * ```
   */
  async getAgentRewards(agent: string, limit = 100): Promise<readonly AgentReward[]> {
    return rewardsOf(this.#scope, validated(name, agent, 'getAgentRewards: agent'), validated(limitInput, limit, 'getAgentRewards: limit'))
  }

  /**
   * Records a request and its response as a run of the agent, masked and searchable like any other, and what was said of it as feedback: a text is a comment.
   *
   * @param response any JSON value
   * @returns the run
   * @throws AutodidactError as `record` and `feedback`: nothing is written where either is refused as input
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.persistence.saveAgentInteraction('coordinator', 'Who wrote this?', 'Ada', 'thanks')
   * const [last] = await autodidact.persistence.getAgentInteractions('coordinator')
   * console.assert(last?.request === 'Who wrote this?' && last.feedback === 'thanks')
   * await autodidact.close()
   * ```
   */
  async saveAgentInteraction(agent: string, request: string, response: unknown, feedback?: string | FeedbackDetails, origin: Origin = {}): Promise<string> {
    validated(name, agent, 'saveAgentInteraction: agent')
    validated(task, request, 'saveAgentInteraction: request')
    const given = validated(z.strictObject(originInput), origin, 'saveAgentInteraction: origin')
    const { user, session, source, occurredAt } = given
    const whose = Object.fromEntries(Object.entries({ user, session, source, occurredAt }).filter(([, value]) => value !== undefined))
    const of = Object.fromEntries(Object.entries({ author: user, source, occurredAt }).filter(([, value]) => value !== undefined))
    const words = feedback === undefined ? undefined : spoken(feedback)
    // Refused before anything is written: with its interaction saved already, who puts it right and calls again would save that twice.
    if (words !== undefined) refuseRetraction(checkedFeedback(this.#scope, words, of).said)
    const { run } = await record(this.#scope, { agent, task: request, response, ...whose })
    if (words !== undefined) await giveFeedback(this.#scope, run, words, of)
    return run
  }

  /**
   * An agent's runs, the newest first, each with the last that was said of it: batches to learn from, or to look at.
   *
   * @param limit rows, from 1 to 10,000
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.record({ agent: 'coordinator', task: 'refund order 1187', response: { refunded: 20 } })
   * const [last] = await autodidact.persistence.getAgentInteractions('coordinator', 1)
   * console.assert(JSON.stringify(last?.response) === '{"refunded":20}')
   * await autodidact.close()
   * ```
   */
  async getAgentInteractions(agent: string, limit = 100): Promise<readonly AgentInteraction[]> {
    return interactionsOf(this.#scope, validated(name, agent, 'getAgentInteractions: agent'), validated(limitInput, limit, 'getAgentInteractions: limit'))
  }

  /**
   * Writes down a choice that the host made by itself, for the record. Nothing is learned from it, because nobody knows with which probability it was made; choices of
   * `decide` and `advise` are among {@link Persistence.getAgentDecisions} without being saved.
   *
   * @returns the id of the fact
   * @throws AutodidactError `INVALID_INPUT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.persistence.saveAgentDecision('coordinator', { state: 'question', selectedAction: 'search', qValues: { search: 0.5, ask: 0.25 } })
   * const [last] = await autodidact.persistence.getAgentDecisions('coordinator')
   * console.assert(last?.qValues['search'] === 0.5)
   * await autodidact.close()
   * ```
   */
  async saveAgentDecision(agent: string, decision: SavedDecision, origin: Origin = {}): Promise<string> {
    const given = validated(decisionInput, decision, 'saveAgentDecision')
    const reward = rewardObject(toJson(given.reward, 'saveAgentDecision: reward'))
    const data = {
      state: given.state,
      action: given.selectedAction,
      values: given.qValues,
      ...(reward === undefined ? {} : { reward: maskedPayload(this.#scope.redact, reward, 'reward') }),
    }
    return this.#save('decision.saved', validated(kinds['decision.saved'].schema, data, 'saveAgentDecision'), agent, origin, 'saveAgentDecision')
  }

  /**
   * An agent's decisions, the newest first: those of `decide` and `advise` that name it, and those that name none at the choice point of its name, with what they
   * earned as is known now; and what was saved. Values are those at the time of the decision, where the policy has any: that of Q-learning.
   *
   * @param limit rows, from 1 to 10,000
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { run, option } = await autodidact.decide('coordinator', ['search', 'ask'], { task: 'Who wrote this?' })
   * await autodidact.record({ run, task: 'Who wrote this?', success: true })
   * const [last] = await autodidact.persistence.getAgentDecisions('coordinator', 1)
   * console.assert(last?.selectedAction === option && JSON.stringify(last.reward).includes('"reward":1'))
   * await autodidact.close()
   * ```
   */
  async getAgentDecisions(agent: string, limit = 100): Promise<readonly AgentDecision[]> {
    return decisionsOf(this.#scope, validated(name, agent, 'getAgentDecisions: agent'), validated(limitInput, limit, 'getAgentDecisions: limit'))
  }

  /**
   * Brings what other programs read in the file up to date now, instead of with the next 1,000 facts or at closing.
   *
   * @returns false where there is nothing for them: in memory, in a file that may only be read, or while another process is just writing it
   * @throws AutodidactError `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { DatabaseSync } from 'node:sqlite'
   *
   * const autodidact = await Autodidact.open('agent.db')
   * await autodidact.record({ agent: 'coordinator', task: 'refund order 1187', success: true })
   * await autodidact.persistence.refreshViews()
   *
   * const elsewhere = new DatabaseSync('agent.db', { readOnly: true })
   * const row = elsewhere.prepare('SELECT agent_name, reward FROM agent_rewards').get()
   * console.assert(row?.['agent_name'] === 'coordinator' && row['reward'] === 1)
   * elsewhere.close()
   * await autodidact.close()
   * ```
   */
  refreshViews(): Promise<boolean> {
    return this.#scope.runner.publish(this.#scope.namespace)
  }

  async #save<Kind extends 'reward.saved' | 'decision.saved'>(kind: Kind, data: Parameters<typeof savedFact<Kind>>[2], agent: string, origin: Origin, what: string): Promise<string> {
    validated(name, agent, `${what}: agent`)
    const fact = savedFact(this.#scope, kind, data, validated(z.strictObject(originInput), origin, `${what}: origin`), agent)
    await this.#scope.storage.commit({ namespace: this.#scope.namespace, ...asWritten([fact]) })
    return fact.id
  }
}

const refuseRetraction = ({ retract }: { readonly retract?: string | undefined }): void => {
  if (retract === undefined) return
  throw new AutodidactError('INVALID_INPUT', 'saveAgentInteraction: nothing was said of a new interaction that could be taken back. Nothing was written; call feedback(run, { retract }) for one of before.')
}

/** The two thumbs are words of their own; any other text is a comment. */
const spoken = (feedback: string | FeedbackDetails): FeedbackInput => {
  if (typeof feedback !== 'string') return feedback
  return feedback === 'up' || feedback === 'down' ? feedback : { comment: feedback }
}
