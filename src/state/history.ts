import { Dossier } from '../credit/dossier.ts'
import { factsOfRuns } from '../credit/run-facts.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { whole } from '../log/blobs.ts'
import type { Fact, FactKind, FactOf } from '../log/fact.ts'
import { type Json, toJson } from '../log/payload.ts'
import type { Scope } from '../scope.ts'
import { newestFirst } from './newest-first.ts'

/** What an agent earned once. */
export interface AgentReward {
  /** Of the run, or of the fact that was saved. */
  readonly id: string
  readonly reward: number
  /** What it was made of, by name; `verdict` where it has no parts. */
  readonly components: Readonly<Record<string, number>>
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timestamp: number
}

/** A request with its answer. */
export interface AgentInteraction {
  readonly run: string
  readonly request: string
  /** As it was saved; an empty text where there was none. */
  readonly response: Json
  /** The last word on it that was not taken back: its comment, or all of it. */
  readonly feedback?: Json
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timestamp: number
}

/** A choice. */
export interface AgentDecision {
  readonly id: string
  /** Empty where there was none. */
  readonly state: string
  readonly selectedAction: string
  /** What each option was held to be worth, in units of reward; empty where the policy values nothing by itself. */
  readonly qValues: Readonly<Record<string, number>>
  /** What is known of what it earned: `{ reward, weight }`, each in [0, 1], of a decision of ours; the object that was saved with it, or `{ reward }` of anything else. */
  readonly reward?: Json
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timestamp: number
}

/** The latest of an agent's, the newest first, made from facts of some kinds in the order given. */
const latest = <Row>(scope: Scope, limit: number, kinds: readonly FactKind[], isOwn: (fact: Fact) => boolean, rowsOf: (facts: readonly Fact[]) => Promise<readonly Row[]>): Promise<readonly Row[]> =>
  betweenErasures(scope.storage, scope.namespace, async () => {
    const rows: Row[] = []
    for await (const facts of newestFirst(scope.storage, scope.namespace, kinds)) {
      const own = facts.filter(isOwn)
      // Not all of a long stretch, where a few are wanted: each costs a read of its run.
      for (let start = 0; start < own.length && rows.length < limit; start += limit) rows.push(...(await rowsOf(own.slice(start, start + limit))))
      if (rows.length >= limit) break
    }
    return rows.slice(0, limit)
  })

/** The runs of some facts, as they stand by the rules of the instance. */
const dossiers = async ({ storage, namespace, settings }: Scope, facts: readonly Fact[]): Promise<ReadonlyMap<string, Dossier>> => {
  const runs = [...new Set(facts.flatMap(({ run }) => run ?? []))]
  const histories = await factsOfRuns(storage, namespace, runs)
  return new Map(
    [...histories].map(([run, history]) => {
      const dossier = new Dossier(run, settings.credit)
      for (const fact of history) dossier.add(fact)
      return [run, dossier]
    }),
  )
}

/** What an agent's runs earned, as is known now, and what was saved. */
export const rewardsOf = (scope: Scope, agent: string, limit: number): Promise<readonly AgentReward[]> =>
  latest(scope, limit, ['run.recorded', 'reward.saved'], (fact) => fact.agent === agent, async (facts) => {
    const runs = await dossiers(scope, facts.filter(({ kind }) => kind === 'run.recorded'))
    return facts.flatMap((fact): AgentReward[] => {
      if (fact.kind === 'reward.saved') return [{ id: fact.id, ...fact.data, timestamp: fact.occurredAt }]
      const earned = runs.get(fact.run ?? '')?.earned
      if (earned === undefined) return []
      return [{ id: fact.id, reward: earned.reward, components: earned.parts ?? { verdict: earned.reward }, timestamp: fact.occurredAt }]
    })
  })

const lastFeedback = (history: readonly Fact[]): FactOf<'feedback.received'> | undefined => {
  const retracted = new Set(history.flatMap((fact) => (fact.kind === 'feedback.retracted' ? [fact.data.feedback] : [])))
  return history.filter((fact) => fact.kind === 'feedback.received').findLast(({ id }) => !retracted.has(id))
}

/** An agent's runs, with the last that was said of each. */
export const interactionsOf = (scope: Scope, agent: string, limit: number): Promise<readonly AgentInteraction[]> =>
  latest(scope, limit, ['run.recorded'], (fact) => fact.agent === agent, async (facts) => {
    const { storage, namespace } = scope
    const histories = await factsOfRuns(storage, namespace, facts.flatMap(({ run }) => run ?? []), ['feedback.received', 'feedback.retracted'])
    const rows: AgentInteraction[] = []
    for (const fact of facts) {
      if (fact.kind !== 'run.recorded') continue
      const { task, response } = (await whole(storage, fact, ['task', 'response'])).data
      const said = lastFeedback(histories.get(fact.run ?? '') ?? [])
      const feedback = said === undefined ? undefined : (said.data.comment ?? toJson(said.data, 'getAgentInteractions: feedback'))
      rows.push({ run: fact.id, request: task, response: response ?? '', ...(feedback === undefined ? {} : { feedback }), timestamp: fact.occurredAt })
    }
    return rows
  })

const isDecision = (fact: Fact): fact is FactOf<'decision.made'> | FactOf<'decision.saved'> => fact.kind === 'decision.made' || fact.kind === 'decision.saved'

/** An agent's decisions, as is known now, and what was saved. One of ours that names no agent is that of its choice point. */
export const decisionsOf = (scope: Scope, agent: string, limit: number): Promise<readonly AgentDecision[]> =>
  latest(scope, limit, ['decision.made', 'decision.saved'], (fact) => (fact.agent ?? (fact.kind === 'decision.made' ? fact.data.point : undefined)) === agent, async (facts) => {
    const runs = await dossiers(scope, facts.filter(({ kind }) => kind === 'decision.made'))
    return Promise.all(facts.filter(isDecision).map((fact) => (fact.kind === 'decision.saved' ? savedDecision(scope, fact) : Promise.resolve(madeDecision(fact, runs.get(fact.run ?? ''))))))
  })

const savedDecision = async ({ storage }: Scope, fact: FactOf<'decision.saved'>): Promise<AgentDecision> => {
  const { state, action, values, reward } = (await whole(storage, fact)).data
  return { id: fact.id, state, selectedAction: action, qValues: values, ...(reward === undefined ? {} : { reward }), timestamp: fact.occurredAt }
}

const madeDecision = ({ id, data, occurredAt: timestamp }: FactOf<'decision.made'>, run: Dossier | undefined): AgentDecision => {
  const { state = '', option, values = {} } = data
  const decision = run?.decisions.get(id)
  const verdict = decision === undefined ? undefined : run?.settlementOf(decision).verdict
  return { id, state, selectedAction: option, qValues: values, ...(verdict === undefined ? {} : { reward: { ...verdict } }), timestamp }
}
